//! The rows of one facet in one view on time.

use plotters::prelude::*;

use crate::axis::ranged::Axis;
use crate::drawing::chart::{self, Chart, Mesh};
use crate::drawing::ink::{self, INK, LENS, SOFT, job_colour, px};
use crate::drawing::pen::{Area, Drawn, LEFT, MIDDLE, Pen};
use crate::drawing::text::{LABEL, TICK};
use crate::lanes::coverage::{Run, spans_of, take_lonely};
use crate::lanes::model::{Layer, Row, Vertical};
use crate::lanes::span::Span;
use crate::lanes::stack::LABELLED;
use crate::lanes::view::View;
use crate::style::MOST_POINTS;

/// Of a row's height, above and below what is in it.
const AIR: f64 = 0.1;
const LEADING: f64 = 13.0;

/// The rows of a facet that are drawn, and how.
pub(crate) struct Rows<'a> {
    pub rows: &'a [Row<'a>],
    pub verticals: &'a [Vertical],
    pub pitch: f64,
    pub label_every: usize,
    pub view: View,
    /// The part of the axis that is enlarged elsewhere.
    pub lens: Option<Span>,
}

impl Rows<'_> {
    /// Draws them from `top` on, over the axis of time `x`.
    pub(crate) fn draw(&self, area: &Area<'_>, top: f64, x: Axis) -> Drawn {
        if self.rows.is_empty() {
            return Ok(());
        }
        let (view, n) = (&self.view, self.rows.len() as f64);
        let widest = view.room.left - 8.0;
        let names = self.rows.iter().enumerate().step_by(self.label_every);
        let names = names.map(|(i, row)| (i as f64 + 0.5, LABEL.shorten(&row.label, widest)));
        let names = names.filter(|_| view.first).collect();
        let (vertical, foot, words) = (true, view.room.bottom > 0.0, LABEL);
        let mesh = Mesh { vertical, foot, words };
        let own = view.area(area, top, n * self.pitch);
        let axes = (x, Axis::named(n..0.0, names));
        let mut chart = chart::chart(&own, axes, view.room, mesh)?;
        shade(&mut chart, self.lens, n)?;
        for (i, row) in self.rows.iter().enumerate() {
            let (top, bottom) = (i as f64 + AIR, i as f64 + 1.0 - AIR);
            let pitch = self.pitch;
            let chart = &mut chart;
            Lane { chart, view, top, bottom, pitch }.draw(row)?;
        }
        let mut vertical = |at: u64, style| {
            let ends = [(at as f64, 0.0), (at as f64, n)];
            chart.draw_series(LineSeries::new(ends, style)).map(|_| ())
        };
        // The edges of the enlarged part lie over the rows: a short one would be lost otherwise.
        for at in self.lens.into_iter().flat_map(|lens| [lens.0, lens.1]) {
            vertical(at, ink::stroke(SOFT, 0.8))?;
        }
        for line in self.verticals.iter().filter(|line| view.holds(line.at)) {
            let style = if line.dashed { ink::dashed(INK) } else { ink::stroke(INK, 1.2) };
            vertical(line.at, style)?;
        }
        self.notes(area, top)
    }

    /// The notes of rows, and the words of vertical lines: right of the last of them, where nothing
    /// else is.
    fn notes(&self, area: &Area<'_>, top: f64) -> Drawn {
        for (i, row) in self.rows.iter().enumerate().step_by(self.label_every) {
            let note = row.note.as_ref().filter(|(at, _)| self.view.holds(*at));
            if let Some((at, words)) = note {
                let y = top + (i as f64 + 0.5) * self.pitch;
                area.text(words, TICK, LEFT, (self.view.place(*at) + 5.0, y))?;
            }
        }
        let last = self.verticals.iter().map(|line| line.at).max().unwrap_or(0);
        let most = (self.rows.len() as f64 * self.pitch / LEADING).max(1.0) as usize;
        for (i, line) in self.verticals.iter().take(most).enumerate() {
            let y = top + (i as f64 + 0.5) * LEADING;
            area.text(&line.words, TICK, LEFT, (self.view.place(last) + 5.0, y))?;
        }
        Ok(())
    }
}

/// Marks the part of the axis that is enlarged elsewhere, in a chart of this height.
pub(crate) fn shade(chart: &mut Chart<'_, '_>, lens: Option<Span>, high: f64) -> Drawn {
    let shade = lens.map(|(from, to)| {
        let corners = [(from as f64, 0.0), (to as f64, high)];
        Rectangle::new(corners, LENS.mix(ink::LENS_SHARE).filled())
    });
    chart.draw_series(shade)?;
    Ok(())
}

/// One row while it is drawn.
struct Lane<'l, 'a, 'b> {
    chart: &'l mut Chart<'a, 'b>,
    view: &'l View,
    top: f64,
    bottom: f64,
    pitch: f64,
}

