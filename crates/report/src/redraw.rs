//! What the saved data give today: every experiment judges and draws its own again, into a scratch
//! folder, so that nothing changes before all is known.

use crate::run::{About, RUN, Run};
use crate::studies::{self, Files};
use anyhow::{Context, Result, bail, ensure};
use lab::programs::Programs;
use lab::show::describe::{self, Described};
use lab_data::run::RunInfo;
use lab_data::tables;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Below `data/`, and the name of its marker: a run of somebody's own work.
pub(crate) const OWN_WORK: &str = "own-work";
/// The program that ran it.
const SIZING: &str = "pool-sizing";

/// What all data give.
#[derive(Debug, Default)]
pub(crate) struct Redrawn {
    /// One for each experiment whose data are whole, in the order of the names asked for.
    pub(crate) runs: Vec<Run>,
    /// Their verdicts and figures.
    pub(crate) files: Files,
    /// The same figures as SVG, by the paths of the PNGs but for their ending: for the page alone.
    pub(crate) svg: Files,
    /// What the studies say whose data are whole, by their names.
    pub(crate) blocks: BTreeMap<String, String>,
    /// Names and sentences of those whose data are not.
    pub(crate) problems: Vec<(String, String)>,
}

/// What the data of one experiment or study give.
#[derive(Debug, Default)]
struct Drawn {
    run: Option<Run>,
    /// Texts by their markers.
    blocks: Vec<(String, String)>,
    files: Files,
    svg: Files,
    /// What is to be known of data that can be judged all the same.
    warnings: String,
}

/// Lets the experiments and studies of these names judge and draw their data below `out` again, as
/// many at once as there are cores.
///
/// # Errors
/// If there is no room for a scratch folder. What is wrong with the data of one of them is among the
/// problems.
pub(crate) fn redraw(out: &Path, names: &[String], programs: &Programs) -> Result<Redrawn> {
    let scratch = tempfile::tempdir().context("no scratch folder can be made")?;
    let again = |name: &String| {
        if studies::has(name) {
            let (blocks, files) = studies::again(out, name).with_context(|| name.clone())?;
            return Ok(Drawn { blocks, files, ..Drawn::default() });
        }
        again(out, name, &scratch.path().join(name), &programs.path(name))
    };
    let all: Vec<Result<Drawn>> = names.par_iter().map(again).collect();
    let mut redrawn = Redrawn::default();
    for (name, drawn) in names.iter().zip(all) {
        match drawn {
            Ok(drawn) => {
                eprint!("{}", drawn.warnings);
                redrawn.runs.extend(drawn.run);
                redrawn.files.extend(drawn.files);
                redrawn.svg.extend(drawn.svg);
                redrawn.blocks.extend(drawn.blocks);
            }
            Err(error) => redrawn.problems.push((name.clone(), format!("{error:#}"))),
        }
    }
    Ok(redrawn)
}

/// What the program prints of a run of somebody's own work, saved as if `data/own-work` were the folder of
/// a user.
///
/// # Errors
/// If its data are missing or damaged.
pub(crate) fn own_work(out: &Path, programs: &Programs) -> Result<String> {
    let scratch = tempfile::tempdir().context("no scratch folder can be made")?;
    let user = out.join("data").join(OWN_WORK);
    ensure!(user.is_dir(), "{} is missing: data/README.md says how it is made", user.display());
    let drawn = again(&user, SIZING, scratch.path(), &programs.path(SIZING))?;
    Ok(drawn.run.map(|run| run.printed).unwrap_or_default())
}

/// Calls an experiment's program. What is wrong it says itself, about the files that its reader knows.
fn again(out: &Path, name: &str, into: &Path, program: &Path) -> Result<Drawn> {
    let data = out.join("data").join(name);
    ensure!(data.is_dir(), "{name}: {} is missing: run `scripts/run-all {name}`", data.display());
    let mut command = Command::new(program);
    command.arg("--replay").arg("--out").arg(out).arg("--into").arg(into);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("{} cannot be started", program.display()))?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        ensure!(!said.trim().is_empty(), "{name}: ended with {}", output.status);
        bail!("{}", said.trim());
    }
    let mut files = Files::new();
    collect(into, into, &mut files)?;
    let described = files.remove(Path::new(describe::FILE));
    let (files, svg) = without_svg(files);
    let described = described.with_context(|| format!("{name} left no design: rebuild it"))?;
    let described: Described = serde_json::from_slice(&described)
        .with_context(|| format!("the design of {name} cannot be read"))?;
    let run = Run {
        name: name.to_owned(),
        info: RunInfo::read(&data.join(RUN))?,
        rows: tables::read(&into.join("data").join(name).join("verdicts.csv"))?,
        about: About::from(described),
        // The scratch folder is nothing to a reader.
        printed: String::from_utf8_lossy(&output.stdout)
            .replace(&format!("{}/", into.display()), ""),
    };
    Ok(Drawn { run: Some(run), files, svg, warnings: said, ..Drawn::default() })
}

/// Splits what a program left: files of the house, and the SVGs, by the paths of their PNGs but for the
/// ending.
fn without_svg(files: Files) -> (Files, Files) {
    let folder = Path::new(describe::FIGURES);
    let (svg, files): (Files, Files) =
        files.into_iter().partition(|(path, _)| path.starts_with(folder));
    let place = |(path, bytes): (PathBuf, Vec<u8>)| {
        let name = path.strip_prefix(folder).unwrap_or(&path).to_owned();
        (Path::new("plots").join(name), bytes)
    };
    (files, svg.into_iter().map(place).collect())
}

/// All files below a folder, by their paths below `root`.
fn collect(root: &Path, folder: &Path, files: &mut Files) -> Result<()> {
    for path in entries(folder)? {
        if path.is_dir() {
            collect(root, &path, files)?;
        } else {
            let bytes = std::fs::read(&path)
                .with_context(|| format!("{} cannot be read", path.display()))?;
            files.insert(path.strip_prefix(root).unwrap_or(&path).to_owned(), bytes);
        }
    }
    Ok(())
}

/// The paths of what a folder holds; nothing if there is no folder.
///
/// # Errors
/// If it cannot be read.
pub(crate) fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.with_context(|| format!("{} cannot be read", folder.display()))?,
    };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    Ok(paths)
}
