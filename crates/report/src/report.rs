//! Compares what the data give with the README and the figures, and replaces what differs.

use crate::Places;
use crate::board::Board;
use crate::publish::page::{self, PAGE};
use crate::readme::blocks::{self, Source};
use crate::readme::documents::{Document, in_order_of};
use crate::readme::splice;
use crate::redraw::{OWN_WORK, Redrawn, entries, own_work, redraw};
use crate::studies::{self, Files};
use crate::twins;
use anyhow::{Context, Result, ensure};
use lab::measure::provenance::out_folder;
use lab::programs::Programs;
use lab::show::print::say;
use lab_data::folder::recover;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The figures of all verdicts; from the second on they are numbered.
const VERDICTS: &str = "plots/verdicts.png";

/// Draws and splices everything; or, as a check, only says what differs.
///
/// # Errors
/// If something cannot be read or written, which is then as it was.
pub(crate) fn everything(places: &Places, check: bool) -> Result<ExitCode> {
    let out = out_folder(places.out.as_deref())?;
    let documents = Document::all(&out)?;
    let programs = Programs::find(places.programs.as_deref())?;
    let markers: Vec<&str> = documents.iter().flat_map(Document::markers).collect();
    let experiments = in_order_of(&markers, programs.names());
    // Data of a study that nobody asks for may be missing.
    let is_there = |name: &&str| markers.contains(name) || out.join("data").join(name).exists();
    let names = experiments.iter().cloned();
    let names: Vec<String> =
        names.chain(studies::names().filter(is_there).map(str::to_owned)).collect();
    programs.build(&experiments)?;
    if !check {
        recover_all(&out, &names)?;
    }
    let mut redrawn = redraw(&out, &names, &programs)?;
    if markers.contains(&format!("output {OWN_WORK}").as_str()) {
        match own_work(&out, &programs) {
            Ok(printed) => drop(redrawn.blocks.insert(OWN_WORK.to_owned(), printed)),
            Err(error) => redrawn.problems.push((OWN_WORK.to_owned(), format!("{error:#}"))),
        }
    }
    let machines: BTreeSet<_> = redrawn.runs.iter().map(|run| blocks::machine(&run.info)).collect();
    let caption = machines.into_iter().collect::<Vec<_>>().join(" · ");
    if let Some(figure) = Board::brief(&redrawn.runs).figure(&caption) {
        redrawn.files.insert(VERDICTS.into(), figure.png()?);
    }
    let mut problems: Vec<String> = Vec::new();
    let data = out.join("data");
    redrawn.files.extend(twins::draw(&data, &redrawn.runs)?);
    let has_page = out.join(PAGE).exists();
    if has_page && redrawn.problems.is_empty() {
        match page::html(&data, &redrawn, &programs) {
            Ok(page) => drop(redrawn.files.insert(PAGE.into(), page)),
            Err(error) => problems.push(format!("{}: {error:#}", out.join(PAGE).display())),
        }
    }
    let source = Source { data: &data, redrawn: &redrawn, names: &experiments, markers: &markers };
    let mut texts = Files::new();
    let mut places_in_texts = BTreeMap::new();
    for Document { path, text } in &documents {
        let up = Document::up(path);
        match splice::splice(text, |marker| source.block(marker, &up)) {
            Ok((new, changed)) => {
                places_in_texts.insert(PathBuf::from(path), changed.join(", "));
                texts.insert(path.into(), new.into_bytes());
            }
            Err(error) => problems.push(format!("{}: {error:#}", out.join(path).display())),
        }
    }
    redrawn.files.extend(texts);
    problems.extend(strays(&out, &redrawn)?);
    let changed = differing(&out, &redrawn.files);
    let places = changed.iter().map(|path| match places_in_texts.get(path) {
        Some(places) => format!("{}: {places}", out.join(path).display()),
        None => out.join(path).display().to_string(),
    });
    if check {
        let wrong = |place| format!("{place}: not what the data gives; run `cargo run -p report`");
        problems.extend(places.map(wrong));
    } else {
        replace(&out, &redrawn.files)?;
        for place in places {
            say(&format!("{place}\n"))?;
        }
    }
    conclude(problems, redrawn, "README and figures are what the data gives.")
}

