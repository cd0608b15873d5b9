//! Who made progress when: a row a job, and under the rows how many were running at once.

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use crate::axis::TimeAxis;
use crate::canvas::{Canvas, Stroke};
use crate::columns::{Columns, Zoom};
use crate::coverage::{Span, View};
use crate::error::Result;
use crate::font::TextStyle;
use crate::interval;
use crate::key::{Key, Swatch};
use crate::page::{Chart, Frame, MARGIN, TICK_EM, WIDTH};
use crate::rows::{self, Stack};
use crate::series::{Colour, GREY, INK, Marker, PAPER, Series};
use crate::spans;
use crate::steps::StepPanel;

/// Facets below one another on one axis of time; beside each, if asked for, a zoomed view.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// Title, subtitle, caption.
    pub frame: Frame,
    /// Usable cores: the dashed line in the step line's panel.
    pub cores: u32,
    /// One an arm, usually two to four; at most 12.
    pub facets: Vec<Facet>,
    /// What the second column shows larger; none, no second column.
    pub zoom: Option<Zoom>,
}

/// One trial of one arm.
#[derive(Clone, Debug)]
pub struct Facet {
    /// What it shows, in words, best with the share of time in which two or more were running.
    pub title: String,
    /// Gives the colour.
    pub series: Series,
    /// One a job, from the top.
    pub rows: Vec<Row>,
    /// How many jobs made progress at once: `(from this nanosecond on, so many)`, in order of
    /// time; nothing before the first.
    pub running: Vec<(u64, u32)>,
}

/// One job.
#[derive(Clone, Debug)]
pub struct Row {
    /// Stands at the left.
    pub label: String,
    /// From the job's start to its end, in nanoseconds: the pale bar.
    pub begun: (u64, u64),
    /// When it made progress, `(start, end)` in nanoseconds, in any order: solid. One that is
    /// narrower than two pixels and stands alone becomes a point.
    pub spans: Vec<(u64, u64)>,
    /// Single readings of the clock in nanoseconds; drawn as points in a view with at least
    /// three pixels for each. May be empty.
    pub samples: Vec<u64>,
    /// Points in time that the job noted, in nanoseconds; each is drawn, and what is behind them
    /// paler. May be empty.
    pub points: Vec<u64>,
}

const MOST_FACETS: usize = 12;
/// Height of the step line's panel, and the air around it.
const STEPS: f64 = 80.0;
const ABOVE_STEPS: f64 = 10.0;
const BETWEEN: f64 = 26.0;
impl Timeline {
    fn stack(&self) -> Stack {
        let counts: Vec<_> = self.facets.iter().map(|facet| facet.rows.len()).collect();
        Stack::new(&counts)
    }

    fn rows(&self) -> impl Iterator<Item = &Row> {
        self.facets.iter().flat_map(|facet| &facet.rows)
    }

    /// The last instant of anything.
    fn end(&self) -> u64 {
        let running = self.facets.iter().filter_map(|facet| facet.running.last());
        self.rows()
            .flat_map(|row| row.spans.iter().map(|s| s.1).chain([row.begun.1]))
            .chain(running.map(|step| step.0))
            .chain(self.zoom.map(|zoom| zoom.to))
            .max()
            .unwrap_or(0)
    }

    /// The rows for which there is room.
    fn drawn_rows(&self) -> impl Iterator<Item = &Row> {
        let most = self.stack().most;
        let facets = self.facets.iter();
        facets.flat_map(move |facet| facet.rows.iter().take(most))
    }

    /// Whether any span is drawn as a point.
    fn has_points(&self) -> bool {
        let Ok(columns) = self.columns() else {
            return false;
        };
        columns.axes().any(|axis| {
            let view = View::of(axis);
            self.drawn_rows()
                .any(|row| !view.draw(row.owned_spans()).points.is_empty())
        })
    }

    /// The share of a series' colour that progress has in a figure.
    fn solid(&self) -> f64 {
        match self.rows().all(|row| row.points.is_empty()) {
            true => 1.0,
            false => BEHIND_POINTS,
        }
    }

    fn columns(&self) -> Result<Columns> {
        let labels = self.drawn_rows().map(|row| row.label.as_str());
        let left = MARGIN + self.stack().gutter(labels)?.max(134.0);
        let beside = TextStyle::new(TICK_EM, GREY)?.width(&self.cores_words()) + 10.0;
        let right = WIDTH - MARGIN - beside;
        Ok(Columns::new(self.end(), self.zoom, (left, right)))
    }

    fn cores_words(&self) -> String {
        match self.cores {
            1 => "1 core".to_owned(),
            n => format!("{n} cores"),
        }
    }
}

impl Row {
    fn owned_spans(&self) -> impl Iterator<Item = Span> {
        self.spans.iter().map(|&(start, end)| (start, end, 0))
    }
}

impl Chart for Timeline {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn key(&self) -> Key {
        let solid = self.solid();
        let mut key = vec![
            (
                Swatch::Bar(GREY.tint(PALE * solid)),
                "begun, not yet ended".into(),
            ),
            (
                Swatch::Bar(GREY.tint(solid)),
                "making progress (lighter: some of the time)".into(),
            ),
        ];
        if solid < 1.0 {
            key.push((Swatch::Dot(INK), "a point that the job noted".into()));
        }
        if self.has_points() {
            key.push((Swatch::Dot(GREY), "progress too short for a bar".into()));
        }
        key.extend(self.zoom.map(|zoom| zoom.key()));
        Key(key)
    }

