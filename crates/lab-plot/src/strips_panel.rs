//! What stands inside the axes of a panel of [`crate::Strips`], and the labels under it.

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use crate::canvas::{Area, Canvas, DASH, Stroke};
use crate::density;
use crate::error::Result;
use crate::font::TextStyle;
use crate::line_label::{self, Occupied};
use crate::page::{PANEL_EM, TICK_EM};
use crate::place::along;
use crate::rows;
use crate::series::{Colour, GREY, INK, Marker, PAPER};
use crate::strips::{Strip, StripPanel};
use crate::upright::Upright;

/// Height of the title above a plot.
pub(crate) const ABOVE: f64 = rows::TITLE + 6.0;
/// From the plot to its labels, and the lines that a label has at most.
pub(crate) const TO_LABEL: f64 = 9.0;
const LABEL_LINES: usize = 3;
/// Shares of its category's width that a strip has at least and at most, and its width in pixels.
const NARROWEST: f64 = 0.2;
const WIDEST: f64 = 0.55;
const WIDEST_PX: f64 = 150.0;
/// How far the median's line reaches beyond its strip, and from there to its note.
const BEYOND: f64 = 4.0;
const TO_NOTE: f64 = 5.0;
/// How much of a series' colour the least dense cells of a strip have.
const PALEST: f64 = 0.35;

/// Where the strips of a panel lie.
struct Slots {
    area: Area,
    slot: f64,
    strip: f64,
    note: f64,
}

impl Slots {
    fn new(panel: &StripPanel, area: Area) -> Result<Slots> {
        let slot = area.width() / panel.strips.len().max(1) as f64;
        let style = TextStyle::new(TICK_EM, INK)?;
        let widths = panel.strips.iter().map(|strip| style.width(&strip.note));
        let widest = widths.fold(0.0, f64::max);
        let air = 2.0 * BEYOND + 2.0 * TO_NOTE;
        let strip = (slot - widest - air)
            .clamp(slot * NARROWEST, slot * WIDEST)
            .min(WIDEST_PX);
        Ok(Slots {
            area,
            slot,
            strip,
            note: widest.min(slot - strip - air).max(0.0),
        })
    }

    /// The strip itself; strip and note together stand in the middle of their slot.
    fn strip(&self, index: usize) -> Area {
        let beside = match self.note {
            0.0 => 0.0,
            note => BEYOND + TO_NOTE + note,
        };
        let left = self.area.left + (index as f64 + 0.5) * self.slot - (self.strip + beside) / 2.0;
        Area::new(left, self.area.top, left + self.strip, self.area.bottom)
    }
}

/// Draws one panel.
pub(crate) fn draw<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    panel: &StripPanel,
    axis: &Upright,
    area: Area,
) -> Result<()> {
    let title = TextStyle::new(PANEL_EM, INK)?;
    let words = title.elide(&panel.title, area.width());
    canvas.text(&words, (area.left, area.top - ABOVE), title)?;
    let slots = Slots::new(panel, area)?;
    let line = |y: f64| [(area.left, axis.px(y)), (area.right, axis.px(y))];
    let mut occupied = Occupied::default();
    for (_, value) in &panel.references {
        canvas.dashed(&line(*value), DASH, Stroke::new(GREY, 1.5))?;
        occupied.ink.extend(along(&line(*value)));
    }
    for (index, strip) in panel.strips.iter().enumerate() {
        let centre = area.left + (index as f64 + 0.5) * slots.slot;
        let place = slots.strip(index);
        if strip.points.is_empty() {
            draw_none(canvas, (centre, area.bottom), &mut occupied)?;
        } else {
            draw_points(canvas, strip, axis, place, &mut occupied)?;
            draw_median(canvas, strip, axis, place, &mut occupied)?;
            draw_note(canvas, strip, axis, (place, slots.note), &mut occupied)?;
        }
        draw_label(canvas, &strip.label, (centre, area.bottom), slots.slot)?;
    }
    for (words, value) in &panel.references {
        line_label::draw(canvas, words, &line(*value), area, &mut occupied)?;
    }
    Ok(())
}

