//! `report submit` writes what this machine found as one small file, `report machines` checks such
//! files and lays them side by side.

use crate::redraw::entries;
use crate::run::{RUN, Run};
use anyhow::{Context, Result, ensure};
use lab::measure::provenance::out_folder;
use lab::show::print::say;
use lab_data::atomic_write;
use lab_page::machines::forest::forests;
use lab_page::{Rules, Submission, machines_alone};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The folder of other machines' results, below `data/`.
const FOLDER: &str = "machines";
/// What is read of a file at most: more than any that is taken.
const MOST_BYTES: u64 = 2 << 20;

/// Writes what this machine found into `data/machines/`, or another file.
///
/// # Errors
/// If there are no runs, they are not of one machine, or the file cannot be written.
pub(crate) fn submit(data: Option<&Path>, into: Option<&Path>) -> Result<ExitCode> {
    let data = folder(data)?;
    let runs = runs(&data)?;
    let submission = Submission::of(runs.iter().map(|run| (&run.info, run.rows.as_slice())))?;
    let json = submission.to_json()?;
    // What others would refuse is better known here.
    Submission::parse(json.as_bytes(), &rules(&runs))
        .context("these results would not be taken")?;
    let sum = crc32fast::hash(json.as_bytes()) & 0xffff;
    let own = || data.join(FOLDER).join(format!("{}-{sum:04x}.json", submission.stem()));
    let target = into.map_or_else(own, Path::to_owned);
    if let Some(folder) = target.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    atomic_write(&target, json.as_bytes())?;
    say(&format!("{}\n", target.display()))?;
    Ok(ExitCode::SUCCESS)
}

/// Checks these files, or all in `data/machines/`, and says where their verdicts differ; `into` is a page
/// with an interval for each machine.
///
/// # Errors
/// If there are none, or something cannot be read or written. What is wrong with a file is said, and
/// the others are shown.
pub(crate) fn compare(
    named: &[PathBuf],
    data: Option<&Path>,
    into: Option<&Path>,
) -> Result<ExitCode> {
    let data = folder(data)?;
    let rules = rules(&runs(&data)?);
    let own = if named.is_empty() { files(&data)? } else { named.to_vec() };
    ensure!(
        !own.is_empty(),
        "{} holds no results: `report submit` writes yours",
        data.join(FOLDER).display()
    );
    let mut good = Vec::new();
    let mut is_well = true;
    for path in &own {
        match read(path, &rules) {
            Ok(submission) => good.push(submission),
            Err(error) => {
                is_well = false;
                eprintln!("report: {error:#}");
            }
        }
    }
    let mut text: String = (1..)
        .zip(&good)
        .map(|(number, machine): (usize, _)| format!("{number}: {}\n", machine.label()))
        .collect();
    for forest in forests(&good, &rules) {
        text.push_str(&format!("\n\"{}\"\n", forest.claim));
        for group in forest.groups {
            text.push_str(&format!("  {:<14} {}\n", group.runtime, group.words));
        }
    }
    say(&text)?;
    if let Some(into) = into.filter(|_| !good.is_empty()) {
        atomic_write(into, machines_alone(&good, &rules)?.as_bytes())?;
        say(&format!("\n{}\n", into.display()))?;
    }
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The files in `data/machines/`.
///
/// # Errors
/// If the folder cannot be read.
pub(crate) fn files(data: &Path) -> Result<Vec<PathBuf>> {
    let all = entries(&data.join(FOLDER))?.into_iter();
    Ok(all.filter(|path| path.extension().is_some_and(|end| end == "json")).collect())
}

/// Reads these files.
///
/// # Errors
/// If one is not taken.
pub(crate) fn read_all(files: &[PathBuf], rules: &Rules) -> Result<Vec<Submission>> {
    files.iter().map(|path| read(path, rules)).collect()
}

fn read(path: &Path, rules: &Rules) -> Result<Submission> {
    let refused = || path.display().to_string();
    ensure!(path.is_file(), "{}: it is no file", refused());
    let mut bytes = Vec::new();
    let file = File::open(path).with_context(refused)?;
    file.take(MOST_BYTES).read_to_end(&mut bytes).with_context(refused)?;
    Submission::parse(&bytes, rules).with_context(refused)
}

/// The claims and edges of this commit: those of the saved verdicts, which `--check` proves.
fn rules(runs: &[Run]) -> Rules {
    Rules::of(runs.iter().flat_map(|run| &run.rows))
}

/// The runs of all experiments in a data folder.
fn runs(data: &Path) -> Result<Vec<Run>> {
    let folders = entries(data)?
        .into_iter()
        .filter(|folder| folder.join(RUN).is_file() && folder.join("verdicts.csv").is_file());
    folders.map(|folder| Run::read(&folder)).collect()
}

fn folder(data: Option<&Path>) -> Result<PathBuf> {
    match data {
        Some(data) => Ok(data.to_owned()),
        None => Ok(out_folder(None)?.join("data")),
    }
}
