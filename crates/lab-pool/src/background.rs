//! Jobs that run beside the measured ones: an echo beside two spinners.
//!
//! Each has a worker of its own, on a thread of this process or in a process of its own. They are
//! started before the pool is made and told to stop when the pool is gone.

use crate::error::PoolError;
use crate::executors::{Outcome, Shop, sum};
use crate::protocol::{FromWorker, ToWorker, Under, VERSION};
use crate::trial::{Background, JobReport, Trial};
use lab_child::{Child, ChildCommand};
use lab_jobs::{Host, Report, page::Loader, perform};
use lab_record::rows::Executor;
use std::thread;
use std::time::{Duration, Instant};

/// A background worker is there, and ends, within this time, or within the pool's if that is less.
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs `pool` with the trial's background jobs beside it, and adds their reports to its own.
///
/// # Errors
/// Those of the pool; and if a background worker cannot be started, dies or hangs.
pub(crate) fn run_beside<H: Host>(
    trial: &Trial,
    shop: &Shop,
    command: &ChildCommand,
    host: impl Fn() -> H + Sync,
    pool: impl FnOnce() -> Result<Outcome, PoolError>,
) -> Result<Outcome, PoolError> {
    let numbered = || {
        trial
            .background
            .iter()
            .enumerate()
            .map(|(i, background)| (trial.jobs.len() + i, trial.workers + i, background))
    };
    let report = |job, worker, report| JobReport {
        job,
        worker,
        submitted_ns: shop.zero_ns,
        report,
    };
    let deadline = || Instant::now() + PATIENCE.min(shop.patience);
    let mut processes = Vec::new();
    for (job, worker, background) in numbered() {
        if background.executor == Executor::Processes {
            processes.push((
                job,
                worker,
                start_process(job, background, trial, command, deadline())?,
            ));
        }
    }
    let host = &host;
    thread::scope(|scope| {
        let mut threads = Vec::new();
        let mut started = Ok(());
        for (job, worker, background) in numbered() {
            if background.executor != Executor::Threads {
                continue;
            }
            let run = move || {
                let loader = Loader::new();
                perform(&background.job, &mut shop.desk(host(), &loader))
            };
            match thread::Builder::new().spawn_scoped(scope, run) {
                Ok(handle) => threads.push((job, worker, handle)),
                Err(cause) => started = Err(PoolError::Thread { worker, cause }),
            }
        }
        let outcome = started.and_then(|()| pool());
        shop.stop_background();
        let mut outcome = outcome?;
        for (job, worker, handle) in threads {
            let done = handle
                .join()
                .map_err(|_| PoolError::WorkerThread { worker })?;
            outcome.jobs.push(report(job, worker, done));
        }
        for (job, worker, child) in processes {
            let (done, peak) = stop_process(child, deadline())?;
            outcome.jobs.push(report(job, worker, done));
            outcome.workers_peak_rss_bytes = sum([outcome.workers_peak_rss_bytes, peak]);
        }
        Ok(outcome)
    })
}

/// Starts a worker process and gives it its job.
fn start_process(
    job: usize,
    background: &Background,
    trial: &Trial,
    command: &ChildCommand,
    deadline: Instant,
) -> Result<Child, PoolError> {
    let mut child = Child::start(&command.named(format!("background process of job {job}")))?;
    let hello = child.receive(deadline)?;
    let FromWorker::Hello {
        version: VERSION, ..
    } = hello.parse()?
    else {
        return Err(out_of_order(&child, &hello.line));
    };
    let message = ToWorker::Job {
        job,
        work: background.job.clone(),
        under: Under::of(trial),
        tracking: trial.tracking,
    };
    child.send(&message, deadline)?;
    Ok(child)
}

/// Tells the worker to stop, and takes its report and its peak memory.
fn stop_process(mut child: Child, deadline: Instant) -> Result<(Report, Option<u64>), PoolError> {
    child.send(&ToWorker::Stop, deadline)?;
    let frame = child.receive(deadline)?;
    let FromWorker::Done(answer) = frame.parse()? else {
        return Err(out_of_order(&child, &frame.line));
    };
    let (_, report) = answer
        .unpack(frame.integers)
        .map_err(|detail| out_of_order(&child, &detail))?;
    child.send(&ToWorker::Finish, deadline)?;
    let frame = child.receive(deadline)?;
    let FromWorker::End { peak_rss_bytes, .. } = frame.parse()? else {
        return Err(out_of_order(&child, &frame.line));
    };
    child.end(deadline)?;
    Ok((report, peak_rss_bytes))
}

fn out_of_order(child: &Child, detail: &str) -> PoolError {
    PoolError::OutOfOrder {
        worker: child.name().to_owned(),
        detail: detail.to_owned(),
    }
}
