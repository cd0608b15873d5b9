//! What is asked of a pool, and what it reports.

use crate::jobs::{Job, Report, Tracking};
use crate::limits::Limit;
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
    /// What it may use of the machine; none for all that this process may.
    pub limit: Option<Limit>,
    /// On how many event loops the tasks of `async` are, each on its own thread; CPython and the simulated
    /// machine have one.
    pub loops: u32,
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
#[derive(Clone, Debug, Default)]
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
    /// A cold one of these jobs, with all else as it is by default.
    pub fn new(runtime: Runtime, executor: Executor, workers: usize, jobs: Vec<Job>) -> Trial {
        Trial {
            runtime,
            executor,
            workers,
            start: Start::Cold,
            jobs,
            background: Vec::new(),
            tracking: Tracking::default(),
            switch_interval: Interval::DEFAULT,
            limit: None,
            loops: 1,
            start_method: None,
        }
    }

    /// The job of this number; background jobs follow the measured ones.
    pub(crate) fn job(&self, number: usize) -> Option<&Job> {
        let beside = || {
            let number = number.checked_sub(self.jobs.len())?;
            self.background.get(number).map(|background| &background.job)
        };
        self.jobs.get(number).or_else(beside)
    }

    /// The switch interval of its modelled GIL, if it has one.
    pub(crate) fn gil_interval_ns(&self) -> Option<u64> {
        (self.runtime == Runtime::Gil).then(|| self.switch_interval.ns())
    }

    /// How many files may be open for its sake at once: a connection per worker, or a child's three
    /// pipes, the other ends of two while it starts, and what shows its end.
    pub(crate) fn open_files(&self) -> u64 {
        6 * (self.workers + self.background.len()) as u64
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

impl TrialReport {
    /// Whether all this can have happened between two moments, in this order; else what cannot. A
    /// child that claims the impossible is not believed in anything.
    pub(crate) fn check_times(&self, trial: &Trial, from: u64, until: u64) -> Result<(), String> {
        let in_order = |what: fmt::Arguments, times: &[u64]| match times.is_sorted() {
            true => Ok(()),
            false => Err(format!("{what} cannot have happened in this order: {times:?} ns")),
        };
        let pool = [from, self.zero_ns, self.ready_ns, self.closed_ns, until];
        in_order(format_args!("the start and the end of the pool"), &pool)?;
        let answers = [self.zero_ns, self.answered_ns, self.closed_ns];
        in_order(format_args!("the last answer"), &answers)?;
        for JobReport { job, submitted_ns, report, .. } in &self.jobs {
            let last = if *job < trial.jobs.len() { self.answered_ns } else { until };
            let of_job = [self.zero_ns, *submitted_ns, report.start_ns, report.end_ns, last];
            in_order(format_args!("job {job}"), &of_job)?;
            let progress = report.spans.iter().flat_map(|span| [span.start_ns, span.end_ns]);
            let of_spans = [report.start_ns].into_iter().chain(progress).chain([report.end_ns]);
            if !of_spans.is_sorted() {
                return Err(format!(
                    "job {job} made progress backwards in time, or while it did not run"
                ));
            }
        }
        Ok(())
    }
}

/// The shared counter must be the sum of what its users say, or one of them lost increments and none of
/// them can be believed. Of those that may lose some, what the counter shows in the end is the answer.
pub(crate) fn audit_counter(trial: &Trial, reports: &mut [JobReport], counter: u64) {
    let counts = |report: &&mut JobReport| {
        matches!(trial.job(report.job), Some(Job::Count(_) | Job::Tally(_)))
    };
    let may_lose = reports.iter().any(|report| match trial.job(report.job) {
        Some(Job::Tally(tally)) => !tally.how.is_exact(),
        _ => false,
    });
    let said: u64 = reports.iter_mut().filter(counts).map(|report| report.report.count).sum();
    let is_possible = said == counter || (may_lose && counter < said);
    for report in reports.iter_mut().filter(counts) {
        if let Some(Job::Tally(_)) = trial.job(report.job) {
            report.report.answer = counter.into();
        }
        if !is_possible {
            report.report.error = Some(format!(
                "wrong answer: the workers counted {said} increments, the counter is at {counter}"
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pool::tests::trial;
    use lab_data::burst::Span;

    /// A trial of two jobs and one in the background that happened from 10 to 20 ns, and what is
    /// reported of it.
    fn happened() -> (Trial, TrialReport) {
        let mut trial = trial(Runtime::Rust, Executor::Threads, 2, vec![Job::add(1); 2]);
        let job = Job::add(1).until_stopped();
        trial.background = vec![Background { executor: Executor::Threads, job }];
        let job = |job, start_ns, end_ns| JobReport {
            job,
            worker: job,
            submitted_ns: 11,
            report: Report {
                start_ns,
                end_ns,
                spans: [(start_ns, start_ns), (end_ns, end_ns)]
                    .map(|(start_ns, end_ns)| Span { start_ns, end_ns, samples: 1, core: 0 })
                    .into(),
                ..Report::default()
            },
        };
        let report = TrialReport {
            zero_ns: 10,
            ready_ns: 12,
            answered_ns: 17,
            closed_ns: 18,
            jobs: vec![job(0, 13, 15), job(1, 13, 17), job(2, 11, 19)],
            ..TrialReport::default()
        };
        (trial, report)
    }

    #[test]
    fn a_lost_increment_is_an_error_where_none_may_be_lost_and_else_what_the_counter_says() {
        use crate::jobs::How;
        for (job, counter, is_right) in [
            (Job::count(5), 10, true),
            (Job::count(5), 9, false),
            (Job::tally(How::Locked, 5), 9, false),
            (Job::tally(How::Plain, 5), 6, true),
            (Job::tally(How::Plain, 5), 11, false),
        ] {
            let (mut trial, mut report) = happened();
            trial.jobs = vec![job.clone(); 2];
            for of in &mut report.jobs {
                (of.report.count, of.report.answer) = (5, 5.into());
            }
            report.jobs.truncate(2);
            audit_counter(&trial, &mut report.jobs, counter);
            for of in &report.jobs {
                assert_eq!(of.report.error.is_none(), is_right, "{job:?} {counter}");
                let own = matches!(job, Job::Count(_));
                assert_eq!(of.report.answer, if own { 5 } else { counter }.into());
            }
        }
    }

    #[test]
    fn what_cannot_have_happened_is_found() {
        let (trial, report) = happened();
        assert_eq!(report.check_times(&trial, 9, 20), Ok(()));
        assert!(report.check_times(&trial, 11, 20).is_err());
        assert!(report.check_times(&trial, 9, 17).is_err());
        let changes: [fn(&mut TrialReport); 9] = [
            |report| report.ready_ns = 9,
            |report| report.answered_ns = 19,
            |report| report.closed_ns = u64::MAX,
            |report| report.jobs[0].submitted_ns = 9,
            |report| report.jobs[0].submitted_ns = 14,
            |report| report.jobs[0].report.end_ns = 12,
            |report| report.jobs[1].report.end_ns = 18,
            |report| report.jobs[2].report.spans[1].end_ns = 20,
            |report| report.jobs[2].report.spans.reverse(),
        ];
        for change in changes {
            let (trial, mut report) = happened();
            change(&mut report);
            let error = report.check_times(&trial, 9, 20).unwrap_err();
            assert!(error.contains("cannot have happened") || error.contains("made progress"));
        }
    }
}
