//! Compares what the data give with what stands there, and replaces what differs.

use crate::Places;
use crate::blocks;
use crate::board::Board;
use crate::programs::Programs;
use crate::redraw::{Files, Redrawn, entries, redraw};
use crate::{splice, studies};
use anyhow::{Context, Result, ensure};
use lab_record::folder::mend;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The figure of all verdicts.
const VERDICTS: &str = "verdicts";
/// The file with the markers.
const README: &str = "README.md";

/// Draws and splices everything; or, as a check, only says what differs.
///
/// # Errors
/// If something cannot be read or written, which is then as it was.
pub(crate) fn everything(places: &Places, check: bool) -> Result<ExitCode> {
    let out = lab::out_folder(places.out.as_deref())?;
    let readme = out.join(README);
    let text = std::fs::read_to_string(&readme)
        .with_context(|| format!("{} cannot be read", readme.display()))?;
    let programs = Programs::find(places.programs.as_deref())?;
    let names = in_order_of(&text, programs.names());
    programs.build(&names)?;
    if !check {
        mend_all(&out, &names)?;
    }
    let mut redrawn = redraw(&out, &names, &programs)?;
    redrawn.draw_verdicts()?;
    let is_asked = |name: &str| splice::markers(&text).any(|marker| marker == name);
    redrawn.add_studies(&out, studies::names(), is_asked);
    let mut problems: Vec<String> = Vec::new();
    let data = out.join("data");
    let spliced = splice::splice(&text, |name| blocks::block(&data, &redrawn, &names, name));
    let mut places_in_readme = Vec::new();
    match spliced {
        Ok((new, changed)) => {
            places_in_readme = changed;
            redrawn.files.insert(README.into(), new.into_bytes());
        }
        Err(error) => problems.push(format!("{}: {error:#}", readme.display())),
    }
    problems.extend(strays(&out, &redrawn)?);
    let changed = differing(&out, &redrawn.files);
    let told = changed.iter().map(|path| match path.to_str() {
        Some(README) => format!("{}: {}", readme.display(), places_in_readme.join(", ")),
        _ => out.join(path).display().to_string(),
    });
    if check {
        problems.extend(
            told.map(|place| {
                format!("{place}: not what the data gives; run `cargo run -p report`")
            }),
        );
    } else {
        replace(&out, &redrawn.files, &changed)?;
        for line in told {
            lab::say(&format!("{line}\n"))?;
        }
    }
    problems.extend(redrawn.problems.into_iter().map(|(_, sentence)| sentence));
    conclude(&problems, "README and figures are what the data gives.")
}

/// Judges and draws the data of these experiments (all that have data, if none is named) again.
///
/// # Errors
/// If there is no such experiment, or something cannot be read or written, which is then as it
/// was.
pub(crate) fn figures(places: &Places, names: &[String]) -> Result<ExitCode> {
    let out = lab::out_folder(places.out.as_deref())?;
    let programs = Programs::find(places.programs.as_deref())?;
    let known = programs.names();
    let (asked, named): (Vec<&String>, Vec<&String>) = names
        .iter()
        .partition(|name| studies::names().any(|study| study == name.as_str()));
    for name in &named {
        ensure!(
            known.contains(name),
            "there is no experiment '{name}'; there are: {} {}",
            known.join(" "),
            studies::names().collect::<Vec<_>>().join(" ")
        );
    }
    let has_data = |name: &&String| out.join("data").join(name).is_dir();
    let all = names.is_empty();
    let names: Vec<String> = match all {
        true => known.iter().filter(has_data).cloned().collect(),
        false => named.into_iter().cloned().collect(),
    };
    programs.build(&names)?;
    mend_all(&out, &names)?;
    let mut redrawn = redraw(&out, &names, &programs)?;
    let is_asked = |name: &str| asked.iter().any(|asked| *asked == name);
    let all_or_asked = |name: &&str| all || is_asked(name);
    redrawn.add_studies(&out, studies::names().filter(all_or_asked), is_asked);
    replace(&out, &redrawn.files, &differing(&out, &redrawn.files))?;
    for path in redrawn.files.keys() {
        lab::say(&format!("{}\n", out.join(path).display()))?;
    }
    let problems: Vec<String> = redrawn.problems.into_iter().map(|(_, said)| said).collect();
    conclude(&problems, "All figures are what the data gives.")
}

