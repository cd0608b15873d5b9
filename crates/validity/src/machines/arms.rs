//! Every arm that was measured on this machine, beside the same arm in virtual time on as many cores.
//!
//! How long a job takes by itself is given to the simulation, and not what is tested. So where jobs compute,
//! both times are divided by those of the same jobs one after another, in the same block, or by the CPU time of
//! the jobs themselves: what is left is who has a core, who has the lock, and what workers cost.

use super::{NATIVE, WITH_LOCK, simulate};
use crate::rows::{ArmRow, Compared};
use anyhow::{Context, Result};
use lab::design::runtime::newest_with_lock;
use lab::programs::Programs;
use lab::record::{Recording, Trial};
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
/// What computes for less one after another is no measure of how fast the machine was.
const LEAST_NS: u64 = 1_000_000;

/// A judged trial.
#[derive(Clone, Copy)]
struct Judged<'a> {
    row: &'a TrialRow,
    /// How many of its jobs ran at once, if it was recorded when they did.
    at_once: Option<f64>,
    /// CPU time of its jobs, if that was recorded of each.
    cpu_ns: Option<u64>,
}

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
    let python = newest_with_lock(&model).map_or("", |python| &python.runtime);
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
        let measured = judged(&measured);
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
        let mut rows = Vec::new();
        // Each by itself: a design brings native controls of its own, whose jobs may be others.
        for pair in [("rust", NATIVE), (python, WITH_LOCK)] {
            if name == MODEL {
                rows.extend(joined(name, (&measured, &measured), pair));
                continue;
            }
            let scratch = tempfile::tempdir().context("no scratch folder can be made")?;
            let args = [args.as_slice(), &["--runtimes".to_owned(), pair.1.to_owned()]].concat();
            let twins = simulate(&programs, (name, &cores, &run), &args, scratch.path())?;
            let twins = twins.map(|folder| Recording::read(&folder, &run)).transpose()?;
            let twins = twins.as_ref().map_or(Vec::new(), |(run, _)| judged(run));
            rows.extend(joined(name, (&measured, &twins), pair));
        }
        Ok(rows)
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
    trials.map(Judged::of).collect()
}

