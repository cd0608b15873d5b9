//! A heartbeat on an event loop, beside work that the loop started.

use crate::http::AsyncLoader;
use crate::jobs::add::{SLOW_ADDITION_NS, add_steps, sum_below};
use crate::work::{Done, Host, JobContext, JobError, Native, Plan, Work};
use lab_data::burst::Recorder;
use lab_data::clock;
use lab_data::rows::Executor;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// What the event loop has computed while its heart beats, one computation right after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Beside {
    /// Nothing.
    Nothing,
    /// Additions in a task of the same loop, which yields after each computation.
    Loop,
    /// Additions on a thread of the loop's pool (`to_thread`, `spawn_blocking`).
    Thread,
    /// Additions in a process of a pool; in CPython only.
    Process,
    /// One call on a thread that keeps CPython's lock to its end: `sum(range(n))`.
    Sum,
    /// One call on a thread that releases CPython's lock: SHA-256 of a large buffer.
    Digest,
}

/// Sleeps for a period, again and again. Each beat is a span: from one awakening to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beat {
    /// For how long, in nanoseconds; a beat that has begun is ended.
    pub lasts_ns: u64,
    /// How long each sleep is to be.
    pub period_ns: u64,
    /// What is computed meanwhile.
    pub beside: Beside,
    /// How much per computation: additions; numbers to sum up; sixteenths of the bytes to digest.
    pub steps: u64,
}

const NEEDS_A_LOOP: &str = "a heartbeat is a task of an event loop: async has one";

impl Work for Beat {
    const KIND: &'static str = "beat";

    fn run<H: Host>(&self, _: &mut JobContext<H>, _: &mut Recorder) -> Done {
        Err(JobError::new(NEEDS_A_LOOP))
    }

    async fn run_async(&self, _: &AsyncLoader, recorder: &mut Recorder) -> Done {
        let over = Arc::new(AtomicBool::new(false));
        let computing = match self.beside {
            Beside::Nothing => None,
            Beside::Loop => Some(tokio::spawn(on_the_loop(self.steps, Arc::clone(&over)))),
            Beside::Thread => Some(tokio::spawn(on_threads(self.steps, Arc::clone(&over)))),
            Beside::Process | Beside::Sum | Beside::Digest => {
                return Err(JobError::new("natively this is nothing else than a thread"));
            }
        };
        let first_ns = clock::now_ns();
        let (mut last_ns, mut beats) = (first_ns, 0);
        while last_ns - first_ns < self.lasts_ns {
            tokio::time::sleep(Duration::from_nanos(self.period_ns)).await;
            let now_ns = clock::now_ns();
            recorder.step(last_ns, now_ns, clock::core_id());
            last_ns = now_ns;
            beats += 1;
        }
        over.store(true, Ordering::Relaxed);
        if let Some(computing) = computing {
            computing.await.map_err(JobError::new)??;
        }
        Ok((beats, beats.into()))
    }

    fn unfit(&self, executor: Executor) -> Option<&'static str> {
        (executor != Executor::Async).then_some(NEEDS_A_LOOP)
    }

    fn plan(&self) -> Plan {
        let last = self.steps.saturating_mul(2 * SLOW_ADDITION_NS);
        Plan { computing_ns: last, ..Plan::default() }.waiting(self.lasts_ns)
    }
}

async fn on_the_loop(additions: u64, over: Arc<AtomicBool>) -> Result<(), JobError> {
    while !over.load(Ordering::Relaxed) {
        compute(additions)?;
        tokio::task::yield_now().await;
    }
    Ok(())
}

async fn on_threads(additions: u64, over: Arc<AtomicBool>) -> Result<(), JobError> {
    while !over.load(Ordering::Relaxed) {
        let computed = tokio::task::spawn_blocking(move || compute(additions)).await;
        computed.map_err(JobError::new)??;
    }
    Ok(())
}

/// One computation, whose sum is checked.
fn compute(additions: u64) -> Result<(), JobError> {
    match add_steps(additions, &mut Native) == sum_below(additions) {
        true => Ok(()),
        false => Err(JobError::new("wrong answer: what was computed beside the heartbeat")),
    }
}
