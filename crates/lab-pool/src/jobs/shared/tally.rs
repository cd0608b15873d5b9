//! Increments of one counter in ways of which some lose increments, and some do not.
//!
//! The job's own answer is how many it made. When the trial is over, what the counter then shows takes
//! that place ([`crate::trial`]): the difference is lost.

use crate::jobs::add::in_turns;
use crate::work::{Amount, Done, HOLDS_UP_TASKS, Host, JobContext, JobError, Plan, Work};
use lab_data::burst::Recorder;
use lab_data::clock;
use lab_data::rows::Executor;
use rustix::fs::{FlockOperation, MemfdFlags, flock, memfd_create};
use serde::{Deserialize, Serialize};
use std::hint::black_box;
use std::sync::PoisonError;
use std::sync::atomic::Ordering::Relaxed;

/// Increments the pool's counter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// How an increment is made.
    pub how: How,
    /// Number of increments.
    pub amount: Amount,
}

/// How an increment is made. Natively reading and writing are atomic, the two together are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// Reads and writes in one expression: `counter += 1`.
    Plain,
    /// A call between reading and writing, in which a GIL may change hands.
    Call,
    /// Through a property; in CPython only.
    Property,
    /// A loop between reading and writing; in CPython only.
    Inner,
    /// In one atomic instruction; natively only.
    Atomic,
    /// Holding a lock.
    Locked,
    /// Holding a lock for another microsecond; natively only.
    Held,
    /// Holding a lock that asks the kernel each time it is taken and released; natively only.
    Kernel,
}

impl How {
    /// How long another microsecond is, in nanoseconds.
    const HELD_NS: u64 = 1_000;

    /// Whether nothing may be lost.
    pub fn is_exact(self) -> bool {
        matches!(self, How::Atomic | How::Locked | How::Held | How::Kernel)
    }

    /// The word for it, as in the JSON.
    pub fn name(self) -> &'static str {
        match self {
            How::Plain => "plain",
            How::Call => "call",
            How::Property => "property",
            How::Inner => "inner",
            How::Atomic => "atomic",
            How::Locked => "locked",
            How::Held => "held",
            How::Kernel => "kernel",
        }
    }
}

impl Work for Tally {
    const KIND: &'static str = "tally";

    fn run<H: Host>(&self, context: &mut JobContext<H>, _: &mut Recorder) -> Done {
        let (shared, stop) = (context.shared, context.stop);
        let (counter, guarded) = (shared.counter(), shared.guarded());
        let host = &mut context.host;
        let locked = || guarded.lock().unwrap_or_else(PoisonError::into_inner);
        let count = match self.how {
            How::Property | How::Inner => {
                return Err(JobError::new(format_args!(
                    "{} is a way of CPython's",
                    self.how.name()
                )));
            }
            How::Plain => in_turns(self.amount, host, stop, |from, to| {
                for _ in from..to {
                    counter.store(counter.load(Relaxed) + 1, Relaxed);
                }
            }),
            How::Call => {
                let mut done = 0;
                while !self.amount.is_reached(done, stop) {
                    let read = black_box(counter.load(Relaxed));
                    host.turn();
                    counter.store(read + 1, Relaxed);
                    done += 1;
                }
                done
            }
            How::Atomic => in_turns(self.amount, host, stop, |from, to| {
                for _ in from..to {
                    counter.fetch_add(1, Relaxed);
                }
            }),
            How::Locked => in_turns(self.amount, host, stop, |from, to| {
                for _ in from..to {
                    *locked() += 1;
                }
            }),
            How::Held => in_turns(self.amount, host, stop, |from, to| {
                for _ in from..to {
                    let mut held = locked();
                    let until = clock::now_ns() + How::HELD_NS;
                    while clock::now_ns() < until {}
                    *held += 1;
                }
            }),
            How::Kernel => {
                // Nobody contends for it: a file of its own.
                let file = memfd_create("lock", MemfdFlags::CLOEXEC).map_err(JobError::new)?;
                let mut trouble = Ok(());
                let count = in_turns(self.amount, host, stop, |from, to| {
                    for _ in from..to {
                        let taken = flock(&file, FlockOperation::LockExclusive);
                        counter.fetch_add(1, Relaxed);
                        let released = flock(&file, FlockOperation::Unlock);
                        trouble = trouble.and(taken).and(released);
                    }
                });
                trouble.map_err(JobError::new)?;
                count
            }
        };
        Ok((count, count.into()))
    }

    fn unfit(&self, executor: Executor) -> Option<&'static str> {
        match executor {
            Executor::Processes | Executor::Interpreters => Some("its workers share no counter"),
            Executor::Async => Some(HOLDS_UP_TASKS),
            Executor::Serial | Executor::Threads | Executor::Rayon => None,
        }
    }

    fn plan(&self) -> Plan {
        const SLOW_INCREMENT_NS: u64 = 5_000;
        Plan::of(self.amount).computing(SLOW_INCREMENT_NS)
    }

    fn set_amount(&mut self, amount: Amount) {
        self.amount = amount;
    }

    fn variant(&self) -> &'static str {
        self.how.name()
    }
}