fn draw_points<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    strip: &Strip,
    axis: &Upright,
    place: Area,
    occupied: &mut Occupied,
) -> Result<()> {
    let colour = strip.series.colour();
    let ys: Vec<_> = strip.points.iter().map(|&value| axis.px(value)).collect();
    let drawn = density::scatter(&ys, place);
    for run in drawn.runs {
        let tint = colour.tint(PALEST + (1.0 - PALEST) * run.share);
        canvas.fill(run.area, tint)?;
        occupied.ink.push((run.area.left, run.area.middle()));
        occupied.ink.push((run.area.right, run.area.middle()));
    }
    for &point in &drawn.points {
        let stroke = Stroke::new(colour, 1.0).opacity(0.75);
        canvas.marker(Marker::Disc, point, 2.5, stroke)?;
        occupied.ink.push(point);
    }
    Ok(())
}

fn draw_median<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    strip: &Strip,
    axis: &Upright,
    place: Area,
    occupied: &mut Occupied,
) -> Result<()> {
    let (left, right) = (place.left - BEYOND, place.right + BEYOND);
    if let Some((low, high)) = strip.band {
        let (a, b) = (axis.px(low), axis.px(high));
        let (top, bottom) = (a.min(b), a.max(b));
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
        canvas.polygon(&corners, Stroke::new(INK, 1.0).opacity(0.2))?;
        for y in [top, bottom] {
            canvas.line(&[(left, y), (right, y)], Stroke::new(INK, 1.0))?;
        }
        occupied.areas.push(Area::new(left, top, right, bottom));
    }
    if let Some(median) = strip.median {
        let bar = |half: f64, colour: Colour, canvas: &mut Canvas<B>| {
            let y = axis.px(median).clamp(place.top + half, place.bottom - half);
            canvas.fill(Area::new(left, y - half, right, y + half), colour)
        };
        // A hair of paper, or it would be lost in a dark strip.
        bar(2.5, PAPER, canvas)?;
        bar(1.5, INK, canvas)?;
        let y = axis.px(median);
        occupied
            .areas
            .push(Area::new(left, y - 4.0, right, y + 4.0));
    }
    Ok(())
}

/// The note beside the median.
fn draw_note<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    strip: &Strip,
    axis: &Upright,
    (place, room): (Area, f64),
    occupied: &mut Occupied,
) -> Result<()> {
    let style = TextStyle::new(TICK_EM, INK)?;
    let beside = strip.median.or(strip.points.first().copied());
    let Some(y) = beside.map(|value| axis.px(value)) else {
        return Ok(());
    };
    let y = y.clamp(place.top + 12.0, place.bottom - 12.0);
    let left = place.right + BEYOND + TO_NOTE;
    let words = style.elide(&strip.note, room + 1.0);
    if words.is_empty() {
        return Ok(());
    }
    let right = left + style.width(&words);
    // Lines that lead through the panel are interrupted by it.
    canvas.fill(Area::new(left - 3.0, y - 9.0, right + 3.0, y + 9.0), PAPER)?;
    let taken = Area::new(left, y - 13.0, right, y + 13.0);
    occupied.areas.push(taken);
    canvas.text(&words, (left, y), style.anchor(HPos::Left, VPos::Center))
}

/// Says of a category that it has no points.
fn draw_none<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    (centre, bottom): (f64, f64),
    occupied: &mut Occupied,
) -> Result<()> {
    let style = TextStyle::new(TICK_EM, GREY)?;
    let half = style.width("none") / 2.0;
    let words = Area::new(centre - half, bottom - 30.0, centre + half, bottom - 4.0);
    occupied.areas.push(words);
    let at = (centre, words.middle());
    canvas.text("none", at, style.anchor(HPos::Center, VPos::Center))
}

/// A category's label in lines that fit into its slot.
pub(crate) fn label_lines(label: &str, style: TextStyle, slot: f64) -> Vec<String> {
    style.wrap(label, slot - 8.0, LABEL_LINES)
}

/// A category's label under the axis.
fn draw_label<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    label: &str,
    (centre, bottom): (f64, f64),
    slot: f64,
) -> Result<()> {
    let style = TextStyle::new(TICK_EM, INK)?;
    for (i, line) in label_lines(label, style, slot).iter().enumerate() {
        let at = (centre, bottom + TO_LABEL + i as f64 * style.leading());
        canvas.text(line, at, style.anchor(HPos::Center, VPos::Top))?;
    }
    Ok(())
}