impl Lane<'_, '_, '_> {
    fn draw(&mut self, row: &Row<'_>) -> Drawn {
        row.layers.iter().try_for_each(|layer| self.layer(layer))
    }

    fn layer(&mut self, layer: &Layer<'_>) -> Drawn {
        match layer {
            Layer::Ground(colour) => {
                let range = self.view.range();
                self.bars([((range.start, range.end), colour.mix(1.0))])
            }
            Layer::Bar { span, colour, share, words } => {
                let seen = self.view.cut(*span);
                self.bars(seen.map(|seen| (seen, colour.mix(*share))))?;
                self.words(*span, words, (*colour, *share))
            }
            Layer::Frame { span, colour } => {
                let seen = self.view.cut(*span);
                let corners =
                    seen.map(|(from, to)| ink::corners((from, self.top), (to, self.bottom)));
                let style = ink::stroke(*colour, 1.4);
                let frame = corners.map(|corners| PathElement::new(corners, style));
                self.chart.draw_series(frame)?;
                Ok(())
            }
            Layer::Spans { spans, colour, share } => {
                let spans = spans.iter().map(|&(from, to)| (from, to, 0));
                self.spans(spans, |_| *colour, *share)
            }
            Layer::Jobs(spans) => self.spans(spans.iter().copied(), job_colour, 1.0),
            Layer::Points { at, apart } => self.points(at, *apart),
            Layer::Readings { at, colour } => self.readings(at, *colour),
        }
    }

    fn bars(&mut self, bars: impl IntoIterator<Item = ((f64, f64), RGBAColor)>) -> Drawn {
        let (top, bottom) = (self.top, self.bottom);
        let bars = bars.into_iter().map(|((from, to), colour)| {
            Rectangle::new([(from, top), (to, bottom)], colour.filled())
        });
        self.chart.draw_series(bars)?;
        Ok(())
    }

    /// Dots at these instants, at shares of the row's height.
    fn dots(
        &mut self,
        at: impl IntoIterator<Item = (f64, f64)>,
        r: f64,
        colour: RGBAColor,
    ) -> Drawn {
        let (top, high) = (self.top, self.bottom - self.top);
        let dots = at
            .into_iter()
            .map(|(ns, share)| Circle::new((ns, top + high * share), px(r), colour.filled()));
        self.chart.draw_series(dots)?;
        Ok(())
    }

    /// Words in the middle of a bar, if there is room.
    fn words(&mut self, span: Span, words: &str, (colour, share): (RGBColor, f64)) -> Drawn {
        let wide = self.view.place(span.1) - self.view.place(span.0);
        let seen = self.view.holds(span.0) && self.view.holds(span.1);
        let fits = self.pitch >= LABELLED && LABEL.width(words) + 4.0 <= wide;
        if words.is_empty() || !seen || !fits {
            return Ok(());
        }
        let RGBColor(r, g, b) = colour;
        let light = 0.21 * f64::from(r) + 0.72 * f64::from(g) + 0.07 * f64::from(b);
        let ink = if share > 0.5 && light < 120.0 { WHITE } else { BLACK };
        let middle = (span.0 as f64 + span.1 as f64) / 2.0;
        let at = (middle, (self.top + self.bottom) / 2.0);
        let style = LABEL.coloured(ink).at(MIDDLE);
        self.chart.draw_series([Text::new(words.to_owned(), at, style)])?;
        Ok(())
    }

    fn spans(
        &mut self,
        spans: impl Iterator<Item = (u64, u64, u32)>,
        colour: impl Fn(u32) -> RGBColor,
        share: f64,
    ) -> Drawn {
        let columns = self.view.columns();
        let mut runs = columns.runs(spans);
        let lonely = take_lonely(&mut runs);
        let shade = |run: &Run| colour(run.owner).mix(run.share * share);
        self.bars(runs.iter().map(|run| (columns.span(run), shade(run))))?;
        for run in &lonely {
            let (from, to) = columns.span(run);
            self.dots([((from + to) / 2.0, 0.5)], 1.8, colour(run.owner).mix(1.0))?;
        }
        Ok(())
    }

    /// Points with a white ring, so that they are seen on any bar.
    fn points(&mut self, at: &[u64], apart: bool) -> Drawn {
        let most = if apart { 1.9 } else { 2.4 };
        let r = (self.pitch / 2.0 - 2.5).clamp(1.0, most);
        let height = |i: usize| if apart { 0.15 + 0.7 * golden(i) } else { 0.5 };
        let seen = at.iter().enumerate().filter(|(_, at)| self.view.holds(**at));
        let places: Vec<(f64, f64)> = seen.map(|(i, at)| (*at as f64, height(i))).collect();
        self.dots(places.iter().copied(), r + 0.8, WHITE.mix(1.0))?;
        self.dots(places, r, INK.mix(1.0))
    }

    /// A point each: few of them on one line, more at heights that no two neighbours share; too many
    /// as the share of time that they cover.
    fn readings(&mut self, at: &[u64], colour: RGBColor) -> Drawn {
        let first = at.partition_point(|at| *at < self.view.span.0);
        let end = at.partition_point(|at| *at <= self.view.span.1);
        let seen = &at[first..end];
        if seen.len() > MOST_POINTS {
            let columns = self.view.columns();
            let runs = columns.runs(spans_of(seen).into_iter().map(|(from, to)| (from, to, 0)));
            return self.bars(runs.iter().map(|run| (columns.span(run), colour.mix(run.share))));
        }
        let is_line = seen.len() <= ON_A_LINE;
        let height = |i: usize| if is_line { 0.5 } else { 0.06 + 0.88 * golden(first + i) };
        let places = seen.iter().enumerate().map(|(i, at)| (*at as f64, height(i)));
        self.dots(places, if is_line { 2.2 } else { 1.0 }, colour.mix(0.85))
    }
}

/// Up to this number, readings side by side on a line can be told from one bar.
const ON_A_LINE: usize = 300;

/// Numbers from 0 to 1 in which neighbours differ widely (the golden ratio).
fn golden(i: usize) -> f64 {
    (i as f64 * 0.618_033_988_75).fract()
}
