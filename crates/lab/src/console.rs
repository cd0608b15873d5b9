//! What is written to stdout and stderr while a program runs.

use anyhow::{Context, Result};
use std::io::{ErrorKind, Write};

/// Writes to stdout. Whoever closed it does not want the rest, and that is no error.
///
/// # Errors
/// If it cannot be written for another reason.
pub fn say(text: &str) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other.context("stdout cannot be written"),
    }
}

/// A line on stderr. Whoever closed it gets the run all the same.
pub(crate) fn err(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
