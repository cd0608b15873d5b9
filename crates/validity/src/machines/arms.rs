//! Every arm that was measured on this machine, beside the same arm in virtual time on as many cores.
//!
//! How long a job takes by itself is given to the simulation, and not what is tested. So where jobs compute,
//! both times are divided by those of the same jobs one after another, in the same block: what is left is
//! who has a core, who has the lock, and what workers cost.

use super::{NATIVE, WITH_LOCK, simulate};
use crate::rows::ArmRow;
use anyhow::{Context, Result};
use lab::programs::Programs;
use lab::record::Recording;
use lab_data::machine::Machine;
use lab_data::rows::{Executor, Role, TrialRow};
use lab_data::run::{Mode, RunInfo};
use lab_stats::interval::{self, LEVEL};
use lab_stats::summary::median;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;

/// The experiment that calibrates this machine, and measures arms beside their twins by itself.
const MODEL: &str = "sim-model";
/// What is compared, as in the table.
pub(super) const TIME: &str = "makespan";
pub(super) const OVER_SERIAL: &str = "makespan over serial";
pub(super) const AT_ONCE: &str = "jobs at once";
/// What computes for less one after another is no measure of how fast the machine was.
const LEAST_NS: u64 = 1_000_000;

/// A judged trial, and how many of its jobs ran at once, if it was recorded when they did.
type Judged<'a> = (&'a TrialRow, Option<f64>);

/// The median of an arm's rounds, block by block.
type Blocks = BTreeMap<u32, f64>;

/// Which arm a trial is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Arm {
    runtime: String,
    case: String,
    executor: Executor,
    workers: u32,
    start_method: Option<String>,
}

/// All arms of the experiments that were measured on this machine, below `data`, with the costs that
/// `sim-model` saved there.
///
/// # Errors
/// If there are no such costs, a recording cannot be read, or a simulation fails.
pub fn measure(data: &Path) -> Result<Vec<ArmRow>> {
    let costs = data.join(MODEL).join("run.json");
    let model = RunInfo::read(&costs).context("nothing says what this machine costs")?;
    let programs = Programs::find(None)?;
    programs.build(programs.names())?;
    let here = Machine::read();
    let python = model.pythons.iter().find(|python| python.gil == Some(true));
    let python = python.map_or("", |python| &python.runtime);
    let of_one = |name: &String| -> Result<Vec<ArmRow>> {
        let folder = data.join(name);
        if !folder.is_dir() {
            return Ok(Vec::new());
        }
        let (measured, _) = Recording::read(&folder, name)?;
        let info = measured.info();
        if [&model, info].iter().any(|run| !is_same(&run.machine, &here)) {
            eprintln!("{name} was measured on another machine: left out");
            return Ok(Vec::new());
        }
        if name == MODEL {
            return Ok(joined(name, &judged(&measured), &judged(&measured), python));
        }
        let scratch = tempfile::tempdir().context("no scratch folder can be made")?;
        let cores = info.machine.cores.usable.to_string();
        let run = format!("{name}-sim-{cores}");
        let mut args = vec!["--blocks".to_owned(), "2".to_owned()];
        args.extend(["--costs".to_owned(), costs.display().to_string()]);
        let interval = info.settings.switch_interval_ns;
        args.extend(interval.iter().flat_map(|ns| ["--switch-interval".into(), format!("{ns}ns")]));
        args.extend(match info.mode {
            Mode::Quick => Some("--quick".to_owned()),
            Mode::Article => Some("--article".to_owned()),
            Mode::Default | Mode::Thorough => None,
        });
        let twins = simulate(&programs, (name, &cores, &run), &args, scratch.path())?;
        let twins = twins.map(|folder| Recording::read(&folder, &run)).transpose()?;
        let twins = twins.as_ref().map_or(Vec::new(), |(run, _)| judged(run));
        Ok(joined(name, &judged(&measured), &twins, python))
    };
    let rows: Result<Vec<_>> = programs.names().par_iter().map(of_one).collect();
    Ok(rows?.concat())
}

/// As far as times are about.
fn is_same(one: &Machine, other: &Machine) -> bool {
    one.cpu_model == other.cpu_model && one.cores.usable == other.cores.usable
}

