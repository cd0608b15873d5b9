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
    #[error("{child} ended early ({status}){}", quoted(said))]
    Died {
        /// The child's name.
        child: Arc<str>,
        /// Exit code or signal.
        status: ExitStatus,
        /// The last line that it wrote to stderr; empty if there was none.
        said: String,
    },
    /// It runs on, but its side of a pipe is closed: nothing can come any more.
    #[error("{child} closed its input or output and runs on{}", quoted(said))]
    Closed {
        /// The child's name.
        child: Arc<str>,
        /// The last line that it wrote to stderr; empty if there was none.
        said: String,
    },
    /// It sent something that is not a message of the protocol.
    #[error("{child} sent nonsense ({why}): {shown}{}", quoted(said))]
    Nonsense {
        /// The child's name.
        child: Arc<str>,
        /// What is wrong with it.
        why: String,
        /// The beginning of what it sent, escaped.
        shown: String,
        /// The last line that it wrote to stderr; empty if there was none.
        said: String,
    },
    /// It was not quick enough.
    #[error("{child} did not {awaited} within {:.1} s{}", waited.as_secs_f64(), quoted(said))]
    TimedOut {
        /// The child's name.
        child: Arc<str>,
        /// What it was to do.
        awaited: &'static str,
        /// How long this call waited.
        waited: Duration,
        /// The last line that it wrote to stderr; empty if there was none.
        said: String,
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

fn quoted(said: &str) -> String {
    if said.is_empty() {
        String::new()
    } else {
        format!("; its last line on stderr: {said}")
    }
}

/// The beginning of what a child sent, fit for a message.
pub(crate) fn shown(bytes: &[u8]) -> String {
    const LENGTH: usize = 100;
    let text = String::from_utf8_lossy(bytes.get(..4 * LENGTH).unwrap_or(bytes));
    let mut shown: String = text
        .chars()
        .take(LENGTH)
        .flat_map(char::escape_debug)
        .collect();
    if bytes.len() > 4 * LENGTH || text.chars().count() > LENGTH {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_escaped_and_cut() {
        assert_eq!(shown(b"a\tb\x1b[31m"), r"a\tb\u{1b}[31m");
        assert_eq!(shown(&[b'x'; 100]).chars().count(), 100);
        let cut = shown(&[b'x'; 5000]);
        assert_eq!(cut.chars().count(), 101);
        assert!(cut.ends_with('…'));
    }
}
