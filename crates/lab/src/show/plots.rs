//! The folder of figures: where each is, and which of them are of data that are gone.

use super::figures::{Drawn, raw};
use crate::measure::interrupt;
use anyhow::{Context, Result};
use lab_data::atomic_write;
use std::path::{Path, PathBuf};

/// Where a figure of an experiment is.
fn figure_path(plots: &Path, name: &str, suffix: &str) -> PathBuf {
    plots.join(match suffix {
        "" => format!("{name}.png"),
        suffix => format!("{name}-{suffix}.png"),
    })
}

/// Draws the figures of an experiment, and removes those of data that are gone; gives where they are.
///
/// # Errors
/// If one cannot be drawn or written.
pub(crate) fn write(plots: &Path, name: &str, figures: &[Drawn]) -> Result<Vec<PathBuf>> {
    let mut written = Vec::new();
    for drawn in figures {
        let path = figure_path(plots, name, &drawn.suffix);
        let png = drawn.figure.png()?;
        interrupt::whole(|| atomic_write(&path, &png))?;
        written.push(path);
    }
    remove_stale(plots, name, &written)?;
    Ok(written)
}

/// Writes the same figures as SVG without their font, for a page that has it once.
///
/// # Errors
/// If one cannot be drawn or written.
pub(crate) fn write_svg(folder: &Path, name: &str, figures: &[Drawn]) -> Result<()> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("{} cannot be made", folder.display()))?;
    figures.iter().try_for_each(|drawn| {
        let path = figure_path(folder, name, &drawn.suffix).with_extension("svg");
        Ok(atomic_write(&path, drawn.figure.svg()?.as_bytes())?)
    })
}

/// Removes those figures that not every run has, if this one has none: they are of data that are
/// gone.
///
/// # Errors
/// If one cannot be removed.
fn remove_stale(plots: &Path, name: &str, written: &[PathBuf]) -> Result<()> {
    for path in ["", raw::SUFFIX].map(|suffix| figure_path(plots, name, suffix)) {
        if !written.contains(&path) && path.exists() {
            std::fs::remove_file(&path)
                .with_context(|| format!("{} cannot be removed", path.display()))?;
        }
    }
    Ok(())
}

/// Makes the folder where it is missing, and makes sure that a figure can be saved in it.
///
/// # Errors
/// If it cannot.
pub(crate) fn check_writable(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("{} cannot be made", folder.display()))?;
    Ok(lab_data::check_writable(&folder.join("figure.png"))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_figures_of_its_own_go_and_only_if_the_run_did_not_draw_them() {
        let folder = tempfile::tempdir().unwrap();
        let plots = folder.path();
        let names = ["a.png", "a-samples.png", "a-mine.png", "a-b.png", "a-b-samples.png"];
        for name in names {
            std::fs::write(plots.join(name), "").unwrap();
        }
        let left = || -> Vec<_> {
            let is_there = |name: &&str| plots.join(name).exists();
            names.into_iter().filter(is_there).collect()
        };
        remove_stale(plots, "a", &[plots.join("a.png"), plots.join("a-samples.png")]).unwrap();
        assert_eq!(left(), names);
        remove_stale(plots, "a", &[plots.join("a.png")]).unwrap();
        assert_eq!(left(), ["a.png", "a-mine.png", "a-b.png", "a-b-samples.png"]);
        remove_stale(plots, "a", &[]).unwrap();
        assert_eq!(left(), ["a-mine.png", "a-b.png", "a-b-samples.png"]);
    }
}