/// Judges and draws the data of these experiments and studies (all that have data, if none is named)
/// again; `articles` names those that the articles' figures show.
///
/// # Errors
/// If there is no such name, or something cannot be read or written, which is then as it was.
pub(crate) fn figures(places: &Places, names: &[String]) -> Result<ExitCode> {
    let out = out_folder(places.out.as_deref())?;
    let programs = Programs::find(places.programs.as_deref())?;
    let known = programs.names().iter().cloned().chain(studies::names().map(str::to_owned));
    let mut known: Vec<String> = known.collect();
    let mut names = names.to_vec();
    let has_twins = names.is_empty() || names.iter().any(|name| name == twins::NAME);
    if !names.is_empty() && has_twins {
        names.retain(|name| name != twins::NAME);
        names.extend(twins::EXPERIMENTS.map(str::to_owned));
    }
    for name in &names {
        ensure!(
            known.contains(name),
            "there is no experiment '{name}'; there are: {} {}",
            known.join(" "),
            twins::NAME
        );
    }
    known.retain(|name| match names.as_slice() {
        [] => out.join("data").join(name).is_dir(),
        names => names.contains(name),
    });
    ensure!(
        !known.is_empty(),
        "{} holds no data of an experiment: name the folder that holds data/ with --out, or measure first",
        out.join("data").display()
    );
    let experiments = known.iter().filter(|name| !studies::has(name));
    programs.build(&experiments.collect::<Vec<_>>())?;
    recover_all(&out, &known)?;
    let mut redrawn = redraw(&out, &known, &programs)?;
    if has_twins {
        redrawn.files.extend(twins::draw(&out.join("data"), &redrawn.runs)?);
    }
    replace(&out, &redrawn.files)?;
    for path in redrawn.files.keys() {
        say(&format!("{}\n", out.join(path).display()))?;
    }
    conclude(Vec::new(), redrawn, "All figures are what the data gives.")
}

/// Finishes what an interrupted run left between two folders.
fn recover_all(out: &Path, names: &[String]) -> Result<()> {
    let data = out.join("data");
    if data.is_dir() {
        names.iter().try_for_each(|name| recover(&data, name).map(drop))?;
    }
    Ok(())
}

/// Figures that no data give. Those of an experiment whose data are damaged are not meant.
fn strays(out: &Path, redrawn: &Redrawn) -> Result<Vec<String>> {
    let is_stray = |path: &PathBuf| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let is_of = |(damaged, _): &(String, String)| {
            let rest = name.strip_prefix(damaged.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        };
        path.extension().is_some_and(|end| end == "png")
            && !redrawn.files.contains_key(path.strip_prefix(out).unwrap_or(path))
            && !redrawn.problems.iter().any(is_of)
    };
    let figures = entries(&out.join("plots"))?.into_iter().filter(is_stray);
    let said = |path: PathBuf| format!("{}: no data give this figure; remove it", path.display());
    Ok(figures.map(said).collect())
}

/// Which files do not hold what they should.
fn differing(out: &Path, files: &Files) -> Vec<PathBuf> {
    let is_other = |(path, bytes): &(&PathBuf, &Vec<u8>)| {
        std::fs::read(out.join(path)).ok().as_ref() != Some(*bytes)
    };
    files.iter().filter(is_other).map(|(path, _)| path.clone()).collect()
}

/// Replaces those of the files that differ, each of them whole; none, if there is no room for all.
fn replace(out: &Path, files: &Files) -> Result<()> {
    let plots = out.join("plots");
    std::fs::create_dir_all(&plots)
        .with_context(|| format!("{} cannot be made", plots.display()))?;
    let changed = differing(out, files).into_iter();
    let new: Vec<(PathBuf, &[u8])> =
        changed.filter_map(|path| Some((out.join(&path), files.get(&path)?.as_slice()))).collect();
    let new: Vec<(&Path, &[u8])> =
        new.iter().map(|(path, bytes)| (path.as_path(), *bytes)).collect();
    Ok(lab_data::atomic_write_all(&new)?)
}

fn conclude(mut problems: Vec<String>, redrawn: Redrawn, all_well: &str) -> Result<ExitCode> {
    problems.extend(redrawn.problems.into_iter().map(|(_, sentence)| sentence));
    for problem in &problems {
        eprintln!("report: {problem}");
    }
    if problems.is_empty() {
        say(&format!("{all_well}\n"))?;
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::FAILURE)
}