impl Redrawn {
    /// Adds the figure of all verdicts.
    fn draw_verdicts(&mut self) -> Result<()> {
        let caption = blocks::machines(&self.saved).collect::<Vec<_>>().join("; ");
        let Some(matrix) = Board::of(&self.saved).matrix(caption) else {
            return Ok(());
        };
        let scratch = tempfile::tempdir().context("no scratch folder can be made")?;
        let path = scratch.path().join(VERDICTS);
        lab_plot::matrix(&matrix, &path)?;
        let bytes = std::fs::read(&path).context("the figure of all verdicts is gone")?;
        let place = Path::new("plots").join(VERDICTS).with_extension("png");
        self.files.insert(place, bytes);
        Ok(())
    }
}

/// The names in the order in which a text has markers for them; then the others.
fn in_order_of(text: &str, names: &[String]) -> Vec<String> {
    let markers: Vec<&str> = splice::markers(text).collect();
    let place = |name: &String| markers.iter().position(|marker| marker == name);
    let mut names = names.to_vec();
    names.sort_by_key(|name| place(name).unwrap_or(usize::MAX));
    names
}

/// Finishes what an interrupted run left between two folders.
fn mend_all(out: &Path, names: &[String]) -> Result<()> {
    let data = out.join("data");
    if !data.is_dir() {
        return Ok(());
    }
    for name in names {
        mend(&data, name)?;
    }
    for name in studies::names() {
        mend(&data, name)?;
    }
    Ok(())
}

/// Figures that no data give. Those of an experiment whose data are damaged are not meant.
fn strays(out: &Path, redrawn: &Redrawn) -> Result<Vec<String>> {
    let figures = entries(&out.join("plots"))?;
    let strays = figures.iter().filter(|path| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let is_of = |damaged: &String| {
            let rest = name.strip_prefix(damaged.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        };
        let inside = path.strip_prefix(out).unwrap_or(path);
        path.extension().is_some_and(|end| end == "png")
            && !redrawn.files.contains_key(inside)
            && !redrawn.problems.iter().any(|(damaged, _)| is_of(damaged))
    });
    let told =
        strays.map(|path| format!("{}: no data give this figure; remove it", path.display()));
    Ok(told.collect())
}

/// Which files do not hold what they should.
fn differing(out: &Path, files: &Files) -> Vec<PathBuf> {
    let differs = |(path, bytes): &(&PathBuf, &Vec<u8>)| {
        std::fs::read(out.join(path)).ok().as_ref() != Some(*bytes)
    };
    let changed = files.iter().filter(differs);
    changed.map(|(path, _)| path.clone()).collect()
}

/// Replaces these files, each of them whole; none, if there is no room for all.
fn replace(out: &Path, files: &Files, changed: &[PathBuf]) -> Result<()> {
    let plots = out.join("plots");
    std::fs::create_dir_all(&plots)
        .with_context(|| format!("{} cannot be made", plots.display()))?;
    let new: Vec<(PathBuf, &[u8])> = changed
        .iter()
        .filter_map(|path| Some((out.join(path), files.get(path)?.as_slice())))
        .collect();
    let new: Vec<(&Path, &[u8])> = new
        .iter()
        .map(|(path, bytes)| (path.as_path(), *bytes))
        .collect();
    Ok(lab_record::atomic_write_all(&new)?)
}

fn conclude(problems: &[String], all_well: &str) -> Result<ExitCode> {
    for problem in problems {
        eprintln!("report: {problem}");
    }
    if !problems.is_empty() {
        return Ok(ExitCode::FAILURE);
    }
    lab::say(&format!("{all_well}\n"))?;
    Ok(ExitCode::SUCCESS)
}
