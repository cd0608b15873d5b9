//! A rayon pool of the trial's own.
//!
//! Jobs are spawned from outside the pool, so they stand in rayon's one global queue and are taken
//! in order, as in the other executors.

use super::{Outcome, Shop, now, order, sum};
use crate::error::PoolError;
use crate::trial::{JobReport, Start};
use lab_jobs::{Desk, Native, page::Loader, perform};
use lab_record::usage::thread_run_delay_ns;
use rayon::ThreadPoolBuilder;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

/// Workers end as soon as the pool is dropped; longer than this nobody waits for them.
const LAST_FAREWELL: Duration = Duration::from_secs(5);

/// Where one worker works, and what it has to report: nobody else ever asks for the lock. On cache
/// lines of its own, so that workers do not wait for one another's.
#[repr(align(128))]
struct Place<'s>(Mutex<(Desk<'s, Native>, Vec<JobReport>)>);

/// Runs the shop's jobs on a pool of as many threads as it has workers.
///
/// # Errors
/// If the pool cannot be made.
pub fn run(shop: &Shop) -> Result<Outcome, PoolError> {
    let last_ready_ns = Arc::new(AtomicU64::new(0));
    let started = Arc::clone(&last_ready_ns);
    let (farewell, farewells) = mpsc::channel();
    let pool = ThreadPoolBuilder::new()
        .num_threads(shop.workers)
        .start_handler(move |_| {
            started.fetch_max(now(), Ordering::Relaxed);
        })
        .exit_handler(move |_| {
            // Nobody listens any more if the trial has failed.
            let _ = farewell.send(thread_run_delay_ns());
        })
        .build()
        .map_err(|cause| PoolError::Rayon {
            workers: shop.workers,
            cause,
        })?;
    let submitted_ns = match shop.start {
        Start::Cold => shop.zero_ns,
        Start::Warm => {
            pool.broadcast(|_| ());
            now()
        }
    };
    let loader = Loader::new();
    let places: Vec<Place> = (0..shop.workers)
        .map(|_| {
            Place(Mutex::new((
                shop.desk(Native, &loader),
                Vec::with_capacity(shop.jobs.len().div_ceil(shop.workers)),
            )))
        })
        .collect();
    pool.in_place_scope(|scope| {
        while let Some((job, work)) = shop.take() {
            let places = &places;
            scope.spawn(move |_| {
                let worker = rayon::current_thread_index().unwrap_or_default();
                let mut place = places[worker]
                    .0
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                let (desk, reports) = &mut *place;
                reports.push(JobReport {
                    job,
                    worker,
                    submitted_ns,
                    report: perform(work, desk),
                });
            });
        }
    });
    let answered_ns = now();
    // Dropping the pool only tells its threads to end; the trial is over when they have.
    drop(pool);
    let run_delay_ns =
        sum((0..shop.workers).map(|_| farewells.recv_timeout(LAST_FAREWELL).ok().flatten()));
    let reports = places.into_iter().map(|place| {
        let place = place.0.into_inner();
        place.unwrap_or_else(PoisonError::into_inner).1
    });
    let jobs = order::merge(reports.collect());
    Ok(Outcome {
        ready_ns: last_ready_ns.load(Ordering::Relaxed),
        answered_ns,
        closed_ns: now(),
        jobs,
        run_delay_ns,
        workers_peak_rss_bytes: Some(0),
    })
}
