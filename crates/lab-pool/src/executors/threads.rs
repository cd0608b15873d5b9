//! Threads of this process that take jobs from one shared queue.

use super::context::{Outcome, TrialContext, now, sum, together};
use crate::error::PoolError;
use crate::trial::{JobReport, Start};
use crate::work::Host;
use lab_data::rows::Executor;
use lab_data::usage::thread_run_delay_ns;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread::{self, ScopedJoinHandle, Thread};
use std::time::Duration;

/// A worker whose thread died wakes nobody; the caller looks for that this often.
const LOOK_AFTER_WORKERS: Duration = Duration::from_millis(100);

/// What a worker hands over when it ends: its reports, and how long it waited for a core.
type Handed = (Vec<JobReport>, Option<u64>);

/// Runs the trial's jobs on as many threads as it has workers.
///
/// # Errors
/// If the system refuses a thread; the workers that run already end first.
pub(crate) fn run<H: Host>(
    context: &TrialContext,
    host: impl Fn() -> H + Sync,
) -> Result<Outcome, PoolError> {
    let line = StartLine::new(context, thread::current());
    let unanswered = AtomicUsize::new(context.trial.jobs.len());
    let work = |worker: usize| -> Handed {
        let mut host = host();
        let submitted_ns = line.arrive(&mut host);
        let mut reports = context.room();
        context.work(worker, submitted_ns, host, |report| reports.push(report));
        // Once, when there is nothing left to take, and not after each job: nobody contends for the
        // count, and whoever gave the last answer still reports it at once.
        if unanswered.fetch_sub(reports.len(), Ordering::AcqRel) == reports.len() {
            line.caller.unpark();
        }
        (reports, thread_run_delay_ns())
    };
    thread::scope(|scope| {
        let mut handles = Vec::with_capacity(context.trial.workers);
        for worker in 0..context.trial.workers {
            let work = &work;
            match thread::Builder::new().spawn_scoped(scope, move || work(worker)) {
                Ok(handle) => handles.push(handle),
                Err(cause) => {
                    context.close_queue();
                    line.open(&handles);
                    return Err(PoolError::not_started(worker, Executor::Threads, cause));
                }
            }
        }
        if context.trial.start == Start::Warm {
            wait_until(&handles, || line.arrived.load(Ordering::Acquire) == context.trial.workers);
            line.open(&handles);
        }
        wait_until(&handles, || unanswered.load(Ordering::Acquire) == 0);
        let answered_ns = now();
        let (jobs, run_delay_ns) = gather(handles)?;
        Ok(Outcome {
            ready_ns: line.last_ns.load(Ordering::Relaxed),
            answered_ns,
            closed_ns: now(),
            jobs,
            run_delay_ns,
            workers_peak_rss_bytes: Some(0),
        })
    })
}

/// Where workers of a warm pool wait for one another; those of a cold one only pass it.
struct StartLine {
    caller: Thread,
    workers: usize,
    arrived: AtomicUsize,
    /// When the last worker arrived.
    last_ns: AtomicU64,
    /// When the jobs were submitted; 0 while they are not.
    submitted_ns: AtomicU64,
}

impl StartLine {
    fn new(context: &TrialContext, caller: Thread) -> StartLine {
        StartLine {
            caller,
            workers: context.trial.workers,
            arrived: AtomicUsize::new(0),
            last_ns: AtomicU64::new(0),
            submitted_ns: AtomicU64::new(match context.trial.start {
                Start::Cold => context.zero_ns,
                Start::Warm => 0,
            }),
        }
    }

    /// Waits until jobs may be taken; returns since when.
    fn arrive(&self, host: &mut impl Host) -> u64 {
        self.last_ns.fetch_max(now(), Ordering::Relaxed);
        if self.arrived.fetch_add(1, Ordering::AcqRel) + 1 == self.workers {
            self.caller.unpark();
        }
        loop {
            match self.submitted_ns.load(Ordering::Acquire) {
                0 => host.wait(thread::park),
                submitted_ns => return submitted_ns,
            }
        }
    }

    fn open<T>(&self, handles: &[ScopedJoinHandle<T>]) {
        self.submitted_ns.store(now(), Ordering::Release);
        for handle in handles {
            handle.thread().unpark();
        }
    }
}

/// Waits until `done`, or until there is no worker left who could bring that about.
fn wait_until<T>(handles: &[ScopedJoinHandle<T>], done: impl Fn() -> bool) {
    while !done() && !handles.iter().all(|handle| handle.is_finished()) {
        thread::park_timeout(LOOK_AFTER_WORKERS);
    }
}

fn gather(
    handles: Vec<ScopedJoinHandle<Handed>>,
) -> Result<(Vec<JobReport>, Option<u64>), PoolError> {
    let handed = handles
        .into_iter()
        .enumerate()
        .map(|(worker, handle)| handle.join().map_err(|_| PoolError::thread_ended(worker)));
    let (jobs, delays): (Vec<_>, Vec<_>) =
        handed.collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
    Ok((together(jobs.into_iter()), sum(delays)))
}
