//! The horizontal axis of a column, and its place on the page.

use crate::axis::ranged::Axis;
use crate::drawing::chart::{self, Room};
use crate::drawing::pen::{Area, Pen};
use crate::rows::Rows;

/// Pixels per tick of the axis, and ticks at most.
const PER_TICK: f64 = 56.0;
const MOST_TICKS: usize = 12;

/// One column of facets.
#[derive(Clone, Debug)]
pub(crate) struct View {
    pub axis: Axis,
    /// Its left edge, before the labels, and its width with all its words.
    pub x: f64,
    pub width: f64,
    pub room: Room,
}

impl View {
    pub(crate) fn new(rows: &Rows, (x, width): (f64, f64), room: Room) -> View {
        let plot = (width - room.left - room.right).max(10.0);
        let ticks = ((plot / PER_TICK) as usize).clamp(2, MOST_TICKS);
        let axis = chart::thinned(rows.x.axis(&rows.ends(), ticks, true), plot);
        View { axis, x, width, room }
    }

    /// The left edge of the plot.
    pub(crate) fn left(&self) -> f64 {
        self.x + self.room.left
    }

    pub(crate) fn plot_width(&self) -> f64 {
        (self.width - self.room.left - self.room.right).max(10.0)
    }

    /// How far right of the plot's left edge a value is, in pixels.
    pub(crate) fn across(&self, at: f64) -> f64 {
        self.axis.share(at) * self.plot_width()
    }

    /// The value that is so far right of the plot's left edge.
    pub(crate) fn at(&self, across: f64) -> f64 {
        self.axis.at(across / self.plot_width())
    }

    /// The area of this column from `top` on, with `height` pixels for the plot and `bottom` below.
    pub(crate) fn area<'a>(
        &self,
        area: &Area<'a>,
        top: f64,
        (height, bottom): (f64, f64),
    ) -> Area<'a> {
        area.part((self.x, top), (self.width, height + bottom))
    }
}
