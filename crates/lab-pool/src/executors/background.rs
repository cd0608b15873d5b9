//! Jobs that run beside the measured ones: an echo beside two spinners.
//!
//! Each has its own worker, on a thread of this process or in another process. They are started
//! before the pool is made and stopped when the pool is gone.

use super::context::{Outcome, TrialContext, sum};
use super::worker_process;
use crate::error::PoolError;
use crate::http::Loader;
use crate::jobs::{Report, perform};
use crate::process::{Child, ChildCommand};
use crate::protocol::ToWorker;
use crate::trial::JobReport;
use crate::work::Host;
use lab_data::rows::Executor;
use std::thread;
use std::time::{Duration, Instant};

/// A background worker starts, and ends, within this time, or within the pool's if that is less.
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs `pool` with the trial's background jobs beside it, and adds their reports to its own.
///
/// # Errors
/// Those of the pool; and if a background worker cannot be started, dies or hangs.
pub(crate) fn run_beside<H: Host>(
    context: &TrialContext,
    command: &ChildCommand,
    host: impl Fn() -> H + Sync,
    pool: impl FnOnce() -> Result<Outcome, PoolError>,
) -> Result<Outcome, PoolError> {
    let trial = context.trial;
    let deadline = || Instant::now() + PATIENCE.min(context.patience);
    let on = |executor| {
        let all = trial.background.iter().enumerate();
        all.filter(move |(_, background)| background.executor == executor)
    };
    let report = |index: usize, report| JobReport {
        job: trial.jobs.len() + index,
        worker: trial.workers + index,
        submitted_ns: context.zero_ns,
        report,
    };
    let mut processes = Vec::new();
    for (index, background) in on(Executor::Processes) {
        let job = trial.jobs.len() + index;
        let name = format!("background process of job {job}");
        let mut child = worker_process::start(command, name)?;
        let hello = child.receive(deadline())?;
        worker_process::ready_ns(&child, &hello)?;
        child.send(&context.order(job, &background.job), deadline())?;
        processes.push((index, child));
    }
    let host = &host;
    thread::scope(|scope| {
        let mut threads = Vec::new();
        let mut started = Ok(());
        for (index, background) in on(Executor::Threads) {
            let run = move || {
                let loader = Loader::new();
                perform(&background.job, &mut context.job_context(host(), &loader))
            };
            let worker = trial.workers + index;
            match thread::Builder::new().spawn_scoped(scope, run) {
                Ok(handle) => threads.push((index, handle)),
                Err(cause) => {
                    started = Err(PoolError::not_started(worker, Executor::Threads, cause));
                }
            }
        }
        let outcome = started.and_then(|()| pool());
        context.stop_background();
        let mut outcome = outcome?;
        for (index, handle) in threads {
            let worker = trial.workers + index;
            let done = handle.join().map_err(|_| PoolError::thread_ended(worker))?;
            outcome.jobs.push(report(index, done));
        }
        for (index, child) in processes {
            let (done, peak) = stop_process(child, deadline())?;
            outcome.jobs.push(report(index, done));
            outcome.workers_peak_rss_bytes = sum([outcome.workers_peak_rss_bytes, peak]);
        }
        Ok(outcome)
    })
}

/// Tells the worker to stop, and takes its report and its peak memory.
fn stop_process(mut child: Child, deadline: Instant) -> Result<(Report, Option<u64>), PoolError> {
    child.send(&ToWorker::Stop, deadline)?;
    let frame = child.receive(deadline)?;
    let (_, report) = worker_process::done(&child, frame)?;
    child.send(&ToWorker::Finish, deadline)?;
    let (_, peak) = worker_process::end(child, deadline)?;
    Ok((report, peak))
}
