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
use crate::trial::JobReport;
use futures_util::stream::{FuturesUnordered, StreamExt};
use lab_data::rows::Executor;
use lab_data::usage::thread_run_delay_ns;
use std::thread;
use tokio::runtime::Builder;

/// Runs the trial's jobs as tasks, as many at once as it has workers.
///
/// # Errors
/// If a runtime or its thread cannot be made.
pub(crate) fn run(context: &TrialContext) -> Result<Outcome, PoolError> {
    let loops = context.trial.loops.max(1) as usize;
    let all = thread::scope(|scope| {
        let others = (1..loops).map(|own| {
            let one = thread::Builder::new().spawn_scoped(scope, move || on_loop(context, own));
            one.map_err(|cause| PoolError::not_started(own, Executor::Async, cause))
        });
        let others = others.collect::<Result<Vec<_>, _>>()?;
        let mut all = vec![on_loop(context, 0)?];
        for (worker, one) in (1..).zip(others) {
            all.push(one.join().unwrap_or_else(|_| Err(PoolError::thread_ended(worker)))?);
        }
        Ok::<_, PoolError>(all)
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

/// Every so many of the tasks, on a loop of this thread.
fn on_loop(context: &TrialContext, own: usize) -> Result<Outcome, PoolError> {
    let delay_before = thread_run_delay_ns();
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|cause| PoolError::not_started(own, Executor::Async, cause))?;
    let loader = AsyncLoader::default();
    let ready_ns = now();
    let submitted_ns = context.submitted_ns(ready_ns);
    let jobs = runtime.block_on(async {
        let workers: FuturesUnordered<_> = (own..context.trial.workers)
            .step_by(context.trial.loops.max(1) as usize)
            .map(|worker| work(context, worker, submitted_ns, &loader))
            .collect();
        together(workers.collect::<Vec<_>>().await.into_iter())
    });
    let answered_ns = now();
    drop(runtime);
    Ok(Outcome {
        ready_ns,
        answered_ns,
        closed_ns: now(),
        jobs,
        run_delay_ns: delay_since(delay_before),
        workers_peak_rss_bytes: Some(0),
    })
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