    fn check(&self) -> Result<()> {
        interval::count("timeline", "facets", self.facets.len(), MOST_FACETS)?;
        if self.rows().next().is_none() {
            interval::count("timeline", "rows", 0, 1)?;
        }
        for facet in &self.facets {
            for row in &facet.rows {
                let place = || format!("facet “{}”, row “{}”", facet.title, row.label);
                interval::check(place, "the job", row.begun)?;
                for &span in &row.spans {
                    interval::check(place, "a span", span)?;
                }
            }
        }
        self.zoom.map_or(Ok(()), |zoom| zoom.check("the timeline"))
    }

    fn body_height(&self) -> Result<f64> {
        let stack = self.stack();
        let facets: f64 = self
            .facets
            .iter()
            .map(|facet| rows::TITLE + stack.height(facet.rows.len()) + ABOVE_STEPS + STEPS)
            .sum();
        let between = BETWEEN * (self.facets.len().saturating_sub(1)) as f64;
        Ok(Zoom::heads(self.zoom) + facets + between + TimeAxis::HEIGHT)
    }

    fn draw_body<B: DrawingBackend>(&self, canvas: &mut Canvas<B>, top: f64) -> Result<()> {
        let columns = self.columns()?;
        let stack = self.stack();
        let lines = self.facets.iter().map(|facet| facet.running.as_slice());
        let steps = StepPanel::new(self.cores, lines);
        columns.draw_heads(canvas, top)?;
        let mut y = top + Zoom::heads(self.zoom);
        for (i, facet) in self.facets.iter().enumerate() {
            if i > 0 {
                y += BETWEEN;
            }
            let width = WIDTH - MARGIN - columns.whole.left();
            rows::title(
                canvas,
                &facet.title,
                Some(facet.series),
                (columns.whole.left(), y),
                width,
            )?;
            y += rows::TITLE;
            let rows_bottom = y + stack.height(facet.rows.len());
            let bottom = rows_bottom + ABOVE_STEPS + STEPS;

            columns.draw_ground(canvas, (y, bottom))?;
            for axis in columns.axes() {
                for (index, row) in facet.rows.iter().take(stack.most).enumerate() {
                    let height = stack.bar(y, index);
                    let colour = facet.series.colour().tint(self.solid());
                    draw_row(canvas, axis, row, colour, height)?;
                }
                let area = axis.area(rows_bottom + ABOVE_STEPS, bottom);
                steps.draw(canvas, axis, area, &facet.running, facet.series.colour())?;
            }
            columns.draw_edges(canvas, (y, bottom))?;

            let left = columns.whole.left();
            for (index, row) in facet.rows.iter().take(stack.most).enumerate() {
                stack.label(canvas, &row.label, (left, y), index, left - MARGIN)?;
            }
            stack.left_out(canvas, (left, y), facet.rows.len())?;
            let area = columns.whole.area(rows_bottom + ABOVE_STEPS, bottom);
            steps.draw_axis(canvas, area, MARGIN)?;
            let last = columns.last();
            let area = last.area(rows_bottom + ABOVE_STEPS, bottom);
            let style = TextStyle::new(TICK_EM, GREY)?.anchor(HPos::Left, VPos::Center);
            canvas.text(
                &self.cores_words(),
                (last.right() + 9.0, steps.cores_y(area)),
                style,
            )?;
            y = bottom;
        }
        columns.draw(canvas, y)
    }
}

/// How much of a series' colour a pale bar has.
const PALE: f64 = 0.25;
/// How much of it progress has behind points.
const BEHIND_POINTS: f64 = 0.6;
/// Radius of a point.
const POINT: f64 = 4.5;

fn draw_row<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    axis: &TimeAxis,
    row: &Row,
    colour: Colour,
    height: (f64, f64),
) -> Result<()> {
    let (from, to) = axis.range();
    let seen = |&at: &u64| at as f64 >= from && at as f64 <= to;
    if row.begun.1 as f64 >= from && row.begun.0 as f64 <= to {
        let begun = (axis.px(row.begun.0), axis.px(row.begun.1));
        canvas.fill(rows::bar(begun, height, 1.5), colour.tint(PALE))?;
    }
    let colours = |_| (colour, colour.tint(PALE));
    spans::draw(canvas, axis, row.owned_spans(), height, colours)?;
    let middle = (height.0 + height.1) / 2.0;
    for &at in row.points.iter().filter(|at| seen(at)) {
        // A ring of paper keeps points apart that touch.
        let centre = (axis.px(at), middle);
        canvas.marker(Marker::Disc, centre, POINT + 1.0, Stroke::new(PAPER, 1.0))?;
        canvas.marker(Marker::Disc, centre, POINT, Stroke::new(INK, 1.0))?;
    }
    let samples = row.samples.iter().filter(|at| seen(at)).count();
    if samples as f64 * 3.0 <= axis.right() - axis.left() {
        for &at in row.samples.iter().filter(|at| seen(at)) {
            let stroke = Stroke::new(INK, 1.0);
            canvas.marker(Marker::Disc, (axis.px(at), middle), 1.5, stroke)?;
        }
    }
    Ok(())
}
