//! Panels in rows and columns, as large as the page allows.

/// Above each plot: the panel's title.
pub(crate) const TITLE: f64 = 18.0;
/// Above all: what the vertical axis measures.
pub(crate) const Y_LABEL: f64 = 15.0;
/// Below the lowest plots: ticks, and what the horizontal axis counts.
pub(crate) const TICKS: f64 = 18.0;
pub(crate) const X_LABEL: f64 = 14.0;
/// Below all, if panels are left out: how many.
const LEFT_OUT: f64 = 14.0;
const BETWEEN: f64 = 8.0;
/// Heights of a plot.
const HIGHEST: f64 = 270.0;
const LOWEST: f64 = 40.0;

/// Rows of panels, each with a plot of the same height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Grid {
    pub columns: usize,
    pub rows: usize,
    /// Panels that are drawn.
    pub panels: usize,
    /// Panels for which there is no room.
    pub left_out: usize,
    /// Height of a plot.
    pub plot: f64,
    /// Below the last row.
    foot: f64,
}

impl Grid {
    /// `panels` in rows of `wanted` (0: three at most) in `room` pixels, with `foot` below the last
    /// row. Rows for which there is no room are left out.
    pub(crate) fn fit(panels: usize, wanted: usize, foot: f64, room: f64) -> Grid {
        let columns = match wanted {
            0 if panels == 4 => 2,
            0 => panels.clamp(1, 3),
            wanted => wanted.min(panels).clamp(1, 6),
        };
        let grid = |rows: usize, plot: f64| {
            let shown = panels.min(rows * columns);
            Grid { columns, rows, panels: shown, left_out: panels - shown, plot, foot }
        };
        let fit = (1..=panels.div_ceil(columns)).rev().find_map(|rows| {
            let plot = (room - grid(rows, 0.0).height()) / rows as f64;
            (plot >= LOWEST).then(|| grid(rows, plot.min(HIGHEST).floor()))
        });
        fit.unwrap_or_else(|| grid(1, LOWEST))
    }

    /// The panels of a row.
    pub(crate) fn row(&self, row: usize) -> std::ops::Range<usize> {
        row * self.columns..((row + 1) * self.columns).min(self.panels)
    }

    /// The top of a row, from its panels' titles on.
    pub(crate) fn top(&self, row: usize) -> f64 {
        Y_LABEL + row as f64 * (TITLE + self.plot + BETWEEN)
    }

    pub(crate) fn height(&self) -> f64 {
        let left_out = if self.left_out > 0 { LEFT_OUT } else { 0.0 };
        self.top(self.rows.saturating_sub(1)) + TITLE + self.plot + self.foot + left_out
    }

    /// Whether no other panel is below this one.
    pub(crate) fn is_lowest(&self, panel: usize) -> bool {
        panel + self.columns >= self.panels
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_panels_fit_and_more_are_counted() {
        let foot = TICKS + X_LABEL;
        let twelve = Grid::fit(12, 3, foot, 350.0);
        assert_eq!((twelve.rows, twelve.left_out), (4, 0));
        assert!(twelve.height() <= 350.0);
        let many = Grid::fit(30, 3, foot, 350.0);
        assert!(many.left_out > 0 && many.height() <= 350.0);
        assert_eq!(Grid::fit(1, 0, foot, 350.0).plot, HIGHEST);
    }

    #[test]
    fn the_lowest_panel_of_each_column_has_the_axis() {
        let grid = Grid::fit(5, 3, 30.0, 350.0);
        assert_eq!([0, 2, 3, 4].map(|panel| grid.is_lowest(panel)), [false, true, true, true]);
    }
}
