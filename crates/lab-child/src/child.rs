//! The parent's side of one child.

use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::frame::Nonsense;
use crate::pipes::{Failure, Pipes};
use crate::process::Process;
use crate::wait;
use crate::{ChildCommand, Error, Frame};

/// A process that ends closes its pipes a moment before it can be reaped. So long after its pipes
/// were closed a child that still runs counts as running.
const GRACE: Duration = Duration::from_secs(1);

/// A child process and the pipes to it. Dropping it kills and reaps it, with its process group.
#[derive(Debug)]
pub struct Child {
    name: Arc<str>,
    process: Process,
    pub(crate) pipes: Pipes,
}

impl Child {
    /// Starts it, in a process group of its own: an interrupt from the terminal reaches only the
    /// parent, which then decides (see [`crate::kill_all`]).
    ///
    /// # Errors
    /// [`Error::Start`].
    pub fn start(command: &ChildCommand) -> Result<Child, Error> {
        let name: Arc<str> = command.name.as_str().into();
        let start = || -> std::io::Result<Child> {
            let (process, (stdin, stdout, stderr)) = Process::start(
                Command::new(&command.program)
                    .args(&command.args)
                    .stdin(Stdio::piped())
                    .stdout(Stdio::piped())
                    .stderr(Stdio::piped()),
            )?;
            let pipes = Pipes::new(Arc::clone(&name), stdin, stdout, stderr)?;
            let name = Arc::clone(&name);
            Ok(Child {
                name,
                process,
                pipes,
            })
        };
        start().map_err(|cause| Error::Start {
            child: Arc::clone(&name),
            program: command.program.clone(),
            cause,
        })
    }

    /// The name in messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// Sends one message. While the pipe is full, what the child says is read, so that two full
    /// pipes never wait for each other.
    ///
    /// # Errors
    /// [`Error::TimedOut`] if the child does not read in time; [`Error::Died`] or
    /// [`Error::Closed`] if nobody will.
    pub fn send(&mut self, message: &impl Serialize, deadline: Instant) -> Result<(), Error> {
        let start = Instant::now();
        if let Err(cause) = serde_json::to_writer(&mut self.pipes.unsent, message) {
            return Err(Error::System {
                child: Arc::clone(&self.name),
                cause: format!("the message cannot be written as JSON: {cause}"),
            });
        }
        self.pipes.unsent.push(b'\n');
        self.pipes.push();
        while !self.pipes.unsent.is_empty() {
            if self.pipes.failure.is_some() {
                return Err(self.error());
            }
            if Instant::now() >= deadline {
                return Err(self.timed_out("take a message", start));
            }
            wait::poll(std::slice::from_mut(self), deadline);
        }
        Ok(())
    }

    /// The next frame, waiting for it until `deadline`.
    ///
    /// # Errors
    /// All but [`Error::Start`].
    pub fn receive(&mut self, deadline: Instant) -> Result<Frame, Error> {
        let start = Instant::now();
        loop {
            if let Some(frame) = self.try_receive()? {
                return Ok(frame);
            }
            if Instant::now() >= deadline {
                return Err(self.timed_out("answer", start));
            }
            wait::poll(std::slice::from_mut(self), deadline);
        }
    }

    /// The next frame if it is there.
    ///
    /// # Errors
    /// All but [`Error::Start`] and [`Error::TimedOut`].
    pub fn try_receive(&mut self) -> Result<Option<Frame>, Error> {
        if self.pipes.received.is_empty() {
            self.pipes.read_output();
        }
        if let Some(frame) = self.pipes.received.pop_front() {
            return Ok(Some(frame));
        }
        // A child whose stderr is full writes no answers either.
        self.pipes.read_errors();
        match self.pipes.failure {
            Some(_) => Err(self.error()),
            None => Ok(None),
        }
    }

    /// Closes its stdin: the child should end. To end many at once, close all and then
    /// [`end`](Child::end) each.
    pub fn close_input(&mut self) {
        self.pipes.close_input();
    }

    /// Closes its stdin and waits until it has ended; what it still says is thrown away.
    ///
    /// # Errors
    /// [`Error::TimedOut`] if it had to be killed, [`Error::System`] if it cannot be waited for.
    pub fn end(mut self, deadline: Instant) -> Result<ExitStatus, Error> {
        let start = Instant::now();
        self.close_input();
        let mut pause = Duration::from_micros(50);
        loop {
            match self.process.status() {
                Ok(Some(status)) => return Ok(status),
                Ok(None) => {}
                Err(cause) => {
                    return Err(Error::System {
                        child: Arc::clone(&self.name),
                        cause: cause.to_string(),
                    });
                }
            }
            let now = Instant::now();
            if now >= deadline {
                let error = self.timed_out("end", start);
                let _ = self.process.kill();
                return Err(error);
            }
            self.pipes.received.clear();
            let until = deadline.min(now + pause);
            if self.pipes.output().is_some() || self.pipes.errors().is_some() {
                wait::poll(std::slice::from_mut(&mut self), until);
            } else {
                std::thread::sleep(until - now);
            }
            pause = (2 * pause).min(Duration::from_millis(10));
        }
    }

    /// Notices a death that the pipes do not show, because a grandchild holds them open.
    pub(crate) fn look_for_death(&mut self) {
        if let Ok(Some(_)) = self.process.status() {
            // Its last messages first.
            while self.pipes.failure.is_none() && self.pipes.read_output() {}
            self.pipes.fail(Failure::Closed);
        }
    }

    /// What `failure` means now.
    fn error(&mut self) -> Error {
        let closed = matches!(self.pipes.failure, None | Some(Failure::Closed));
        let status = if closed { self.last_moments() } else { None };
        self.pipes.read_errors();
        let (child, said) = (Arc::clone(&self.name), self.pipes.said.text());
        match (&self.pipes.failure, status) {
            (_, Some(status)) => Error::Died {
                child,
                status,
                said,
            },
            (Some(Failure::Nonsense(Nonsense { why, shown })), _) => Error::Nonsense {
                child,
                why: why.clone(),
                shown: shown.clone(),
                said,
            },
            (Some(Failure::System(cause)), _) => Error::System {
                child,
                cause: cause.clone(),
            },
            (None | Some(Failure::Closed), None) => Error::Closed { child, said },
        }
    }

    /// The status of a child whose pipes are closed, which is about to have one.
    fn last_moments(&mut self) -> Option<ExitStatus> {
        let deadline = Instant::now() + GRACE;
        loop {
            self.pipes.read_errors();
            match self.process.status() {
                Ok(None) if Instant::now() < deadline => {
                    std::thread::sleep(Duration::from_millis(1));
                }
                status => return status.ok().flatten(),
            }
        }
    }

    fn timed_out(&mut self, awaited: &'static str, start: Instant) -> Error {
        self.pipes.read_errors();
        Error::TimedOut {
            child: Arc::clone(&self.name),
            awaited,
            waited: start.elapsed(),
            said: self.pipes.said.text(),
        }
    }
}

#[cfg(test)]
mod tests;
