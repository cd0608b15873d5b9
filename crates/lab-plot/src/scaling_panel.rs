//! What stands inside the axes of a panel of [`crate::Scaling`].

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use crate::canvas::{Canvas, DASH, Point, Stroke};
use crate::error::Result;
use crate::font::TextStyle;
use crate::line_label::{self, Occupied};
use crate::mark::Mark;
use crate::page::{LABEL_EM, TICK_EM};
use crate::place::along;
use crate::rows;
use crate::scaling::{ScalingLine, ScalingPanel};
use crate::scaling_axes::Axes;
use crate::scaling_notes;
use crate::series::{GREY, GRID, INK};
use crate::spread::spread;

/// Height of the title and of the strip for words above the plot.
pub(crate) const ABOVE: f64 = rows::TITLE + STRIP;
const STRIP: f64 = 26.0;
/// From the plot's right edge to a label, and from one label to the next below it.
pub(crate) const TO_LABEL: f64 = 10.0 + MARKER;
pub(crate) const LABEL_PITCH: f64 = 25.0;
/// Room before a label for the marker of its line.
const MARKER: f64 = 18.0;

/// Words at the right end of a line.
struct EndLabel<'a> {
    words: &'a str,
    /// None for a reference line.
    mark: Option<Mark>,
    end: Point,
}

/// Words above the plot.
struct TopLabel {
    words: String,
    x: f64,
}

/// Draws one panel; `labelled` if the labels stand at the lines and not in the key.
pub(crate) fn draw<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    panel: &ScalingPanel,
    axes: &Axes,
    labelled: bool,
    cell: f64,
) -> Result<()> {
    let area = axes.area;
    let mut ends = Vec::new();
    let mut tops = Vec::new();
    // Where the other labels stand in the key, reference lines still have their words.
    let mut inside: Vec<(&str, Vec<Point>)> = Vec::new();
    title(canvas, panel, (area.left, area.top - ABOVE), cell)?;

    if let Some(cores) = panel.cores {
        let x = axes.x(cores);
        canvas.dashed(
            &[(x, area.top), (x, area.bottom)],
            DASH,
            Stroke::new(GREY, 1.0),
        )?;
        let words = match cores {
            1.0 => "1 core".to_owned(),
            cores => format!("{cores} cores"),
        };
        tops.push(TopLabel { words, x });
    }
    for reference in &panel.references {
        let path: Vec<_> = reference
            .points
            .iter()
            .map(|&point| axes.beyond(point))
            .collect();
        let (path, leaves) = clipped(&path, area.top, area.bottom);
        canvas.dashed(&path, DASH, Stroke::new(GREY, 1.5))?;
        match path.last() {
            Some(&(x, _)) if leaves => tops.push(TopLabel {
                words: reference.label.clone(),
                x,
            }),
            Some(_) if !labelled => inside.push((&reference.label, path)),
            Some(&end) => ends.push(EndLabel {
                words: &reference.label,
                mark: None,
                end,
            }),
            None => {}
        }
    }

    let apart = shifts(panel, axes);
    for (line, &shift) in panel.lines.iter().zip(&apart) {
        draw_band(canvas, line, axes, shift)?;
    }
    for (line, &shift) in panel.lines.iter().zip(&apart) {
        if let Some(end) = draw_line(canvas, line, axes, shift)? {
            ends.push(EndLabel {
                words: &line.label,
                mark: Some(line.mark()),
                end,
            });
        }
    }
    if labelled {
        draw_ends(canvas, axes, &ends)?;
    }
    scaling_notes::draw_marks(canvas, panel, axes)?;
    let mut occupied = occupied(panel, axes, &apart);
    for (label, path) in &inside {
        line_label::draw(canvas, label, path, area, &mut occupied)?;
    }
    scaling_notes::draw_words(canvas, panel, axes, &mut occupied)?;
    draw_tops(canvas, axes, &tops)
}

