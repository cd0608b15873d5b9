//! What the saved data give today: every experiment judges and draws them again, in a scratch
//! folder, so that nothing changes before all is known.

use crate::programs::Programs;
use anyhow::{Context, Result, bail, ensure};
use lab_record::rows::VerdictRow;
use lab_record::run::RunInfo;
use lab_record::tables;
use std::collections::BTreeMap;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The bytes that belong in each file, by its path below the folder of `data/` and `plots/`.
pub(crate) type Files = BTreeMap<PathBuf, Vec<u8>>;

/// What the data of one experiment say.
#[derive(Debug)]
pub(crate) struct Saved {
    /// The experiment.
    pub(crate) name: String,
    /// How its data were made.
    pub(crate) info: RunInfo,
    /// Its verdicts.
    pub(crate) rows: Vec<VerdictRow>,
}

/// What the data of all experiments give.
#[derive(Debug, Default)]
pub(crate) struct Redrawn {
    /// One for each experiment whose data are whole, in the order of the names asked for.
    pub(crate) saved: Vec<Saved>,
    /// Their verdicts and figures.
    pub(crate) files: Files,
    /// What the studies say whose data are there and whole, by their names.
    pub(crate) studies: BTreeMap<&'static str, String>,
    /// Names and sentences of those whose data are not.
    pub(crate) problems: Vec<(String, String)>,
}

/// Lets every experiment judge and draw its data below `out` again, as many at once as there are
/// cores.
///
/// # Errors
/// If there is no room for a scratch folder. What is wrong with the data of one experiment is
/// among the problems.
pub(crate) fn redraw(out: &Path, names: &[String], programs: &Programs) -> Result<Redrawn> {
    let scratch = tempfile::tempdir().context("no scratch folder can be made")?;
    let results: Mutex<BTreeMap<usize, Result<(Saved, Files)>>> = Mutex::default();
    let next = AtomicUsize::new(0);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores.min(names.len()) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(name) = names.get(index) else { break };
                    let result = one(out, name, scratch.path(), programs);
                    if let Ok(mut results) = results.lock() {
                        results.insert(index, result);
                    }
                }
            });
        }
    });
    let mut redrawn = Redrawn::default();
    let results = results.into_inner().unwrap_or_default();
    for (name, result) in names.iter().zip(results.into_values()) {
        match result {
            Ok((saved, files)) => {
                redrawn.saved.push(saved);
                redrawn.files.extend(files);
            }
            Err(error) => redrawn
                .problems
                .push((name.clone(), format!("{name}: {error:#}"))),
        }
    }
    Ok(redrawn)
}

fn one(out: &Path, name: &str, scratch: &Path, programs: &Programs) -> Result<(Saved, Files)> {
    let data = out.join("data").join(name);
    ensure!(
        data.is_dir(),
        "{} is missing: run `scripts/run-all {name}`",
        data.display()
    );
    let scratch = scratch.join(name);
    let copy = scratch.join("data").join(name);
    link(&data, &copy)?;
    let output = Command::new(programs.path(name))
        .arg("--replay")
        .arg("--out")
        .arg(&scratch)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .output()
        .with_context(|| format!("{} cannot be started", programs.path(name).display()))?;
    if !output.status.success() {
        // The experiment names the scratch folder, where its reader knows no file.
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.replace(&*scratch.to_string_lossy(), &out.to_string_lossy());
        let said = said.trim().trim_start_matches(&format!("{name}: "));
        match said.is_empty() {
            true => bail!("ended with {}", output.status),
            false => bail!("{said}"),
        }
    }
    let saved = Saved {
        name: name.to_owned(),
        info: RunInfo::read(&data.join("run.json"))?,
        rows: tables::read(&copy.join("verdicts.csv"))?,
    };
    let mut files = Files::new();
    let verdicts = Path::new("data").join(name).join("verdicts.csv");
    files.insert(verdicts.clone(), read(&scratch.join(verdicts))?);
    for figure in entries(&scratch.join("plots"))? {
        let bytes = read(&figure)?;
        let figure = figure.strip_prefix(&scratch).unwrap_or(&figure).to_owned();
        files.insert(figure, bytes);
    }
    Ok((saved, files))
}

/// A folder with links to all files of `data`: what is written there replaces a link, not the
/// file behind it.
fn link(data: &Path, copy: &Path) -> Result<()> {
    std::fs::create_dir_all(copy).with_context(|| format!("{} cannot be made", copy.display()))?;
    for file in entries(data)? {
        let file = std::path::absolute(&file)
            .with_context(|| format!("{} cannot be found", file.display()))?;
        let name = file.file_name().unwrap_or_default();
        symlink(&file, copy.join(name))
            .with_context(|| format!("{} cannot be linked", file.display()))?;
    }
    Ok(())
}

/// The paths of what lies in a folder; nothing if there is no folder.
pub(crate) fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => {
            return Err(error).with_context(|| format!("{} cannot be read", folder.display()));
        }
    };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}
