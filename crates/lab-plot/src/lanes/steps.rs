//! How many rows run at once: a step line, held against the cores.

use plotters::prelude::*;

use crate::axis::ranged::Axis;
use crate::axis::units::Unit;
use crate::drawing::chart::{self, Mesh};
use crate::drawing::ink::{self, INK, SOFT};
use crate::drawing::pen::{Area, Drawn, LEFT, Pen, RIGHT};
use crate::drawing::text::TICK;
use crate::lanes::model::{Facet, Layer};
use crate::lanes::rows;
use crate::lanes::span::Span;
use crate::lanes::view::View;

/// Air above the highest level.
const ABOVE: f64 = 1.18;
const WORDS: &str = "at once";

/// The panel under one facet.
pub(crate) struct Steps<'a> {
    pub facet: &'a Facet<'a>,
    pub cores: u32,
    pub height: f64,
    /// Width of the numbers at its left.
    pub numbers: f64,
    pub view: View,
    /// The part of the axis that is enlarged elsewhere.
    pub lens: Option<Span>,
}

/// Width of the words left of the panel's numbers.
pub(crate) fn words_width() -> f64 {
    TICK.width(WORDS) + 5.0
}

/// "2 cores", "1 core".
pub(crate) fn cores(cores: u32) -> String {
    format!("{cores} core{}", if cores == 1 { "" } else { "s" })
}

impl Steps<'_> {
    /// Draws it from `top` on, over the axis of time `x`.
    pub(crate) fn draw(&self, area: &Area<'_>, top: f64, x: Axis) -> Drawn {
        let levels = self.levels();
        let rows = self.facet.rows.len() as f64;
        let seen = levels.iter().map(|(_, level)| *level).fold(1.0, f64::max);
        // Cores far beyond the number of rows would flatten the line: then only their number is
        // printed.
        let cores = f64::from(self.cores);
        let most = seen.max(if cores <= 4.0 * rows { cores } else { rows });
        let (vertical, foot, words) = (true, true, TICK);
        let mesh = Mesh { vertical, foot, words };
        let own = self.view.area(area, top, self.height);
        let axes = (x, Axis::named(0.0..most * ABOVE, self.ticks(most)));
        let mut chart = chart::chart(&own, axes, self.view.room, mesh)?;
        rows::shade(&mut chart, self.lens, most * ABOVE)?;
        let colour = self.facet.series.map_or(SOFT, |series| series.colour());
        let line = || levels.iter().copied();
        chart.draw_series(AreaSeries::new(line(), 0.0, colour.mix(ink::PALE)))?;
        chart.draw_series(LineSeries::new(line(), ink::stroke(INK, 1.0)))?;
        let range = self.view.range();
        let ends = [(range.start, cores), (range.end, cores)];
        let limit = (cores <= most).then(|| PathElement::new(ends, ink::dashed(SOFT)));
        chart.draw_series(limit)?;
        let down = |level: f64| top + self.height * (1.0 - level / (most * ABOVE));
        let view = &self.view;
        if view.room.right > 0.0 {
            let at = (view.left() + view.plot_width() + 5.0, down(cores.min(most)));
            area.text(&self::cores(self.cores), TICK, LEFT, at)?;
        }
        let at = (view.left() - self.numbers - 11.0, top + self.height / 2.0);
        area.text(if view.first { WORDS } else { "" }, TICK, RIGHT, at)
    }

    /// Whole numbers; at least the foot and the number of cores, or the most that run.
    fn ticks(&self, most: f64) -> Vec<(f64, String)> {
        if !self.view.first {
            return Vec::new();
        }
        let cores = f64::from(self.cores);
        let near = cores <= most && cores > 0.7 * most;
        let few = [0.0, if near { cores } else { most.floor() }];
        let round = Axis::linear(0.0..most * ABOVE, (self.height / 12.0) as usize, Unit::Number);
        let whole = round.ticks().iter().filter(|(v, _)| v.fract() == 0.0);
        let whole: Vec<(f64, String)> = whole.cloned().collect();
        match whole.len() {
            2.. => whole,
            _ => few.map(|v| (v, Unit::Number.words(v))).to_vec(),
        }
    }

    /// The line: how many spans there are on average in each column of dots.
    fn levels(&self) -> Vec<(f64, f64)> {
        let layers = self.facet.rows.iter().flat_map(|row| &row.layers);
        let spans = layers.filter_map(|layer| match layer {
            Layer::Spans { spans, .. } => Some(spans.iter().copied()),
            _ => None,
        });
        let columns = self.view.columns();
        let mut line: Vec<(f64, f64)> = Vec::new();
        for (column, level) in columns.levels(spans.flatten()).into_iter().enumerate() {
            let (start, end) = (columns.edge(column), columns.edge(column + 1));
            match line.last_mut() {
                Some(last) if (last.1 - level).abs() < 0.02 => last.0 = end,
                _ => line.extend([(start, level), (end, level)]),
            }
        }
        line
    }
}
