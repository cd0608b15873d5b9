//! What can go wrong with a child, as sentences that name it.

use std::path::PathBuf;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

/// After any of these the child is of no further use: drop it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The program is not there, may not be run, or the machine has no room for it.
    #[error("{child} could not be started from {}: {cause}", program.display())]
    Start {
        /// The child's name.
        child: Arc<str>,
        /// What was to be started.
        program: PathBuf,
        /// The system's reason.
        cause: std::io::Error,
    },
    /// It ended before it was asked to.
    #[error("{child} ended early ({status}){}", quoted(last_line))]
    Died {
        /// The child's name.
        child: Arc<str>,
        /// Exit code or signal.
        status: ExitStatus,
        /// The last line that it wrote to stderr; empty if there was none.
        last_line: String,
    },
    /// It runs on, but its side of a pipe is closed: nothing can come any more.
    #[error("{child} closed its input or output and runs on{}", quoted(last_line))]
    Closed {
        /// The child's name.
        child: Arc<str>,
        /// The last line that it wrote to stderr; empty if there was none.
        last_line: String,
    },
    /// It sent something that is not a message of the protocol.
    #[error("{child} broke the protocol ({why}): {shown}{}", quoted(last_line))]
    Protocol {
        /// The child's name.
        child: Arc<str>,
        /// What is wrong with it.
        why: String,
        /// The beginning of what it sent, escaped.
        shown: String,
        /// The last line that it wrote to stderr; empty if there was none.
        last_line: String,
    },
    /// It was not quick enough.
    #[error("{child} did not {awaited} within {:.1} s{}", waited.as_secs_f64(), quoted(last_line))]
    TimedOut {
        /// The child's name.
        child: Arc<str>,
        /// What it was to do.
        awaited: &'static str,
        /// How long this call waited.
        waited: Duration,
        /// The last line that it wrote to stderr; empty if there was none.
        last_line: String,
    },
    /// The system refused a read, a write or a wait.
    #[error("{child} cannot be spoken to: {cause}")]
    System {
        /// The child's name, or "the parent" as seen from a child.
        child: Arc<str>,
        /// The system's reason.
        cause: String,
    },
}

pub(super) fn system(child: &str, cause: impl std::fmt::Display) -> Error {
    Error::System { child: child.into(), cause: cause.to_string() }
}

fn quoted(last_line: &str) -> String {
    match last_line {
        "" => String::new(),
        line => format!("; its last line on stderr: {line}"),
    }
}
