//! Who runs a trial: a pool on this machine, or a machine in virtual time.

use super::Simulation;
use crate::record::noise::NoiseSum;
use anyhow::{Context, Result};
use lab_data::rows::Executor;
use lab_pool::{Job, Pool, Runtime, StartMethod, Trial, TrialReport};
use std::time::{Duration, Instant};

/// Whoever runs trials.
#[derive(Debug)]
pub(crate) struct Bench {
    pub(crate) pool: Pool,
    /// For runtimes that are simulated.
    pub(crate) simulation: Option<Simulation>,
    /// What others did during all trials that were measured so far.
    pub(crate) noise: NoiseSum,
}

impl Bench {
    /// On this machine only, so far.
    pub(crate) fn new(pool: Pool) -> Bench {
        Bench { pool, simulation: None, noise: NoiseSum::NONE }
    }

    /// The next simulated trial begins at this time.
    pub(crate) fn begin_simulated_at(&mut self, now_ns: u64) {
        if let Some(simulation) = &mut self.simulation {
            simulation.now_ns = now_ns;
        }
    }

    /// How long a trial of one worker of this kind takes that does nothing, for whoever waits for it. The
    /// first one is not looked at: a server that starts others starts itself before it.
    ///
    /// # Errors
    /// As [`Bench::run`].
    pub(crate) fn start_of(
        &mut self,
        runtime: &str,
        executor: Executor,
        start_method: Option<StartMethod>,
    ) -> Result<Duration> {
        let one = Trial::new(runtime.parse()?, executor, 1, vec![Job::add(0)]);
        let trial = Trial { start_method, ..one };
        self.run(&trial)?;
        let begun = Instant::now();
        self.run(&trial)?;
        Ok(begun.elapsed())
    }

    /// Runs a trial where its runtime is.
    ///
    /// # Errors
    /// If it cannot be run, or ends early.
    pub(crate) fn run(&mut self, trial: &Trial) -> Result<TrialReport> {
        match &trial.runtime {
            Runtime::Simulated(name) => {
                let simulation = self.simulation.as_mut();
                let simulation = simulation
                    .with_context(|| format!("{name} runs with --simulate CORES only"))?;
                simulation.run(trial)
            }
            _ => {
                let begun = Instant::now();
                let report = self.pool.run(trial)?;
                self.noise = self.noise.plus(NoiseSum::of_cost(&report.cost, begun.elapsed()));
                Ok(report)
            }
        }
    }
}
