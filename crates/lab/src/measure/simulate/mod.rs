//! The machine that a run is simulated on: it answers the same [`Trial`] with the same [`TrialReport`] as
//! a pool does, in virtual time.
//!
//! | module | concept |
//! |---|---|
//! | `bench` | who runs a trial: a pool on this machine, or this |
//! | `profile` | what a job is to the simulation |
//! | `report` | what the simulation did, as a pool reports it |
//! | `prices`, `calibrate` | what the machine costs: as was asked for, or as this one does |
//! | `preset` | what the articles' machine costs, and where each number is from |

pub(crate) mod bench;
mod calibrate;
mod preset;
pub(crate) mod prices;
pub(crate) mod profile;
mod report;

use crate::measure::simulate::profile::{Runs, profile};
use crate::measure::simulate::report::report;
use anyhow::{Context, Result, bail};
use lab_data::rows::Executor;
use lab_data::settings::costs::{Broken, RuntimeCosts, SimulatedRun};
use lab_pool::{Runtime, Trial, TrialReport};
use lab_pool::{StartMethod, jobs::Job};
use lab_sim::{Beside, Gil, Plan, PoolCosts};
use std::collections::HashMap;
use std::time::Duration;

/// Between two trials, so that none begins when another ends.
const PAUSE_NS: u64 = 1_000_000;

/// A machine in virtual time.
#[derive(Clone, Debug)]
pub(crate) struct Simulation {
    run: SimulatedRun,
    seed: u64,
    trials: u64,
    /// Its clock.
    now_ns: u64,
    /// How long each page takes, by its address.
    delays: HashMap<String, u64>,
}

impl Simulation {
    pub(crate) fn new(run: SimulatedRun, seed: u64) -> Simulation {
        Simulation { run, seed, trials: 0, now_ns: PAUSE_NS, delays: HashMap::new() }
    }

    /// Pages take this long from now on.
    pub(crate) fn add_pages(&mut self, delays: impl IntoIterator<Item = (String, Duration)>) {
        let is_instant = self.run.broken == Some(Broken::InstantPages);
        let ns = |delay: Duration| match is_instant {
            true => 0,
            false => u64::try_from(delay.as_nanos()).unwrap_or(u64::MAX),
        };
        self.delays.extend(delays.into_iter().map(|(url, delay)| (url, ns(delay))));
    }

    /// Runs a trial to its end.
    ///
    /// # Errors
    /// If a job has no profile, or the machine cannot run it.
    pub(crate) fn run(&mut self, trial: &Trial) -> Result<TrialReport> {
        let costs = self.costs_of(&trial.runtime)?;
        let is_native = trial.runtime.name() == profile::RUST;
        let broken = self.run.broken;
        let serves_one = broken == Some(Broken::OneAtATime);
        let runs = Runs { costs, delays: &self.delays, serves_one };
        let known = |job: &Job| {
            let kind = job.kind();
            profile(job, &runs)
                .with_context(|| format!("a {kind} job has no profile and cannot be simulated"))
        };
        let jobs = trial.jobs.iter().map(known).collect::<Result<Vec<_>>>()?;
        let beside = trial.background.iter().map(|beside| match beside.executor {
            Executor::Processes => Beside::Process,
            _ => Beside::Thread,
        });
        let plan = Plan {
            cores: self.run.cores,
            pairs_percent: self.run.pairs_percent,
            kernel: self.run.costs.kernel,
            executor: executor(trial.executor)?,
            workers: trial.workers,
            pool: match broken {
                Some(Broken::FreePools) => PoolCosts::default(),
                _ => pool_costs(costs, trial.executor, trial.start_method),
            },
            is_warm: trial.start == lab_pool::Start::Warm,
            waits_for_start: !is_native,
            gil: (trial.runtime.name() == profile::CPYTHON).then_some(Gil {
                interval: trial.switch_interval,
                forced_switching: broken != Some(Broken::NoForcedSwitching),
            }),
            jobs,
            beside: beside.collect(),
            seed: self.seed.wrapping_add(self.trials.wrapping_mul(0x9E37_79B9_7F4A_7C15)),
            until_ns: None,
            records: trial.jobs.iter().any(profile::tracks),
        };
        let outcome = lab_sim::simulate(&plan)?;
        let report = report(trial, &runs, &outcome, self.now_ns);
        self.trials += 1;
        self.now_ns = report.closed_ns + PAUSE_NS;
        Ok(report)
    }

    fn costs_of(&self, runtime: &Runtime) -> Result<&RuntimeCosts> {
        let Runtime::Simulated(name) = runtime else {
            bail!("{runtime} is not simulated; there are: {}", Runtime::SIMULATED.join(", "));
        };
        let costs = &self.run.costs;
        Ok(if *name == profile::RUST { &costs.rust } else { &costs.cpython })
    }
}

fn executor(executor: Executor) -> Result<lab_sim::Executor> {
    Ok(match executor {
        Executor::Serial => lab_sim::Executor::Serial,
        Executor::Threads => lab_sim::Executor::Threads,
        Executor::Processes => lab_sim::Executor::Processes,
        Executor::Async => lab_sim::Executor::Async,
        Executor::Rayon | Executor::Interpreters => {
            bail!("{executor} cannot be simulated")
        }
    })
}

/// What a pool costs, in a runtime's prices.
fn pool_costs(costs: &RuntimeCosts, executor: Executor, method: Option<StartMethod>) -> PoolCosts {
    let named = costs.process.get(method.map_or("", StartMethod::name));
    let process = named.or_else(|| costs.process.values().next());
    match executor {
        Executor::Processes => PoolCosts {
            start: process.copied().unwrap_or_default(),
            hand_over: costs.to_process,
            ..PoolCosts::default()
        },
        Executor::Threads => {
            PoolCosts { start: costs.thread, hand_over: costs.to_thread, ..PoolCosts::default() }
        }
        _ => PoolCosts { loop_wait: costs.loop_wait, ..PoolCosts::default() },
    }
}

#[cfg(test)]
mod tests;
