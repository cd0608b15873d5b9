//! Drawing in pixels: plotters' elements in fewer words.

use std::io;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use crate::drawing::ink::{UNITS, px};
use crate::drawing::text::Type;

pub(crate) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
pub(crate) type DrawError = DrawingAreaErrorKind<io::Error>;
/// What a function that draws returns.
pub(crate) type Drawn = Result<(), DrawError>;
/// Pixels from the left and from the top.
pub(crate) type Place = (f64, f64);

/// The end of words that is at their place.
pub(crate) const LEFT: HPos = HPos::Left;
pub(crate) const MIDDLE: HPos = HPos::Center;
pub(crate) const RIGHT: HPos = HPos::Right;

/// What can be drawn on an area.
pub(crate) trait Pen: Sized {
    /// Width and height.
    fn size(&self) -> Place;
    /// The part of it from `from` on, of this size.
    fn part(&self, from: Place, size: Place) -> Self;
    /// Words around the height of their place.
    fn text(&self, words: &str, kind: Type, end: HPos, at: Place) -> Drawn;
    /// Lines of words below one another, whose upper left corner is at `at`.
    fn paragraph(&self, lines: &[String], kind: Type, at: Place) -> Drawn;
    /// From point to point.
    fn line(&self, points: &[Place], style: ShapeStyle) -> Drawn;
    /// A filled rectangle.
    fn rect(&self, from: Place, to: Place, colour: RGBAColor) -> Drawn;
    /// A circle.
    fn dot(&self, at: Place, r: f64, style: ShapeStyle) -> Drawn;
}

impl Pen for Area<'_> {
    fn size(&self) -> Place {
        let (width, height) = self.dim_in_pixel();
        (f64::from(width) / UNITS, f64::from(height) / UNITS)
    }

    fn part(&self, from: Place, (width, height): Place) -> Self {
        let size = [width, height].map(|side| px(side.max(1.0)).unsigned_abs());
        self.clone().shrink(place(from), (size[0], size[1]))
    }

    fn text(&self, words: &str, kind: Type, end: HPos, at: Place) -> Drawn {
        if words.is_empty() {
            return Ok(());
        }
        self.draw_text(words, &kind.at(end), place(at))
    }

    fn paragraph(&self, lines: &[String], kind: Type, (x, y): Place) -> Drawn {
        for (i, line) in lines.iter().enumerate() {
            let middle = y + (i as f64 + 0.5) * kind.leading();
            self.text(line, kind, LEFT, (x, middle))?;
        }
        Ok(())
    }

    fn line(&self, points: &[Place], style: ShapeStyle) -> Drawn {
        let points: Vec<(i32, i32)> = points.iter().map(|at| place(*at)).collect();
        self.draw(&PathElement::new(points, style))
    }

    fn rect(&self, from: Place, to: Place, colour: RGBAColor) -> Drawn {
        self.draw(&Rectangle::new([place(from), place(to)], colour.filled()))
    }

    fn dot(&self, at: Place, r: f64, style: ShapeStyle) -> Drawn {
        self.draw(&Circle::new(place(at), px(r), style))
    }
}

/// A place in plotters' units.
pub(crate) fn place((x, y): Place) -> (i32, i32) {
    (px(x), px(y))
}
