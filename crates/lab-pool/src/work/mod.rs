//! What every kind of job is made of: the trait that it implements, and what it works with.

mod amount;
mod answer;
mod context;
mod cpu_meter;
mod host;
mod shared;
mod word;

pub use amount::Amount;
pub use answer::Answer;
pub(crate) use context::JobContext;
pub use context::Tracking;
pub(crate) use host::{Host, Locked, Native, TURN_ADDITIONS};
pub(crate) use shared::Shared;
pub use word::Word;

use crate::http::AsyncLoader;
use lab_data::burst::Recorder;
use lab_data::rows::Executor;

/// Steps that were made, and the answer; or why there is none.
pub(crate) type Done = Result<(u64, Answer), JobError>;

/// A kind of job. Everything that is particular to it is in its own file.
pub(crate) trait Work {
    /// The word for it, as in `kind` of its JSON.
    const KIND: &'static str;

    /// Does it, and records when it made progress.
    fn run<H: Host>(&self, context: &mut JobContext<H>, _: &mut Recorder) -> Done;

    /// The same with waits that let other tasks of the thread go on.
    async fn run_async(&self, _: &AsyncLoader, _: &mut Recorder) -> Done {
        Err(JobError::new(HOLDS_UP_TASKS))
    }

    /// Why this executor cannot run it; none if it can.
    fn unfit(&self, executor: Executor) -> Option<&'static str> {
        (executor == Executor::Async).then_some(HOLDS_UP_TASKS)
    }

    /// What is known of it beforehand.
    fn plan(&self) -> Plan;

    /// Changes how much is to be done; a kind without amounts stays as it is.
    fn set_amount(&mut self, _: Amount) {}

    /// Which of several sorts of steps it makes, if that makes a difference to how long one takes.
    fn variant(&self) -> &'static str {
        ""
    }

    /// The right answer after this many steps: their number, unless the kind has another; none if it
    /// cannot be known here.
    fn expected(&self, steps: u64) -> Option<Answer> {
        Some(steps.into())
    }
}

pub(crate) const HOLDS_UP_TASKS: &str = "it would hold up all other tasks";

/// What is known of a job beforehand.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Plan {
    /// How much is to be done, for kinds that count steps or can run until they are stopped.
    pub amount: Option<Amount>,
    /// How many steps it makes, if that is known.
    pub steps: Option<u64>,
    /// How many readings of the clock it records at its turns, if that is known.
    pub readings: u64,
    /// How long its computing may take on the slowest machine that is worth waiting for.
    pub computing_ns: u64,
    /// How long everything else may take there.
    pub waiting_ns: u64,
    /// How much memory it takes, if that is worth a word.
    pub bytes: u64,
}

impl Plan {
    /// A kind that counts steps.
    pub fn of(amount: Amount) -> Plan {
        Plan { amount: Some(amount), steps: amount.steps(), ..Plan::default() }
    }

    /// A kind that makes a known number of steps.
    pub fn steps(steps: u64) -> Plan {
        Plan { steps: Some(steps), ..Plan::default() }
    }

    /// This much computing per step, on the slowest machine.
    pub fn computing(self, ns_per_step: u64) -> Plan {
        Plan { computing_ns: self.steps.unwrap_or_default().saturating_mul(ns_per_step), ..self }
    }

    /// This much time that does not depend on the language.
    pub fn waiting(self, waiting_ns: u64) -> Plan {
        Plan { waiting_ns, ..self }
    }
}

/// Why a job gave no answer, or the wrong one, as a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct JobError(String);

impl JobError {
    pub(crate) fn new(cause: impl std::fmt::Display) -> JobError {
        JobError(cause.to_string())
    }
}
