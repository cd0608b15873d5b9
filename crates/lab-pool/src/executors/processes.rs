//! Worker processes: this executable started again, handed one job at a time.
//!
//! The pool remains one thread however many workers there are: it polls their pipes, and gives the
//! next job to whoever answers.

use super::context::{Outcome, TrialContext, now, sum};
use super::worker_process::{self, SHUTDOWN_TIMEOUT};
use crate::error::PoolError;
use crate::process::{Child, ChildCommand, Frame, wait_any};
use crate::protocol::ToWorker;
use crate::trial::{JobReport, Start};
use std::time::Instant;

/// Runs the trial's jobs on as many processes as it has workers.
///
/// # Errors
/// If a worker cannot be started, dies, hangs or breaks the protocol; the others are ended then.
pub(crate) fn run(context: &TrialContext, command: &ChildCommand) -> Result<Outcome, PoolError> {
    let mut pool = WorkerPool::new(context);
    for number in 0..context.trial.workers {
        let name = format!("worker process {number}");
        pool.workers.push(worker_process::start(command, name)?);
        pool.states.push(State::Starting);
        // Those that are there already work while the others start.
        pool.serve(Instant::now())?;
    }
    if context.trial.start == Start::Warm {
        pool.serve_until_started()?;
        pool.submitted_ns = Some(now());
        for worker in 0..context.trial.workers {
            pool.hand_over(worker)?;
        }
    }
    while pool.reports.len() < context.trial.jobs.len() {
        pool.serve(pool.deadline)?;
    }
    let answered_ns = now();
    pool.serve_until_started()?;
    pool.shut_down(answered_ns)
}

/// What the pool knows of a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Starting,
    Idle,
    Busy { job: usize },
}

/// The workers of one trial. Dropping it ends them all.
struct WorkerPool<'s, 'a> {
    context: &'s TrialContext<'a>,
    deadline: Instant,
    /// Since when jobs may be taken; none while they may not.
    submitted_ns: Option<u64>,
    workers: Vec<Child>,
    states: Vec<State>,
    ready_ns: u64,
    reports: Vec<JobReport>,
}

impl<'s, 'a> WorkerPool<'s, 'a> {
    fn new(context: &'s TrialContext<'a>) -> WorkerPool<'s, 'a> {
        let is_cold = context.trial.start == Start::Cold;
        WorkerPool {
            context,
            deadline: Instant::now() + context.patience,
            submitted_ns: is_cold.then_some(context.zero_ns),
            workers: Vec::with_capacity(context.trial.workers),
            states: Vec::with_capacity(context.trial.workers),
            ready_ns: 0,
            reports: Vec::with_capacity(context.trial.jobs.len()),
        }
    }

    fn serve_until_started(&mut self) -> Result<(), PoolError> {
        while self.states.contains(&State::Starting) {
            self.serve(self.deadline)?;
        }
        Ok(())
    }

    /// Waits until some worker says something, at most until `until`, and answers all that did.
    fn serve(&mut self, until: Instant) -> Result<(), PoolError> {
        let speakers = wait_any(&mut self.workers, until);
        if speakers.is_empty() && Instant::now() >= self.deadline {
            return Err(self.overdue());
        }
        for worker in speakers {
            if let Some(frame) = self.workers[worker].try_receive()? {
                self.hear(worker, frame)?;
                self.hand_over(worker)?;
            }
        }
        Ok(())
    }

    /// What a worker says moves it to its next state.
    fn hear(&mut self, worker: usize, frame: Frame) -> Result<(), PoolError> {
        let child = &self.workers[worker];
        match self.states[worker] {
            State::Starting => {
                let ready_ns = worker_process::ready_ns(child, &frame)?;
                self.ready_ns = self.ready_ns.max(ready_ns);
            }
            State::Busy { job } => {
                let (number, report) = worker_process::done(child, frame)?;
                if number != job {
                    let detail = format!("job {number} instead of job {job}");
                    return Err(PoolError::out_of_order(child.name(), detail));
                }
                self.reports.push(JobReport {
                    job,
                    worker,
                    submitted_ns: self.submitted_ns.unwrap_or(self.context.zero_ns),
                    report,
                });
            }
            State::Idle => {
                let detail = format!("while it was idle it sent {}", frame.line);
                return Err(PoolError::out_of_order(child.name(), detail));
            }
        }
        self.states[worker] = State::Idle;
        Ok(())
    }

    /// Gives an idle worker the next job, if there is one and jobs may be taken.
    fn hand_over(&mut self, worker: usize) -> Result<(), PoolError> {
        if self.submitted_ns.is_none() || self.states[worker] != State::Idle {
            return Ok(());
        }
        if let Some((job, work)) = self.context.take() {
            self.workers[worker].send(&self.context.order(job, work), self.deadline)?;
            self.states[worker] = State::Busy { job };
        }
        Ok(())
    }

    /// Lets all workers end in order and asks what they cost.
    fn shut_down(mut self, answered_ns: u64) -> Result<Outcome, PoolError> {
        let deadline = Instant::now() + SHUTDOWN_TIMEOUT.min(self.context.patience);
        for worker in &mut self.workers {
            worker.send(&ToWorker::Finish, deadline)?;
        }
        let ends = std::mem::take(&mut self.workers)
            .into_iter()
            .map(|worker| worker_process::end(worker, deadline))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Outcome {
            ready_ns: self.ready_ns,
            answered_ns,
            closed_ns: now(),
            jobs: self.reports,
            run_delay_ns: sum(ends.iter().map(|(delay, _)| *delay)),
            workers_peak_rss_bytes: sum(ends.iter().map(|(_, peak)| *peak)),
        })
    }

    fn overdue(&self) -> PoolError {
        let is_silent = |state: &State| *state != State::Idle;
        let silent = self.states.iter().position(is_silent).unwrap_or_default();
        let doing = match self.states.get(silent) {
            Some(State::Busy { job }) => format!("job {job}"),
            _ => "its start".to_owned(),
        };
        let seconds = self.context.patience.as_secs();
        PoolError::Worker(format!(
            "worker process {silent} did not finish {doing} within {seconds} s; it was ended, and so \
             were the others"
        ))
    }
}
