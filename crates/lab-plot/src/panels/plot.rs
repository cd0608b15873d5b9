//! One panel: its title, its chart, and where a value is on it.

use crate::axis::ranged::Axis;
use crate::drawing::chart::{Chart, Mesh, Room, chart};
use crate::drawing::pen::{Area, Drawn, LEFT, Pen, Place};
use crate::drawing::text::{LABEL, PANEL, TICK};
use crate::panels::grid::TITLE;
use crate::panels::placer::Placer;

/// A panel's axes and their place in its area.
pub(crate) struct Plot<'a> {
    pub area: Area<'a>,
    pub x: Axis,
    pub y: Axis,
    pub room: Room,
    /// Of the plot, without its words.
    pub size: Place,
}

impl Plot<'_> {
    /// A place in pixels of the panel's area.
    pub(crate) fn at(&self, (x, y): Place) -> Place {
        (self.left() + self.x.share(x) * self.size.0, self.down(y))
    }

    /// Held inside the plot.
    pub(crate) fn down(&self, y: f64) -> f64 {
        TITLE + (1.0 - self.y.share(y).clamp(0.0, 1.0)) * self.size.1
    }

    pub(crate) fn left(&self) -> f64 {
        self.room.left
    }

    pub(crate) fn right(&self) -> f64 {
        self.left() + self.size.0
    }

    pub(crate) fn bottom(&self) -> f64 {
        TITLE + self.size.1
    }

    /// Draws title, axes and grid, and on them the series that `draw` adds.
    pub(crate) fn draw(
        &self,
        title: &str,
        draw: impl FnOnce(&mut Chart<'_, '_>) -> Drawn,
    ) -> Drawn {
        let room = self.size.0 + self.room.right;
        let kind = if PANEL.width(title) <= room { PANEL } else { LABEL };
        let at = (self.left(), TITLE / 2.0 - 1.0);
        self.area.text(&kind.shorten(title, room), kind, LEFT, at)?;
        let size = (self.right() + self.room.right, self.size.1 + self.room.bottom);
        let own = self.area.part((0.0, TITLE), size);
        let mesh = Mesh { vertical: false, foot: true, words: TICK };
        let axes = (self.x.clone(), self.y.clone());
        draw(&mut chart(&own, axes, self.room, mesh)?)
    }

    /// Nothing is on it yet. Words may reach a little below the plot: a line is higher than its letters.
    pub(crate) fn placer(&self) -> Placer {
        Placer::new((self.left(), TITLE), (self.right(), self.bottom() + 3.0))
    }
}