fn judged(run: &Recording) -> Vec<Judged<'_>> {
    let is_meant = |row: &TrialRow| row.judged && row.errors == 0 && row.role != Role::Replicate;
    let trials = run.each_trial().filter(|trial| is_meant(trial.row));
    trials.map(|trial| (trial.row, trial.parallelism())).collect()
}

impl Arm {
    fn of(row: &TrialRow) -> Arm {
        Arm {
            runtime: row.runtime.clone(),
            case: row.case.clone(),
            executor: row.executor,
            workers: row.workers,
            start_method: row.start_method.clone(),
        }
    }

    /// The same jobs one after another.
    fn alone(&self) -> Arm {
        Arm { executor: Executor::Serial, workers: 1, start_method: None, ..self.clone() }
    }

    /// The same arm in virtual time; none in a runtime that is not simulated as it is here.
    fn twin(&self, python: &str) -> Option<Arm> {
        let runtime = match self.runtime.as_str() {
            "rust" => NATIVE,
            name if name == python => WITH_LOCK,
            _ => return None,
        };
        Some(Arm { runtime: runtime.to_owned(), ..self.clone() })
    }
}

/// Each measured arm beside its twin; without one, where nobody can simulate it.
fn joined(
    experiment: &str,
    measured: &[Judged],
    simulated: &[Judged],
    python: &str,
) -> Vec<ArmRow> {
    let time = |(row, _): &Judged| Some(row.makespan_ns? as f64);
    let time_alone = |trial: &Judged| time(trial).filter(|_| computes_alone(trial.0));
    let at_once = |trial: &Judged| trial.1.filter(|_| trial.0.executor != Executor::Serial);
    let [times, twins] = [measured, simulated].map(|trials| by_arm(trials, time));
    let [many, many_twins] = [measured, simulated].map(|trials| by_arm(trials, at_once));
    let alone = by_arm(measured, time_alone);
    let mut rows = Vec::new();
    for (arm, own) in &times {
        let Some(twin) = arm.twin(python) else { continue };
        let serial = alone.get(&arm.alone()).filter(|_| arm.executor != Executor::Serial);
        let found = twins.get(&twin);
        let mut add = |measure: &str, measured: &Blocks, simulated: Option<&Blocks>| {
            rows.extend(row(experiment, arm, measure, measured, simulated));
        };
        match serial {
            Some(serial) => {
                let both = found.zip(twins.get(&twin.alone()));
                let found = both.map(|(own, serial)| over(own, serial));
                add(OVER_SERIAL, &over(own, serial), found.as_ref());
            }
            None => add(TIME, own, found),
        }
        if let Some(own) = many.get(arm) {
            add(AT_ONCE, own, many_twins.get(&twin));
        }
    }
    rows
}

/// Whether jobs one after another compute for most of a time that is long enough.
fn computes_alone(row: &TrialRow) -> bool {
    let both = row.window_ns.zip(row.cpu_ns);
    let computes = |(window, cpu): (u64, u64)| window >= LEAST_NS && cpu > window / 2;
    row.executor == Executor::Serial && both.is_some_and(computes)
}

fn by_arm(trials: &[Judged], of: impl Fn(&Judged) -> Option<f64>) -> BTreeMap<Arm, Blocks> {
    let mut all: BTreeMap<Arm, BTreeMap<u32, Vec<f64>>> = BTreeMap::new();
    for trial in trials {
        if let Some(value) = of(trial) {
            let blocks = all.entry(Arm::of(trial.0)).or_default();
            blocks.entry(trial.0.block).or_default().push(value);
        }
    }
    let medians = |blocks: BTreeMap<u32, Vec<f64>>| {
        blocks.into_iter().filter_map(|(block, all)| Some((block, median(&all)?))).collect()
    };
    all.into_iter().map(|(arm, blocks)| (arm, medians(blocks))).collect()
}

/// How many times one is the other, in the blocks of both.
fn over(own: &Blocks, under: &Blocks) -> Blocks {
    own.iter().filter_map(|(block, value)| Some((*block, value / under.get(block)?))).collect()
}

