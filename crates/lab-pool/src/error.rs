//! Why a trial could not be run.

use lab_data::rows::Executor;

/// Why a trial could not be run.
#[derive(Debug, thiserror::Error)]
pub enum PoolError {
    /// The trial asks for what cannot be; nothing was started.
    #[error("{0}")]
    Refused(String),
    /// The operating system refused a thread, or what a runtime needs.
    #[error("worker {worker} could not be started on {executor} ({cause}); use fewer workers")]
    Start {
        /// Number of the worker, of those that were to be started.
        worker: usize,
        /// How workers run.
        executor: Executor,
        /// What the system said.
        cause: String,
    },
    /// The thread of a worker ended in the middle of its work.
    #[error("worker {worker}: its thread ended in the middle of its work")]
    WorkerThread {
        /// Number of the worker.
        worker: usize,
    },
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
    /// A worker process is silent although its work should have been done long ago.
    #[error(
        "{worker} did not finish {doing} within {seconds} s; it was ended, and so were the others"
    )]
    Overdue {
        /// Name of the worker.
        worker: String,
        /// What it was at.
        doing: String,
        /// How long the pool was patient.
        seconds: u64,
    },
    /// A worker process answered something else than what it was asked.
    #[error(
        "{worker} answered out of order: {detail}; its binary may be another version: rebuild with `cargo build`"
    )]
    OutOfOrder {
        /// Name of the worker.
        worker: String,
        /// What was wrong.
        detail: String,
    },
}

impl PoolError {
    /// The worker of this name answered something else than what it was asked.
    pub(crate) fn out_of_order(worker: &str, detail: impl Into<String>) -> PoolError {
        PoolError::OutOfOrder { worker: worker.to_owned(), detail: detail.into() }
    }
}
