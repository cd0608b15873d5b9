//! Facets of rows in columns on one axis.

use crate::drawing::chart::Room;
use crate::drawing::marker;
use crate::drawing::pen::{Area, Drawn, LEFT, MIDDLE, Pen};
use crate::drawing::text::TICK;
use crate::error::Result;
use crate::page::Body;
use crate::page::key::{Key, Sign};
use crate::rows::row::Lanes;
use crate::rows::stack::{ABOVE_STEPS, AXIS, SIGN, Stack};
use crate::rows::steps::{self, Steps};
use crate::rows::view::View;
use crate::rows::{Item, Rows};
use crate::style::MOST_POINTS;

/// The greatest shares of a column that labels and notes have, and the air beside labels.
const LABELS: f64 = 0.45;
const NOTES: f64 = 0.3;
const AIR: f64 = 9.0;
/// Right of a plot, for the last number of the axis.
const LEAST_RIGHT: f64 = 24.0;

impl Body for Rows {
    fn check(&self) -> Result<()> {
        Rows::check(self)
    }

    fn key(&self) -> Vec<Key> {
        let rows = self.facets.iter().flat_map(|facet| &facet.rows);
        let is_dense = |item: &Item| matches!(item, Item::Values(at, _) if at.len() > MOST_POINTS);
        let dense = rows.flat_map(|row| &row.items).any(is_dense);
        let dense = dense.then(|| Key::new(Sign::Full, "many of them (higher: more)"));
        self.key.iter().cloned().chain(dense).collect()
    }

    fn height(&self, width: f64, room: f64) -> f64 {
        Stack::fit(self, width, room).height()
    }

    fn draw(&self, area: &Area<'_>) -> Drawn {
        let (width, height) = area.size();
        let stack = Stack::fit(self, width, height);
        let room = self.room(&stack);
        let view = |column| View::new(self, (stack.left(column), stack.column), room);
        let views: Vec<View> = (0..stack.columns).map(view).collect();
        for (i, top) in stack.tops().into_iter().enumerate() {
            self.facet(area, &stack, (i, top), &views[i % stack.columns])?;
        }
        area.text(&stack.left_out(), TICK, LEFT, (0.0, height - 6.0))
    }
}

impl Rows {
    /// Room for labels at the left, and for notes at the right.
    fn room(&self, stack: &Stack) -> Room {
        let (labels, notes) = self.words(stack);
        let (mut left, mut right) =
            (labels.min(LABELS * stack.column), notes.min(NOTES * stack.column) + 8.0);
        if let Some(cores) = self.cores {
            let rows = self.facets.iter().map(|facet| facet.rows.len() as u32).max();
            left = left.max(steps::words_width(cores.max(rows.unwrap_or(0))));
            right = right.max(TICK.width(&steps::cores(cores)) + 8.0);
        }
        Room::new(left.ceil() + AIR, right.ceil().max(LEAST_RIGHT), 0.0)
    }

    fn facet(&self, area: &Area<'_>, stack: &Stack, (i, top): (usize, f64), view: &View) -> Drawn {
        let (facet, count) = (&self.facets[i], stack.rows[i]);
        let (kind, most) = stack.title;
        let sign = facet.series.map_or(0.0, |_| SIGN);
        let lines = kind.wrap(&facet.title, stack.column - sign, most);
        // The last line of a title is just above the rows.
        let first = most - lines.len().max(1);
        let line = |i: usize| top + 7.0 + (first + i) as f64 * kind.leading();
        if let Some(series) = facet.series {
            let style = plotters::style::Color::filled(&series.colour());
            marker::draw(area, series, (view.x + 4.0, line(0)), 3.8, style)?;
        }
        for (i, words) in lines.iter().enumerate() {
            area.text(words, kind, LEFT, (view.x + sign, line(i)))?;
        }
        let is_lowest = stack.is_lowest(i);
        let axis = if is_lowest { view.axis.clone() } else { view.axis.clone().mute() };
        let bottom = |is_last: bool| if is_last && is_lowest { AXIS } else { 0.0 };
        let (pitch, label_every) = (stack.pitch, stack.label_every());
        let is_last = self.cores.is_none();
        let lanes = Lanes { facet, count, pitch, label_every, view, bottom: bottom(is_last) };
        let mut y = top + stack.title_height();
        lanes.draw(area, y, if is_last { axis.clone() } else { axis.clone().mute() })?;
        y += count as f64 * pitch;
        if let Some(cores) = self.cores {
            y += ABOVE_STEPS;
            let (height, bottom) = (stack.steps, bottom(true));
            Steps { facet, cores, height, view, bottom }.draw(area, y, axis)?;
            y += height;
        }
        let label =
            if is_lowest { TICK.shorten(&self.x.label, view.plot_width()) } else { String::new() };
        let at = (view.left() + view.plot_width() / 2.0, y + AXIS + 6.0);
        area.text(&label, TICK, MIDDLE, at)
    }
}
