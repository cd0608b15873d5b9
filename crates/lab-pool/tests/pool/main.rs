//! Real pools, with real threads and processes, in runtime rust.
//!
//! What is asserted are answers, counts and order; never how long something took.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "everything in this binary is a test"
)]

mod answers;
mod background;
mod costs;
mod counter;
mod dispatch;
mod faults;
mod parent;
mod peers;
mod staff;
mod tracking;

use lab_jobs::{Job, Tracking};
use lab_pool::{Runtime, Start, Trial, TrialReport};
use lab_record::rows::Executor;

/// A warm trial without background.
fn trial(executor: Executor, workers: usize, jobs: Vec<Job>) -> Trial {
    Trial {
        runtime: Runtime::Rust,
        executor,
        workers,
        start: Start::Warm,
        jobs,
        background: Vec::new(),
        tracking: Tracking::default(),
        switch_interval: lab_pool::Interval::DEFAULT,
        start_method: None,
    }
}

/// Panics if the report is not one of this trial, done right.
fn check(trial: &Trial, report: &TrialReport) {
    let numbers: Vec<usize> = report.jobs.iter().map(|job| job.job).collect();
    let all = trial.jobs.len() + trial.background.len();
    assert_eq!(numbers, (0..all).collect::<Vec<_>>(), "{trial:?}");
    assert!(report.zero_ns <= report.ready_ns, "{trial:?}");
    assert!(report.ready_ns <= report.closed_ns, "{trial:?}");
    assert!(report.zero_ns <= report.answered_ns, "{trial:?}");
    assert!(report.answered_ns <= report.closed_ns, "{trial:?}");
    for (job, asked) in report.jobs.iter().zip(&trial.jobs) {
        assert_eq!(job.report.error, None, "{trial:?}");
        asked.check(job.report.count, &job.report.answer).unwrap();
        assert!(job.worker < trial.workers, "{trial:?} {job:?}");
        let times = [
            report.zero_ns,
            job.submitted_ns,
            job.report.start_ns,
            job.report.end_ns,
            report.answered_ns,
        ];
        assert!(times.is_sorted(), "{trial:?} {times:?}");
        if trial.start == Start::Warm {
            assert!(report.ready_ns <= job.submitted_ns, "{trial:?} {job:?}");
        }
    }
}