/// How far each line stands from its x: lines at the same x stand apart, so that their points do
/// not hide one another.
fn shifts(panel: &ScalingPanel, axes: &Axes) -> Vec<f64> {
    let lines = panel.lines.len();
    let middle = lines.saturating_sub(1) as f64 / 2.0;
    let apart = axes.apart(lines);
    (0..lines).map(|i| (i as f64 - middle) * apart).collect()
}

/// What stands in a panel before anything in it has words.
fn occupied(panel: &ScalingPanel, axes: &Axes, shifts: &[f64]) -> Occupied {
    let mut occupied = Occupied::default();
    let ink = &mut occupied.ink;
    for (line, shift) in panel.lines.iter().zip(shifts) {
        let at = |point: (f64, f64)| {
            let (x, y) = axes.at(point);
            (x + shift, y)
        };
        let path = |points: &mut dyn Iterator<Item = (f64, f64)>| -> Vec<Point> {
            along(&points.map(at).collect::<Vec<_>>())
        };
        ink.extend(line.points.iter().copied().map(at));
        ink.extend(path(&mut line.median.iter().copied()));
        for (x, y) in line.median.iter().copied().map(at) {
            ink.extend([-6.0, 6.0].map(|r| (x, y + r)));
        }
        // The edges of a band are less in the way than lines.
        let lower = path(&mut line.band.iter().map(|band| (band.0, band.1)));
        let upper = path(&mut line.band.iter().map(|band| (band.0, band.2)));
        ink.extend(lower.into_iter().chain(upper).step_by(4));
    }
    for reference in &panel.references {
        let points = reference.points.iter();
        ink.extend(along(
            &points.map(|&point| axes.at(point)).collect::<Vec<_>>(),
        ));
    }
    if let Some(x) = panel.cores.map(|cores| axes.x(cores)) {
        ink.extend(along(&[(x, axes.area.top), (x, axes.area.bottom)]));
    }
    ink.extend(scaling_notes::ink(panel, axes));
    occupied
}

fn title<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    panel: &ScalingPanel,
    at: Point,
    width: f64,
) -> Result<()> {
    let style = TextStyle::new(crate::page::PANEL_EM, INK)?;
    canvas.text(&style.elide(&panel.title, width), at, style)
}

/// The first part of a path that lies above `bottom`, up to where it first goes above `top`, and
/// whether it does.
fn clipped(path: &[Point], top: f64, bottom: f64) -> (Vec<Point>, bool) {
    let mut kept: Vec<Point> = Vec::new();
    let mut last: Option<Point> = None;
    for &(x, y) in path {
        if let Some((last_x, last_y)) = last {
            let crossing = |edge: f64| {
                let share = (last_y - edge) / (last_y - y);
                (last_x + share * (x - last_x), edge)
            };
            if (last_y > bottom) != (y > bottom) {
                kept.push(crossing(bottom));
            }
            if y < top {
                kept.push(crossing(top));
            }
        }
        if y < top || (y > bottom && !kept.is_empty()) {
            return (kept, y < top);
        }
        if y <= bottom {
            kept.push((x, y));
        }
        last = Some((x, y));
    }
    (kept, false)
}

fn draw_band<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    line: &ScalingLine,
    axes: &Axes,
    shift: f64,
) -> Result<()> {
    let at = |x: f64, y: f64| {
        let (x, y) = axes.at((x, y));
        (x + shift, y)
    };
    let stroke = Stroke::new(line.series.colour(), 4.0).opacity(0.22);
    if let [(x, low, high)] = *line.band {
        return canvas.line(&[at(x, low), at(x, high)], stroke);
    }
    let lower = line.band.iter().map(|&(x, low, _)| at(x, low));
    let upper = line.band.iter().rev().map(|&(x, _, high)| at(x, high));
    let edge: Vec<_> = lower.chain(upper).collect();
    if edge.is_empty() {
        return Ok(());
    }
    canvas.polygon(&edge, stroke)
}

