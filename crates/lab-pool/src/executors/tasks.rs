//! Tasks on one thread (tokio's current-thread runtime): concurrent, and never parallel.
//!
//! As many tasks as there are workers take jobs from the queue; while one waits, the others go
//! on. Only jobs that wait make sense here.

use super::{Outcome, Shop, now};
use crate::async_page::AsyncLoader;
use crate::error::PoolError;
use crate::trial::{JobReport, Start};
use futures_util::stream::{FuturesUnordered, StreamExt};
use lab_jobs::{Answer, Job, JobError, Report};
use lab_record::burst::Recorder;
use lab_record::clock;
use lab_record::usage::thread_run_delay_ns;
use std::time::Duration;
use tokio::runtime::Builder;

/// Runs the shop's jobs as tasks, as many at once as it has workers.
///
/// # Errors
/// If the runtime cannot be made.
pub fn run(shop: &Shop) -> Result<Outcome, PoolError> {
    let delay_before = thread_run_delay_ns();
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(PoolError::Tasks)?;
    let loader = AsyncLoader::default();
    let ready_ns = now();
    let submitted_ns = match shop.start {
        Start::Cold => shop.zero_ns,
        Start::Warm => ready_ns,
    };
    let jobs = runtime.block_on(async {
        let mut workers: FuturesUnordered<_> = (0..shop.workers)
            .map(|worker| work(shop, worker, submitted_ns, &loader))
            .collect();
        let mut jobs = Vec::with_capacity(shop.jobs.len());
        while let Some(reports) = workers.next().await {
            jobs.extend(reports);
        }
        jobs
    });
    let answered_ns = now();
    drop(runtime);
    Ok(Outcome {
        ready_ns,
        answered_ns,
        closed_ns: now(),
        jobs,
        run_delay_ns: thread_run_delay_ns()
            .zip(delay_before)
            .map(|(after, before)| after.saturating_sub(before)),
        workers_peak_rss_bytes: Some(0),
    })
}

/// A worker: takes jobs until the queue is empty.
async fn work(
    shop: &Shop<'_>,
    worker: usize,
    submitted_ns: u64,
    loader: &AsyncLoader,
) -> Vec<JobReport> {
    let mut reports = Vec::new();
    while let Some((job, work)) = shop.take() {
        let mut recorder = Recorder::new(shop.tracking.gap_ns);
        let start_ns = now();
        let done = run_job(work, loader, &mut recorder).await;
        let report = Report::new(work, start_ns, now(), done, recorder);
        reports.push(JobReport {
            job,
            worker,
            submitted_ns,
            report,
        });
    }
    reports
}

/// The waiting kinds of job, with waits that let other tasks go on.
async fn run_job(
    job: &Job,
    loader: &AsyncLoader,
    recorder: &mut Recorder,
) -> Result<(u64, Answer), JobError> {
    match job {
        Job::Page(request) => {
            let start = now();
            let page = loader.load(request).await?;
            recorder.call(start, now(), clock::core_id());
            Ok((page.length, page.to_string().into()))
        }
        Job::Wait { ns } => {
            tokio::time::sleep(Duration::from_nanos(*ns)).await;
            Ok((1, (*ns).into()))
        }
        Job::Mix {
            rounds,
            additions,
            wait_ns,
        } => {
            let mut sum = 0u64;
            for _ in 0..*rounds {
                sum = sum.wrapping_add(lab_jobs::additions(*additions));
                tokio::time::sleep(Duration::from_nanos(*wait_ns)).await;
            }
            Ok((*rounds, sum.into()))
        }
        _ => Err(JobError::Unfit {
            executor: "async",
            kind: job.kind(),
            reason: "it would hold up all other tasks",
        }),
    }
}
