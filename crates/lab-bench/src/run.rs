//! The command line, and a run from its start to the saved folder.

use crate::goals::{COMPARISONS, Comparison, GOALS, QUICK_ROUNDS};
use crate::ours::{GUARD, TASK};
use crate::results::{self, RESULTS};
use crate::rounds::{MEASUREMENTS, MeasurementRow, Skipped, Subject, compare, measure};
use anyhow::{Context, Result};
use clap::Parser;
use clap::builder::PossibleValuesParser;
use lab::measure::interrupt;
use lab::measure::provenance::{out_folder, provenance, workspace};
use lab_data::clock::now_ns;
use lab_data::folder::RunFolder;
use lab_data::lock::Lock;
use lab_data::run::{Mode, Noise, RunInfo};
use lab_data::tables;
use lab_data::usage::{Meter, TOO_MUCH};
use lab_pool::process::{ChildCommand, Guard, run_command};
use oorandom::Rand64;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// Name of the folder below `data/`.
pub const NAME: &str = "bench";
/// Python's commands.
const SCRIPT: &str = include_str!("../python/tools.py");
/// The Python that `scripts/bench` makes, below the workspace.
const ENVIRONMENT: &str = "target/bench-venv/bin/python";

#[derive(Debug, Parser)]
#[command(
    name = "bench",
    about = "Measures the laboratory: as ratios within one run, against bare loops and Python",
    after_help = "Exit: 0 measured, whatever came of it; 1 it could not be; 2 wrong usage."
)]
struct Options {
    /// Measure these only, and save nothing unless --out says where [default: all]
    #[arg(value_parser = PossibleValuesParser::new(COMPARISONS.iter().map(|one| one.name)))]
    comparisons: Vec<String>,

    /// A first look: fewer rounds of less
    #[arg(long)]
    quick: bool,

    /// The folder that holds data/ [default: the workspace, else the current folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// The Python to compare with [default: that of scripts/bench, else python3]
    #[arg(long, value_name = "PROGRAM")]
    python: Option<PathBuf>,

    /// Where the order of the rounds begins [default: by the clock]
    #[arg(long)]
    seed: Option<u64>,
}

