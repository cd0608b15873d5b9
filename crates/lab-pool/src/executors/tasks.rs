//! Tasks on one thread (tokio's current-thread runtime): concurrent, and never parallel, unless there are
//! several such loops, as in servers that have one per core.
//!
//! As many tasks as there are workers take jobs from the queue; while one waits, the others go
//! on. Only jobs that wait make sense here.

use super::context::{Outcome, TrialContext, now, sum, together};
use super::serial::delay_since;
use crate::error::PoolError;
use crate::http::AsyncLoader;
use crate::jobs::Report;
use crate::trial::{JobReport, Start};
use futures_util::stream::{FuturesUnordered, StreamExt};
use lab_data::rows::Executor;
use lab_data::usage::thread_run_delay_ns;
use std::sync::{OnceLock, mpsc};
use std::thread;
use tokio::runtime::{Builder, Runtime};

/// Runs the trial's jobs as tasks, as many at once as it has workers.
///
/// # Errors
/// If a runtime or its thread cannot be made; the loops that run already end first.
pub(crate) fn run(context: &TrialContext) -> Result<Outcome, PoolError> {
    // When the jobs were submitted. The loops of a warm pool wait for one another until then.
    let submitted = match context.trial.start {
        Start::Cold => OnceLock::from(context.zero_ns),
        Start::Warm => OnceLock::new(),
    };
    let mut runtimes = (0..context.trial.loops.max(1) as usize).map(|own| {
        let runtime = Builder::new_current_thread().enable_all().build();
        runtime.map_err(|cause| PoolError::not_started(own, Executor::Async, cause))
    });
    let all = thread::scope(|scope| {
        let first = runtimes.next().transpose()?;
        let (arrives, arrived) = mpsc::channel();
        let others = (1..).zip(runtimes).map(|(own, runtime)| {
            let (runtime, arrives, submitted) = (runtime?, arrives.clone(), &submitted);
            let line = move |ready_ns| {
                // The other end is there until all have arrived.
                let _ = arrives.send(ready_ns);
                drop(arrives);
                *submitted.wait()
            };
            let work = move || on_loop(context, own, runtime, line);
            let one = thread::Builder::new().spawn_scoped(scope, work);
            one.map_err(|cause| PoolError::not_started(own, Executor::Async, cause))
        });
        let others = others.collect::<Result<Vec<_>, _>>().inspect_err(|_| {
            context.close_queue();
            submitted.get_or_init(now);
        })?;
        drop(arrives);
        let line = |ready_ns| {
            *submitted.get_or_init(|| arrived.iter().fold(ready_ns, |last, one| last.max(one)))
        };
        let first = first.map(|runtime| on_loop(context, 0, runtime, line));
        let others = (1..)
            .zip(others)
            .map(|(worker, one)| one.join().map_err(|_| PoolError::thread_ended(worker)));
        first.into_iter().map(Ok).chain(others).collect::<Result<Vec<_>, _>>()
    })?;
    Ok(Outcome {
        ready_ns: all.iter().map(|one| one.ready_ns).max().unwrap_or_default(),
        answered_ns: all.iter().map(|one| one.answered_ns).max().unwrap_or_default(),
        closed_ns: now(),
        run_delay_ns: sum(all.iter().map(|one| one.run_delay_ns)),
        workers_peak_rss_bytes: Some(0),
        jobs: together(all.into_iter().map(|one| one.jobs)),
    })
}

/// Every so many of the tasks, on a loop of this thread; `line` waits from when it is ready until jobs may
/// be taken, and tells since when.
fn on_loop(
    context: &TrialContext,
    own: usize,
    runtime: Runtime,
    line: impl FnOnce(u64) -> u64,
) -> Outcome {
    let delay_before = thread_run_delay_ns();
    let loader = AsyncLoader::default();
    let ready_ns = now();
    let submitted_ns = line(ready_ns);
    let jobs = runtime.block_on(async {
        let workers: FuturesUnordered<_> = (own..context.trial.workers)
            .step_by(context.trial.loops.max(1) as usize)
            .map(|worker| work(context, worker, submitted_ns, &loader))
            .collect();
        together(workers.collect::<Vec<_>>().await.into_iter())
    });
    let answered_ns = now();
    drop(runtime);
    Outcome {
        ready_ns,
        answered_ns,
        closed_ns: now(),
        jobs,
        run_delay_ns: delay_since(delay_before),
        workers_peak_rss_bytes: Some(0),
    }
}

/// A worker: takes jobs until the queue is empty.
async fn work(
    context: &TrialContext<'_>,
    worker: usize,
    submitted_ns: u64,
    loader: &AsyncLoader,
) -> Vec<JobReport> {
    let mut reports = context.room();
    while let Some((job, work)) = context.take() {
        let mut recorder = context.trial.tracking.recorder(|| 0);
        let start_ns = now();
        let done = work.run_async(loader, &mut recorder).await;
        reports.push(JobReport {
            job,
            worker,
            submitted_ns,
            report: Report::new(work, start_ns, now(), done, recorder),
        });
    }
    reports
}
