//! Who runs a trial: a pool on this machine, or a machine in virtual time.

use super::Simulation;
use anyhow::{Context, Result};
use lab_pool::{Pool, Runtime, Trial, TrialReport};

/// Whoever runs trials.
#[derive(Debug)]
pub(crate) struct Bench {
    pub(crate) pool: Pool,
    /// For runtimes that are simulated.
    pub(crate) simulation: Option<Simulation>,
}

impl Bench {
    /// The next simulated trial begins at this time.
    pub(crate) fn begin_simulated_at(&mut self, now_ns: u64) {
        if let Some(simulation) = &mut self.simulation {
            simulation.now_ns = now_ns;
        }
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
            _ => Ok(self.pool.run(trial)?),
        }
    }
}
