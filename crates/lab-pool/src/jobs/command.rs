//! Runs a command of the user's: what is asked for, and what counts as an answer.
//!
//! A command that fails must never count as a fast one: every end but an exit with status 0 within
//! its time is an error.

use crate::process::{CommandError, CommandOutcome, run_command};
pub use crate::work::Word;
use crate::work::{Answer, Done, Host, JobContext, JobError, Plan, Work};
use lab_data::burst::Recorder;
use rustix::fs::{Access, access};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

/// What to run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandRequest {
    /// A path, or a name on PATH.
    pub program: Word,
    /// Its arguments, handed over as they are: no shell looks at them.
    pub args: Vec<Word>,
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

impl Work for CommandRequest {
    const KIND: &'static str = "command";

    fn run<H: Host>(&self, context: &mut JobContext<H>, _: &mut Recorder) -> Done {
        let timeout = Duration::from_nanos(self.timeout_ns);
        let ran = context.host.wait(|| run_command(&self.program, &self.args, timeout));
        let outcome = ran.map_err(|cause| self.failure(cause, ""))?;
        context.command_cpu_ns = u64::try_from(outcome.cpu.as_nanos()).unwrap_or(u64::MAX);
        if let Some(cause) = self.fault(&outcome) {
            let lines = [&outcome.last_error, &outcome.last_output];
            let last_line = lines.into_iter().find(|line| !line.is_empty());
            return Err(self.failure(cause, last_line.map_or("", String::as_str)));
        }
        let answer = CommandAnswer {
            peak_rss_bytes: outcome.peak_rss_bytes,
            last_line: outcome.last_output,
        };
        Ok((outcome.bytes, answer.to_string().into()))
    }

    fn plan(&self) -> Plan {
        Plan::default().waiting(self.timeout_ns)
    }

    fn expected(&self, _: u64) -> Option<Answer> {
        None
    }
}

impl CommandRequest {
    /// Looks for the program where starting it would, without starting it.
    ///
    /// # Errors
    /// That it would not be found, or may not be run, with the command.
    pub fn check(&self) -> Result<(), JobError> {
        let may_run = |path: &Path| path.is_file() && access(path, Access::EXEC_OK).is_ok();
        let program = Path::new(&self.program);
        let is_path = self.program.as_bytes().contains(&b'/');
        let path = std::env::var_os("PATH");
        let (is_there, may_run) = match path.filter(|_| !is_path) {
            Some(path) => {
                let found =
                    std::env::split_paths(&path).any(|folder| may_run(&folder.join(program)));
                (found, found)
            }
            // Without a PATH the system has its own.
            None if !is_path => (true, true),
            None => (program.exists(), may_run(program)),
        };
        let cause = match (is_there, may_run) {
            (_, true) => return Ok(()),
            (true, false) => CommandError::Start(io::ErrorKind::PermissionDenied.into()),
            (false, false) => CommandError::Missing,
        };
        Err(self.failure(cause, ""))
    }

    /// Why it did not succeed.
    fn fault(&self, outcome: &CommandOutcome) -> Option<String> {
        let Some(status) = outcome.status else {
            let seconds = self.timeout_ns as f64 / 1e9;
            return Some(format!("it was not done after {seconds:.1} s"));
        };
        match (status.code(), status.signal()) {
            (Some(0), _) => None,
            (Some(code), _) => Some(format!("it exited with status {code}")),
            (None, signal) => {
                let signal = signal.unwrap_or_default();
                Some(format!("it was ended by signal {signal}"))
            }
        }
    }

    fn failure(&self, cause: impl fmt::Display, last_line: &str) -> JobError {
        let words = std::iter::once(&self.program).chain(&self.args);
        let command = words.map(Word::to_string).collect::<Vec<_>>().join(" ");
        let said = match last_line {
            "" => String::new(),
            line => format!("; its last line: {line}"),
        };
        JobError::new(format_args!("{command}: {cause}{said}"))
    }
}

impl fmt::Display for CommandAnswer {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}:{}", self.peak_rss_bytes, self.last_line)
    }
}

impl FromStr for CommandAnswer {
    type Err = JobError;

    fn from_str(text: &str) -> Result<CommandAnswer, JobError> {
        let parse = || {
            let (bytes, line) = text.split_once(':')?;
            Some(CommandAnswer { peak_rss_bytes: bytes.parse().ok()?, last_line: line.to_owned() })
        };
        parse().ok_or_else(|| JobError::new(format_args!("`{text}` is no answer of a command")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::{Job, job::tests::alone};

    fn run(program: &str, script: &str, timeout_ms: u64) -> Result<String, String> {
        let report = alone(&Job::command(CommandRequest {
            program: program.into(),
            args: vec!["-c".into(), script.into()],
            timeout_ns: timeout_ms * 1_000_000,
        }));
        report.error.map_or(Ok(report.answer.to_string()), Err)
    }

    #[test]
    fn a_success_has_an_answer_that_can_be_read_back() {
        let answer = run("sh", "echo a:b", 60_000).unwrap();
        let read: CommandAnswer = answer.parse().unwrap();
        assert_eq!((&*read.last_line, read.to_string()), ("a:b", answer));
        assert!("a:b".parse::<CommandAnswer>().is_err());
    }

    #[test]
    fn a_program_is_looked_for_where_it_would_be_started() {
        let check = |program: &str| {
            let (program, args) = (program.into(), Vec::new());
            let checked = CommandRequest { program, args, timeout_ns: 1 }.check();
            checked.map_err(|error| error.to_string())
        };
        assert_eq!([check("sh"), check("/bin/sh")], [Ok(()), Ok(())]);
        for (program, cause) in [
            ("no-such-program", "there is no such program"),
            ("/no/such", "there is no such program"),
            ("/", "permission denied"),
            ("/etc/passwd", "permission denied"),
        ] {
            let error = check(program).unwrap_err();
            assert!(error.starts_with(program) && error.contains(cause), "{error}");
        }
    }

    #[test]
    fn every_other_end_is_an_error_with_its_cause_and_last_line() {
        for (program, script, ms, expected) in [
            (
                "sh",
                "echo no >&2; exit 7",
                60_000,
                "sh -c echo no >&2; exit 7: it exited with status 7; its last line: no",
            ),
            ("sh", "kill -11 $$", 60_000, "it was ended by signal 11"),
            ("sh", "sleep 1000", 100, "it was not done after 0.1 s"),
            ("sh", "yes", 2_000, "2.0 s; its last line: y"),
            ("/no/such", "", 1, "/no/such -c : it could not be started"),
        ] {
            let error = run(program, script, ms).unwrap_err();
            assert!(error.contains(expected), "no '{expected}' in: {error}");
        }
    }
}
