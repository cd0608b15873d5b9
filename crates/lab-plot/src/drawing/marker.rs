//! A series' marker: a circle for threads, a square for processes and so on, so that series differ
//! without colour.

use plotters::prelude::*;

use crate::drawing::ink;
use crate::drawing::pen::{Area, Drawn, Pen, Place, place};
use crate::style::{Series, Stroke};

/// With a radius of `r` pixels; an outline, if the style is not filled.
pub(crate) fn draw(area: &Area<'_>, series: Series, at: Place, r: f64, style: ShapeStyle) -> Drawn {
    let corners: &[Place] = match series {
        Series::Threads => return area.dot(at, r, style),
        Series::Processes => &[(-0.88, -0.88), (0.88, -0.88), (0.88, 0.88), (-0.88, 0.88)],
        Series::Async => &[(0.0, -1.2), (1.2, 0.0), (0.0, 1.2), (-1.2, 0.0)],
        Series::Rayon => &[(0.0, -1.15), (1.1, 0.85), (-1.1, 0.85)],
        Series::Interpreters => &[(0.0, 1.15), (1.1, -0.85), (-1.1, -0.85)],
        Series::Serial => &[(-1.2, -0.45), (1.2, -0.45), (1.2, 0.45), (-1.2, 0.45)],
    };
    // Relative to its place: plotters would move corners that lie outside of the area inside.
    let corners = corners.iter().map(|(dx, dy)| place((dx * r, dy * r)));
    let middle = EmptyElement::at(place(at));
    if style.filled {
        area.draw(&(middle + Polygon::new(corners.collect::<Vec<_>>(), style)))
    } else {
        let outline: Vec<(i32, i32)> = corners.clone().chain(corners.take(1)).collect();
        area.draw(&(middle + PathElement::new(outline, style)))
    }
}

/// On a line of that stroke: full, hollow, or hollow with a point. A ring of paper keeps it apart
/// from lines that it lies on.
pub(crate) fn on_line(area: &Area<'_>, series: Series, stroke: Stroke, at: Place) -> Drawn {
    let colour = series.colour();
    let marker = |r, style| draw(area, series, at, r, style);
    marker(4.6, WHITE.filled())?;
    if stroke == Stroke::Solid {
        return marker(3.6, colour.filled());
    }
    marker(3.3, ink::stroke(colour, 1.4))?;
    if stroke == Stroke::Dotted { marker(1.3, colour.filled()) } else { Ok(()) }
}
