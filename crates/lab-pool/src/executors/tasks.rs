//! Tasks on one thread (tokio's current-thread runtime): concurrent, and never parallel.
//!
//! As many tasks as there are workers take jobs from the queue; while one waits, the others go
//! on. Only jobs that wait make sense here.

use super::context::{Outcome, TrialContext, now, together};
use super::serial::delay_since;
use crate::error::PoolError;
use crate::http::AsyncLoader;
use crate::jobs::Report;
use crate::trial::JobReport;
use futures_util::stream::{FuturesUnordered, StreamExt};
use lab_data::rows::Executor;
use lab_data::usage::thread_run_delay_ns;
use tokio::runtime::Builder;

/// Runs the trial's jobs as tasks, as many at once as it has workers.
///
/// # Errors
/// If the runtime cannot be made.
pub(crate) fn run(context: &TrialContext) -> Result<Outcome, PoolError> {
    let delay_before = thread_run_delay_ns();
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|cause| PoolError::not_started(0, Executor::Async, cause))?;
    let loader = AsyncLoader::default();
    let ready_ns = now();
    let submitted_ns = context.submitted_ns(ready_ns);
    let jobs = runtime.block_on(async {
        let workers: FuturesUnordered<_> = (0..context.trial.workers)
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
