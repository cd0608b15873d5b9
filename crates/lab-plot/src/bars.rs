//! From when to when: a bar a job, each from its own start, or a bar a pool.

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use crate::axis::{TimeAxis, duration};
use crate::canvas::{Canvas, Stroke};
use crate::error::Result;
use crate::font::TextStyle;
use crate::interval;
use crate::key::{Key, Swatch};
use crate::page::{Chart, Frame, MARGIN, TICK_EM, WIDTH};
use crate::rows::{self, Stack};
use crate::series::{GREY, INK, Marker, Series};

/// Facets of start-to-end bars on one axis of time that begins at the trial's zero.
#[derive(Clone, Debug)]
pub struct Bars {
    /// Title, subtitle, caption.
    pub frame: Frame,
    /// One an arm; at most 24.
    pub facets: Vec<BarFacet>,
}

/// The jobs of one arm.
#[derive(Clone, Debug)]
pub struct BarFacet {
    /// What it shows, in words.
    pub title: String,
    /// Gives the colour.
    pub series: Series,
    /// One a job, from the top.
    pub bars: Vec<Bar>,
}

/// One job, or all jobs of a pool.
#[derive(Clone, Debug, Default)]
pub struct Bar {
    /// Stands at the left.
    pub label: String,
    /// The start in nanoseconds: the bar's left end.
    pub start: u64,
    /// When the pool was ready, in nanoseconds: up to there the bar is pale.
    pub ready: Option<u64>,
    /// The end in nanoseconds.
    pub end: u64,
    /// Where it ended in each block, if the end is that of several: a point each.
    pub ends: Vec<u64>,
}

const MOST_FACETS: usize = 24;
const BETWEEN: f64 = 22.0;
/// How much of a series' colour a bar has before its pool was ready.
pub(crate) const PALE: f64 = 0.4;

impl Bar {
    /// Where the last of what is drawn of it lies.
    fn last(&self) -> u64 {
        self.ends.iter().copied().fold(self.end, u64::max)
    }
}

impl Bars {
    fn stack(&self) -> Stack {
        let counts: Vec<_> = self.facets.iter().map(|facet| facet.bars.len()).collect();
        Stack::new(&counts)
    }

    fn bars(&self) -> impl Iterator<Item = &Bar> {
        self.facets.iter().flat_map(|facet| &facet.bars)
    }
}

impl Chart for Bars {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn key(&self) -> Key {
        let mut key = Vec::new();
        if self.bars().any(|bar| bar.ready.is_some()) {
            key.push((Swatch::Bar(GREY.tint(PALE)), "the pool starts".into()));
            key.push((Swatch::Bar(GREY), "all its workers are there".into()));
        }
        if self.bars().any(|bar| !bar.ends.is_empty()) {
            key.push((Swatch::Dot(INK), "one block".into()));
        }
        Key(key)
    }

    fn check(&self) -> Result<()> {
        interval::count("bar chart", "facets", self.facets.len(), MOST_FACETS)?;
        if self.bars().next().is_none() {
            interval::count("bar chart", "bars", 0, 1)?;
        }
        for facet in &self.facets {
            for bar in &facet.bars {
                let place = || format!("facet “{}”, row “{}”", facet.title, bar.label);
                interval::check(place, "the job", (bar.start, bar.end))?;
                if let Some(ready) = bar.ready {
                    interval::check(place, "the start of the pool", (bar.start, ready))?;
                }
            }
        }
        Ok(())
    }

    fn body_height(&self) -> Result<f64> {
        let stack = self.stack();
        let facets = self.facets.iter();
        let facets: f64 = facets
            .map(|facet| rows::TITLE + stack.height(facet.bars.len()) + BETWEEN)
            .sum();
        Ok(facets - BETWEEN + 6.0 + TimeAxis::HEIGHT)
    }

    fn draw_body<B: DrawingBackend>(&self, canvas: &mut Canvas<B>, top: f64) -> Result<()> {
        let stack = self.stack();
        let drawn = || {
            self.facets
                .iter()
                .flat_map(|facet| facet.bars.iter().take(stack.most))
        };
        let left = MARGIN + stack.gutter(drawn().map(|bar| bar.label.as_str()))?;
        let style = TextStyle::new(TICK_EM.min(stack.pitch - 4.0), GREY)?;
        // A bar's duration stands right of it, still on the page.
        let words = |bar: &Bar| duration((bar.end - bar.start) as f64);
        let widths = drawn().map(|bar| style.width(&words(bar)));
        let beside = widths.fold(60.0, f64::max) + 16.0;
        let end = self.bars().map(Bar::last).max().unwrap_or(0);
        let axis = TimeAxis::new(0, end, left, WIDTH - MARGIN - beside);

        let mut y = top;
        for (i, facet) in self.facets.iter().enumerate() {
            if i > 0 {
                y += BETWEEN;
            }
            rows::title(
                canvas,
                &facet.title,
                Some(facet.series),
                (left, y),
                WIDTH - MARGIN - left,
            )?;
            y += rows::TITLE;
            let bottom = y + stack.height(facet.bars.len());
            axis.grid(canvas, y, bottom)?;
            for (index, bar) in facet.bars.iter().take(stack.most).enumerate() {
                let height = stack.bar(y, index);
                let area = rows::bar((axis.px(bar.start), axis.px(bar.end)), height, 1.5);
                let colour = facet.series.colour();
                canvas.fill(area, colour)?;
                if let Some(ready) = bar.ready {
                    let to = axis.px(ready.min(bar.end));
                    let starts = rows::bar((axis.px(bar.start), to), height, 0.0);
                    canvas.fill(starts, colour.tint(PALE))?;
                }
                let point = Stroke::new(INK, 1.0).opacity(0.6);
                for &end in &bar.ends {
                    canvas.marker(Marker::Disc, (axis.px(end), area.middle()), 3.0, point)?;
                }
                let right = area.right.max(axis.px(bar.last()));
                let at = (right + 8.0, area.middle());
                canvas.text(&words(bar), at, style.anchor(HPos::Left, VPos::Center))?;
                stack.label(canvas, &bar.label, (left, y), index, left - MARGIN)?;
            }
            stack.left_out(canvas, (left, y), facet.bars.len())?;
            y = bottom;
        }
        axis.draw(canvas, y + 6.0)
    }
}
