//! The study of how often verdicts are wrong, which is no experiment: counted and drawn again.

use crate::redraw::{Files, Redrawn};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use validity::{NAME, Study};

/// Adds its table and its figure to what is redrawn, and gives the text for its marker. None if
/// there are no data, which is a problem if `is_asked`, or if they are damaged.
pub(crate) fn add(redrawn: &mut Redrawn, out: &Path, is_asked: bool) -> Option<String> {
    let folder = out.join("data").join(NAME);
    if !folder.is_dir() {
        if is_asked {
            let missing = format!("{} is missing: run `cargo run -p {NAME}`", folder.display());
            redrawn.problems.push((NAME.to_owned(), missing));
        }
        return None;
    }
    match again(&folder) {
        Ok((text, files)) => {
            redrawn.files.extend(files);
            Some(text)
        }
        Err(error) => {
            let said = format!("{NAME}: {error:#}");
            redrawn.problems.push((NAME.to_owned(), said));
            None
        }
    }
}

/// What the saved study gives.
fn again(folder: &Path) -> Result<(String, Files)> {
    let study = Study::read(folder)?;
    let scratch = tempfile::tempdir().context("no scratch folder can be made")?;
    study.write_conditions(scratch.path())?;
    let figure = scratch.path().join("figure");
    study.draw(&figure)?;
    let read = |path: PathBuf| {
        std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))
    };
    let table = validity::study::CONDITIONS;
    let files = Files::from([
        (
            Path::new("data").join(NAME).join(table),
            read(scratch.path().join(table))?,
        ),
        (
            Path::new("plots").join(NAME).with_extension("png"),
            read(figure)?,
        ),
    ]);
    Ok((study.markdown(), files))
}
