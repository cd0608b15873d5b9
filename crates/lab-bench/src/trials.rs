//! Trials as the measurements need them.

use anyhow::{Result, bail};
use lab_child::ChildCommand;
use lab_jobs::{Job, Tracking};
use lab_pool::{Interval, Pool, Runtime, Start, Trial, TrialReport};
use lab_record::rows::Executor;

/// The first argument with which this executable is started again as a worker.
pub(crate) const WORKER: &str = "__worker";

/// A pool whose worker processes are this executable.
///
/// # Errors
/// If the system does not tell where this executable lies.
pub(crate) fn pool() -> Result<Pool> {
    Ok(Pool::new(ChildCommand::this_executable(
        "worker",
        [WORKER],
    )?))
}

/// Jobs natively, on so many workers.
pub(crate) fn trial(executor: Executor, workers: usize, start: Start, jobs: Vec<Job>) -> Trial {
    Trial {
        runtime: Runtime::Rust,
        executor,
        workers,
        start,
        jobs,
        background: Vec::new(),
        tracking: Tracking::default(),
        switch_interval: Interval::DEFAULT,
        start_method: None,
    }
}

/// Jobs that do nothing.
pub(crate) fn idle(executor: Executor, workers: usize, start: Start, jobs: usize) -> Trial {
    trial(executor, workers, start, vec![Job::add(0); jobs])
}

/// Runs a trial all of whose jobs must give the right answer.
///
/// # Errors
/// If the pool fails, or a job does.
pub(crate) fn run(pool: &mut Pool, trial: &Trial) -> Result<TrialReport> {
    let report = pool.run(trial)?;
    if let Some(error) = report.jobs.iter().find_map(|job| job.report.error.as_ref()) {
        bail!("a job failed: {error}");
    }
    Ok(report)
}
