//! Panels beside one another that share the upright axis, in as many rows as they need.

use crate::canvas::Area;
use crate::page::{MARGIN, WIDTH};
use crate::upright;

const IN_A_ROW: usize = 3;
const BETWEEN: f64 = 28.0;

/// Sizes that all panels share.
pub(crate) struct Grid {
    panels: usize,
    columns: usize,
    /// Width of a panel with what stands beside its plot.
    pub cell: f64,
    pub plot_height: f64,
    above: f64,
    below: f64,
}

impl Grid {
    /// For so many panels with these heights above and below their plots.
    pub(crate) fn new(panels: usize, above: f64, below: f64) -> Grid {
        let columns = panels.clamp(1, IN_A_ROW);
        let width = WIDTH - 2.0 * MARGIN - upright::LEFT;
        Grid {
            panels,
            columns,
            cell: (width - BETWEEN * (columns - 1) as f64) / columns as f64,
            plot_height: if columns == 1 { 560.0 } else { 460.0 },
            above,
            below,
        }
    }

    /// From the top of one row of panels to that of the next.
    fn pitch(&self) -> f64 {
        self.above + self.plot_height + self.below + BETWEEN
    }

    pub(crate) fn height(&self) -> f64 {
        self.panels.div_ceil(self.columns) as f64 * self.pitch() - BETWEEN
    }

    /// Every panel's plot, as wide as its cell, and whether it is the first of its row.
    pub(crate) fn places(&self, top: f64) -> impl Iterator<Item = (Area, bool)> {
        (0..self.panels).map(move |i| {
            let (row, column) = (i / self.columns, i % self.columns);
            let left = MARGIN + upright::LEFT + column as f64 * (self.cell + BETWEEN);
            let top = top + row as f64 * self.pitch() + self.above;
            let area = Area::new(left, top, left + self.cell, top + self.plot_height);
            (area, column == 0)
        })
    }
}
