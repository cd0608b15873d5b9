//! The one font, inside the binary, and how wide it sets a text.
//!
//! Layout, SVG and PNG must agree on widths, so all three use the same two faces: `ttf-parser`
//! measures, a browser reads the WOFF2 that is inside the SVG, and resvg the TTF. No font of the
//! machine is ever used.

use std::sync::{LazyLock, Once};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use plotters::style::FontStyle;
use ttf_parser::Face;

/// As plotters, resvg and the SVG's style sheet know it.
pub(crate) const FAMILY: &str = "Inter";
pub(crate) const REGULAR: &[u8] = include_bytes!("../../assets/Inter_400Regular-latin.ttf");
pub(crate) const BOLD: &[u8] = include_bytes!("../../assets/Inter_600SemiBold-latin.ttf");

static FACES: LazyLock<[Option<Face<'static>>; 2]> =
    LazyLock::new(|| [REGULAR, BOLD].map(|bytes| Face::parse(bytes, 0).ok()));

static RULES: LazyLock<String> = LazyLock::new(|| {
    let rule = |weight: u32, woff2: &[u8]| {
        let data = BASE64_STANDARD.encode(woff2);
        format!(
            "@font-face{{font-family:{FAMILY};font-weight:{weight};\
             src:url(data:font/woff2;base64,{data})}}"
        )
    };
    let regular = include_bytes!("../../assets/Inter_400Regular-latin.woff2");
    let bold = include_bytes!("../../assets/Inter_600SemiBold-latin.woff2");
    rule(400, regular) + &rule(700, bold)
});

/// The font as `@font-face` rules, for the style sheet of a page with figures from
/// [`Figure::svg`](crate::Figure::svg).
pub fn font_face() -> &'static str {
    &RULES
}

/// Makes the font known to plotters, which measures ticks with it. May be called repeatedly.
pub(crate) fn register() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        for (style, bytes) in [(FontStyle::Normal, REGULAR), (FontStyle::Bold, BOLD)] {
            let registered = plotters::style::register_font(FAMILY, style, bytes).is_ok();
            debug_assert!(registered, "the embedded font is a font");
        }
    });
}

/// How wide a text is, in ems. Kerning is left out: it makes ordinary words at most 0.3 % wider.
pub(crate) fn width(text: &str, bold: bool) -> f64 {
    let Some(face) = &FACES[usize::from(bold)] else {
        return text.chars().count() as f64;
    };
    let advance = |c| {
        let glyph = face.glyph_index(c).or(face.glyph_index(UNKNOWN));
        f64::from(glyph.and_then(|glyph| face.glyph_hor_advance(glyph)).unwrap_or(0))
    };
    text.chars().map(advance).sum::<f64>() / f64::from(face.units_per_em())
}

/// Drawn for a character that the font lacks.
const UNKNOWN: char = '?';

/// The text with [`UNKNOWN`] for what the font lacks (and for what XML forbids): resvg would
/// otherwise draw nothing for the whole line.
pub(crate) fn printable(text: &str) -> String {
    let known = |c: char| match &FACES[0] {
        Some(face) => face.glyph_index(c).is_some(),
        None => c.is_ascii(),
    };
    let fits = |c: char| matches!(c, ' '..='~' | '\n') || (!c.is_control() && known(c));
    text.chars().map(|c| if fits(c) { c } else { UNKNOWN }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_font_lacks_is_replaced() {
        assert_eq!(printable("µs → 中\u{0}é"), "µs → ??é");
        assert!(width("中", false) > 0.3);
    }
}
