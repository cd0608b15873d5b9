//! How many rows run at once: a step line, held against the cores.

use plotters::prelude::*;

use crate::axis::ranged::Axis;
use crate::axis::units::Unit;
use crate::drawing::chart::{self, Mesh, Room};
use crate::drawing::ink::{self, INK, SOFT};
use crate::drawing::pen::{Area, Drawn, LEFT, Pen, Place, RIGHT};
use crate::drawing::text::TICK;
use crate::rows::coverage::Columns;
use crate::rows::view::View;
use crate::rows::{Facet, Item};

/// Air above the highest level.
const ABOVE: f64 = 1.18;
const WORDS: &str = "at once";

/// The panel under one facet.
pub(crate) struct Steps<'a> {
    pub facet: &'a Facet,
    pub cores: u32,
    pub height: f64,
    pub view: &'a View,
    /// Room below for the ticks' words.
    pub bottom: f64,
}

/// Width of the words left of the panel, with the numbers of its axis.
pub(crate) fn words_width(most: u32) -> f64 {
    TICK.width(WORDS) + 5.0 + TICK.width(&most.to_string())
}

/// "2 cores", "1 core".
pub(crate) fn cores(cores: u32) -> String {
    format!("{cores} core{}", if cores == 1 { "" } else { "s" })
}

impl Steps<'_> {
    /// Draws it from `top` on, over this axis.
    pub(crate) fn draw(&self, area: &Area<'_>, top: f64, x: Axis) -> Drawn {
        let levels = self.levels();
        let rows = self.facet.rows.len() as f64;
        let seen = levels.iter().map(|(_, level)| *level).fold(1.0, f64::max);
        // Cores far beyond the number of rows would flatten the line: then only their number is
        // printed.
        let cores = f64::from(self.cores);
        let most = seen.max(if cores <= 4.0 * rows { cores } else { rows });
        let mesh = Mesh { vertical: true, foot: true, words: TICK };
        let view = self.view;
        let own = view.area(area, top, (self.height, self.bottom));
        let (from, to) = x.ends();
        let is_near = cores <= most && cores > 0.7 * most;
        let ticks = [0.0, if is_near { cores } else { most.floor() }];
        let ticks = ticks.map(|level| (level, Unit::Number.words(level)));
        let axes = (x, Axis::named(0.0..most * ABOVE, ticks.to_vec()));
        let room = Room { bottom: self.bottom, ..view.room };
        let mut chart = chart::chart(&own, axes, room, mesh)?;
        let colour = self.facet.series.map_or(SOFT, |series| series.colour());
        let line = || levels.iter().copied();
        chart.draw_series(AreaSeries::new(line(), 0.0, colour.mix(ink::PALE)))?;
        chart.draw_series(LineSeries::new(line(), ink::stroke(INK, 1.0)))?;
        let ends = [(from, cores), (to, cores)];
        let limit = (cores <= most).then(|| PathElement::new(ends, ink::dashed(SOFT)));
        chart.draw_series(limit)?;
        let down = |level: f64| top + self.height * (1.0 - level / (most * ABOVE));
        let at = (view.left() + view.plot_width() + 5.0, down(cores.min(most)));
        area.text(&self::cores(self.cores), TICK, LEFT, at)?;
        let at = (view.x + TICK.width(WORDS), top + self.height / 2.0);
        area.text(WORDS, TICK, RIGHT, at)
    }

    /// The line: how many spans there are on average in each column of dots.
    fn levels(&self) -> Vec<Place> {
        let items = self.facet.rows.iter().flat_map(|row| &row.items);
        let spans = items.filter_map(|item| match item {
            Item::Spans(spans, _) => Some(spans.iter().copied()),
            _ => None,
        });
        let columns = Columns::of(self.view);
        let mut line: Vec<Place> = Vec::new();
        for (column, level) in columns.levels(spans.flatten()).into_iter().enumerate() {
            let (from, to) = (columns.edge(column), columns.edge(column + 1));
            match line.last_mut() {
                Some(last) if (last.1 - level).abs() < 0.02 => last.0 = to,
                _ => line.extend([(from, level), (to, level)]),
            }
        }
        line
    }
}
