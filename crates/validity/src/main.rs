//! How often the laboratory's verdicts are wrong, and how often they are found.
//!
//! # What is done
//! *Simulated*: runs of every claim, judged as its experiment's design says, on machines with drift, spikes,
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
use lab::measure::interrupt;
use lab::measure::provenance::{out_folder, provenance};
use lab::show::print::say;
use lab_data::folder::{RunFolder, recover};
use lab_data::run::{Mode, RunInfo, StudyPart};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;
use validity::machines::{arms, worlds};
use validity::part::Part;
use validity::rules::Rule;
use validity::{NAME, Study, experiments, neighbour, real, simulated, study};

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

impl Options {
    fn includes(&self, part: Part) -> bool {
        self.part.is_empty() || self.part.contains(&part)
    }
}

fn main() -> ExitCode {
    if let Some(code) = lab::serve_child().or_else(neighbour::serve) {
        return code;
    }
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            interrupt::park_if_interrupted();
            eprintln!("{NAME}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    let out = out_folder(options.out.as_deref())?;
    let (data, plots) = (out.join("data"), out.join("plots"));
    // Before signals are held back: what is asked here must end by them as usual.
    let includes = |part| !options.replay && options.includes(part);
    let rules = if includes(Part::Simulated) { experiments::rules()? } else { Vec::new() };
    let mut new = Study::default();
    if includes(Part::Worlds) {
        new.worlds = worlds::measure()?;
    }
    if includes(Part::Arms) {
        new.arms = arms::measure(&data)?;
    }
    interrupt::watch()?;
    std::fs::create_dir_all(&plots)
        .with_context(|| format!("{} cannot be made", plots.display()))?;
    let study =
        if options.replay { replay(&data)? } else { measure(options, (&rules, new), &data)? };
    let mut text = String::new();
    for target in study.targets() {
        text.push_str(&format!("{target}\n"));
    }
    text.push_str(&format!("{}\n", data.join(NAME).display()));
    for (name, png) in study.figures()? {
        let figure = plots.join(name);
        lab_data::atomic_write(&figure, &png)?;
        text.push_str(&format!("{}\n", figure.display()));
    }
    say(&text)
}

/// Counts the saved runs again.
fn replay(data: &Path) -> Result<Study> {
    let _lock = recover(data, NAME)?;
    let folder = data.join(NAME);
    let study = Study::read(&folder)
        .context("what is saved cannot be counted again: run it without --replay")?;
    study.write_conditions(&folder)?;
    Ok(study)
}

/// Measures into a new folder and puts it in the old one's place; `new` is what was simulated before.
fn measure(options: &Options, (rules, new): (&[Rule], Study), data: &Path) -> Result<Study> {
    let folder = RunFolder::create(data, NAME)?;
    interrupt::set_scratch(folder.path(""));
    let mode = if options.quick { Mode::Quick } else { Mode::Default };
    let seed = options.seed.unwrap_or_else(lab_data::clock::now_ns);
    let saved = data.join(NAME);
    let has_old = !options.part.is_empty() && saved.is_dir();
    let old = has_old.then(|| Study::read(&saved)).transpose()?;
    let now = provenance(NAME, mode, seed);
    // What is only simulated says nothing of the machine that the others were measured on.
    let keeps_machine = options.part.iter().all(|part| matches!(part, Part::Worlds | Part::Arms));
    let mut study = match old {
        None => Study { info: now.clone(), ..Study::default() },
        Some(old) if keeps_machine => old,
        Some(old) => {
            let mode = mode_of_all(&options.part, mode, old.info.mode);
            let info = RunInfo { settings: old.info.settings, mode, ..now.clone() };
            Study { info, ..old }
        }
    };
    for warning in &study.info.warnings {
        eprintln!("warning: {warning}");
    }
    if options.includes(Part::Worlds) {
        study.worlds = new.worlds;
    }
    if options.includes(Part::Arms) {
        study.arms = new.arms;
    }
    for part in Part::ALL.into_iter().filter(|part| options.includes(*part)) {
        eprintln!("Measuring: {}.", part.name());
        one((&mut study, &now), part, rules, options.quick, folder.path("run"))?;
    }
    study.write(&folder.path(""))?;
    interrupt::commit(folder)?;
    Ok(study)
}

/// The mode of a study of which these parts are measured anew: that of the parts that are kept, if
/// some are. Each part says for itself whether it was quick.
fn mode_of_all(parts: &[Part], asked: Mode, saved: Mode) -> Mode {
    let are_all = Part::ALL.iter().all(|part| parts.contains(part));
    if are_all { asked } else { saved }
}

/// Measures one part anew, and notes when and from what.
fn one(
    (study, now): (&mut Study, &RunInfo),
    part: Part,
    rules: &[Rule],
    is_quick: bool,
    scratch: PathBuf,
) -> Result<()> {
    let begun = Instant::now();
    match part {
        Part::Simulated => {
            let runs = if is_quick { SIMULATED / 10 } else { SIMULATED };
            study.simulated = simulated::runs::conditions(rules, runs, study.info.seed);
            study.claims = study::claims(rules);
        }
        // They were simulated before.
        Part::Worlds | Part::Arms => {}
        _ => {
            study.runs.retain(|run| run.part != part);
            let runs = real::measure(part, &study.info, scratch.clone(), is_quick);
            study.runs.extend(runs.with_context(|| part.name().to_owned())?);
            study.runs.sort_by_key(|run| run.part);
            std::fs::remove_dir_all(&scratch)
                .with_context(|| format!("{} cannot be removed", scratch.display()))?;
        }
    }
    let made = StudyPart {
        run_id: now.run_id.clone(),
        date: now.date.clone(),
        commit: now.commit.clone(),
        dirty: now.dirty,
        machine: Some(now.machine.clone()),
        seed: now.seed,
        quick: is_quick,
        seconds: begun.elapsed().as_secs_f64().round(),
    };
    study.info.settings.parts.insert(part.name().to_owned(), made);
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
