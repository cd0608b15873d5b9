//! What can go wrong with a child, as sentences that name it.

use std::path::PathBuf;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

/// After this the child is of no further use: drop it.
#[derive(Debug, thiserror::Error)]
#[error("{child} {fault}{}", quoted(last_line))]
pub struct Error {
    /// The child's name, or "the parent" as seen from a child.
    pub child: Arc<str>,
    /// What went wrong.
    pub fault: Fault,
    /// The last line that it wrote to stderr; empty if there was none.
    pub last_line: String,
}

/// What went wrong with a child.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The program is not there, may not be run, or the machine has no room for it.
    #[error("could not be started from {}: {cause}", program.display())]
    Start {
        /// What was to be started.
        program: PathBuf,
        /// The system's reason.
        cause: String,
    },
    /// It ended before it was asked to, with this exit code or signal.
    #[error("ended early ({0})")]
    Died(ExitStatus),
    /// It runs on, but its side of a pipe is closed: nothing can come any more.
    #[error("closed its input or output and runs on")]
    Closed,
    /// It sent something that is not a message of the protocol.
    #[error("broke the protocol ({why}): {shown}")]
    Protocol {
        /// What is wrong with it.
        why: String,
        /// The beginning of what it sent, escaped.
        shown: String,
    },
    /// It was not quick enough.
    #[error("did not {awaited} within {:.1} s", waited.as_secs_f64())]
    TimedOut {
        /// What it was to do.
        awaited: &'static str,
        /// How long this call waited.
        waited: Duration,
    },
    /// The system refused a read, a write or a wait.
    #[error("cannot be spoken to: {0}")]
    System(String),
}

impl Fault {
    pub(super) fn system(cause: impl std::fmt::Display) -> Fault {
        Fault::System(cause.to_string())
    }

    /// The error of this child, which is not asked for its last words.
    pub(super) fn of(self, child: &str) -> Error {
        Error { child: child.into(), fault: self, last_line: String::new() }
    }
}

fn quoted(last_line: &str) -> String {
    match last_line {
        "" => String::new(),
        line => format!("; its last line on stderr: {line}"),
    }
}
