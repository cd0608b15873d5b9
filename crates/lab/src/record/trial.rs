//! A trial as it was recorded, with its jobs, spans and requests.

use super::recording::Recording;
use crate::arms::arm::Arm;
use lab_data::rows::{JobRow, RequestRow, SpanRow, TrialRow};
use lab_stats::bounds::{list_scheduling, makespan};
use lab_stats::parallelism::{parallelism_while, share_with};
use lab_stats::timeline::Span;

/// A trial of a run.
#[derive(Clone, Copy, Debug)]
pub struct Trial<'a> {
    /// Its row of `trials.csv`.
    pub row: &'a TrialRow,
    run: &'a Recording,
}

impl Recording {
    /// The judged trials of an arm, in order of time.
    pub fn trials<'a>(&'a self, arm: &Arm) -> impl Iterator<Item = Trial<'a>> + use<'a> {
        let arm = arm.clone();
        self.all_trials()
            .iter()
            .filter(move |row| row.judged && arm.includes(row))
            .map(|row| self.trial(row))
    }

    /// All trials, warm-ups too, in order of time.
    pub fn each_trial(&self) -> impl Iterator<Item = Trial<'_>> {
        self.all_trials().iter().map(|row| self.trial(row))
    }

    /// The trial of a row.
    pub(crate) fn trial<'a>(&'a self, row: &'a TrialRow) -> Trial<'a> {
        Trial { row, run: self }
    }

    /// The first judged trial of an arm whose jobs were kept: what a figure shows.
    pub fn shown_trial(&self, arm: &Arm) -> Option<Trial<'_>> {
        self.trials(arm).find(|trial| !trial.jobs().is_empty())
    }
}

impl<'a> Trial<'a> {
    /// Its jobs, in order of submission, background jobs last; none if they were not kept.
    pub fn jobs(&self) -> &'a [JobRow] {
        self.run.jobs(self.row)
    }

    /// The spans of all its jobs: when and on which core each made progress.
    pub fn span_rows(&self) -> &'a [SpanRow] {
        self.run.span_rows(self.row)
    }

    /// When its measured jobs made progress.
    pub fn spans(&self) -> Vec<Span> {
        let measured = self.span_rows().iter().filter(|span| span.job < self.row.jobs);
        measured
            .map(|span| Span { job: span.job, start: span.start_ns, end: span.end_ns })
            .collect()
    }

    /// The points that a job noted, found again in its spans, in nanoseconds from the trial's zero. A
    /// span ends at every point, and before each lies the same number of readings of the clock. So the
    /// points are the ends of those spans that complete such a lot; spans that end elsewhere ended
    /// because another job had the core.
    pub fn points(&self, job: &JobRow) -> Vec<u64> {
        let spans = || self.span_rows().iter().filter(|span| span.job == job.job);
        let all: u64 = spans().map(|span| span.samples).sum();
        let Some(lot) = job.count.and_then(|points| all.checked_div(points)) else {
            return Vec::new();
        };
        let mut readings = 0;
        let completes = |span: &&SpanRow| {
            readings += span.samples;
            readings % lot.max(1) == 0
        };
        spans().filter(completes).map(|span| span.end_ns).collect()
    }

    /// When its measured jobs were in flight.
    pub fn in_flight(&self) -> Vec<Span> {
        let measured = self.jobs().iter().filter(|job| job.job < self.row.jobs);
        measured
            .filter_map(|job| Some(Span { job: job.job, start: job.start_ns?, end: job.end_ns? }))
            .collect()
    }

    /// What the origin saw of it; empty without an origin.
    pub fn requests(&self) -> &'a [RequestRow] {
        self.run.requests(self.row)
    }

    /// The judged trials of its runtime in the same block that are of this case.
    pub fn in_same_block(&self, case: &str) -> impl Iterator<Item = Trial<'a>> {
        let (own, run) = (self.row, self.run);
        run.all_trials()
            .iter()
            .filter(move |row| {
                row.judged
                    && row.block == own.block
                    && row.runtime == own.runtime
                    && row.case == case
            })
            .map(|row| run.trial(row))
    }

    /// When the origin accepted the connection of a job, and how long it served it, in nanoseconds;
    /// none without an origin. Job i loads page i of its set.
    pub(crate) fn served(&self, job: u32) -> Option<(u64, u64)> {
        let path = self.run.info.settings.page_paths.get(job as usize)?;
        self.requests()
            .iter()
            .find(|request| request.path == *path && !request.aborted)
            .map(|request| (request.accepted_ns, request.service_ns))
    }

    /// How long the origin served each job, in nanoseconds, in order of submission; none without an
    /// origin, or if a page was not served.
    pub fn service_times(&self) -> Option<Vec<u64>> {
        (0..self.row.jobs).map(|job| Some(self.served(job)?.1)).collect()
    }

    /// The makespan of list scheduling: the jobs in order of submission, each as long as the origin
    /// says that it served it, on the trial's workers. None without an origin.
    pub(crate) fn list_scheduling_ns(&self) -> Option<u64> {
        let times = self.service_times()?;
        Some(makespan(&list_scheduling(&times, self.row.workers as usize)?))
    }

    /// Of the time in which every core has something to run, the share with `n` or more measured jobs
    /// running.
    pub fn share_with_running(&self, n: u32) -> Option<f64> {
        let full = self.row.workers.min(self.run.cores()).max(2);
        share_with(&self.spans(), &self.in_flight(), n, full)
    }

    /// How many measured jobs run at once while every core has something to run.
    pub fn parallelism(&self) -> Option<f64> {
        let full = self.row.workers.min(self.run.cores());
        parallelism_while(&self.spans(), &self.in_flight(), full)
    }
}
