//! Run a command from outside: what is asked for, and what counts as an answer.
//!
//! A command that fails must never count as a fast one: every end but an exit with status 0 within
//! its time is a [`CommandError`].

use lab_child::{OutsideError, Used, run_outside};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::str::FromStr;
use std::time::Duration;

/// What to run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandRequest {
    /// A path, or a name on PATH.
    pub program: String,
    /// Its arguments, handed over as they are: no shell looks at them.
    pub args: Vec<String>,
    /// When it is killed with all that it started, in nanoseconds.
    pub timeout_ns: u64,
}

/// What came of it: written `2100000:the last line`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandAnswer {
    /// Memory of its largest process, or what this process had when it started it, if that is more;
    /// in bytes.
    pub peak_rss_bytes: u64,
    /// The last line that it wrote to stdout, escaped and cut.
    pub last_line: String,
}

/// A command that did not succeed.
#[derive(Debug, thiserror::Error)]
#[error("{command}: {cause}{}", said(.last_line))]
pub struct CommandError {
    /// Program and arguments.
    pub command: String,
    /// Why it failed.
    pub cause: CommandFault,
    /// The last line that it wrote, to stderr if it wrote there.
    pub last_line: String,
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum CommandFault {
    /// It could not be started or watched.
    #[error(transparent)]
    Outside(#[from] OutsideError),
    /// Another status than 0.
    #[error("it exited with status {0}")]
    Status(i32),
    /// The number of a signal.
    #[error("it was ended by signal {0}")]
    Signal(i32),
    /// What was allowed, in nanoseconds.
    #[error("it was not done after {:.1} s", *.0 as f64 / 1e9)]
    TimedOut(u64),
}

/// What a command cost, whether it succeeded or not.
#[derive(Debug)]
pub(crate) struct Ran {
    /// Bytes that it wrote and its answer, or why it failed.
    pub done: Result<(u64, String), CommandError>,
    /// CPU time of it and of all that it waited for, in nanoseconds.
    pub cpu_ns: u64,
}

impl CommandRequest {
    pub(crate) fn run(&self) -> Ran {
        let timeout = Duration::from_nanos(self.timeout_ns);
        match run_outside(&self.program, &self.args, timeout) {
            Err(cause) => Ran {
                done: Err(self.error(cause.into(), String::new())),
                cpu_ns: 0,
            },
            Ok(used) => Ran {
                cpu_ns: u64::try_from(used.cpu.as_nanos()).unwrap_or(u64::MAX),
                done: self.answer(used),
            },
        }
    }

    fn answer(&self, used: Used) -> Result<(u64, String), CommandError> {
        if let Some(cause) = self.fault(used.status) {
            let errors = Some(used.last_error).filter(|line| !line.is_empty());
            return Err(self.error(cause, errors.unwrap_or(used.last_output)));
        }
        let answer = CommandAnswer {
            peak_rss_bytes: used.peak_rss_bytes,
            last_line: used.last_output,
        };
        Ok((used.bytes, answer.to_string()))
    }

    fn fault(&self, status: Option<ExitStatus>) -> Option<CommandFault> {
        let Some(status) = status else {
            return Some(CommandFault::TimedOut(self.timeout_ns));
        };
        match (status.code(), status.signal()) {
            (Some(0), _) => None,
            (Some(code), _) => Some(CommandFault::Status(code)),
            (None, signal) => Some(CommandFault::Signal(signal.unwrap_or_default())),
        }
    }

    fn error(&self, cause: CommandFault, last_line: String) -> CommandError {
        let words = std::iter::once(&self.program).chain(&self.args);
        CommandError {
            command: words.map(String::as_str).collect::<Vec<_>>().join(" "),
            cause,
            last_line,
        }
    }
}

fn said(last_line: &str) -> String {
    match last_line {
        "" => String::new(),
        line => format!("; its last line: {line}"),
    }
}

impl fmt::Display for CommandAnswer {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}:{}", self.peak_rss_bytes, self.last_line)
    }
}

/// Text that is no [`CommandAnswer`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected bytes of memory, a colon and a line")]
pub struct NoCommandAnswer;

impl FromStr for CommandAnswer {
    type Err = NoCommandAnswer;

    fn from_str(text: &str) -> Result<CommandAnswer, NoCommandAnswer> {
        let (bytes, line) = text.split_once(':').ok_or(NoCommandAnswer)?;
        Ok(CommandAnswer {
            peak_rss_bytes: bytes.parse().map_err(|_| NoCommandAnswer)?,
            last_line: line.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(script: &str, timeout_ms: u64) -> Ran {
        CommandRequest {
            program: "sh".to_owned(),
            args: vec!["-c".to_owned(), script.to_owned()],
            timeout_ns: timeout_ms * 1_000_000,
        }
        .run()
    }

    #[test]
    fn a_success_has_an_answer_that_can_be_read_back() {
        let (bytes, answer) = run("echo a:b", 60_000).done.unwrap();
        assert_eq!(bytes, 4);
        let read: CommandAnswer = answer.parse().unwrap();
        assert_eq!(read.last_line, "a:b");
        assert_eq!(read.to_string(), answer);
        assert!("a:b".parse::<CommandAnswer>().is_err());
    }

    #[test]
    fn every_other_end_is_an_error_with_its_cause_and_last_line() {
        let error = |script, timeout_ms| run(script, timeout_ms).done.unwrap_err().to_string();
        assert_eq!(
            error("echo no >&2; exit 7", 60_000),
            "sh -c echo no >&2; exit 7: it exited with status 7; its last line: no"
        );
        assert!(error("kill -11 $$", 60_000).ends_with("it was ended by signal 11"));
        assert!(error("sleep 1000", 100).ends_with("it was not done after 0.1 s"));
        let endless = error("yes", 2_000);
        assert!(endless.ends_with("2.0 s; its last line: y"), "{endless}");
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let request = CommandRequest {
            program: "/no/such".to_owned(),
            args: vec![],
            timeout_ns: 1,
        };
        let error = request.run().done.unwrap_err().to_string();
        assert!(
            error.starts_with("/no/such: it could not be started"),
            "{error}"
        );
    }
}
