//! One file for each way of running workers.
//!
//! All of them are given the same [`Shop`]: the jobs, the queue they are taken from, and what the
//! workers share. The executors of threads are generic over [`Host`], so that the same code runs
//! native and under a modelled lock.

mod order;
pub mod processes;
pub mod rayon;
pub mod serial;
pub mod tasks;
pub mod threads;

use crate::protocol::Under;
use crate::trial::{JobReport, Start, Trial};
use lab_jobs::{CpuMeter, Desk, Host, Job, Tracking, page::Loader, perform};
use lab_record::clock;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

/// What the workers of one trial have in common.
#[derive(Debug)]
pub struct Shop<'a> {
    /// Just before the pool was made, in nanoseconds of [`clock::now_ns`].
    pub zero_ns: u64,
    pub(crate) under: Under,
    jobs: &'a [Job],
    workers: usize,
    start: Start,
    tracking: Tracking,
    /// How long worker processes may take for all jobs.
    pub(crate) patience: Duration,
    next: AtomicUsize,
    stop: AtomicBool,
    counter: Lonely,
}

/// An integer on cache lines of its own, so that workers contend for it and for nothing else.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Lonely(AtomicU64);

/// What an executor says of a trial; the times are those of [`crate::TrialReport`].
#[derive(Debug, Default)]
pub struct Outcome {
    pub(crate) ready_ns: u64,
    pub(crate) answered_ns: u64,
    pub(crate) closed_ns: u64,
    pub(crate) jobs: Vec<JobReport>,
    pub(crate) run_delay_ns: Option<u64>,
    /// Of worker processes; 0 where there are none.
    pub(crate) workers_peak_rss_bytes: Option<u64>,
}

impl<'a> Shop<'a> {
    /// A shop whose queue holds all jobs of the trial.
    pub(crate) fn new(trial: &'a Trial, zero_ns: u64, patience: Duration) -> Shop<'a> {
        Shop {
            zero_ns,
            under: Under::of(trial),
            jobs: &trial.jobs,
            workers: trial.workers,
            start: trial.start,
            tracking: trial.tracking,
            patience,
            next: AtomicUsize::new(0),
            stop: AtomicBool::new(false),
            counter: Lonely::default(),
        }
    }

    /// Takes the next job from the queue.
    fn take(&self) -> Option<(usize, &'a Job)> {
        let job = self.next.fetch_add(1, Ordering::Relaxed);
        self.jobs.get(job).map(|work| (job, work))
    }

    /// Leaves nothing to take: the trial has failed.
    fn close_queue(&self) {
        self.next.store(self.jobs.len(), Ordering::Relaxed);
    }

    /// What a worker of this process has at hand.
    pub(crate) fn desk<'s, H: Host>(&'s self, host: H, loader: &'s Loader) -> Desk<'s, H> {
        Desk {
            host,
            tracking: self.tracking,
            stop: &self.stop,
            counter: Some(&self.counter.0),
            loader,
            meter: CpuMeter::default(),
        }
    }

    /// Tells the jobs in the background that the measured ones are done.
    pub(crate) fn stop_background(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Takes jobs until the queue is empty; `after` is called with each report.
    fn work<H: Host>(
        &self,
        worker: usize,
        submitted_ns: u64,
        host: H,
        mut after: impl FnMut(JobReport),
    ) {
        let loader = Loader::new();
        let mut desk = self.desk(host, &loader);
        while let Some((job, work)) = self.take() {
            after(JobReport {
                job,
                worker,
                submitted_ns,
                report: perform(work, &mut desk),
            });
        }
    }

    /// Where the shared counter stands.
    pub(crate) fn counted(&self) -> u64 {
        self.counter.0.load(Ordering::Relaxed)
    }
}

/// Adds up what workers say, as long as all of them say something.
pub(crate) fn sum(values: impl IntoIterator<Item = Option<u64>>) -> Option<u64> {
    values
        .into_iter()
        .try_fold(0u64, |sum, value| Some(sum + value?))
}

/// Now, in nanoseconds of the shared clock.
fn now() -> u64 {
    clock::now_ns()
}
