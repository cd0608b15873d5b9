//! The command line, and a run from its start to the saved tables.

use crate::bench::Bench;
use crate::parts::{self, Part};
use crate::python::Python;
use crate::rounds::Record;
use crate::rows::{MEASUREMENTS, NAME, SKIPPED};
use crate::{GUARD, saved};
use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use lab_child::{ChildCommand, Guard};
use lab_record::folder::RunFolder;
use lab_record::lock::Lock;
use lab_record::run::{Mode, RunInfo};
use lab_record::tables;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Samples of each job in the articles.
const SAMPLES: u64 = 1_000_000;
const QUICK_SAMPLES: u64 = 100_000;
/// Where the environment with Python's tools is kept, below the workspace.
const ENVIRONMENT: &str = "target/bench-venv";

#[derive(Debug, Parser)]
#[command(
    name = "bench",
    about = "Measures the laboratory: as ratios within one run, against bare loops and Python",
    after_help = "Exit: 0 measured, whatever came of it; 1 it could not be; 2 wrong usage."
)]
struct Options {
    /// Measure these parts only, and save nothing, unless --out says where [default: all of them]
    #[arg(value_name = "PART")]
    parts: Vec<Part>,

    /// A first look: fewer rounds of less
    #[arg(long)]
    quick: bool,

    /// Samples of each of the pipeline's eight jobs [default: 1000000, as in the articles]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1000..))]
    samples: Option<u64>,

    /// The folder that holds data/ and plots/ [default: the workspace, else the current folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Leave Python out
    #[arg(long)]
    no_python: bool,
}

/// Reads the command line and measures.
pub(crate) fn run() -> ExitCode {
    let options = Options::parse();
    match measure(&options) {
        Ok(text) => {
            // Whoever closed stdout does not want the table.
            let _ = std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes());
            ExitCode::SUCCESS
        }
        Err(error) => {
            lab::interrupt::hold_if_interrupted();
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Measures, saves and draws; what came of it, as text.
fn measure(options: &Options) -> Result<String> {
    let default = if options.quick {
        QUICK_SAMPLES
    } else {
        SAMPLES
    };
    let samples = options.samples.unwrap_or(default);
    let parts = parts(&options.parts);
    if parts.contains(&Part::Pipeline) {
        parts::check(samples)?;
    }
    lab::interrupt::watch()?;
    let out = lab::out_folder(options.out.as_deref())?;
    let folder = RunFolder::create(&out.join("data"), NAME)?;
    lab::interrupt::unfinished(folder.path(""));
    let _guard = Guard::start(&ChildCommand::this_executable("guard", [GUARD])?)?;
    let scratch = folder.path("scratch");
    std::fs::create_dir(&scratch)
        .with_context(|| format!("{} cannot be made", scratch.display()))?;
    let mut bench = Bench {
        quick: options.quick,
        samples,
        python: python(options.no_python, &scratch),
        scratch,
        out: out.clone(),
        record: Record::default(),
        warnings: Vec::new(),
    };
    let mut info = info(options, &bench);
    let mut lock = lock();
    for part in parts {
        // An experiment of its own waits for the lock.
        if part == Part::First {
            lock = None;
        }
        part.measure(&mut bench)?;
    }
    drop(lock);
    info.warnings.append(&mut bench.warnings);
    std::fs::remove_dir_all(&bench.scratch)
        .with_context(|| format!("{} cannot be removed", bench.scratch.display()))?;
    tables::write(&folder.path(MEASUREMENTS), &bench.record.rows)?;
    tables::write(&folder.path(SKIPPED), &bench.record.skipped)?;
    info.write(&folder.path("run.json"))?;
    let found = saved::Saved::read(&folder.path(""))?;
    tables::write(&folder.path(crate::RESULTS), found.results())?;
    let mut text = found.table();
    if options.parts.is_empty() || options.out.is_some() {
        lab::interrupt::commit(folder)?;
        let plots = out.join("plots");
        std::fs::create_dir_all(&plots)
            .with_context(|| format!("{} cannot be made", plots.display()))?;
        text.push_str(&format!("\n{}\n", out.join("data").join(NAME).display()));
        for name in found.draw(&plots)? {
            text.push_str(&format!("{}\n", plots.join(name).display()));
        }
    }
    Ok(text)
}

/// Those that are asked for, else all; each once and in the order of the program, whatever the
/// words on the command line: round numbers stand for one measurement, and the part that runs an
/// experiment is last, because it gives the lock back.
fn parts(asked: &[Part]) -> Vec<Part> {
    let all = Part::value_variants().iter().copied();
    all.filter(|part| asked.is_empty() || asked.contains(part))
        .collect()
}

/// Where this is run, and with what.
fn info(options: &Options, bench: &Bench) -> RunInfo {
    let mode = if options.quick {
        Mode::Quick
    } else {
        Mode::Default
    };
    let words = std::env::args().skip(1);
    let argv = std::iter::once(NAME.to_owned()).chain(words).collect();
    let mut info = RunInfo::begin(NAME, mode, argv, 0);
    if let Some((commit, dirty)) = lab::commit() {
        info.commit = Some(commit);
        info.dirty = Some(dirty);
    }
    let versions = bench.python.as_ref().map(Python::versions);
    for (name, version) in versions.into_iter().flatten() {
        let version = Value::from(version.as_str());
        info.settings.insert(name.clone(), version);
    }
    info
}

/// The environment with Python's tools, or why there is none.
fn python(left_out: bool, scratch: &Path) -> Result<Python, String> {
    if left_out {
        return Err("Python was left out (--no-python)".to_owned());
    }
    let folder = lab::workspace().unwrap_or_default().join(ENVIRONMENT);
    let python = Python::prepare(&folder, scratch).map_err(|error| format!("{error:#}"));
    if let Err(why) = &python {
        eprintln!("bench: without Python: {why}");
    }
    python
}

/// Nothing else of the laboratory measures at this time.
fn lock() -> Option<Lock> {
    let wait = || eprintln!("bench: an experiment is measuring on this machine; waiting for it.");
    let lock = Lock::acquire_waiting(wait);
    if let Err(error) = &lock {
        eprintln!("bench: {error}; make sure that no experiment runs at this time");
    }
    lock.ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_is_sound() {
        Options::command().debug_assert();
        assert!(Options::try_parse_from(["bench", "draw", "--quick"]).is_ok());
        assert!(Options::try_parse_from(["bench", "dance"]).is_err());
        assert!(Options::try_parse_from(["bench", "--samples", "5"]).is_err());
    }

    #[test]
    fn parts_are_measured_once_each_and_the_one_without_the_lock_last() {
        assert_eq!(parts(&[Part::Draw, Part::Draw]), [Part::Draw]);
        assert_eq!(parts(&[Part::First, Part::Draw]), [Part::Draw, Part::First]);
        assert_eq!(parts(&[]), Part::value_variants());
        assert_eq!(parts(&[]).last(), Some(&Part::First));
    }

    #[test]
    fn what_cannot_fit_is_refused_before_anything_is_done() {
        let words = [
            "bench",
            "--samples",
            "1000000000000",
            "--out",
            "/dev/null/x",
        ];
        let error = measure(&Options::try_parse_from(words).unwrap()).unwrap_err();
        let said = format!("{error:#}");
        assert!(
            said.contains("8000000000000 samples would need about"),
            "{said}"
        );
        assert!(said.contains("the limit is"), "{said}");
    }
}
