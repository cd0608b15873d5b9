//! The rows of one facet.

use plotters::prelude::*;

use crate::axis::ranged::Axis;
use crate::drawing::chart::{self, Chart, Mesh, Room};
use crate::drawing::ink::{self, INK, PALE, SHADE, job_colour, px};
use crate::drawing::pen::{Area, Drawn, LEFT, MIDDLE, Pen, Place};
use crate::drawing::text::{LABEL, TICK};
use crate::rows::coverage::Columns;
use crate::rows::stack::LABELLED;
use crate::rows::swarm::{RADIUS, swarm};
use crate::rows::view::View;
use crate::rows::{Facet, Item, Row, Span};

/// Half of a row's height that is filled.
const HALF: f64 = 0.4;
const LEADING: f64 = 13.0;

/// The rows of a facet that are drawn, and how.
pub(crate) struct Lanes<'a> {
    pub facet: &'a Facet,
    /// How many rows are drawn.
    pub count: usize,
    pub pitch: f64,
    pub label_every: usize,
    pub view: &'a View,
    /// Room below for the ticks' words; none if they are below another facet.
    pub bottom: f64,
}

impl Lanes<'_> {
    /// Draws them from `top` on, over this axis.
    pub(crate) fn draw(&self, area: &Area<'_>, top: f64, x: Axis) -> Drawn {
        if self.count == 0 {
            return Ok(());
        }
        let (view, n) = (self.view, self.count as f64);
        let rows = &self.facet.rows[..self.count];
        let widest = view.room.left - 8.0;
        let names = rows.iter().enumerate().step_by(self.label_every);
        let names = names.map(|(i, row)| (i as f64 + 0.5, LABEL.shorten(&row.label, widest)));
        let mesh = Mesh { vertical: true, foot: self.bottom > 0.0, words: LABEL };
        let own = view.area(area, top, (n * self.pitch, self.bottom));
        let axes = (x, Axis::named(n..0.0, names.collect()));
        let room = Room { bottom: self.bottom, ..view.room };
        let mut chart = chart::chart(&own, axes, room, mesh)?;
        let mut vertical = |at: f64, style| {
            let ends = [(at, 0.0), (at, n)];
            chart.draw_series(LineSeries::new(ends, style)).map(|_| ())
        };
        for line in &self.facet.verticals {
            let style = if line.is_dashed { ink::dashed(INK) } else { ink::stroke(INK, 1.2) };
            vertical(line.at, style)?;
        }
        for (i, row) in rows.iter().enumerate() {
            let (middle, pitch) = (i as f64 + 0.5, self.pitch);
            Lane { chart: &mut chart, view, middle, pitch }.draw(row)?;
        }
        self.words(area, top)
    }

    /// The notes of rows, and the words of vertical lines: right of all of it, where nothing else is.
    fn words(&self, area: &Area<'_>, top: f64) -> Drawn {
        let write = |words: &str, at: f64, y: f64| {
            let x = self.view.left() + self.view.across(at) + 5.0;
            let words = TICK.shorten(words, self.view.x + self.view.width - x);
            area.text(&words, TICK, LEFT, (x, y))
        };
        for (i, row) in self.facet.rows[..self.count].iter().enumerate().step_by(self.label_every) {
            if let Some((_, last)) = row.range() {
                let y = top + (i as f64 + 0.5) * self.pitch;
                write(&row.note, last, y)?;
            }
        }
        let lines = self.facet.verticals.iter().filter(|line| !line.words.is_empty());
        let last = lines.clone().map(|line| line.at).fold(f64::NEG_INFINITY, f64::max);
        let most = (self.count as f64 * self.pitch / LEADING).max(1.0) as usize;
        for (i, line) in lines.take(most).enumerate() {
            let y = top + (i as f64 + 0.5) * LEADING;
            write(&line.words, last, y)?;
        }
        Ok(())
    }
}

/// One row while it is drawn.
struct Lane<'l, 'a, 'b> {
    chart: &'l mut Chart<'a, 'b>,
    view: &'l View,
    middle: f64,
    pitch: f64,
}

