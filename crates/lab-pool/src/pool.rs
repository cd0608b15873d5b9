//! Runs trials: refuses what cannot be, and gives each to those who can run it.

use crate::background::run_beside;
use crate::cpython::{Interpreter, Python};
use crate::error::PoolError;
use crate::executors::{self, Outcome, Shop};
use crate::locked::Locked;
use crate::runtime::Runtime;
use crate::trial::{Trial, TrialReport, audit_counter};
use lab_child::ChildCommand;
use lab_jobs::{Amount, Host, Job, Native};
use lab_record::clock;
use lab_record::rows::Executor;
use lab_record::usage::Meter;
use std::time::Duration;

/// Runs trials, each in a pool of its own.
#[derive(Debug)]
pub struct Pool {
    worker: ChildCommand,
    patience: Option<Duration>,
    pub(crate) pythons: Vec<Python>,
}

impl Pool {
    /// Pools whose worker processes are started by `worker`.
    pub fn new(worker: ChildCommand) -> Pool {
        Pool {
            worker,
            patience: None,
            pythons: Vec::new(),
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

    /// Trials may ask for this interpreter from now on; it is started before its first trial and
    /// kept until the pool is dropped.
    pub fn add_python(&mut self, interpreter: Interpreter) {
        self.pythons.push(Python::new(interpreter));
    }

    /// Runs the trial to its end.
    ///
    /// # Errors
    /// If the trial asks for what cannot be, if a thread or process cannot be started, or if a
    /// worker process dies, hangs or talks nonsense; all workers have ended then. A job that fails
    /// is no error of the trial: it stands in its [`lab_jobs::Report`].
    pub fn run(&mut self, trial: &Trial) -> Result<TrialReport, PoolError> {
        check(trial)?;
        if let Runtime::CPython(name) = &trial.runtime {
            let python = self.pythons.iter_mut().find(|p| p.runtime() == name);
            return match python {
                Some(python) => python.run(trial),
                None => Err(PoolError::NoInterpreter(trial.runtime.clone())),
            };
        }
        let meter = Meter::start();
        let patience = self.patience.unwrap_or_else(|| trial.patience());
        let shop = Shop::new(trial, clock::now_ns(), patience);
        let mut outcome = match shop.under.gil() {
            None => self.run_under(trial, &shop, || Native),
            Some(gil) => self.run_under(trial, &shop, || Locked::take(&gil)),
        }?;
        outcome.jobs.sort_by_key(|report| report.job);
        audit_counter(trial, &mut outcome.jobs, shop.counted());
        let cost = meter.stop();
        Ok(TrialReport {
            zero_ns: shop.zero_ns,
            ready_ns: outcome.ready_ns,
            answered_ns: outcome.answered_ns,
            closed_ns: outcome.closed_ns,
            jobs: outcome.jobs,
            start_method: None,
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
        if let (Runtime::CPython(_), Job::Command(_)) = (&trial.runtime, job) {
            return Err(unfit("commands from outside run natively"));
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

#[cfg(test)]
pub(crate) mod tests;
