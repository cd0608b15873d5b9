//! Text of one size and colour: how wide it is, and where its lines are broken.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::drawing::font;
use crate::drawing::ink::{INK, SOFT, UNITS};

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
        let widest = words(text).iter().map(|word| self.width(word)).fold(0.0, f64::max);
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
                _ if self.width(&word) <= room => lines.push(word),
                _ => lines.extend(self.hacked(&word, room)),
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

/// What a text may be broken between. A no-break space is none, nor is the space in `97 %`.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let spaced = text.split(|c: char| c.is_whitespace() && c != '\u{a0}');
    for word in spaced.filter(|word| !word.is_empty()) {
        match words.last_mut().filter(|_| word.starts_with('%')) {
            Some(number) => *number = format!("{number} {word}"),
            None => words.push(word.to_owned()),
        }
    }
    words
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
    fn a_number_and_its_per_cent_are_not_parted() {
        let text = "it is 89 % of it";
        let room = LABEL.width("it is 89");
        assert!(LABEL.fill(text, room, 9).iter().all(|line| !line.starts_with('%')));
        assert_eq!(LABEL.fill(text, room, 9).join(" "), text);
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
