//! Onto the disk, whole or not at all.

use std::fs::Permissions;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::deflate::deflate;
use crate::error::{PlotError, Result};
use crate::page::Image;

/// Writes `image` as PNG beside `path` and moves it there, so that whoever looks sees the old
/// picture or the new one, never half of one.
pub(crate) fn png(image: &Image, path: &Path) -> Result<()> {
    let pixels = image.width as usize * image.height as usize;
    if image.rgb.len() != 3 * pixels {
        return Err(PlotError::Draw {
            reason: format!("{} bytes are not {pixels} pixels", image.rgb.len()),
        });
    }
    let bytes = encode(image).map_err(|error| PlotError::Draw {
        reason: format!("as PNG: {error}"),
    })?;
    replace(&bytes, path).map_err(|error| PlotError::Write {
        path: path.to_owned(),
        reason: cause(&error),
    })
}

/// What the system said, without the name of the hidden file that tempfile adds.
fn cause(error: &std::io::Error) -> String {
    let inner = error.get_ref().and_then(|inner| inner.source());
    inner.map_or(error.to_string(), ToString::to_string)
}

/// The picture as a PNG; [`deflate`] does what takes the time.
fn encode(image: &Image) -> std::result::Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, image.width, image.height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    let wide = image.width as usize * 3;
    writer.write_chunk(png::chunk::IDAT, &deflate(&image.rgb, wide))?;
    writer.finish()?;
    Ok(bytes)
}

fn replace(bytes: &[u8], path: &Path) -> std::io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut beside = tempfile::Builder::new()
        .prefix(".plot-")
        .permissions(Permissions::from_mode(0o644))
        .tempfile_in(folder)?;
    beside.write_all(bytes)?;
    beside.as_file().sync_all()?;
    beside.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(shade: u8) -> Image {
        Image {
            width: 4,
            height: 3,
            rgb: vec![shade; 36],
        }
    }

    fn names(folder: &Path) -> Vec<std::ffi::OsString> {
        let entries = std::fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name()).collect()
    }

    #[test]
    fn what_is_written_can_be_read_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("figure.png");
        png(&image(7), &path).unwrap();
        png(&image(200), &path).unwrap();
        let file = std::fs::File::open(&path).unwrap();
        let mut reader = png::Decoder::new(file).read_info().unwrap();
        let mut rgb = vec![0; reader.output_buffer_size()];
        let info = reader.next_frame(&mut rgb).unwrap();
        assert_eq!((info.width, info.height, rgb), (4, 3, vec![200; 36]));
        assert_eq!(names(folder.path()), ["figure.png"]);
    }

    #[test]
    fn pictures_of_all_kinds_are_read_back_as_they_were() {
        let shades: [fn(usize) -> usize; 4] = [
            |_| 255,
            |i| i * i / 7,
            |i| i.wrapping_mul(0x9e37_79b9) >> 13,
            |i| if i / 300 % 3 == 0 { i >> 3 } else { 7 },
        ];
        for (width, height) in [(1, 1), (2, 1), (1600, 3), (333, 250)] {
            for shade in shades {
                let rgb: Vec<u8> = (0..width * height * 3).map(|i| shade(i) as u8).collect();
                let (width, height) = (width as u32, height as u32);
                let image = Image { width, height, rgb };
                let bytes = encode(&image).unwrap();
                let mut reader = png::Decoder::new(&*bytes).read_info().unwrap();
                let mut rgb = vec![0; reader.output_buffer_size()];
                reader.next_frame(&mut rgb).unwrap();
                assert!(rgb == image.rgb, "{width} {height}");
            }
        }
    }

    #[test]
    fn a_failure_leaves_the_old_picture_and_says_where() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("figure.png");
        png(&image(7), &path).unwrap();
        let before = std::fs::read(&path).unwrap();
        let broken = Image {
            rgb: vec![0; 5],
            ..image(9)
        };
        assert!(png(&broken, &path).is_err());
        assert_eq!(std::fs::read(&path).unwrap(), before);
        assert_eq!(names(folder.path()), ["figure.png"]);

        let error = png(&image(7), &folder.path().join("none/figure.png")).unwrap_err();
        assert!(error.to_string().contains("none/figure.png"), "{error}");
    }

    #[test]
    fn a_folder_in_the_way_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("figure.png");
        std::fs::create_dir(&path).unwrap();
        assert!(matches!(
            png(&image(7), &path),
            Err(PlotError::Write { .. })
        ));
        assert_eq!(names(folder.path()), ["figure.png"]);
    }
}
