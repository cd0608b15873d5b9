//! A rayon pool for the trial alone.
//!
//! Jobs are spawned from outside the pool, so they go into rayon's one global queue and are taken
//! in order, as in the other executors.

use super::context::{Outcome, TrialContext, now, sum, together};
use crate::error::PoolError;
use crate::http::Loader;
use crate::jobs::perform;
use crate::trial::{JobReport, Start};
use crate::work::{JobContext, Native};
use lab_data::rows::Executor;
use lab_data::usage::thread_run_delay_ns;
use rayon::ThreadPoolBuilder;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

/// Workers end as soon as the pool is dropped; longer than this nobody waits for them.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// What one worker works with, and what it has to report: nobody else ever asks for the lock. On
/// its own cache lines, so that workers do not wait for one another's.
#[repr(align(128))]
struct Worker<'s>(Mutex<(JobContext<'s, Native>, Vec<JobReport>)>);

/// Runs the trial's jobs on a pool of as many threads as it has workers.
///
/// # Errors
/// If the pool cannot be made.
pub(crate) fn run(context: &TrialContext) -> Result<Outcome, PoolError> {
    let trial = context.trial;
    let last_ready_ns = Arc::new(AtomicU64::new(0));
    let started = Arc::clone(&last_ready_ns);
    let (ended, ends) = mpsc::channel();
    let pool = ThreadPoolBuilder::new()
        .num_threads(trial.workers)
        .start_handler(move |_| {
            started.fetch_max(now(), Ordering::Relaxed);
        })
        .exit_handler(move |_| {
            // Nobody listens any more if the trial has failed.
            let _ = ended.send(thread_run_delay_ns());
        })
        .build()
        .map_err(|cause| PoolError::not_started(trial.workers - 1, Executor::Rayon, cause))?;
    if trial.start == Start::Warm {
        pool.broadcast(|_| ());
    }
    let submitted_ns = context.submitted_ns(now());
    let loader = Loader::new();
    let workers: Vec<Worker> = (0..trial.workers)
        .map(|_| Mutex::new((context.job_context(Native, &loader), context.room())))
        .map(Worker)
        .collect();
    pool.in_place_scope(|scope| {
        while let Some((job, work)) = context.take() {
            let workers = &workers;
            scope.spawn(move |_| {
                let worker = rayon::current_thread_index().unwrap_or_default();
                let state = workers[worker].0.lock();
                let (context, reports) = &mut *state.unwrap_or_else(PoisonError::into_inner);
                reports.push(JobReport {
                    job,
                    worker,
                    submitted_ns,
                    report: perform(work, context),
                });
            });
        }
    });
    let answered_ns = now();
    // Dropping the pool only asks its threads to end; the trial is over when they have.
    drop(pool);
    let delays = workers.iter().map(|_| ends.recv_timeout(SHUTDOWN_TIMEOUT));
    let run_delay_ns = sum(delays.map(|delay| delay.ok().flatten()));
    let reports = workers.into_iter().map(|Worker(state)| {
        let (_, reports) = state.into_inner().unwrap_or_else(PoisonError::into_inner);
        reports
    });
    let jobs = together(reports);
    Ok(Outcome {
        ready_ns: last_ready_ns.load(Ordering::Relaxed),
        answered_ns,
        closed_ns: now(),
        jobs,
        run_delay_ns,
        workers_peak_rss_bytes: Some(0),
    })
}
