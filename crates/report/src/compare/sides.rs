//! What the folders hold that are compared.

use crate::redraw::entries;
use crate::run::{RUN, Run};
use crate::studies;
use anyhow::{Context, Result, ensure};
use lab_data::run::RunInfo;
use lab_data::tables;
use std::path::{Path, PathBuf};

/// The runs of one folder.
#[derive(Debug, Default)]
pub(crate) struct Side {
    /// A, B, C: what it is called beside numbers.
    pub(crate) label: String,
    /// As it was asked for.
    pub(crate) folder: PathBuf,
    /// One for each experiment whose data are whole, by name.
    pub(crate) runs: Vec<Run>,
    /// One for each whose data are not: its folder's name, and what is wrong, in a sentence.
    pub(crate) damaged: Vec<(String, String)>,
    /// Tables that were changed since they were written, a sentence each.
    pub(crate) changed: Vec<String>,
}

impl Side {
    /// The names of the experiments whose data are whole.
    pub(crate) fn whole(&self) -> impl Iterator<Item = &str> {
        self.runs.iter().map(|run| run.name.as_str())
    }

    /// The names of the experiments that it has, damaged or whole.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.whole().chain(self.damaged.iter().map(|(name, _)| name.as_str()))
    }

    /// The data of an experiment.
    pub(crate) fn of(&self, name: &str) -> Option<&Run> {
        self.runs.iter().find(|run| run.name == name)
    }

    fn read(label: String, folder: &Path, runs: &[PathBuf]) -> Side {
        let mut side = Side { folder: folder.to_owned(), label, ..Side::default() };
        for folder in runs {
            let read = Run::read(folder).and_then(|run| {
                let changed = tables::verify(folder, &run.info)?;
                Ok((run, changed))
            });
            match read {
                Ok((run, changed)) => {
                    side.runs.push(run);
                    let said = changed.iter().map(|changed| format!("{}: {changed}", side.label));
                    side.changed.extend(said);
                }
                Err(error) => {
                    let problem = format!("{}: {error:#}", side.label);
                    side.damaged.push((folder_name(folder), problem));
                }
            }
        }
        side
    }
}

/// Reads them all. A folder of one experiment is compared with that experiment alone.
///
/// # Errors
/// If a folder cannot be found or holds no run, or two are the same.
pub(crate) fn read(folders: &[PathBuf]) -> Result<Vec<Side>> {
    let mut places: Vec<(&Path, Vec<PathBuf>)> = Vec::new();
    for folder in folders {
        let runs = runs_in(folder)?;
        for (other, other_runs) in &places {
            ensure!(
                *other_runs != runs,
                "{} and {} are the same data: name two runs",
                other.display(),
                folder.display()
            );
        }
        places.push((folder, runs));
    }
    let labels = ('A'..='Z').map(String::from).chain((1..).map(|n: u32| n.to_string()));
    let sides = labels.zip(&places).map(|(label, (folder, runs))| Side::read(label, folder, runs));
    let mut sides: Vec<Side> = sides.collect();
    let is_alone = |(folder, _): &&(&Path, Vec<PathBuf>)| folder.join(RUN).is_file();
    if let Some((_, runs)) = places.iter().find(is_alone) {
        let name = runs.first().map(|run| name_of(run)).unwrap_or_default();
        for side in &mut sides {
            side.runs.retain(|run| run.name == name);
            side.damaged.retain(|(damaged, _)| *damaged == name);
        }
    }
    Ok(sides)
}

/// The folders of the runs in a folder, whichever of three kinds it is, with links resolved.
fn runs_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let whole =
        folder.canonicalize().with_context(|| format!("{} cannot be found", folder.display()))?;
    if whole.join(RUN).is_file() {
        return Ok(vec![whole]);
    }
    let data = whole.join("data");
    let data = if data.is_dir() { data } else { whole };
    let is_run = |path: &PathBuf| {
        let has_one =
            [RUN, "trials.csv", "verdicts.csv"].iter().any(|file| path.join(file).is_file());
        // Hidden ones are runs that go on, or went wrong; and studies judge no claim.
        let is_hidden = folder_name(path).starts_with('.');
        has_one && !is_hidden && !studies::has(&name_of(path))
    };
    let runs: Vec<PathBuf> = entries(&data)?.into_iter().filter(is_run).collect();
    ensure!(
        !runs.is_empty(),
        "{} holds no run: name an out folder (which holds data/), a data folder, or the data \
         folder of an experiment (which holds run.json)",
        folder.display()
    );
    Ok(runs)
}

/// What the run says it is of; if it cannot be read, what its folder is called.
fn name_of(run: &Path) -> String {
    RunInfo::read(&run.join(RUN)).map_or_else(|_| folder_name(run), |info| info.experiment)
}

fn folder_name(folder: &Path) -> String {
    folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
