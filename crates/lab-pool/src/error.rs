//! Why a trial could not be run.

use lab_data::rows::Executor;
use std::fmt::Display;

/// Why a trial could not be run.
#[derive(Debug, thiserror::Error)]
pub enum PoolError {
    /// The trial asks for what cannot be; nothing was started.
    #[error("{0}")]
    Refused(String),
    /// A worker did not start, died in the middle, was silent or answered something else than what it
    /// was asked.
    #[error("{0}")]
    Worker(String),
    /// A worker process could not be started, died, hung or broke the protocol.
    #[error(transparent)]
    Child(#[from] crate::process::Error),
    /// A trial in an interpreter came to a bad end.
    #[error("{interpreter} gave the trial up: {what}")]
    Python {
        /// Name of the interpreter.
        interpreter: String,
        /// What it says.
        what: String,
    },
    /// What a child reports cannot have happened.
    #[error("{who} is not believed: {what}")]
    Impossible {
        /// Who reports it: the runtime.
        who: String,
        /// What cannot be.
        what: String,
    },
}

impl PoolError {
    /// The operating system refused a thread, or what a runtime needs.
    pub(crate) fn not_started(worker: usize, executor: Executor, cause: impl Display) -> PoolError {
        PoolError::Worker(format!(
            "worker {worker} could not be started on {executor} ({cause}); use fewer workers"
        ))
    }

    /// The thread of this worker ended.
    pub(crate) fn thread_ended(worker: usize) -> PoolError {
        PoolError::Worker(format!("worker {worker}: its thread ended in the middle of its work"))
    }

    /// The worker of this name answered something else than what it was asked.
    pub(crate) fn out_of_order(worker: &str, detail: impl Display) -> PoolError {
        PoolError::Worker(format!(
            "{worker} answered out of order: {detail}; its binary may be another version: rebuild with \
             `cargo build`"
        ))
    }
}