/// Simulated over measured, with the interval of the measured blocks. In virtual time no block differs from
/// another but by the jitter that was calibrated: their median stands for all.
fn row(
    experiment: &str,
    arm: &Arm,
    measure: &str,
    measured: &Blocks,
    simulated: Option<&Blocks>,
) -> Option<ArmRow> {
    let measured: Vec<f64> = measured.values().copied().collect();
    let simulated =
        simulated.and_then(|blocks| median(&blocks.values().copied().collect::<Vec<_>>()));
    let ratio = simulated
        .and_then(|value| interval::ratio(&vec![value; measured.len()], &measured, LEVEL).ok());
    Some(ArmRow {
        experiment: experiment.to_owned(),
        runtime: arm.runtime.clone(),
        executor: arm.executor,
        start_method: arm.start_method.clone(),
        workers: arm.workers,
        case: arm.case.clone(),
        measure: measure.to_owned(),
        measured: median(&measured)?,
        simulated,
        ratio: ratio.map(|ratio| ratio.estimate),
        low: ratio.map(|ratio| ratio.low),
        high: ratio.map(|ratio| ratio.high),
        blocks: measured.len() as u32,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;

    fn trial(
        runtime: &str,
        executor: Executor,
        block: u32,
        makespan_ms: u64,
        cpu_ms: u64,
    ) -> TrialRow {
        TrialRow {
            block,
            runtime: runtime.to_owned(),
            executor,
            workers: if executor == Executor::Serial { 1 } else { 2 },
            case: if cpu_ms > 0 { "computes" } else { "waits" }.to_owned(),
            makespan_ns: Some(makespan_ms * MS),
            window_ns: Some(makespan_ms * MS),
            cpu_ns: Some(cpu_ms * MS),
            judged: true,
            ..TrialRow::default()
        }
    }

    /// The machine is half as fast in the second block, and the simulation twice as fast as either.
    #[test]
    fn what_computes_is_compared_in_units_of_the_same_jobs_one_after_another() {
        use Executor::{Processes, Rayon, Serial, Threads};
        let measured = [
            trial("rust", Serial, 1, 40, 40),
            trial("rust", Serial, 2, 80, 80),
            trial("rust", Threads, 1, 22, 40),
            trial("rust", Threads, 2, 44, 80),
            trial("rust", Threads, 1, 50, 0),
            trial("rust", Threads, 2, 50, 0),
            trial("rust", Rayon, 1, 20, 40),
            trial("rust", Rayon, 2, 40, 80),
            trial("cpython-3.14", Processes, 1, 60, 0),
            trial("cpython-3.13t", Threads, 1, 60, 0),
        ];
        let simulated = [
            trial("sim-rust", Serial, 1, 20, 20),
            trial("sim-rust", Threads, 1, 11, 20),
            trial("sim-rust", Threads, 1, 40, 0),
            trial("sim-cpython", Processes, 1, 60, 0),
        ];
        let judged = |rows: &[TrialRow]| -> Vec<(TrialRow, Option<f64>)> {
            let at_once = |row: &TrialRow| (row.executor == Threads).then_some(1.9);
            rows.iter().map(|row| (row.clone(), at_once(row))).collect()
        };
        let [measured, simulated] = [judged(&measured), judged(&simulated)];
        let [measured, simulated] = [&measured, &simulated]
            .map(|all| all.iter().map(|(row, at_once)| (row, *at_once)).collect::<Vec<Judged>>());
        let rows = joined("it", &measured, &simulated, "cpython-3.14");
        let found: Vec<_> = rows
            .iter()
            .map(|row| {
                let ratio = row.ratio.map(|ratio| (100.0 * ratio).round());
                (row.runtime.as_str(), row.executor, row.case.as_str(), row.measure.as_str(), ratio)
            })
            .collect();
        assert_eq!(
            found,
            [
                // Of one block there is no interval, …
                ("cpython-3.14", Processes, "waits", TIME, None),
                // … and the serial arm by itself shows what is given.
                ("rust", Serial, "computes", TIME, Some(35.0)),
                ("rust", Threads, "computes", OVER_SERIAL, Some(100.0)),
                ("rust", Threads, "computes", AT_ONCE, Some(100.0)),
                ("rust", Rayon, "computes", OVER_SERIAL, None),
                ("rust", Threads, "waits", TIME, Some(80.0)),
                ("rust", Threads, "waits", AT_ONCE, Some(100.0)),
            ]
        );
        let [.., waits, _] = rows.as_slice() else { panic!("{rows:?}") };
        assert_eq!((waits.measured, waits.simulated, waits.blocks), (50e6, Some(40e6), 2));
    }
}
