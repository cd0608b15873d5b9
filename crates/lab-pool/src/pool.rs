//! Runs trials: refuses what cannot be, and gives each to those who can run it.

use crate::cpython::{Interpreter, Python, Skipped};
use crate::error::PoolError;
use crate::executors::{self, Outcome, TrialContext, background};
use crate::jobs::{Amount, Job};
use crate::limits::Limits;
use crate::process::{ChildCommand, RoomForFiles};
use crate::protocol::gil;
use crate::runtime::Runtime;
use crate::trial::{Background, Trial, TrialReport, audit_counter};
use crate::work::{Host, Locked, Native};
use lab_data::clock;
use lab_data::rows::Executor;
use lab_data::usage::Meter;
use std::time::Duration;

/// Runs trials, each in its own pool.
#[derive(Debug)]
pub struct Pool {
    worker: ChildCommand,
    patience: Option<Duration>,
    pub(crate) pythons: Vec<Python>,
}

impl Pool {
    /// Pools whose worker processes are started by `worker`.
    pub fn new(worker: ChildCommand) -> Pool {
        Pool { worker, patience: None, pythons: Vec::new() }
    }

    /// The same, but worker processes get this time for all the jobs of a trial together; without
    /// it, 30 s and what the jobs may take on the slowest machine.
    pub fn with_patience(self, patience: Duration) -> Pool {
        Pool { patience: Some(patience), ..self }
    }

    /// Trials may ask for this interpreter from now on: it is started, and kept until the pool is
    /// dropped.
    ///
    /// # Errors
    /// If it cannot run trials on this machine: then it is skipped, and the others go on.
    pub fn add_python(&mut self, interpreter: Interpreter) -> Result<(), Skipped> {
        let what = interpreter.runtime.clone();
        let python = Python::start(interpreter);
        let python =
            python.map_err(|error| Skipped { what, reason: error.to_string(), is_asked: false })?;
        self.pythons.push(python);
        Ok(())
    }

    /// Whether trials on this executor can run in the runtime here: an interpreter says by itself
    /// whether it has pools of interpreters.
    pub fn supports(&self, runtime: &Runtime, executor: Executor) -> bool {
        let named = |python: &&Python| python.runtime() == runtime.name();
        runtime.supports(executor)
            && (executor != Executor::Interpreters
                || self.pythons.iter().find(named).is_some_and(Python::has_interpreters))
    }

    /// Runs the trial to its end.
    ///
    /// # Errors
    /// If the trial asks for what cannot be, if a thread or process cannot be started, or if a
    /// worker process dies, hangs or breaks the protocol; all workers have ended then. A job that
    /// fails is no error of the trial: its [`crate::Report`] says so.
    pub fn run(&mut self, trial: &Trial) -> Result<TrialReport, PoolError> {
        check(trial)?;
        if let Runtime::CPython(name) = &trial.runtime {
            let python = self.pythons.iter_mut().find(|p| p.runtime() == name);
            return match python {
                Some(python) => python.run(trial),
                None => Err(PoolError::Refused(format!(
                    "there is no {name} here; install it, or name its executable with --python PATH"
                ))),
            };
        }
        let _limits = Limits::enter(trial.limit, None)?;
        // Not for an interpreter, which sees to its own.
        let _room = RoomForFiles::make(trial.open_files());
        let meter = Meter::start();
        let patience = self.patience.unwrap_or_else(|| trial.patience());
        let context = TrialContext::new(trial, patience);
        let mut outcome = match trial.gil_interval_ns().map(gil) {
            None => self.run_under(&context, || Native),
            Some(gil) => self.run_under(&context, || Locked::take(&gil)),
        }?;
        outcome.jobs.sort_by_key(|report| report.job);
        audit_counter(trial, &mut outcome.jobs, context.counted());
        let cost = meter.stop();
        let report = TrialReport {
            zero_ns: context.zero_ns,
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
        };
        report
            .check_times(trial, context.zero_ns, clock::now_ns())
            .map_err(|what| PoolError::Impossible { who: trial.runtime.to_string(), what })?;
        Ok(report)
    }

    /// `host` is what a thread's code runs under; called on that thread.
    fn run_under<H: Host>(
        &self,
        context: &TrialContext,
        host: impl Fn() -> H + Sync,
    ) -> Result<Outcome, PoolError> {
        background::run_beside(context, &self.worker, &host, || match context.trial.executor {
            Executor::Serial => Ok(executors::serial::run(context, &host)),
            Executor::Threads => executors::threads::run(context, &host),
            Executor::Rayon => executors::rayon::run(context),
            Executor::Async => executors::tasks::run(context),
            Executor::Processes => executors::processes::run(context, &self.worker),
            Executor::Interpreters => Err(lacks(&context.trial.runtime, Executor::Interpreters)),
        })
    }
}

fn lacks(runtime: &Runtime, executor: Executor) -> PoolError {
    let others: Vec<&str> = runtime.executors().map(Executor::name).collect();
    PoolError::Refused(format!(
        "{executor} does not exist in the runtime {runtime}; there are: {}",
        others.join(", ")
    ))
}

/// Refuses what no pool could run, before anything is started.
fn check(trial: &Trial) -> Result<(), PoolError> {
    let refused = |why: String| Err(PoolError::Refused(why));
    let (executor, runtime) = (trial.executor, &trial.runtime);
    if trial.workers == 0 {
        return refused("a pool needs at least one worker".to_owned());
    }
    if matches!(runtime, Runtime::Simulated(_)) {
        return refused(format!("{runtime} is simulated, and no pool runs it"));
    }
    if !runtime.supports(executor) {
        return Err(lacks(runtime, executor));
    }
    let is_python = matches!(runtime, Runtime::CPython(_));
    let is_endless = |job: &Job| job.amount() == Some(Amount::UntilStopped);
    let measured = trial.jobs.iter().map(|job| {
        let reason = match job {
            _ if is_endless(job) => Some("it would never end; only jobs in the background may"),
            Job::Command(_) if is_python => Some("the user's commands run natively"),
            _ => job.unfit(executor),
        };
        (executor, job, reason)
    });
    let background = trial.background.iter().map(|Background { executor, job }| {
        let reason = match executor {
            Executor::Threads | Executor::Processes if is_endless(job) => job.unfit(*executor),
            _ => Some("a background job runs on a thread or a process, until it is stopped"),
        };
        (*executor, job, reason)
    });
    for (executor, job, reason) in measured.chain(background) {
        if let Some(reason) = reason {
            let kind = job.kind();
            return refused(format!("{executor} cannot run a {kind} job: {reason}"));
        }
    }
    Ok(())
}

#[cfg(test)]
pub(crate) mod tests;
