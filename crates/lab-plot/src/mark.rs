//! How the line of a series in a runtime looks.

use plotters_backend::DrawingBackend;

use crate::canvas::{Canvas, Point, Stroke};
use crate::error::Result;
use crate::series::{Marker, PAPER, Runtime, Series};

/// Lengths of stroke and gap, in pixels.
const DASHED: (f64, f64) = (8.0, 5.0);
const DOTTED: (f64, f64) = (3.0, 4.0);
/// Parts of a marker's radius: the hole in it, and what is full within the hole.
const HOLE: f64 = 0.62;
const KERNEL: f64 = 0.3;

/// Colour and marker, and the stroke.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Mark {
    pub series: Series,
    pub runtime: Runtime,
}

impl Mark {
    /// A line through all points.
    pub(crate) fn line<B: DrawingBackend>(
        self,
        canvas: &mut Canvas<B>,
        points: &[Point],
    ) -> Result<()> {
        let stroke = Stroke::new(self.series.colour(), 2.5);
        match self.runtime {
            Runtime::Native => canvas.line(points, stroke),
            Runtime::Gil => canvas.dashed(points, DASHED, stroke),
            Runtime::CPython => canvas.dashed(points, DOTTED, stroke),
        }
    }

    /// A marker on the line.
    pub(crate) fn marker<B: DrawingBackend>(
        self,
        canvas: &mut Canvas<B>,
        at: Point,
        radius: f64,
    ) -> Result<()> {
        let (shape, colour) = (self.series.marker(), self.series.colour());
        let full = Stroke::new(colour, 1.0);
        canvas.marker(shape, at, radius, full)?;
        // A cross has no inside.
        if self.runtime == Runtime::Native || shape == Marker::Cross {
            return Ok(());
        }
        canvas.marker(shape, at, radius * HOLE, Stroke::new(PAPER, 1.0))?;
        match self.runtime {
            Runtime::CPython => canvas.marker(shape, at, radius * KERNEL, full),
            _ => Ok(()),
        }
    }
}
