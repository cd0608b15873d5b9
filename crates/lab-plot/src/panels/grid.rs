//! Panels in rows and columns, as large as the page allows.

use std::ops::Range;

use crate::axis::ranged::Axis;
use crate::axis::scale::Scale;
use crate::drawing::chart;
use crate::drawing::pen::{Area, DrawError, LEFT, Pen};
use crate::drawing::text::TICK;
use crate::page;

/// Above each plot: the panel's title.
pub(crate) const TITLE: f64 = 18.0;
/// Above all: what the vertical axis measures.
pub(crate) const Y_LABEL: f64 = 15.0;
/// Below the lowest plots: ticks.
pub(crate) const TICKS: f64 = 18.0;
/// Below those: what the horizontal axis counts.
pub(crate) const X_LABEL: f64 = 14.0;
/// Below all, if panels are left out: how many.
const LEFT_OUT: f64 = 14.0;
const BETWEEN: f64 = 8.0;
const HIGHEST: f64 = 270.0;
const LOWEST: f64 = 40.0;

/// Rows of panels, each with a plot of the same height.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Grid {
    /// Which panels are in which row.
    pub rows: Vec<Range<usize>>,
    /// Height of a plot.
    pub plot: f64,
    /// Panels for which there is no room.
    pub left_out: usize,
    /// Below each row, and below the last one.
    feet: [f64; 2],
}

impl Grid {
    /// These rows in `room` pixels, with `feet` below each row and below the last one. Rows for
    /// which there is no room are left out.
    pub(crate) fn fit(rows: &[Range<usize>], feet: [f64; 2], room: f64) -> Grid {
        let all = rows.last().map_or(0, |row| row.end);
        let grid = |n: usize, plot: f64| {
            let rows = rows[..n].to_vec();
            let left_out = all - rows.last().map_or(0, |row| row.end);
            Grid { rows, plot, left_out, feet }
        };
        let fit = (1..=rows.len()).rev().find_map(|n| {
            let plot = (room - grid(n, 0.0).height()) / n as f64;
            (plot >= LOWEST).then(|| grid(n, plot.min(HIGHEST).floor()))
        });
        fit.unwrap_or_else(|| grid(rows.len().min(1), LOWEST))
    }

    /// `panels` in rows of `wanted` (0: three at most).
    pub(crate) fn rows_of(panels: usize, wanted: usize) -> Vec<Range<usize>> {
        let columns = match wanted {
            0 if panels == 4 => 2,
            0 => panels.min(3),
            wanted => wanted.min(panels).min(6),
        };
        let starts = (0..panels).step_by(columns.max(1));
        starts.map(|from| from..(from + columns).min(panels)).collect()
    }

    /// The top of a row, from its panels' titles on.
    pub(crate) fn top(&self, row: usize) -> f64 {
        Y_LABEL + row as f64 * (TITLE + self.plot + self.feet[0] + BETWEEN)
    }

    pub(crate) fn height(&self) -> f64 {
        let last = self.rows.len().saturating_sub(1);
        let left_out = if self.left_out > 0 { LEFT_OUT } else { 0.0 };
        self.top(last) + TITLE + self.plot + self.feet[1] + left_out
    }

    /// Whether no other panel is below this one.
    pub(crate) fn is_lowest(&self, row: usize, column: usize) -> bool {
        self.rows.get(row + 1).is_none_or(|next| column >= next.len())
    }

    /// Writes what the vertical axis measures and, if panels are left out, how many. Gives the axis
    /// that the panels of each row share (`values`: those of a panel), and the room for its ticks.
    pub(crate) fn frame(
        &self,
        area: &Area<'_>,
        y: &Scale,
        values: impl Fn(usize) -> Vec<f64>,
    ) -> Result<(Vec<Axis>, f64), DrawError> {
        let (width, height) = area.size();
        area.text(&TICK.shorten(&y.label, width), TICK, LEFT, (0.0, 6.0))?;
        let per_tick = if y.is_log() { 24.0 } else { 30.0 };
        let wanted = (self.plot / per_tick).max(2.0) as usize;
        let axis = |row: &Range<usize>| {
            let values: Vec<f64> = row.clone().flat_map(&values).collect();
            y.axis(&values, wanted, true)
        };
        let axes: Vec<Axis> = self.rows.iter().map(axis).collect();
        let left = axes.iter().map(chart::widest_tick).fold(0.0, f64::max).ceil() + 8.0;
        let left_out = page::left_out(self.left_out, "panel");
        area.text(&left_out, TICK, LEFT, (left, height - 6.0))?;
        Ok((axes, left))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_panels_fit_and_more_are_counted() {
        let feet = [0.0, TICKS + X_LABEL];
        let twelve = Grid::fit(&Grid::rows_of(12, 3), feet, 350.0);
        assert_eq!((twelve.rows.len(), twelve.left_out), (4, 0));
        assert!(twelve.height() <= 350.0);
        let many = Grid::fit(&Grid::rows_of(30, 3), feet, 350.0);
        assert!(many.left_out > 0 && many.height() <= 350.0);
        assert_eq!(Grid::fit(&Grid::rows_of(1, 0), feet, 350.0).plot, HIGHEST);
    }

    #[test]
    fn the_lowest_panel_of_each_column_has_the_axis() {
        let grid = Grid::fit(&Grid::rows_of(5, 3), [0.0, 30.0], 350.0);
        let lowest =
            [(0, 0), (0, 2), (1, 0), (1, 1)].map(|(row, column)| grid.is_lowest(row, column));
        assert_eq!(lowest, [false, true, true, true]);
    }
}
