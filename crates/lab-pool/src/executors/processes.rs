//! Worker processes: this executable started again, handed one job at a time.
//!
//! The pool stays one thread however many workers there are: it polls their pipes, and gives the
//! next job to whoever answers.

use super::{Outcome, Shop, now, sum};
use crate::error::PoolError;
use crate::protocol::{FromWorker, ToWorker, VERSION};
use crate::trial::{JobReport, Start};
use lab_child::{Child, ChildCommand, Frame, wait_any};
use std::time::{Duration, Instant};

/// A worker that has nothing left to do says goodbye within this time, or is ended.
const FAREWELL: Duration = Duration::from_secs(10);

/// Runs the shop's jobs on as many processes as it has workers.
///
/// # Errors
/// If a worker cannot be started, dies, hangs or talks nonsense; the others are ended then.
pub fn run(shop: &Shop, command: &ChildCommand) -> Result<Outcome, PoolError> {
    let mut crew = Crew::new(shop);
    for number in 0..shop.workers {
        let child = Child::start(&command.named(format!("worker process {number}")))?;
        crew.workers.push(child);
        crew.states.push(State::Starting);
        // Those that are there already work while the others start.
        crew.serve(Instant::now())?;
    }
    if shop.start == Start::Warm {
        while crew.states.contains(&State::Starting) {
            crew.serve(crew.deadline)?;
        }
        crew.submitted_ns = Some(now());
        for worker in 0..shop.workers {
            crew.hand_over(worker)?;
        }
    }
    while crew.reports.len() < shop.jobs.len() {
        crew.serve(crew.deadline)?;
    }
    let answered_ns = now();
    while crew.states.contains(&State::Starting) {
        crew.serve(crew.deadline)?;
    }
    crew.dismiss(answered_ns)
}

/// What the pool knows of a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Starting,
    Idle,
    Busy { job: usize },
}

/// The workers of one trial. Dropping it ends them all.
struct Crew<'s, 'a> {
    shop: &'s Shop<'a>,
    deadline: Instant,
    /// Since when jobs may be taken; none while they may not.
    submitted_ns: Option<u64>,
    workers: Vec<Child>,
    states: Vec<State>,
    ready_ns: u64,
    reports: Vec<JobReport>,
}

impl<'s, 'a> Crew<'s, 'a> {
    fn new(shop: &'s Shop<'a>) -> Crew<'s, 'a> {
        Crew {
            shop,
            deadline: Instant::now() + shop.patience,
            submitted_ns: match shop.start {
                Start::Cold => Some(shop.zero_ns),
                Start::Warm => None,
            },
            workers: Vec::with_capacity(shop.workers),
            states: Vec::with_capacity(shop.workers),
            ready_ns: 0,
            reports: Vec::with_capacity(shop.jobs.len()),
        }
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
            }
        }
        Ok(())
    }

    /// What a worker says moves it to its next state, and gives it its next job.
    fn hear(&mut self, worker: usize, frame: Frame) -> Result<(), PoolError> {
        match (self.states[worker], frame.parse()?) {
            (
                State::Starting,
                FromWorker::Hello {
                    version: VERSION,
                    ready_ns,
                    ..
                },
            ) => {
                self.ready_ns = self.ready_ns.max(ready_ns);
                self.states[worker] = State::Idle;
            }
            (State::Busy { job }, FromWorker::Done(answer)) => {
                let (number, report) = answer
                    .unpack(frame.integers)
                    .map_err(|detail| self.out_of_order(worker, detail))?;
                if number != job {
                    let detail = format!("job {number} instead of job {job}");
                    return Err(self.out_of_order(worker, detail));
                }
                self.reports.push(JobReport {
                    job,
                    worker,
                    submitted_ns: self.submitted_ns.unwrap_or(self.shop.zero_ns),
                    report,
                });
                self.states[worker] = State::Idle;
            }
            (state, _) => {
                let detail = format!("while it was {state:?} it sent {}", frame.line);
                return Err(self.out_of_order(worker, detail));
            }
        }
        self.hand_over(worker)
    }

    /// Gives an idle worker the next job, if there is one and jobs may be taken.
    fn hand_over(&mut self, worker: usize) -> Result<(), PoolError> {
        if self.submitted_ns.is_none() || self.states[worker] != State::Idle {
            return Ok(());
        }
        if let Some((job, work)) = self.shop.take() {
            let message = ToWorker::Job {
                job,
                work: work.clone(),
                under: self.shop.under,
                tracking: self.shop.tracking,
            };
            self.workers[worker].send(&message, self.deadline)?;
            self.states[worker] = State::Busy { job };
        }
        Ok(())
    }

    /// Lets all workers end in order and asks what they cost.
    fn dismiss(mut self, answered_ns: u64) -> Result<Outcome, PoolError> {
        let deadline = Instant::now() + FAREWELL.min(self.shop.patience);
        for worker in &mut self.workers {
            worker.send(&ToWorker::Finish, deadline)?;
        }
        let mut delays = Vec::with_capacity(self.workers.len());
        let mut peaks = Vec::with_capacity(self.workers.len());
        for (number, mut worker) in std::mem::take(&mut self.workers).into_iter().enumerate() {
            let frame = worker.receive(deadline)?;
            let FromWorker::End {
                run_delay_ns,
                peak_rss_bytes,
            } = frame.parse()?
            else {
                return Err(PoolError::OutOfOrder {
                    worker: format!("worker process {number}"),
                    detail: format!("instead of its end it sent {}", frame.line),
                });
            };
            delays.push(run_delay_ns);
            peaks.push(peak_rss_bytes);
            worker.end(deadline)?;
        }
        Ok(Outcome {
            ready_ns: self.ready_ns,
            answered_ns,
            closed_ns: now(),
            jobs: self.reports,
            run_delay_ns: sum(delays),
            workers_peak_rss_bytes: sum(peaks),
        })
    }

    fn overdue(&self) -> PoolError {
        let silent = self
            .states
            .iter()
            .position(|state| *state != State::Idle)
            .unwrap_or_default();
        PoolError::Overdue {
            worker: format!("worker process {silent}"),
            doing: match self.states.get(silent) {
                Some(State::Busy { job }) => format!("job {job}"),
                _ => "its start".to_owned(),
            },
            seconds: self.shop.patience.as_secs(),
        }
    }

    fn out_of_order(&self, worker: usize, detail: String) -> PoolError {
        PoolError::OutOfOrder {
            worker: format!("worker process {worker}"),
            detail,
        }
    }
}
