//! Text: DejaVu Sans from the binary itself, so that every machine draws the same letters.
//!
//! plotters' own text leaves out the space to the left of each letter and cuts positions to whole
//! pixels, so that "filling" falls apart; here letters are placed by the font's metrics.

use std::convert::Infallible;
use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, PxScale, ScaleFont, point};
use plotters_backend::text_anchor::{HPos, Pos, VPos};
use plotters_backend::{BackendColor, BackendCoord, BackendTextStyle, FontFamily};

use crate::error::{PlotError, Result};
use crate::series::Colour;

/// DejaVu Sans 2.37; its licence lies beside it.
static FONT: LazyLock<Option<FontRef<'static>>> =
    LazyLock::new(|| FontRef::try_from_slice(include_bytes!("../assets/DejaVuSans.ttf")).ok());

/// From the top of a line's box to its baseline, in ems.
const ASCENT: f64 = 0.93;
/// Height of a line's box, in ems.
const LINE: f64 = 1.17;

fn font() -> Result<&'static FontRef<'static>> {
    FONT.as_ref().ok_or_else(|| PlotError::Draw {
        reason: "the built-in font cannot be read".into(),
    })
}

/// How a piece of text looks, and which of its corners or edges lies at the given place.
#[derive(Clone, Copy)]
pub(crate) struct TextStyle {
    font: &'static FontRef<'static>,
    em: f64,
    colour: Colour,
    heavy: bool,
    anchor: Pos,
}

impl TextStyle {
    /// Text whose em is `em` pixels, anchored at its upper left corner.
    pub(crate) fn new(em: f64, colour: Colour) -> Result<TextStyle> {
        Ok(TextStyle {
            font: font()?,
            em,
            colour,
            heavy: false,
            anchor: Pos::new(HPos::Left, VPos::Top),
        })
    }

    pub(crate) fn heavy(mut self) -> TextStyle {
        self.heavy = true;
        self
    }

    pub(crate) fn anchor(mut self, h_pos: HPos, v_pos: VPos) -> TextStyle {
        self.anchor = Pos::new(h_pos, v_pos);
        self
    }

    pub(crate) fn scaled(mut self, factor: f64) -> TextStyle {
        self.em *= factor;
        self
    }

    /// From one line to the next, in pixels.
    pub(crate) fn leading(&self) -> f64 {
        (self.em * 1.3).round()
    }

    /// In pixels.
    pub(crate) fn width(&self, text: &str) -> f64 {
        self.place(text, |_, _| ())
    }

    /// Calls `each` with every glyph and its x, and returns where the line ends.
    fn place(&self, text: &str, mut each: impl FnMut(ab_glyph::GlyphId, f32)) -> f64 {
        let scaled = self.font.as_scaled(self.px_scale());
        let mut x = 0.0;
        let mut last = None;
        for letter in text.chars() {
            let glyph = scaled.glyph_id(letter);
            if let Some(last) = last {
                x += scaled.kern(last, glyph);
            }
            each(glyph, x);
            x += scaled.h_advance(glyph);
            last = Some(glyph);
        }
        f64::from(x)
    }

    fn px_scale(&self) -> PxScale {
        let units = self
            .font
            .units_per_em()
            .unwrap_or(self.font.height_unscaled());
        PxScale::from(self.em as f32 * self.font.height_unscaled() / units)
    }

    /// `text` in lines of at most `width` pixels, at most `most` of them; what is left out shows
    /// as "…".
    pub(crate) fn wrap(&self, text: &str, width: f64, most: usize) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        for word in text.split_whitespace() {
            let joined = if line.is_empty() {
                word.to_owned()
            } else {
                format!("{line} {word}")
            };
            if self.width(&joined) <= width || line.is_empty() {
                line = joined;
            } else {
                lines.push(std::mem::replace(&mut line, word.to_owned()));
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
        if lines.len() > most {
            let rest = lines.split_off(most.saturating_sub(1)).join(" ");
            lines.push(rest);
        }
        lines.iter().map(|line| self.elide(line, width)).collect()
    }

    /// `text`, or as much of its beginning as fits into `width` pixels with "…" after it.
    pub(crate) fn elide(&self, text: &str, width: f64) -> String {
        if self.width(text) <= width {
            return text.to_owned();
        }
        let mut kept = String::new();
        for letter in text.chars() {
            kept.push(letter);
            if self.width(&format!("{kept}…")) > width {
                kept.pop();
                break;
            }
        }
        format!("{}…", kept.trim_end())
    }
}

impl BackendTextStyle for TextStyle {
    type FontError = Infallible;

    fn color(&self) -> BackendColor {
        let Colour(r, g, b) = self.colour;
        BackendColor {
            alpha: 1.0,
            rgb: (r, g, b),
        }
    }

    fn size(&self) -> f64 {
        self.em
    }

    fn anchor(&self) -> Pos {
        self.anchor
    }

    fn family(&self) -> FontFamily<'_> {
        FontFamily::SansSerif
    }

    fn layout_box(&self, text: &str) -> std::result::Result<((i32, i32), (i32, i32)), Infallible> {
        let width = self.width(text).ceil() as i32;
        Ok(((0, 0), (width, (self.em * LINE).round() as i32)))
    }

    fn draw<E, DrawFunc: FnMut(i32, i32, BackendColor) -> std::result::Result<(), E>>(
        &self,
        text: &str,
        (left, top): BackendCoord,
        mut draw: DrawFunc,
    ) -> std::result::Result<std::result::Result<(), E>, Infallible> {
        let baseline = (self.em * ASCENT).round() as f32;
        let scale = self.px_scale();
        // There is no bold face: a second stroke a little to the right makes one.
        let strokes: &[f32] = if self.heavy { &[0.0, 0.045] } else { &[0.0] };
        let mut outlines = Vec::new();
        self.place(text, |glyph, x| {
            for shift in strokes {
                let at = point(x + shift * self.em as f32, baseline);
                outlines.extend(
                    self.font
                        .outline_glyph(glyph.with_scale_and_position(scale, at)),
                );
            }
        });
        let ink = self.color();
        for outline in outlines {
            let bounds = outline.px_bounds();
            let (x0, y0) = (bounds.min.x as i32 + left, bounds.min.y as i32 + top);
            let mut failed = None;
            outline.draw(|x, y, cover| {
                if failed.is_none() && cover > 0.0 {
                    let colour = ink.mix(f64::from(cover.min(1.0)));
                    failed = draw(x0 + x as i32, y0 + y as i32, colour).err();
                }
            });
            if let Some(error) = failed {
                return Ok(Err(error));
            }
        }
        Ok(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::INK;

    #[test]
    fn lines_are_no_wider_than_asked() {
        let style = TextStyle::new(20.0, INK).unwrap();
        let text = "Under the GIL four threads take turns: one at a time, whatever the cores";
        let lines = style.wrap(text, 250.0, 9);
        assert!(lines.len() > 2);
        assert!(lines.iter().all(|line| style.width(line) <= 250.0));
        assert_eq!(lines.join(" "), text);
    }

    #[test]
    fn what_does_not_fit_is_marked() {
        let style = TextStyle::new(20.0, INK).unwrap();
        let lines = style.wrap("one two three four five six seven eight", 90.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…'));
        let word = style.elide("incomprehensibilities", 90.0);
        assert!(word.ends_with('…') && style.width(&word) <= 90.0);
    }

    #[test]
    fn empty_text_has_no_lines_and_no_width() {
        let style = TextStyle::new(20.0, INK).unwrap();
        assert!(style.wrap(" \n\t ", 90.0, 2).is_empty());
        assert_eq!(style.width(""), 0.0);
    }
}