impl<'a> Judged<'a> {
    fn of(trial: Trial<'a>) -> Judged<'a> {
        let measured = trial.jobs().iter().filter(|job| job.job < trial.row.jobs);
        Judged {
            row: trial.row,
            at_once: trial.parallelism().filter(|_| !trial.span_rows().is_empty()),
            cpu_ns: measured.map(|job| job.cpu_ns).sum(),
        }
    }

    fn makespan(&self) -> Option<f64> {
        Some(self.row.makespan_ns? as f64)
    }

    /// The makespan of jobs one after another that say how fast the machine was.
    fn serial(&self) -> Option<f64> {
        let is_serial = self.row.executor == Executor::Serial;
        self.makespan().filter(|_| is_serial && self.computes(self.row.cpu_ns))
    }

    /// The CPU time of jobs that do so.
    fn cpu(&self) -> Option<f64> {
        self.cpu_ns.filter(|cpu_ns| self.computes(Some(*cpu_ns))).map(|ns| ns as f64)
    }

    /// How many of several jobs ran at once.
    fn at_once(&self) -> Option<f64> {
        self.at_once.filter(|_| self.row.executor != Executor::Serial)
    }

    /// Whether that much CPU time is most of a time that is long enough.
    fn computes(&self, cpu_ns: Option<u64>) -> bool {
        let both = self.row.window_ns.zip(cpu_ns);
        both.is_some_and(|(window, cpu)| window >= LEAST_NS && cpu > window / 2)
    }
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
}

/// Each arm that was measured in a runtime beside its twin in another; without one, where nobody can
/// simulate it.
fn joined(
    experiment: &str,
    (measured, simulated): (&[Judged], &[Judged]),
    (runtime, twin): (&str, &str),
) -> Vec<ArmRow> {
    let [times, twins] = [measured, simulated].map(|all| by_arm(all, Judged::makespan));
    let [cpu, twins_cpu] = [measured, simulated].map(|all| by_arm(all, Judged::cpu));
    let [at_once, twins_at_once] = [measured, simulated].map(|all| by_arm(all, Judged::at_once));
    let serial = by_arm(measured, Judged::serial);
    let mut rows = Vec::new();
    for (arm, own) in times.iter().filter(|(arm, _)| arm.runtime == runtime) {
        let twin = Arm { runtime: twin.to_owned(), ..arm.clone() };
        let found = twins.get(&twin);
        let mut add = |compared, measured: &Blocks, simulated: Option<&Blocks>| {
            rows.extend(row(experiment, (arm, compared), measured, simulated));
        };
        let mut divided = |compared, under: &Blocks, under_twin: Option<&Blocks>| {
            let found = found.zip(under_twin).map(|(own, under)| over(own, under));
            add(compared, &over(own, under), found.as_ref());
        };
        // Jobs are not kept of every trial.
        let cpu = cpu.get(arm).filter(|blocks| blocks.len() > 1);
        match (serial.get(&arm.alone()), cpu) {
            (Some(_), _) if arm.executor == Executor::Serial => add(Compared::Given, own, found),
            (Some(serial), _) => {
                divided(Compared::OverSerial, serial, twins.get(&twin.alone()));
            }
            (None, Some(cpu)) => divided(Compared::OverCpu, cpu, twins_cpu.get(&twin)),
            (None, None) => add(Compared::Makespan, own, found),
        }
        if let Some(own) = at_once.get(arm) {
            add(Compared::AtOnce, own, twins_at_once.get(&twin));
        }
    }
    rows
}

fn by_arm<'a>(trials: &[Judged<'a>], of: fn(&Judged<'a>) -> Option<f64>) -> BTreeMap<Arm, Blocks> {
    let mut all: BTreeMap<Arm, BTreeMap<u32, Vec<f64>>> = BTreeMap::new();
    for trial in trials {
        if let Some(value) = of(trial) {
            let blocks = all.entry(Arm::of(trial.row)).or_default();
            blocks.entry(trial.row.block).or_default().push(value);
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
    (arm, compared): (&Arm, Compared),
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
        compared,
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
            trial("cpython-3.14", Processes, 1, 60, 100),
            trial("cpython-3.14", Processes, 2, 120, 200),
            trial("cpython-3.13t", Threads, 1, 60, 0),
        ];
        let simulated = [
            trial("sim-rust", Serial, 1, 20, 20),
            trial("sim-rust", Threads, 1, 11, 20),
            trial("sim-rust", Threads, 1, 40, 0),
            trial("sim-cpython", Processes, 1, 60, 0),
            trial("sim-cpython", Processes, 1, 54, 100),
        ];
        fn judged(row: &TrialRow) -> Judged<'_> {
            let is_on_threads = row.executor == Executor::Threads;
            Judged { row, at_once: is_on_threads.then_some(1.9), cpu_ns: row.cpu_ns }
        }
        let [measured, simulated] =
            [measured.as_slice(), &simulated].map(|all| all.iter().map(judged).collect::<Vec<_>>());
        let pairs = [("cpython-3.14", WITH_LOCK), ("rust", NATIVE)];
        let rows = pairs.map(|pair| joined("it", (&measured, &simulated), pair)).concat();
        let found: Vec<_> = rows
            .iter()
            .map(|row| {
                let ratio = row.ratio.map(|ratio| (100.0 * ratio).round());
                (row.runtime.as_str(), row.executor, row.case.as_str(), row.compared, ratio)
            })
            .collect();
        assert_eq!(
            found,
            [
                ("cpython-3.14", Processes, "computes", Compared::OverCpu, Some(90.0)),
                // Of one block there is no interval, …
                ("cpython-3.14", Processes, "waits", Compared::Makespan, None),
                // … and the serial arm by itself shows what is given.
                ("rust", Serial, "computes", Compared::Given, Some(35.0)),
                ("rust", Threads, "computes", Compared::OverSerial, Some(100.0)),
                ("rust", Threads, "computes", Compared::AtOnce, Some(100.0)),
                ("rust", Rayon, "computes", Compared::OverSerial, None),
                ("rust", Threads, "waits", Compared::Makespan, Some(80.0)),
                ("rust", Threads, "waits", Compared::AtOnce, Some(100.0)),
            ]
        );
        let [.., waits, _] = rows.as_slice() else { panic!("{rows:?}") };
        assert_eq!((waits.measured, waits.simulated, waits.blocks), (50e6, Some(40e6), 2));
    }
}
