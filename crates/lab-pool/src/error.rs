//! Why a trial could not be run.

use crate::runtime::Runtime;
use lab_record::rows::Executor;

/// Why a trial could not be run.
#[derive(Debug, thiserror::Error)]
pub enum PoolError {
    /// Nobody would do the work.
    #[error("a pool needs at least one worker")]
    NoWorkers,
    /// The executor cannot run this kind of job.
    #[error("{executor} cannot run a {kind} job: {reason}")]
    Unfit {
        /// Who was asked.
        executor: Executor,
        /// Kind of the job.
        kind: &'static str,
        /// Why not.
        reason: &'static str,
    },
    /// The executor does not exist in this runtime.
    #[error("{executor} does not exist in the runtime {runtime}: {reason}")]
    NoSuchArm {
        /// Who was asked.
        executor: Executor,
        /// In what.
        runtime: Runtime,
        /// Why not.
        reason: &'static str,
    },
    /// No such interpreter was found and added.
    #[error("there is no {0} here; install it, or name its executable with --python PATH")]
    NoInterpreter(Runtime),
    /// The operating system refused a thread.
    #[error("worker {worker}: no thread could be started ({cause}); use fewer workers")]
    Thread {
        /// Number of the worker.
        worker: usize,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The thread of a worker ended in the middle of its work.
    #[error("worker {worker}: its thread ended in the middle of its work")]
    WorkerThread {
        /// Number of the worker.
        worker: usize,
    },
    /// rayon could not make its pool.
    #[error("rayon could not make a pool of {workers} workers: {cause}")]
    Rayon {
        /// Workers asked for.
        workers: usize,
        /// What rayon said.
        cause: rayon::ThreadPoolBuildError,
    },
    /// tokio could not make its runtime.
    #[error("the runtime for async tasks could not be made: {0}")]
    Tasks(std::io::Error),
    /// A worker process could not be started, died, hung or talked nonsense.
    #[error(transparent)]
    Child(#[from] lab_child::Error),
    /// A trial in an interpreter came to a bad end.
    #[error("{interpreter} gave the trial up: {what}")]
    Python {
        /// Name of the interpreter.
        interpreter: String,
        /// What it says.
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