/// Points, line and medians; returns where the line ends.
fn draw_line<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    line: &ScalingLine,
    axes: &Axes,
    shift: f64,
) -> Result<Option<Point>> {
    let at = |point: (f64, f64)| {
        let (x, y) = axes.at(point);
        (x + shift, y)
    };
    let mark = line.mark();
    let (marker, colour) = (line.series.marker(), line.series.colour());
    let median: Vec<_> = line.median.iter().map(|&point| at(point)).collect();
    mark.line(canvas, &median)?;
    for &point in &line.points {
        canvas.marker(
            marker,
            at(point),
            3.5,
            Stroke::new(colour, 1.0).opacity(0.5),
        )?;
    }
    for &place in &median {
        mark.marker(canvas, place, 6.0)?;
    }
    let last = line.points.iter().max_by(|a, b| a.0.total_cmp(&b.0));
    Ok(median.last().copied().or(last.map(|&point| at(point))))
}

fn draw_ends<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    axes: &Axes,
    ends: &[EndLabel],
) -> Result<()> {
    let area = axes.area;
    let wanted: Vec<_> = ends
        .iter()
        .map(|label| (label.end.1, LABEL_PITCH))
        .collect();
    let places = spread(&wanted, area.top, area.bottom);
    for (label, y) in ends.iter().zip(places) {
        let colour = label.mark.map_or(GREY, |_| INK);
        let style = TextStyle::new(LABEL_EM, colour)?.anchor(HPos::Left, VPos::Center);
        let left = area.right + TO_LABEL;
        let marker = (left - MARKER / 2.0 - 2.0, y);
        let leader_end = match label.mark {
            Some(mark) => {
                mark.marker(canvas, marker, 5.0)?;
                marker.0 - 8.0
            }
            None => left - 5.0,
        };
        let leader = [(label.end.0 + 9.0, label.end.1), (leader_end, y)];
        canvas.line(&leader, Stroke::new(GRID.over(GREY, 0.6), 1.0))?;
        canvas.text(label.words, (left, y), style)?;
    }
    Ok(())
}

fn draw_tops<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    axes: &Axes,
    tops: &[TopLabel],
) -> Result<()> {
    let area = axes.area;
    let style = TextStyle::new(TICK_EM, GREY)?.anchor(HPos::Center, VPos::Center);
    let wanted: Vec<_> = tops
        .iter()
        .map(|label| (label.x, style.width(&label.words) + 16.0))
        .collect();
    let places = spread(&wanted, area.left - 8.0, area.right + 8.0);
    for (label, x) in tops.iter().zip(places) {
        canvas.text(&label.words, (x, area.top - STRIP / 2.0), style)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_ends_where_it_leaves_the_panel() {
        let path = [(0.0, 100.0), (10.0, 60.0), (20.0, 40.0), (30.0, 0.0)];
        let (kept, leaves) = clipped(&path, 50.0, 100.0);
        assert!(leaves);
        assert_eq!(kept, [(0.0, 100.0), (10.0, 60.0), (15.0, 50.0)]);
        assert_eq!(clipped(&path, 0.0, 100.0), (path.to_vec(), false));
        assert_eq!(clipped(&path, 200.0, 300.0), (vec![], true));
    }

    #[test]
    fn a_path_is_not_drawn_below_the_panel() {
        let path = [(0.0, 100.0), (10.0, 60.0), (20.0, 80.0), (30.0, 70.0)];
        assert_eq!(
            clipped(&path[..2], 0.0, 80.0),
            (vec![(5.0, 80.0), (10.0, 60.0)], false)
        );
        assert_eq!(
            clipped(&path, 0.0, 70.0).0,
            [(7.5, 70.0), (10.0, 60.0), (15.0, 70.0)]
        );
        assert_eq!(clipped(&path, 0.0, 50.0), (vec![], false));
        let through = [(0.0, 100.0), (10.0, 0.0)];
        assert_eq!(
            clipped(&through, 20.0, 80.0),
            (vec![(2.0, 80.0), (8.0, 20.0)], true)
        );
    }
}
