//! `report page`: everything that was found as one HTML file.

use crate::publish::machines;
use crate::publish::what_if::what_if;
use crate::readme::blocks;
use crate::readme::documents::in_readme_order;
use crate::readme::sections::figures;
use crate::redraw::{Redrawn, redraw};
use anyhow::{Context, Result, bail};
use lab::measure::provenance::out_folder;
use lab::programs::Programs;
use lab::show::print::say;
use lab_data::folder::DataLock;
use lab_data::{atomic_write, check_writable, tables};
use lab_page::{Experiment, Page, Picture, Recording, Told};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Where the page is, below the folder of `data/` and `plots/`.
pub(crate) const PAGE: &str = "plots/index.html";

/// Writes the page of a data folder. What is wrong with the data of one experiment is said, and
/// nothing is written.
///
/// # Errors
/// If there are no data, or something cannot be read or written; an older page stays then.
pub(crate) fn write(
    data: Option<&Path>,
    into: Option<&Path>,
    programs: Option<&Path>,
) -> Result<ExitCode> {
    let programs = Programs::find(programs)?;
    let Some(data) = data else {
        let out = out_folder(None)?;
        let target = into.map_or_else(|| out.join(PAGE), Path::to_owned);
        return finish(&out, &out, &target, &programs);
    };
    let data = data.canonicalize().with_context(|| format!("{} cannot be read", data.display()))?;
    let beside = data.parent().unwrap_or(Path::new("/"));
    let target = into.map_or_else(|| beside.join(PAGE), Path::to_owned);
    if data.ends_with("data") {
        return finish(beside, beside, &target, &programs);
    }
    // Programs look for a folder of this name.
    let scratch = tempfile::tempdir().context("no scratch folder can be made")?;
    std::os::unix::fs::symlink(&data, scratch.path().join("data"))
        .context("the scratch folder cannot be used")?;
    finish(scratch.path(), beside, &target, &programs)
}

/// After a suite: a page that cannot be written is said, and takes nothing from what was measured.
pub(crate) fn after_suite(out: &Path, programs: &Programs) {
    let target = out.join(PAGE);
    let Err(error) = build(out, out, &target, programs) else {
        eprintln!("run-all: everything on one page: {}", target.display());
        return;
    };
    eprintln!("run-all: no new page was written: {error:#}");
}

fn finish(out: &Path, texts: &Path, target: &Path, programs: &Programs) -> Result<ExitCode> {
    build(out, texts, target, programs)?;
    say(&format!("{}\n", target.display()))?;
    Ok(ExitCode::SUCCESS)
}

/// The page takes a minute: whether it can be written is tried before.
fn build(out: &Path, texts: &Path, target: &Path, programs: &Programs) -> Result<()> {
    if let Some(folder) = target.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    check_writable(target)?;
    Ok(atomic_write(target, &make(out, texts, programs)?)?)
}

/// Judges and draws all data again, and makes the page of that, in the order of the texts in a folder.
fn make(out: &Path, texts: &Path, programs: &Programs) -> Result<Vec<u8>> {
    let has_data = |name: &String| out.join("data").join(name).is_dir();
    let experiments: Vec<String> =
        in_readme_order(texts, programs.names())?.into_iter().filter(has_data).collect();
    programs.build(&experiments)?;
    let validity = Some(validity::NAME.to_owned()).filter(has_data);
    let names: Vec<String> = experiments.iter().cloned().chain(validity).collect();
    let redrawn = redraw(out, &names, programs)?;
    if let Some((_, problem)) = redrawn.problems.first() {
        bail!("{problem}");
    }
    html(&out.join("data"), &redrawn, programs)
}

/// The page of what the data give.
///
/// # Errors
/// If a table or another machine's results cannot be read, or there is nothing to show.
pub(crate) fn html(data: &Path, redrawn: &Redrawn, programs: &Programs) -> Result<Vec<u8>> {
    let _lock = DataLock::to_read(data)?;
    let experiments = redrawn.runs.iter().map(|run| {
        let folder = data.join(&run.name);
        let [trials, jobs, spans] =
            ["trials.csv", "jobs.csv", "spans.csv"].map(|file| folder.join(file));
        let (trials, jobs, spans) =
            (tables::read(&trials)?, tables::read(&jobs)?, tables::read(&spans)?);
        let recording = Recording::of(&run.info, &run.rows, &trials, &jobs, &spans);
        let table = Path::new("data").join(&run.name).join("verdicts.csv");
        let told = run.about.ids().map(|id| {
            (id, Told { lesson: run.lesson(id), meaning: run.about.meaning(id, &run.rows) })
        });
        Ok(Experiment {
            info: &run.info,
            rows: &run.rows,
            text: &run.about.text,
            told: told.collect(),
            answers: &run.about.predicted.answers,
            pictures: pictures(&run.name, redrawn),
            recording,
            table: redrawn.files.get(&table).cloned().unwrap_or_default(),
        })
    });
    let mut page = Page {
        experiments: experiments.collect::<Result<_>>()?,
        what_if: what_if(data, redrawn, programs).unwrap_or_else(|error| {
            eprintln!("report: the page simulates no other machine: {error:#}");
            None
        }),
        validity: redrawn.blocks.get(validity::NAME).map(String::as_str),
        origins: blocks::machines(&redrawn.runs),
        machines: Vec::new(),
    };
    let rules = page.rules();
    page.machines = machines::read_all(&machines::files(data)?, &rules)?;
    Ok(page.html()?.into_bytes())
}

/// The figures of an experiment, with the titles that their PNGs carry.
fn pictures(name: &str, redrawn: &Redrawn) -> Vec<Picture> {
    let picture = |(path, title): (String, String)| {
        let svg = redrawn.svg.get(&PathBuf::from(&path).with_extension("svg"))?;
        Some(Picture { title, file: path, svg: String::from_utf8_lossy(svg).into_owned() })
    };
    let mut all: Vec<Picture> = figures(name, &redrawn.files).filter_map(picture).collect();
    // The one that is named as the experiment is comes first.
    all.sort_by_key(|picture| Path::new(&picture.file).with_extension(""));
    all
}
