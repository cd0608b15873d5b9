//! What lies in the folders that are compared.

use crate::redraw::{Saved, entries};
use crate::studies;
use anyhow::{Context, Result, bail, ensure};
use lab_record::run::RunInfo;
use lab_record::tables;
use std::path::{Path, PathBuf};

/// The file that makes a folder the data folder of one experiment.
const RUN: &str = "run.json";

/// The runs of one folder.
#[derive(Debug)]
pub(crate) struct Side {
    /// A, B, C: what it is called beside numbers.
    pub(crate) label: String,
    /// As it was asked for.
    pub(crate) folder: PathBuf,
    /// One for each experiment whose data are whole, by name.
    pub(crate) saved: Vec<Saved>,
    /// One for each whose data are not.
    pub(crate) damaged: Vec<Damaged>,
}

/// An experiment whose data cannot be read.
#[derive(Debug)]
pub(crate) struct Damaged {
    /// Its folder's name.
    pub(crate) name: String,
    /// What is wrong, in a sentence.
    pub(crate) problem: String,
}

impl Side {
    /// The names of the experiments that it has, damaged or whole.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let whole = self.saved.iter().map(|saved| saved.name.as_str());
        whole.chain(self.damaged.iter().map(|damaged| damaged.name.as_str()))
    }

    /// The data of an experiment.
    pub(crate) fn of(&self, name: &str) -> Option<&Saved> {
        self.saved.iter().find(|saved| saved.name == name)
    }
}

/// Reads them all. A folder of one experiment is compared with that experiment alone.
///
/// # Errors
/// If a folder cannot be found or holds no run, or two are the same.
pub(crate) fn read(folders: &[PathBuf]) -> Result<Vec<Side>> {
    ensure!(
        folders.len() > 1,
        "name two folders or more: out folders (which hold data/), data folders, or data folders of \
         one experiment"
    );
    let mut places: Vec<(PathBuf, Vec<PathBuf>)> = Vec::new();
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
        places.push((folder.clone(), runs));
    }
    let labels = ('A'..='Z')
        .map(String::from)
        .chain((1..).map(|n: u32| n.to_string()));
    let mut sides: Vec<Side> = labels
        .zip(&places)
        .map(|(label, (folder, runs))| side(label, folder, runs))
        .collect();
    let is_alone = |(folder, _): &&(PathBuf, Vec<PathBuf>)| folder.join(RUN).is_file();
    if let Some((_, runs)) = places.iter().find(is_alone) {
        let name = runs
            .iter()
            .map(|run| name_of(run))
            .next()
            .unwrap_or_default();
        for side in &mut sides {
            side.saved.retain(|saved| saved.name == name);
            side.damaged.retain(|damaged| damaged.name == name);
        }
    }
    Ok(sides)
}

/// The folders of the runs in a folder, whichever of three kinds it is, with links resolved.
fn runs_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let whole = folder
        .canonicalize()
        .with_context(|| format!("{} cannot be found", folder.display()))?;
    if whole.join(RUN).is_file() {
        return Ok(vec![whole]);
    }
    let data = match whole.join("data").is_dir() {
        true => whole.join("data"),
        false => whole,
    };
    // Hidden ones are runs that go on, or went wrong.
    let is_hidden = |path: &Path| {
        let name = path.file_name().unwrap_or_default();
        name.as_encoded_bytes().starts_with(b".")
    };
    // Studies judge no claim.
    let is_study = |path: &Path| studies::names().any(|study| study == name_of(path));
    let is_run = |path: &PathBuf| {
        let files = [RUN, "trials.csv", "verdicts.csv"];
        !is_hidden(path) && !is_study(path) && files.iter().any(|file| path.join(file).is_file())
    };
    let runs: Vec<PathBuf> = entries(&data)?.into_iter().filter(is_run).collect();
    if runs.is_empty() {
        bail!(
            "{} holds no run: name an out folder (which holds data/), a data folder, or the data \
             folder of an experiment (which holds run.json)",
            folder.display()
        );
    }
    Ok(runs)
}

fn side(label: String, folder: &Path, runs: &[PathBuf]) -> Side {
    let mut side = Side {
        label,
        folder: folder.to_owned(),
        saved: Vec::new(),
        damaged: Vec::new(),
    };
    for run in runs {
        match saved(run) {
            Ok(saved) => side.saved.push(saved),
            Err(error) => side.damaged.push(Damaged {
                name: run
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned(),
                problem: format!("{}: {error:#}", side.label),
            }),
        }
    }
    side
}

/// What the run says it is of; if it cannot be read, what its folder is called.
fn name_of(run: &Path) -> String {
    match RunInfo::read(&run.join(RUN)) {
        Ok(info) => info.experiment,
        Err(_) => run
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
    }
}

fn saved(run: &Path) -> Result<Saved> {
    let info = RunInfo::read(&run.join(RUN))?;
    Ok(Saved {
        name: info.experiment.clone(),
        info,
        rows: tables::read(&run.join("verdicts.csv"))?,
    })
}
