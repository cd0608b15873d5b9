//! Tools at the end of a pipe: ours and Python's are asked in the same words, each in a process of
//! its own, so that what one holds in memory does not weigh on the next.

use crate::rounds::Measured;
use anyhow::{Context, Result, bail, ensure};
use lab_child::{Child, ChildCommand, Inbox, reply};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// The slowest tool takes some seconds.
const PATIENCE: Duration = Duration::from_secs(120);

/// What a tool is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Do {
    /// Write the samples that the desk makes.
    Write,
    /// Read what was written.
    Read,
    /// Draw the samples that the desk makes.
    Draw,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Request {
    #[serde(rename = "do")]
    pub(crate) what: Do,
    pub(crate) tool: String,
    /// Number of samples.
    pub(crate) rows: u64,
    pub(crate) path: PathBuf,
}

/// How long it took and how many samples it was about; or why not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Answer {
    pub(crate) time_ns: u64,
    pub(crate) count: u64,
    pub(crate) error: Option<String>,
}

/// A desk in a process of its own. Dropping it ends the process.
#[derive(Debug)]
pub(crate) struct Desk {
    child: RefCell<Child>,
}

impl Desk {
    /// Starts it.
    ///
    /// # Errors
    /// If the process cannot be started.
    pub(crate) fn start(command: &ChildCommand) -> Result<Desk> {
        let child = RefCell::new(Child::start(command)?);
        Ok(Desk { child })
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.borrow().pid()
    }

    /// Asks a tool.
    ///
    /// # Errors
    /// If the process ends, does not answer in time, or says what went wrong; or if the tool did not
    /// do as many samples as it was to.
    pub(crate) fn ask(&self, what: Do, tool: &str, rows: u64, path: &Path) -> Result<Measured> {
        let deadline = Instant::now() + PATIENCE;
        let request = Request {
            what,
            tool: tool.to_owned(),
            rows,
            path: path.to_owned(),
        };
        let mut child = self.child.borrow_mut();
        child.send(&request, deadline)?;
        let answer: Answer = child.receive(deadline)?.parse()?;
        if let Some(error) = answer.error {
            bail!("{error}");
        }
        ensure!(
            answer.count == rows,
            "{} samples were to be done, {tool} did {}",
            rows,
            answer.count
        );
        Ok(answer.time_ns.into())
    }
}

/// The life of our own desk: `tool` does what it is asked until there is no more to do.
pub(crate) fn serve(tool: impl Fn(&Request) -> Result<Answer>) -> ExitCode {
    let served = || -> Result<()> {
        let mut inbox = Inbox::open()?;
        while let Some(request) = inbox.receive::<Request>()? {
            let answer = tool(&request).unwrap_or_else(|error| Answer {
                error: Some(format!("{error:#}")),
                ..Answer::default()
            });
            reply(&answer, &[])?;
        }
        Ok(())
    };
    match served().context("the desk cannot go on") {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A desk that gives these answers, whatever it is asked.
    fn desk(answers: &str) -> Desk {
        let script = format!("while read line; do echo '{answers}'; done");
        Desk::start(&ChildCommand::new("desk", "/bin/sh").args(["-c", &script])).unwrap()
    }

    #[test]
    fn requests_are_what_the_python_desk_reads() {
        let request = Request {
            what: Do::Write,
            tool: "polars".to_owned(),
            rows: 3,
            path: "/x".into(),
        };
        let line = serde_json::to_string(&request).unwrap();
        assert_eq!(
            line,
            r#"{"do":"write","tool":"polars","rows":3,"path":"/x"}"#
        );
    }

    #[test]
    fn an_answer_is_a_time_an_error_or_a_wrong_count() {
        let ask = |desk: Desk| desk.ask(Do::Read, "tool", 3, Path::new("/x"));
        let time = ask(desk(r#"{"time_ns": 5, "count": 3}"#)).unwrap().time_ns;
        assert_eq!(time, 5);
        let error = ask(desk(r#"{"error": "MemoryError: "}"#)).unwrap_err();
        assert_eq!(error.to_string(), "MemoryError: ");
        let error = ask(desk(r#"{"time_ns": 5, "count": 2}"#)).unwrap_err();
        assert_eq!(error.to_string(), "3 samples were to be done, tool did 2");
    }
}