/// Reads the command line and measures.
pub(crate) fn run() -> ExitCode {
    match measure_all(&Options::parse()) {
        Ok(text) => {
            // Whoever closed stdout does not want the table.
            let _ = std::io::stdout().write_all(text.as_bytes());
            ExitCode::SUCCESS
        }
        Err(error) => {
            interrupt::park_if_interrupted();
            eprintln!("{NAME}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Measures and saves; what came of it, as text.
fn measure_all(options: &Options) -> Result<String> {
    interrupt::watch()?;
    let data = out_folder(options.out.as_deref())?.join("data");
    let folder = RunFolder::create(&data, NAME)?;
    interrupt::set_scratch(folder.path(""));
    let _guard = Guard::start(&ChildCommand::this_executable("guard", [GUARD])?)?;
    let _lock = Lock::acquire_waiting(|| eprintln!("{NAME}: waiting for an experiment to end"))?;
    let scratch = folder.path("scratch");
    let script = scratch.join("tools.py");
    std::fs::create_dir(&scratch)
        .and_then(|()| std::fs::write(&script, SCRIPT))
        .with_context(|| format!("{} cannot be written", script.display()))?;
    let python = python(options.python.as_deref());
    let python = [python, script].map(|path| path.to_string_lossy().into_owned());

    let mode = if options.quick { Mode::Quick } else { Mode::Default };
    let mut info = provenance(NAME, mode, options.seed.unwrap_or_else(now_ns));
    info.settings.versions = versions(&python);
    let (start_ns, meter) = (now_ns(), Meter::start());
    let (rows, skipped) = all_rounds(options, &python, &scratch, info.seed)?;
    note_others(&mut info, meter, now_ns() - start_ns);
    for one in &skipped {
        info.warnings.push(format!("{}, {}: {}", one.comparison, one.subject, one.reason));
    }
    std::fs::remove_dir_all(&scratch)
        .with_context(|| format!("{} is still there", scratch.display()))?;

    let found = results::results(GOALS, &rows, &skipped, options.quick);
    let measured = tables::write(&folder.path(MEASUREMENTS), &rows)?;
    info.tables.insert(MEASUREMENTS.to_owned(), measured);
    info.tables.insert(RESULTS.to_owned(), tables::write(&folder.path(RESULTS), &found)?);
    info.write(&folder.path("run.json"))?;
    let mut text = results::markdown(found.iter());
    if options.comparisons.is_empty() || options.out.is_some() {
        interrupt::commit(folder)?;
        text.push_str(&format!("\ndata: {}\n", data.join(NAME).display()));
    }
    Ok(text)
}

/// All comparisons, one after the other.
fn all_rounds(
    options: &Options,
    python: &[String],
    scratch: &Path,
    seed: u64,
) -> Result<(Vec<MeasurementRow>, Vec<Skipped>)> {
    let mut random = Rand64::new(u128::from(seed));
    let (mut rows, mut skipped) = (Vec::new(), Vec::new());
    let own = std::env::current_exe().context("nobody knows where this program is")?;
    let ours = [own.to_string_lossy().into_owned(), TASK.to_owned()];
    let is_asked = |one: &&Comparison| {
        options.comparisons.is_empty() || options.comparisons.iter().any(|name| name == one.name)
    };
    for one in COMPARISONS.iter().filter(is_asked) {
        let (size, rounds) =
            if options.quick { (one.sizes.1, QUICK_ROUNDS) } else { (one.sizes.0, one.rounds) };
        let subject = |mut words: Vec<String>, name: &'static str| {
            words.extend([one.name, name].map(str::to_owned));
            words.extend([size.to_string(), scratch.to_string_lossy().into_owned()]);
            Subject { name, words }
        };
        let of_ours = one.ours.iter().map(|name| subject(ours.to_vec(), name));
        let of_python = one.python.iter().map(|name| subject(python.to_vec(), name));
        let subjects: Vec<Subject> = of_ours.chain(of_python).collect();
        let names: Vec<&str> = subjects.iter().map(|subject| subject.name).collect();
        eprintln!("{NAME}: {}, {rounds} rounds: {}", one.name, names.join(", "));
        let (new, failed) = compare((one.name, size, rounds), subjects, &mut random, |subject| {
            measure(&subject.words, size)
        });
        for one in &failed {
            eprintln!("{NAME}: {} is left out: {}", one.subject, one.reason);
        }
        rows.extend(new);
        skipped.extend(failed);
    }
    Ok((rows, skipped))
}

/// What was asked for, else that of `scripts/bench`, else the first on PATH.
fn python(asked: Option<&Path>) -> PathBuf {
    let made = || Some(workspace()?.join(ENVIRONMENT)).filter(|program| program.is_file());
    asked.map(PathBuf::from).or_else(made).unwrap_or("python3".into())
}

/// Python's version and those of its packages that are there.
fn versions([program, script]: &[String; 2]) -> BTreeMap<String, String> {
    let args = [script.clone(), "versions".to_owned()];
    let line = run_command(program, &args, Duration::from_secs(60));
    let line = line.map(|used| used.last_output).unwrap_or_default();
    let pairs = line.split(' ').filter_map(|word| word.split_once('='));
    pairs.map(|(name, version)| (name.to_owned(), version.to_owned())).collect()
}

/// Notes what others did to the machine meanwhile: ratios bear it, times and rates do not.
fn note_others(info: &mut RunInfo, meter: Meter, lasted_ns: u64) {
    let cost = meter.stop();
    let all_ns = lasted_ns as f64 * f64::from(info.machine.cores.logical);
    let others = cost.others_cpu_ns(0).map(|ns| (ns as f64 / all_ns).max(0.0));
    info.noise = Some(Noise {
        others_share: others,
        steal_share: cost.machine.map(|machine| machine.steal_ns as f64 / all_ns),
    });
    if let Some(share) = others.filter(|share| *share > TOO_MUCH) {
        let share = lab_stats::format::share(share);
        let warning = format!("others used {share} of the machine: measure again when it is quiet");
        eprintln!("{NAME}: {warning}");
        info.warnings.push(warning);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound_and_knows_the_comparisons() {
        Options::command().debug_assert();
        assert!(Options::try_parse_from(["bench", "draw", "read", "--quick"]).is_ok());
        assert!(Options::try_parse_from(["bench", "dance"]).is_err());
    }
}
