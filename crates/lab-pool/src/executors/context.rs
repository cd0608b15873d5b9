//! What the workers of one trial have in common, and what an executor reports.

use crate::http::Loader;
use crate::jobs::{Job, perform};
use crate::protocol::ToWorker;
use crate::trial::{JobReport, Start, Trial};
use crate::work::{Host, JobContext, Shared};
use lab_data::clock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// What the workers of one trial have in common.
#[derive(Debug)]
pub(crate) struct TrialContext<'a> {
    pub(crate) trial: &'a Trial,
    /// Just before the pool was made, in nanoseconds of [`clock::now_ns`].
    pub(crate) zero_ns: u64,
    /// How long worker processes may take for all jobs.
    pub(crate) patience: Duration,
    next: AtomicUsize,
    stop: AtomicBool,
    shared: Shared,
}

/// What an executor reports of a trial; the times are those of [`crate::TrialReport`].
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) ready_ns: u64,
    pub(crate) answered_ns: u64,
    pub(crate) closed_ns: u64,
    pub(crate) jobs: Vec<JobReport>,
    pub(crate) run_delay_ns: Option<u64>,
    /// Of worker processes; 0 where there are none.
    pub(crate) workers_peak_rss_bytes: Option<u64>,
}

impl<'a> TrialContext<'a> {
    /// Its queue holds all jobs of the trial.
    pub(crate) fn new(trial: &'a Trial, patience: Duration) -> TrialContext<'a> {
        TrialContext {
            trial,
            zero_ns: now(),
            patience,
            next: AtomicUsize::new(0),
            stop: AtomicBool::new(false),
            shared: Shared::default(),
        }
    }

    /// Takes the next job from the queue.
    pub(super) fn take(&self) -> Option<(usize, &'a Job)> {
        let job = self.next.fetch_add(1, Ordering::Relaxed);
        self.trial.jobs.get(job).map(|work| (job, work))
    }

    /// Leaves nothing to take: the trial has failed.
    pub(super) fn close_queue(&self) {
        self.next.store(self.trial.jobs.len(), Ordering::Relaxed);
    }

    /// Since when jobs can be taken, in a pool that was complete at `ready_ns`.
    pub(super) fn submitted_ns(&self, ready_ns: u64) -> u64 {
        match self.trial.start {
            Start::Cold => self.zero_ns,
            Start::Warm => ready_ns,
        }
    }

    /// Room for a fair share of the reports.
    pub(super) fn room(&self) -> Vec<JobReport> {
        Vec::with_capacity(self.trial.jobs.len().div_ceil(self.trial.workers))
    }

    /// What a worker of this process has at hand.
    pub(super) fn job_context<'s, H: Host>(
        &'s self,
        host: H,
        loader: &'s Loader,
    ) -> JobContext<'s, H> {
        JobContext::new(host, self.trial.tracking, &self.stop, &self.shared, loader)
    }

    /// The message that gives a worker process a job.
    pub(super) fn order(&self, job: usize, work: &Job) -> ToWorker {
        ToWorker::Job {
            job,
            work: work.clone(),
            gil_interval_ns: self.trial.gil_interval_ns(),
            tracking: self.trial.tracking,
        }
    }

    /// Takes jobs until the queue is empty; `after` is called with each report.
    pub(super) fn work<H: Host>(
        &self,
        worker: usize,
        submitted_ns: u64,
        host: H,
        mut after: impl FnMut(JobReport),
    ) {
        let loader = Loader::new();
        let mut context = self.job_context(host, &loader);
        while let Some((job, work)) = self.take() {
            after(JobReport { job, worker, submitted_ns, report: perform(work, &mut context) });
        }
    }

    /// Tells the jobs in the background that the measured ones are done.
    pub(super) fn stop_background(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// The value of the shared counter.
    pub(crate) fn counted(&self) -> u64 {
        self.shared.counted()
    }
}

/// Adds up what workers report, as long as all of them report something.
pub(super) fn sum(values: impl IntoIterator<Item = Option<u64>>) -> Option<u64> {
    values.into_iter().try_fold(0u64, |sum, value| Some(sum + value?))
}

/// What all workers report; the trial's report has it in order.
pub(super) fn together(of_workers: impl Iterator<Item = Vec<JobReport>>) -> Vec<JobReport> {
    // There may be a million: those of one worker remain where they are.
    let all = of_workers.reduce(|mut all, some| {
        all.extend(some);
        all
    });
    all.unwrap_or_default()
}

/// Now, in nanoseconds of the shared clock.
pub(super) fn now() -> u64 {
    clock::now_ns()
}
