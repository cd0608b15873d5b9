//! How often the laboratory's verdicts are wrong, and how often they are found.
//!
//! # What is done
//! *Simulated*: runs of every rule by which an experiment judges, on machines with drift, spikes,
//! steps and a speed that switches between full and half, at the rule's edges and where its answer is
//! plain. *Idle*: real runs of an arm against the same arm under another name, and against jobs made
//! 5, 10 and 25 % longer by count. *Neighbour*: the same beside a busy process.
//!
//! # What this does not show
//! Blocks of these short real runs are too short for the noise gate, which needs a fifth of a second;
//! so real experiments are disturbed less than these runs. And it is one machine.
//!
//! Figure: plots/validity.png. Run it: `cargo run -p validity`

use anyhow::{Context, Result};
use clap::Parser;
use lab::interrupt;
use lab_record::folder::{RunFolder, mend};
use lab_record::run::{Mode, RunInfo};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;
use validity::real::{self, Numbers};
use validity::rows::Part;
use validity::{NAME, Study, neighbour, simulated};

#[derive(Debug, Parser)]
#[command(
    about = "Measures how often verdicts are wrong, and how often they are found: about 10 minutes"
)]
#[command(term_width = 100)]
struct Options {
    /// A first look: a tenth of the runs
    #[arg(long)]
    quick: bool,

    /// Only these parts, each within six minutes, and keep the others as they are saved [default:
    /// all]
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_enum)]
    part: Vec<Part>,

    /// Simulate and shuffle from this seed instead of a new one
    #[arg(long, value_name = "N")]
    seed: Option<u64>,

    /// The folder that holds data/ and plots/ [default: the workspace, else the current folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Measure nothing: count and draw the saved runs again
    #[arg(long, conflicts_with_all = ["quick", "part", "seed"])]
    replay: bool,
}

/// Simulated runs of each condition.
const SIMULATED: u32 = 4000;
/// Real runs of each condition on the machine as it is.
const IDLE: Numbers = Numbers {
    same: 300,
    longer: 10,
    longest: 40,
};
/// Beside a neighbour, where hardly a run is decided before its last look, and so all take long.
const BESIDE: Numbers = Numbers {
    same: 300,
    longer: 5,
    longest: 20,
};

fn main() -> ExitCode {
    if let Some(code) = lab::serve_child().or_else(neighbour::serve) {
        return code;
    }
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            interrupt::hold_if_interrupted();
            eprintln!("{NAME}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    interrupt::watch()?;
    let out = lab::out_folder(options.out.as_deref())?;
    let (data, plots) = (out.join("data"), out.join("plots"));
    let figure = plots.join(NAME).with_extension("png");
    std::fs::create_dir_all(&plots)
        .with_context(|| format!("{} cannot be made", plots.display()))?;
    let study = match options.replay {
        true => replay(&data)?,
        false => measure(options, &data)?,
    };
    study.draw(&figure)?;
    let mut text = String::new();
    for target in study.targets() {
        text.push_str(&format!("{target}\n"));
    }
    text.push_str(&format!(
        "{}\n{}\n",
        data.join(NAME).display(),
        figure.display()
    ));
    lab::say(&text)
}

/// Counts the saved runs again.
fn replay(data: &Path) -> Result<Study> {
    if data.is_dir() {
        mend(data, NAME)?;
    }
    let folder = data.join(NAME);
    let study = Study::read(&folder)
        .context("what is saved cannot be counted again: run it without --replay")?;
    study.write_conditions(&folder)?;
    Ok(study)
}

/// Measures into a new folder and puts it in the old one's place.
fn measure(options: &Options, data: &Path) -> Result<Study> {
    let folder = RunFolder::create(data, NAME)?;
    interrupt::unfinished(folder.path(""));
    let mode = if options.quick {
        Mode::Quick
    } else {
        Mode::Default
    };
    let seed = options.seed.unwrap_or_else(lab_record::clock::now_ns);
    let mut study = match options.part.is_empty() {
        true => None,
        false => saved(&data.join(NAME))?,
    }
    .map_or_else(
        || Study {
            info: lab::provenance(NAME, mode, seed),
            simulated: Vec::new(),
            runs: Vec::new(),
        },
        |old| Study {
            info: RunInfo {
                settings: old.info.settings,
                ..lab::provenance(NAME, mode_of_all(&options.part, mode, old.info.mode), seed)
            },
            ..old
        },
    );
    for warning in &study.info.warnings {
        eprintln!("warning: {warning}");
    }
    let parts = Part::ALL.into_iter();
    for part in parts.filter(|part| options.part.is_empty() || options.part.contains(part)) {
        eprintln!("Measuring: {}.", part.name());
        one(&mut study, part, options.quick, folder.path("run"))?;
    }
    study.write(&folder.path(""))?;
    interrupt::commit(folder)?;
    Ok(study)
}

/// The mode of a study of which these parts are measured anew: that of the parts that are kept, if
/// some are. Each part says for itself whether it was quick.
fn mode_of_all(parts: &[Part], asked: Mode, saved: Mode) -> Mode {
    match Part::ALL.iter().all(|part| parts.contains(part)) {
        true => asked,
        false => saved,
    }
}

/// What is saved so far, if anything is.
fn saved(folder: &Path) -> Result<Option<Study>> {
    match folder.is_dir() {
        true => Study::read(folder).map(Some),
        false => Ok(None),
    }
}

/// Measures one part anew, and notes when and from what.
fn one(study: &mut Study, part: Part, is_quick: bool, scratch: PathBuf) -> Result<()> {
    let fewer = |runs: u32| if is_quick { runs / 10 } else { runs };
    let begun = Instant::now();
    match part {
        Part::Simulated => {
            study.simulated = simulated::conditions(fewer(SIMULATED), study.info.seed)?;
        }
        _ => {
            let all = if part.has_neighbour() { BESIDE } else { IDLE };
            let numbers = Numbers {
                same: fewer(all.same),
                longer: fewer(all.longer),
                longest: fewer(all.longest),
            };
            study.runs.retain(|run| run.part != part);
            let runs = real::measure(part, &study.info, scratch.clone(), numbers);
            study
                .runs
                .extend(runs.with_context(|| part.name().to_owned())?);
            study.runs.sort_by_key(|run| run.part);
            std::fs::remove_dir_all(&scratch)
                .with_context(|| format!("{} cannot be removed", scratch.display()))?;
        }
    }
    let info = &study.info;
    let made = json!({
        "run_id": info.run_id,
        "date": info.date,
        "commit": info.commit,
        "dirty": info.dirty,
        "seed": info.seed,
        "quick": is_quick,
        "seconds": begun.elapsed().as_secs_f64().round(),
    });
    study.info.settings.insert(part.name().to_owned(), made);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quick_part_does_not_make_the_others_quick() {
        let of = |parts: &[Part]| mode_of_all(parts, Mode::Quick, Mode::Default);
        assert_eq!(of(&[Part::Simulated]), Mode::Default);
        assert_eq!(of(&Part::ALL), Mode::Quick);
    }
}
