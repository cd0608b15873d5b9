//! What is said to `worker.py` and what it says.

use super::Identity;
use crate::http::{checked_url, trust};
use crate::jobs::page::{Cause, MAX_REDIRECTS};
use crate::jobs::{Answer, Job};
use crate::trial::{Background, Start, StartMethod, Trial};
use lab_data::rows::Executor;
use lab_data::usage::Resources;
use serde::{Deserialize, Serialize};

/// The version that both sides must have.
pub(super) const VERSION: u32 = 4;

/// A tracker there keeps every sample of clock and core, 16 bytes each, until the trial is over.
pub(super) const MAX_SAMPLES: u64 = 1 << 24;

/// Run this trial.
#[derive(Debug, Serialize)]
pub(super) struct Order<'a> {
    say: &'static str,
    executor: Executor,
    workers: usize,
    warm: bool,
    start_method: Option<StartMethod>,
    switch_interval_ns: u64,
    jobs: &'a [Job],
    background: &'a [Background],
    max_samples: u64,
    max_redirects: u32,
    /// Whom https pages are believed, certificates in DER form one after another, in hexadecimal;
    /// empty where no page needs them.
    trusted: String,
}

impl<'a> Order<'a> {
    pub(super) fn new(trial: &'a Trial) -> Order<'a> {
        let is_asked = |job: &Job| match job {
            Job::Page(page) => checked_url(&page.url).is_ok_and(|url| trust::is_needed(&url)),
            _ => false,
        };
        let needs_trust = trial.jobs.iter().any(is_asked);
        Order {
            say: "trial",
            executor: trial.executor,
            workers: trial.workers,
            warm: trial.start == Start::Warm,
            start_method: trial.start_method,
            switch_interval_ns: trial.switch_interval.ns(),
            jobs: &trial.jobs,
            background: &trial.background,
            max_samples: MAX_SAMPLES,
            max_redirects: MAX_REDIRECTS,
            trusted: if needs_trust { trust::as_hex() } else { String::new() },
        }
    }
}

/// From the interpreter.
#[derive(Debug, Deserialize)]
#[serde(tag = "say", rename_all = "kebab-case")]
pub(super) enum FromPython {
    /// It can take a trial.
    Hello {
        /// Of the conversation.
        version: u32,
        /// What it is.
        is: Identity,
    },
    /// The trial is over; this many results follow. They are sent afterwards, so that writing and
    /// reading them is no part of what the trial cost.
    End(Box<End>),
    /// What became of a job.
    Result(Box<Done>),
    /// The trial cannot be ended, say, because a process of its pool is gone. The interpreter ends.
    Failed {
        /// Why, in words.
        what: String,
    },
}

/// How a trial went; times in nanoseconds of the shared clock.
#[derive(Debug, Deserialize)]
pub(super) struct End {
    pub zero_ns: u64,
    pub ready_ns: u64,
    pub answered_ns: u64,
    pub closed_ns: u64,
    pub own: Used,
    pub children: Used,
    pub run_delay_ns: Option<u64>,
    pub peak_rss_bytes: Option<u64>,
    /// The value of the shared counter.
    pub counter: u64,
    /// How processes were started, where there were any.
    pub start_method: Option<StartMethod>,
    pub results: usize,
    /// What the interpreter is after it.
    pub is: Identity,
}

/// What a trial used.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Used {
    cpu_ns: u64,
    voluntary_switches: u64,
    involuntary_switches: u64,
}

impl Used {
    /// Together with what was used here meanwhile.
    pub(super) fn plus(self, here: Option<Resources>) -> Option<Resources> {
        let here = here?;
        Some(Resources {
            cpu_ns: here.cpu_ns + self.cpu_ns,
            voluntary_switches: here.voluntary_switches + self.voluntary_switches,
            involuntary_switches: here.involuntary_switches + self.involuntary_switches,
        })
    }
}

/// A job that is done. After the line come the times of all samples, the cores of all samples, and
/// start, end and core of each call.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Done {
    pub job: usize,
    pub worker: usize,
    pub submitted_ns: u64,
    pub start_ns: u64,
    pub end_ns: u64,
    /// Missing for a task, which shares its thread.
    pub cpu_ns: Option<u64>,
    /// Both are missing if it failed.
    pub count: Option<u64>,
    pub answer: Option<Answer>,
    /// Why a page did not come.
    pub fault: Option<Cause>,
    /// Any other exception.
    pub raised: Option<String>,
    pub samples: usize,
    pub calls: usize,
}
