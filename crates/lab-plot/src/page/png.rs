//! SVG to PNG, with the font that is inside the binary and no other.

use std::sync::{Arc, LazyLock};

use resvg::{tiny_skia, usvg};

use crate::drawing::font::{BOLD, FAMILY, REGULAR};

static FONTS: LazyLock<Arc<usvg::fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = usvg::fontdb::Database::new();
    for bytes in [REGULAR, BOLD] {
        fonts.load_font_source(usvg::fontdb::Source::Binary(Arc::new(bytes)));
    }
    fonts.set_sans_serif_family(FAMILY);
    Arc::new(fonts)
});

/// Dots of the PNG per pixel of the SVG.
const DOTS: f32 = 2.0;

/// The picture, which carries its title as text; a reason in words if there is none.
pub(crate) fn png(svg: &str, title: &str) -> Result<Vec<u8>, String> {
    let options = usvg::Options { fontdb: Arc::clone(&FONTS), ..usvg::Options::default() };
    let tree = usvg::Tree::from_str(svg, &options).map_err(|error| error.to_string())?;
    let [width, height] =
        [tree.size().width(), tree.size().height()].map(|side| (side * DOTS).round() as u32);
    let mut pixels = tiny_skia::Pixmap::new(width, height).ok_or("it has no size")?;
    let scale = tiny_skia::Transform::from_scale(DOTS, DOTS);
    resvg::render(&tree, scale, &mut pixels.as_mut());
    encode(&pixels, title).map_err(|error| error.to_string())
}

/// The keyword of a title, as the PNG specification (11.3.3.2) has it.
const TITLE: &str = "Title";

/// The title that a PNG of this crate carries; none of other bytes.
pub fn title_of_png(bytes: &[u8]) -> Option<String> {
    let reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().ok()?;
    let chunk = reader.info().utf8_text.iter().find(|chunk| chunk.keyword == TITLE)?;
    chunk.get_text().ok()
}

/// As red, green and blue without filters: a page is opaque, and its flat colours compress best
/// and fastest so.
fn encode(pixels: &tiny_skia::Pixmap, title: &str) -> Result<Vec<u8>, png::EncodingError> {
    let rgba = pixels.data().chunks_exact(4);
    let rgb: Vec<u8> = rgba.flat_map(|dot| [dot[0], dot[1], dot[2]]).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pixels.width(), pixels.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::Balanced);
    encoder.set_filter(png::Filter::NoFilter);
    encoder.add_itxt_chunk(TITLE.to_owned(), title.to_owned())?;
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&rgb)?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_carries_its_title() {
        let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"/>"#;
        let bytes = png(svg, "Threads: 1.88× as long").unwrap();
        assert_eq!(title_of_png(&bytes).as_deref(), Some("Threads: 1.88× as long"));
        assert_eq!(title_of_png(b"no picture"), None);
    }
}
