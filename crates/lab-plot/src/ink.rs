//! Colours, strokes and type as plotters takes them.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::font;
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
/// The part of a time axis that is shown enlarged.
pub(crate) const LENS: RGBColor = RGBColor(0xee, 0xe8, 0xd2);
pub(crate) const LENS_SHARE: f64 = 0.7;
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

/// Type of one size and colour. Sizes are pixels per em; the PNG has two dots per pixel.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Type {
    pub size: f64,
    pub bold: bool,
    pub colour: RGBColor,
}

pub(crate) const TITLE: Type = Type::new(16.5, true, INK);
pub(crate) const SUBTITLE: Type = Type::new(11.9, false, SOFT);
pub(crate) const PANEL: Type = Type::new(11.9, true, INK);
pub(crate) const LABEL: Type = Type::new(11.0, false, INK);
pub(crate) const TICK: Type = Type::new(11.0, false, SOFT);

impl Type {
    const fn new(size: f64, bold: bool, colour: RGBColor) -> Type {
        Type { size, bold, colour }
    }

    pub(crate) const fn coloured(self, colour: RGBColor) -> Type {
        Type { colour, ..self }
    }

    pub(crate) const fn bold(self) -> Type {
        Type { bold: true, ..self }
    }

    /// How wide a text is, in pixels.
    pub(crate) fn width(self, text: &str) -> f64 {
        font::width(text, self.bold) * self.size
    }

    /// How wide the widest of some texts is.
    pub(crate) fn widest<'t>(self, texts: impl IntoIterator<Item = &'t str>) -> f64 {
        texts.into_iter().map(|text| self.width(text)).fold(0.0, f64::max)
    }

    /// From one line to the next, in pixels.
    pub(crate) fn leading(self) -> f64 {
        (self.size * 1.26).ceil()
    }

    /// For plotters, with its left end, middle or right end at the point.
    pub(crate) fn at(self, h_pos: HPos) -> TextStyle<'static> {
        let style = if self.bold { FontStyle::Bold } else { FontStyle::Normal };
        // The SVG backend divides by 1.24 and prints what it gets: 11 must not become
        // 109.99999999999999.
        let units = self.size * UNITS;
        let near = units * 1.24;
        let exact = [near, near.next_up(), near.next_down()];
        let size = exact.into_iter().find(|size| size / 1.24 == units);
        TextStyle {
            font: FontDesc::new(FontFamily::Name(font::FAMILY), size.unwrap_or(near), style),
            color: self.colour.to_backend_color(),
            pos: Pos { h_pos, v_pos: VPos::Center },
        }
    }

    /// The text in lines of at most `room` pixels, broken between words (within one, if it is
    /// wider than that), and at most `most` of them: the last ends in an ellipsis then.
    pub(crate) fn fill(self, text: &str, room: f64, most: usize) -> Vec<String> {
        let mut lines = self.broken(text, room);
        if lines.len() > most {
            let rest = lines.split_off(most - 1).join(" ");
            lines.push(self.shorten(&rest, room));
        }
        lines
    }

    /// The same in lines about equally long.
    pub(crate) fn wrap(self, text: &str, room: f64, most: usize) -> Vec<String> {
        let lines = self.fill(text, room, most);
        let widest = self.widest(words(text));
        let parts = (10..20).rev().map(|part| room * f64::from(part) / 20.0);
        let narrower = parts.take_while(|part| *part >= widest);
        let narrower = narrower.map(|part| self.broken(text, part));
        let even = narrower.take_while(|narrower| narrower.len() == lines.len());
        even.last().unwrap_or(lines)
    }

    fn broken(self, text: &str, room: f64) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in words(text) {
            let longer = lines.last().map(|line| format!("{line} {word}"));
            match (longer, lines.last_mut()) {
                (Some(longer), Some(line)) if self.width(&longer) <= room => *line = longer,
                _ if self.width(word) <= room => lines.push(word.to_owned()),
                _ => lines.extend(self.hacked(word, room)),
            }
        }
        lines
    }

    /// A word in pieces of at most `room` pixels, or one letter each.
    fn hacked(self, word: &str, room: f64) -> Vec<String> {
        let mut pieces = vec![String::new()];
        let mut x = 0.0;
        for c in word.chars() {
            let wide = self.width(c.encode_utf8(&mut [0; 4]));
            x += wide;
            match pieces.last_mut() {
                Some(piece) if x <= room || piece.is_empty() => piece.push(c),
                _ => {
                    pieces.push(c.to_string());
                    x = wide;
                }
            }
        }
        pieces
    }

    /// The text, or as much of it as fits with an ellipsis.
    pub(crate) fn shorten(self, text: &str, room: f64) -> String {
        if self.width(text) <= room {
            return text.to_owned();
        }
        let first = self.hacked(text, room - self.width("…"));
        format!("{}…", first.first().map_or("", |piece| piece.trim_end()))
    }
}

/// What a text may be broken between. A no-break space is none.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| c.is_whitespace() && c != '\u{a0}');
    words.filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_even_and_none_is_too_wide() {
        let text = "one two three four five six seven eight nine ten";
        let lines = LABEL.wrap(text, 150.0, 9);
        assert!(lines.iter().all(|line| LABEL.width(line) <= 150.0));
        assert_eq!(lines.join(" "), text);
        let [first, second] = &LABEL.wrap("a bb cc dd ee f", 60.0, 9)[..] else {
            panic!("two lines");
        };
        assert!((first.len() as i32 - second.len() as i32).abs() <= 3);
    }

    #[test]
    fn a_word_without_end_is_broken_and_too_many_lines_end_in_an_ellipsis() {
        let lines = LABEL.wrap(&"x".repeat(1000), 100.0, 3);
        assert_eq!(lines.len(), 3);
        assert!(lines[2].ends_with('…'));
        assert!(lines.iter().all(|line| LABEL.width(line) <= 100.0));
        assert!(LABEL.wrap("", 100.0, 3).is_empty());
        assert_eq!(LABEL.shorten("word", 3.0), "w…");
    }

    #[test]
    fn sizes_are_printed_exactly() {
        for kind in [TITLE, SUBTITLE, PANEL, LABEL] {
            let size = kind.at(HPos::Left).font.get_size() / 1.24;
            assert_eq!(size, kind.size * UNITS);
        }
    }
}
