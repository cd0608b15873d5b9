//! The spans of one row, aggregated to what its pixels can show.

use plotters_backend::DrawingBackend;

use crate::axis::TimeAxis;
use crate::canvas::{Canvas, Stroke};
use crate::coverage::{COLUMNS, LEVELS, Run, Span, View};
use crate::error::Result;
use crate::rows;
use crate::series::{Colour, Marker};

/// Draws spans as bars between the heights; `colours` gives an owner's own colour and that of the
/// ground, towards which it fades where it covers only some of the time. Narrow spans that stand
/// alone are points.
pub(crate) fn draw<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    axis: &TimeAxis,
    spans: impl IntoIterator<Item = Span>,
    height: (f64, f64),
    colours: impl Fn(u32) -> (Colour, Colour),
) -> Result<()> {
    let drawn = View::of(axis).draw(spans);
    draw_runs(canvas, axis, &drawn.runs, height, &colours)?;
    let middle = (height.0 + height.1) / 2.0;
    for (at, owner) in drawn.points {
        let stroke = Stroke::new(colours(owner).0, 1.0);
        canvas.marker(Marker::Disc, (axis.px(at), middle), 3.0, stroke)?;
    }
    Ok(())
}

/// The bars alone.
pub(crate) fn draw_runs<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    axis: &TimeAxis,
    runs: &[Run],
    height: (f64, f64),
    colours: impl Fn(u32) -> (Colour, Colour),
) -> Result<()> {
    let x = |column: usize| (axis.left() + column as f64 / COLUMNS).min(axis.right());
    for run in runs {
        let (colour, ground) = colours(run.owner);
        let colour = colour.over(ground, f64::from(run.level) / f64::from(LEVELS));
        canvas.fill(rows::bar((x(run.first), x(run.end)), height, 0.5), colour)?;
    }
    Ok(())
}
