//! Onto the disk, whole or not at all.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use plotters::backend::BitMapBackend;
use plotters_backend::DrawingBackend;

use crate::error::{PlotError, Result};
use crate::page::Image;

/// Writes `image` as PNG beside `path` and moves it there, so that whoever looks sees the old
/// picture or the new one, never half of one.
pub(crate) fn png(image: &Image, path: &Path) -> Result<()> {
    let fail = |reason: String| PlotError::Write {
        path: path.to_owned(),
        reason,
    };
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let beside = tempfile::Builder::new()
        .prefix(".plot-")
        .suffix(".png")
        .permissions(Permissions::from_mode(0o644))
        .tempfile_in(folder)
        .map_err(|error| fail(error.to_string()))?;
    {
        let mut encoder = BitMapBackend::new(beside.path(), (image.width, image.height));
        encoder
            .blit_bitmap((0, 0), (image.width, image.height), &image.rgb)
            .and_then(|()| encoder.present())
            .map_err(|error| fail(error.to_string()))?;
    }
    beside
        .as_file()
        .sync_all()
        .map_err(|error| fail(error.to_string()))?;
    beside
        .persist(path)
        .map_err(|error| fail(error.error.to_string()))?;
    Ok(())
}
