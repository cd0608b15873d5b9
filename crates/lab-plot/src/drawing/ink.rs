//! Colours and strokes as plotters takes them.

use plotters::prelude::*;

use crate::style::{Series, Stroke};

/// Plotters' coordinates are whole numbers, so that a unit is a tenth of a pixel
/// (plotters issue 260).
pub(crate) const UNITS: f64 = 10.0;

/// Words and axes. The style sheet puts a white halo around words in `INK` and `SOFT`; words on a
/// coloured ground have other colours.
pub(crate) const INK: RGBColor = RGBColor(0x1f, 0x1f, 0x1f);
/// Words of the second rank, and reference lines.
pub(crate) const SOFT: RGBColor = RGBColor(0x5b, 0x5b, 0x5b);
/// The same two without the halo: on a shade, or beside lines that a halo would break.
pub(crate) const CLEAR_INK: RGBColor = RGBColor(0x20, 0x20, 0x20);
pub(crate) const QUIET: RGBColor = RGBColor(0x5a, 0x5a, 0x5a);
/// Grid lines.
pub(crate) const HAIR: RGBColor = RGBColor(0xdd, 0xdd, 0xdd);
/// Regions behind everything, and cores that are idle.
pub(crate) const SHADE: RGBColor = RGBColor(0xf1, 0xf1, 0xf1);
pub(crate) const SHADE_SHARE: f64 = 0.8;
/// How much of a line's colour is in its band.
pub(crate) const BAND: f64 = 0.22;
/// How much of a series' colour is in what has begun but makes no progress.
pub(crate) const PALE: f64 = 0.28;

/// Pixels as plotters' units.
pub(crate) fn px(pixels: f64) -> i32 {
    (pixels * UNITS).round() as i32
}

impl Series {
    pub(crate) fn colour(self) -> RGBColor {
        colour(self.hex())
    }
}

/// `#E69F00` as plotters takes it.
pub(crate) fn colour(hex: &str) -> RGBColor {
    let part = |at: usize| {
        let digits = hex.get(at..at + 2).unwrap_or("00");
        u8::from_str_radix(digits, 16).unwrap_or(0)
    };
    RGBColor(part(1), part(3), part(5))
}

/// The colour of a job where colours tell jobs apart; after [`JOB_COLOURS`] they repeat. Okabe and
/// Ito's hues, shaded so that neighbours differ in grey as well.
pub(crate) fn job_colour(job: u32) -> RGBColor {
    let hexes =
        ["#00446B", "#E0D53D", "#D55E00", "#56B4E9", "#009E73", "#CC79A7", "#6B6B6B", "#E69F00"];
    colour(hexes[(job % JOB_COLOURS) as usize])
}
pub(crate) const JOB_COLOURS: u32 = 8;

/// The corners of a rectangle as a closed line: the SVG backend writes no width for the outline of
/// a rectangle.
pub(crate) fn corners<C: Copy>((left, top): (C, C), (right, bottom): (C, C)) -> [(C, C); 6] {
    let last = [(left, bottom), (left, top), (right, top)];
    let [a, b, c] = [(left, top), (right, top), (right, bottom)];
    [a, b, c, last[0], last[1], last[2]]
}

/// The line of a median.
pub(crate) fn of_stroke(colour: RGBColor, kind: Stroke) -> ShapeStyle {
    match kind {
        Stroke::Solid => stroke(colour, 1.8),
        Stroke::Dashed => of_width(colour, 15),
        Stroke::Dotted => of_width(colour, 17),
    }
}

/// An unbroken line.
pub(crate) fn stroke(colour: RGBColor, width: f64) -> ShapeStyle {
    of_width(colour, px(width) & !1)
}

/// A thin dashed line. Odd widths are broken lines: the page's style sheet says how, since plotters
/// itself draws dashes as a hundred short lines.
pub(crate) fn dashed(colour: RGBColor) -> ShapeStyle {
    of_width(colour, 11)
}

/// The dashes of odd widths.
pub(crate) const DASHES: &str = "[stroke-width='11']{stroke-dasharray:45 30}\
    [stroke-width='15']{stroke-dasharray:50 25}\
    [stroke-width='17']{stroke-dasharray:18 20}";

fn of_width(colour: RGBColor, units: i32) -> ShapeStyle {
    ShapeStyle { color: colour.to_rgba(), filled: false, stroke_width: units.unsigned_abs() }
}
