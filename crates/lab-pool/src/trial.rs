//! What is asked of a pool, and what it reports.

use crate::jobs::{Job, Report, Tracking};
use crate::runtime::Runtime;
use lab_data::rows::Executor;
use lab_data::usage::Cost;
use lab_gil::Interval;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;

/// When the jobs may be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// As soon as the first worker is there, while the others still start.
    Cold,
    /// When all workers are there.
    Warm,
}

/// How CPython starts a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StartMethod {
    /// A copy of the interpreter as it is.
    Fork,
    /// A new interpreter.
    Spawn,
    /// A copy of a server process that was started before the trial.
    Forkserver,
}

impl StartMethod {
    /// All of them.
    pub const ALL: [StartMethod; 3] =
        [StartMethod::Fork, StartMethod::Spawn, StartMethod::Forkserver];

    /// The one of this name.
    pub fn named(name: &str) -> Option<StartMethod> {
        StartMethod::ALL.into_iter().find(|one| one.name() == name)
    }

    /// The word in files; Python's own.
    pub fn name(self) -> &'static str {
        match self {
            StartMethod::Fork => "fork",
            StartMethod::Spawn => "spawn",
            StartMethod::Forkserver => "forkserver",
        }
    }
}

impl fmt::Display for StartMethod {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A job that runs beside the measured ones, on its own worker, until they are done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Background {
    /// `Threads` or `Processes`: where its worker lives.
    pub executor: Executor,
    /// What it does; its amount must be [`crate::jobs::Amount::UntilStopped`].
    pub job: Job,
}

/// One run of an arm.
#[derive(Clone, Debug)]
pub struct Trial {
    /// In what the jobs run.
    pub runtime: Runtime,
    /// How workers run them.
    pub executor: Executor,
    /// How many workers; at least 1. Serial has one, whatever is asked.
    pub workers: usize,
    /// When the jobs may be taken.
    pub start: Start,
    /// The measured jobs, in order of submission.
    pub jobs: Vec<Job>,
    /// What runs beside them.
    pub background: Vec<Background>,
    /// How progress is recorded; [`Tracking::for_interval`] fits the switch interval.
    pub tracking: Tracking,
    /// How long a thread that waits for a GIL is patient; without one it means nothing.
    pub switch_interval: Interval,
    /// How CPython is to start processes; none for its own default. Rust has one way only.
    pub start_method: Option<StartMethod>,
}

/// What a job did, and its place in the trial.
#[derive(Clone, Debug)]
pub struct JobReport {
    /// Number of the job in order of submission; background jobs follow the measured ones.
    pub job: usize,
    /// Number of the worker; background workers follow the pool's.
    pub worker: usize,
    /// When it could have been taken, in nanoseconds of [`lab_data::clock::now_ns`].
    pub submitted_ns: u64,
    /// What the worker says.
    pub report: Report,
}

/// What happened in a trial. Times are in nanoseconds of [`lab_data::clock::now_ns`].
#[derive(Clone, Debug)]
pub struct TrialReport {
    /// Just before the pool was made.
    pub zero_ns: u64,
    /// The last worker was there; in CPython the last that did a job, since executors there start a
    /// worker only when all others are busy.
    pub ready_ns: u64,
    /// The last answer was in hand.
    pub answered_ns: u64,
    /// The pool was gone.
    pub closed_ns: u64,
    /// Every job, in order of submission, background jobs last.
    pub jobs: Vec<JobReport>,
    /// How a pool of CPython's processes was started; none for every other pool.
    pub start_method: Option<StartMethod>,
    /// Time that workers were ready to run and had no core, summed; none if the kernel does not
    /// say.
    pub run_delay_ns: Option<u64>,
    /// Peak memory of this process, in CPython of the interpreter, and of its worker processes, each
    /// at its own peak, summed; none if one of them is unknown.
    pub peak_rss_bytes: Option<u64>,
    /// What the trial cost this process, its children and the rest of the machine.
    pub cost: Cost,
}

impl Trial {
    /// The job of this number; background jobs follow the measured ones.
    pub(crate) fn job(&self, number: usize) -> Option<&Job> {
        let beside = || {
            let number = number.checked_sub(self.jobs.len())?;
            self.background.get(number).map(|background| &background.job)
        };
        self.jobs.get(number).or_else(beside)
    }

    /// How long a pool of processes may be silent before it is given up.
    pub(crate) fn patience(&self) -> Duration {
        const AT_LEAST: Duration = Duration::from_secs(30);
        AT_LEAST.saturating_add(self.jobs_take(1))
    }

    /// How long all jobs may take, one after another, where computing takes `slower` times as long
    /// as in Rust.
    pub(crate) fn jobs_take(&self, slower: u64) -> Duration {
        let jobs =
            self.jobs.iter().fold(0u64, |sum, job| sum.saturating_add(job.patience_ns(slower)));
        Duration::from_nanos(jobs)
    }
}

/// The shared counter must be the sum of what its users say, or one of them lost increments
/// and none of them can be believed.
pub(crate) fn audit_counter(trial: &Trial, reports: &mut [JobReport], counter: u64) {
    let counted = |report: &&mut JobReport| matches!(trial.job(report.job), Some(Job::Count(_)));
    let said: u64 = reports.iter_mut().filter(counted).map(|report| report.report.count).sum();
    if said == counter {
        return;
    }
    for report in reports.iter_mut().filter(counted) {
        report.report.error = Some(format!(
            "wrong answer: the workers counted {said} increments, the counter is at {counter}"
        ));
    }
}
