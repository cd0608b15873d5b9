//! Where the end of a run writes, tried before its start: nobody measures to hear then that a path is no
//! good.

use crate::options::Common;
use crate::show::{plots, trace};
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};

/// The places of one run.
pub(super) struct Targets<'a> {
    /// The folder that holds all data.
    pub(super) data: &'a Path,
    /// The folder of figures.
    pub(super) plots: &'a Path,
    /// The experiment.
    pub(super) name: &'a str,
}

impl Targets<'_> {
    /// Makes sure that all that was asked for can be written, and that nothing is written twice.
    ///
    /// # Errors
    /// If it cannot, with the path and what to do.
    pub(super) fn check(&self, common: &Common) -> Result<()> {
        if let Some(path) = &common.trace {
            trace::check(path)?;
            self.check_trace(path)?;
        }
        if common.replay {
            check_saved(&self.data.join(self.name))?;
        }
        if common.no_plot { Ok(()) } else { self.check_figures() }
    }

    fn check_trace(&self, path: &Path) -> Result<()> {
        ensure!(
            !path.as_os_str().as_encoded_bytes().ends_with(b"/"),
            "{} names a folder, so that no trace can be written there: choose another FILE for --trace",
            path.display()
        );
        let real = real(path);
        let is_figure = real.parent() == self.plots.canonicalize().ok().as_deref()
            && real.extension().is_some_and(|end| end == "png");
        let is_table =
            self.data.canonicalize().is_ok_and(|data| real.starts_with(data.join(self.name)));
        ensure!(
            !is_figure && !is_table,
            "{} is where the run itself is saved: choose another FILE for --trace",
            path.display()
        );
        Ok(())
    }

    fn check_figures(&self) -> Result<()> {
        plots::check_writable(self.plots)?;
        let entries = std::fs::read_dir(self.plots)
            .with_context(|| format!("{} cannot be read", self.plots.display()))?;
        for path in entries.flatten().map(|entry| entry.path()) {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            let rest = stem.strip_prefix(self.name);
            let is_own = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
                && path.extension().is_some_and(|end| end == "png");
            ensure!(
                !is_own || !path.is_dir(),
                "{} is a folder, so that no figure can be written there: remove it, or choose another \
                 folder with --out",
                path.display()
            );
        }
        Ok(())
    }
}

/// Where a file is or will be, without links.
fn real(path: &Path) -> PathBuf {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let beside = || {
        let folder = parent.unwrap_or(Path::new(".")).canonicalize().ok()?;
        Some(folder.join(path.file_name()?))
    };
    path.canonicalize().ok().or_else(beside).unwrap_or_else(|| path.to_owned())
}

/// A folder that is not there needs another remedy than one that is damaged.
fn check_saved(folder: &Path) -> Result<()> {
    let is_there = folder.try_exists().context("the data folder cannot be looked at")?;
    ensure!(
        is_there,
        "{} does not exist, so there is nothing to judge again: measure first, without --replay",
        folder.display()
    );
    Ok(())
}
