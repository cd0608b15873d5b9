//! What is asked of a pool, and what it reports.

use crate::background::run_beside;
use crate::error::PoolError;
use crate::executors::{self, Outcome, Shop};
use crate::locked::Locked;
use crate::runtime::Runtime;
use lab_child::ChildCommand;
use lab_gil::Interval;
use lab_jobs::{Amount, Host, Job, Native, Report, Tracking};
use lab_record::clock;
use lab_record::rows::Executor;
use lab_record::usage::{Cost, Meter};
use std::time::Duration;

/// When the jobs may be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// As soon as the first worker is there, while the others still start.
    Cold,
    /// When all workers are there.
    Warm,
}

/// A job that runs beside the measured ones, on a worker of its own, until they are done.
#[derive(Clone, Debug)]
pub struct Background {
    /// `Threads` or `Processes`: where its worker lives.
    pub executor: Executor,
    /// What it does; its amount must be [`Amount::UntilStopped`].
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
}

/// What a job did, and where it stood in its trial.
#[derive(Clone, Debug)]
pub struct JobReport {
    /// Number of the job in order of submission; background jobs follow the measured ones.
    pub job: usize,
    /// Number of the worker; background workers follow the pool's.
    pub worker: usize,
    /// When it could have been taken, in nanoseconds of [`clock::now_ns`].
    pub submitted_ns: u64,
    /// What the worker says.
    pub report: Report,
}

/// What happened in a trial. Times are in nanoseconds of [`clock::now_ns`].
#[derive(Clone, Debug)]
pub struct TrialReport {
    /// Just before the pool was made.
    pub zero_ns: u64,
    /// The last worker was there.
    pub ready_ns: u64,
    /// The last answer was in hand.
    pub answered_ns: u64,
    /// The pool was gone.
    pub closed_ns: u64,
    /// Every job, in order of submission, background jobs last.
    pub jobs: Vec<JobReport>,
    /// Time that workers were ready to run and had no core, summed; none if the kernel does not
    /// tell.
    pub run_delay_ns: Option<u64>,
    /// Peak memory of this process and of its worker processes, each at its own peak, summed; none
    /// if one of them cannot tell.
    pub peak_rss_bytes: Option<u64>,
    /// What the trial cost this process, its children and the rest of the machine.
    pub cost: Cost,
}

/// Runs trials, each in a pool of its own.
#[derive(Clone, Debug)]
pub struct Pool {
    worker: ChildCommand,
    patience: Option<Duration>,
}

impl Pool {
    /// Pools whose worker processes are started by `worker`.
    pub fn new(worker: ChildCommand) -> Pool {
        Pool {
            worker,
            patience: None,
        }
    }

    /// The same, but worker processes get this time for all the jobs of a trial together; without
    /// it, 30 s and what the jobs may take on the slowest machine.
    pub fn with_patience(self, patience: Duration) -> Pool {
        Pool {
            patience: Some(patience),
            ..self
        }
    }

    /// Runs the trial to its end.
    ///
    /// # Errors
    /// If the trial asks for what cannot be, if a thread or process cannot be started, or if a
    /// worker process dies, hangs or talks nonsense; all workers have ended then. A job that fails
    /// is no error of the trial: it stands in its [`Report`].
    pub fn run(&self, trial: &Trial) -> Result<TrialReport, PoolError> {
        check(trial)?;
        let meter = Meter::start();
        let patience = self.patience.unwrap_or_else(|| trial.patience());
        let shop = Shop::new(trial, clock::now_ns(), patience);
        let mut outcome = match shop.under.gil() {
            None => self.run_under(trial, &shop, || Native),
            Some(gil) => self.run_under(trial, &shop, || Locked::take(&gil)),
        }?;
        outcome.jobs.sort_by_key(|report| report.job);
        shop.audit_counter(&mut outcome.jobs);
        let cost = meter.stop();
        Ok(TrialReport {
            zero_ns: shop.zero_ns,
            ready_ns: outcome.ready_ns,
            answered_ns: outcome.answered_ns,
            closed_ns: outcome.closed_ns,
            jobs: outcome.jobs,
            run_delay_ns: outcome.run_delay_ns,
            peak_rss_bytes: cost
                .peak_rss_bytes
                .zip(outcome.workers_peak_rss_bytes)
                .map(|(own, workers)| own + workers),
            cost,
        })
    }

    /// `host` is what a thread's code runs under; called on that thread.
    fn run_under<H: Host>(
        &self,
        trial: &Trial,
        shop: &Shop,
        host: impl Fn() -> H + Sync,
    ) -> Result<Outcome, PoolError> {
        run_beside(trial, shop, &self.worker, &host, || match trial.executor {
            Executor::Serial => executors::serial::run(shop, &host),
            Executor::Threads => executors::threads::run(shop, &host),
            Executor::Rayon => executors::rayon::run(shop),
            Executor::Async => executors::tasks::run(shop),
            Executor::Processes => executors::processes::run(shop, &self.worker),
        })
    }
}

const NO_COUNTER: &str = "processes share no counter";

/// Refuses what no pool could run, before anything is started.
fn check(trial: &Trial) -> Result<(), PoolError> {
    if trial.workers == 0 {
        return Err(PoolError::NoWorkers);
    }
    if let (Runtime::Gil | Runtime::CPython(_), Executor::Rayon | Executor::Async) =
        (&trial.runtime, trial.executor)
    {
        return Err(PoolError::NoSuchArm {
            executor: trial.executor,
            runtime: trial.runtime.clone(),
            reason: "there are serial, threads and processes",
        });
    }
    for job in &trial.jobs {
        let unfit = |reason| PoolError::Unfit {
            executor: trial.executor,
            kind: job.kind(),
            reason,
        };
        if job.amount() == Some(Amount::UntilStopped) {
            return Err(unfit("it would never end; only jobs in the background may"));
        }
        match (trial.executor, job) {
            (Executor::Processes, Job::Count { .. }) => {
                return Err(unfit(NO_COUNTER));
            }
            (Executor::Async, Job::Page(_) | Job::Wait { .. } | Job::Mix { .. }) => {}
            (Executor::Async, _) => {
                return Err(unfit("it would hold up all other tasks"));
            }
            _ => {}
        }
    }
    for background in &trial.background {
        let unfit = |reason| PoolError::Unfit {
            executor: background.executor,
            kind: background.job.kind(),
            reason,
        };
        if background.job.amount() != Some(Amount::UntilStopped)
            || !matches!(background.executor, Executor::Threads | Executor::Processes)
        {
            return Err(unfit(
                "a background job runs on a thread or a process, until it is stopped",
            ));
        }
        if let (Executor::Processes, Job::Count { .. }) = (background.executor, &background.job) {
            return Err(unfit(NO_COUNTER));
        }
    }
    Ok(())
}

impl Trial {
    /// How long a pool of processes may take before it is given up.
    fn patience(&self) -> Duration {
        const AT_LEAST: Duration = Duration::from_secs(30);
        let jobs = self
            .jobs
            .iter()
            .fold(0u64, |sum, job| sum.saturating_add(job.patience_ns()));
        AT_LEAST.saturating_add(Duration::from_nanos(jobs))
    }
}

#[cfg(test)]
mod tests;
