//! A view on time, and its place on the page.

use std::ops::Range;

use crate::axis::ranged::Axis;
use crate::axis::units::Unit;
use crate::drawing::chart::{self, Room};
use crate::drawing::pen::{Area, Pen};
use crate::lanes::coverage::Columns;
use crate::lanes::span::Span;

/// Pixels per tick of the axis, and ticks at most.
const PER_TICK: f64 = 56.0;
pub(crate) const MOST_TICKS: usize = 12;

/// What part of time is seen where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    pub span: Span,
    /// Its left edge, before the labels, and its width with all its words.
    pub x: f64,
    pub width: f64,
    pub room: Room,
    /// Whether it has labels and titles.
    pub first: bool,
    /// Where titles must end.
    pub title_end: f64,
}

impl View {
    pub(crate) fn new(span: Span, (x, width): (f64, f64), room: Room) -> View {
        let (first, title_end) = (true, x + width);
        View { span, x, width, room, first, title_end }
    }

    pub(crate) fn with_bottom(mut self, bottom: f64) -> View {
        self.room.bottom = bottom;
        self
    }

    pub(crate) fn range(&self) -> Range<f64> {
        self.span.0 as f64..self.span.1 as f64
    }

    pub(crate) fn axis(&self) -> Axis {
        let ticks = (self.plot_width() / PER_TICK) as usize;
        let axis = Axis::linear(self.range(), ticks.clamp(2, MOST_TICKS), Unit::Time);
        chart::thinned(axis, self.plot_width())
    }

    /// The left edge of the plot.
    pub(crate) fn left(&self) -> f64 {
        self.x + self.room.left
    }

    pub(crate) fn plot_width(&self) -> f64 {
        (self.width - self.room.left - self.room.right).max(10.0)
    }

    pub(crate) fn columns(&self) -> Columns {
        Columns::new(self.span, self.plot_width())
    }

    /// Where an instant is, in pixels of the whole area.
    pub(crate) fn place(&self, ns: u64) -> f64 {
        let (from, to) = self.span;
        let share = (ns as f64 - from as f64) / (to - from).max(1) as f64;
        self.left() + share * self.plot_width()
    }

    pub(crate) fn holds(&self, ns: u64) -> bool {
        (self.span.0..=self.span.1).contains(&ns)
    }

    /// The part of a span that is seen.
    pub(crate) fn cut(&self, (start, end): Span) -> Option<(f64, f64)> {
        let seen = (start.max(self.span.0), end.min(self.span.1));
        (seen.0 < seen.1).then_some((seen.0 as f64, seen.1 as f64))
    }

    /// The area of this view from `top` on, with `height` pixels for the plot.
    pub(crate) fn area<'a>(&self, area: &Area<'a>, top: f64, height: f64) -> Area<'a> {
        area.part((self.x, top), (self.width, height + self.room.bottom))
    }
}