impl Lane<'_, '_, '_> {
    fn draw(&mut self, row: &Row) -> Drawn {
        let is_noted = row.items.iter().any(|item| matches!(item, Item::Points(_)));
        for item in &row.items {
            match item {
                Item::Bar { span, series, is_pale, words } => {
                    let share = if *is_pale { PALE } else { 1.0 };
                    self.bars([(*span, series.colour().mix(share))])?;
                    self.inside(*span, words, (series.colour(), *is_pale))?;
                }
                Item::Frame((from, to), series) => {
                    let corners =
                        ink::corners((*from, self.middle - HALF), (*to, self.middle + HALF));
                    let style = ink::stroke(series.colour(), 1.4);
                    self.chart.draw_series([PathElement::new(corners, style)])?;
                }
                Item::Spans(spans, series) => {
                    // Paler behind points, so that they are seen.
                    let share = if is_noted { 0.7 } else { 1.0 };
                    let spans = spans.iter().map(|&(from, to)| (from, to, 0));
                    self.spans(spans, |_| series.colour(), share)?;
                }
                Item::Jobs(spans) => {
                    self.bars([(self.view.axis.ends(), SHADE.mix(1.0))])?;
                    self.spans(spans.iter().copied(), job_colour, 1.0)?;
                }
                Item::Points(at) => self.points(at)?,
                Item::Values(at, series) => self.values(at, series.colour())?,
                Item::Median(at) => {
                    let half = HALF + 0.06;
                    let ends = [(*at, self.middle - half), (*at, self.middle + half)];
                    for style in [ink::stroke(WHITE, 3.4), ink::stroke(INK, 2.0)] {
                        self.chart.draw_series(LineSeries::new(ends, style))?;
                    }
                }
            }
        }
        Ok(())
    }

    fn bars(&mut self, bars: impl IntoIterator<Item = (Span, RGBAColor)>) -> Drawn {
        let (top, bottom) = (self.middle - HALF, self.middle + HALF);
        let bars = bars.into_iter().filter(|((from, to), _)| from < to);
        let bars = bars.map(|((from, to), colour)| {
            Rectangle::new([(from, top), (to, bottom)], colour.filled())
        });
        self.chart.draw_series(bars)?;
        Ok(())
    }

    /// Words in the middle of a bar, if there is room.
    fn inside(
        &mut self,
        (from, to): Span,
        words: &str,
        (colour, is_pale): (RGBColor, bool),
    ) -> Drawn {
        let wide = self.view.across(to) - self.view.across(from);
        if words.is_empty() || self.pitch < LABELLED || LABEL.width(words) + 4.0 > wide {
            return Ok(());
        }
        let RGBColor(r, g, b) = colour;
        let light = 0.21 * f64::from(r) + 0.72 * f64::from(g) + 0.07 * f64::from(b);
        let ink = if !is_pale && light < 120.0 { WHITE } else { BLACK };
        let at = ((from + to) / 2.0, self.middle);
        let style = LABEL.coloured(ink).at(MIDDLE);
        self.chart.draw_series([Text::new(words.to_owned(), at, style)])?;
        Ok(())
    }

    fn spans(
        &mut self,
        spans: impl Iterator<Item = (f64, f64, u32)>,
        colour: impl Fn(u32) -> RGBColor,
        share: f64,
    ) -> Drawn {
        let columns = Columns::of(self.view);
        let runs = columns.runs(spans);
        self.bars(
            runs.iter().map(|run| (columns.span(run), colour(run.owner).mix(run.share * share))),
        )
    }

    /// Dots so many pixels right of the plot's left edge and below the row's middle.
    fn dots(&mut self, places: &[Place], r: f64, colour: RGBAColor) -> Drawn {
        let row = |down: f64| self.middle + down / self.pitch;
        let dots = places.iter().map(|&(across, down)| {
            Circle::new((self.view.at(across), row(down)), px(r), colour.filled())
        });
        let dots: Vec<_> = dots.collect();
        self.chart.draw_series(dots)?;
        Ok(())
    }

    /// Points with a white ring, so that they are seen on any bar.
    fn points(&mut self, at: &[f64]) -> Drawn {
        let r = (self.pitch / 2.0 - 2.5).clamp(1.0, 2.4);
        let places: Vec<Place> = at.iter().map(|at| (self.view.across(*at), 0.0)).collect();
        self.dots(&places, r + 0.8, WHITE.mix(1.0))?;
        self.dots(&places, r, INK.mix(1.0))
    }

    fn values(&mut self, at: &[f64], colour: RGBColor) -> Drawn {
        let across: Vec<f64> = at.iter().map(|at| self.view.across(*at)).collect();
        let swarm = swarm(&across, (HALF * self.pitch - RADIUS / 2.0).max(0.0));
        let (view, middle, pitch) = (self.view, self.middle, self.pitch);
        let dense = swarm.dense.iter().map(|(left, right, half)| {
            let [top, bottom] = [middle - half / pitch, middle + half / pitch];
            Rectangle::new([(view.at(*left), top), (view.at(*right), bottom)], colour.filled())
        });
        self.chart.draw_series(dense)?;
        let alpha = if swarm.points.len() > 200 { 0.55 } else { 0.75 };
        self.dots(&swarm.points, RADIUS, colour.mix(alpha))
    }
}
