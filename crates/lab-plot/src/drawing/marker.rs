//! A series' marker: an element of plotters.

use plotters::element::{Drawable, PointCollection};
use plotters::prelude::*;
use plotters_backend::{BackendCoord, DrawingErrorKind};

use crate::drawing::ink::{self, px};
use crate::style::{Series, Stroke};

/// A circle for threads, a square for processes and so on, so that series differ without colour.
pub(crate) struct Marker<C> {
    pub series: Series,
    pub at: C,
    /// Its radius in pixels.
    pub r: f64,
    pub style: ShapeStyle,
}

impl<C> Marker<C> {
    /// In the series' own colour, filled.
    pub(crate) fn filled(series: Series, at: C, r: f64) -> Marker<C> {
        Marker { series, at, r, style: series.colour().filled() }
    }
}

impl<C: Copy> Marker<C> {
    /// On a line of that stroke: full, hollow, or hollow with a point. A ring of paper keeps it
    /// apart from lines that it lies on.
    pub(crate) fn stroked(series: Series, stroke: Stroke, at: C) -> Vec<Marker<C>> {
        let colour = series.colour();
        let marker = |r, style| Marker { series, at, r, style };
        let paper = marker(4.6, WHITE.filled());
        let hollow = marker(3.3, ink::stroke(colour, 1.4));
        match stroke {
            Stroke::Solid => vec![paper, marker(3.6, colour.filled())],
            Stroke::Dashed => vec![paper, hollow],
            Stroke::Dotted => vec![paper, hollow, marker(1.3, colour.filled())],
        }
    }
}

impl<'a, C> PointCollection<'a, C> for &'a Marker<C> {
    type Point = &'a C;
    type IntoIter = std::iter::Once<&'a C>;

    fn point_iter(self) -> Self::IntoIter {
        std::iter::once(&self.at)
    }
}

impl<C, DB: DrawingBackend> Drawable<DB> for Marker<C> {
    fn draw<I: Iterator<Item = BackendCoord>>(
        &self,
        mut at: I,
        backend: &mut DB,
        _: (u32, u32),
    ) -> Result<(), DrawingErrorKind<DB::ErrorType>> {
        let Some((x, y)) = at.next() else {
            return Ok(());
        };
        let corners: &[(f64, f64)] = match self.series {
            Series::Threads => {
                let r = px(self.r).unsigned_abs();
                return backend.draw_circle((x, y), r, &self.style, self.style.filled);
            }
            Series::Processes => &[(-0.88, -0.88), (0.88, -0.88), (0.88, 0.88), (-0.88, 0.88)],
            Series::Async => &[(0.0, -1.2), (1.2, 0.0), (0.0, 1.2), (-1.2, 0.0)],
            Series::Rayon => &[(0.0, -1.15), (1.1, 0.85), (-1.1, 0.85)],
            Series::Interpreters => &[(0.0, 1.15), (1.1, -0.85), (-1.1, -0.85)],
            Series::Serial => &[(-1.2, -0.45), (1.2, -0.45), (1.2, 0.45), (-1.2, 0.45)],
        };
        let corner = |&(dx, dy): &(f64, f64)| (x + px(dx * self.r), y + px(dy * self.r));
        let corners = corners.iter().map(corner);
        if self.style.filled {
            backend.fill_polygon(corners, &self.style)
        } else {
            let first = corners.clone().next();
            backend.draw_path(corners.chain(first), &self.style)
        }
    }
}
