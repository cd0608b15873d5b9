//! The parent's side of one child.

use std::collections::VecDeque;
use std::os::fd::{AsFd, BorrowedFd};
use std::process::{ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::buffer::spare_capacity;
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::Errno;
use serde::Serialize;

use crate::frame::{Decoder, Nonsense};
use crate::last_line::LastLine;
use crate::process::Process;
use crate::wait;
use crate::{ChildCommand, Error, Frame};

/// How much is read at once: what a pipe holds.
const PIECE: usize = 1 << 16;
/// A process that ends closes its pipes a moment before it can be reaped. So long after its pipes
/// were closed a child that still runs counts as running.
const GRACE: Duration = Duration::from_secs(1);

/// A child process and the pipes to it. Dropping it kills and reaps it, with its process group.
#[derive(Debug)]
pub struct Child {
    name: Arc<str>,
    process: Process,
    stdin: Option<ChildStdin>,
    stdout: Option<ChildStdout>,
    stderr: Option<ChildStderr>,
    /// What the pipe had no room for yet.
    unsent: Vec<u8>,
    decoder: Decoder,
    received: VecDeque<Frame>,
    said: LastLine,
    failure: Option<Failure>,
}

/// Why no further frame will come.
#[derive(Debug)]
enum Failure {
    Closed,
    Nonsense(Nonsense),
    System(String),
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
            let child = Child {
                name: Arc::clone(&name),
                process,
                stdin,
                stdout,
                stderr,
                unsent: Vec::new(),
                decoder: Decoder::default(),
                received: VecDeque::new(),
                said: LastLine::default(),
                failure: None,
            };
            for pipe in [child.input(), child.output(), child.errors()] {
                pipe.map_or(Ok(()), never_block)?;
            }
            Ok(child)
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
        if let Err(cause) = serde_json::to_writer(&mut self.unsent, message) {
            return Err(Error::System {
                child: Arc::clone(&self.name),
                cause: format!("the message cannot be written as JSON: {cause}"),
            });
        }
        self.unsent.push(b'\n');
        self.push();
        while !self.unsent.is_empty() {
            if self.failure.is_some() {
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
        if self.received.is_empty() {
            self.read_output();
        }
        if let Some(frame) = self.received.pop_front() {
            return Ok(Some(frame));
        }
        // A child whose stderr is full writes no answers either.
        self.read_errors();
        match self.failure {
            Some(_) => Err(self.error()),
            None => Ok(None),
        }
    }

    /// Closes its stdin: the child should end. To end many at once, close all and then
    /// [`end`](Child::end) each.
    pub fn close_input(&mut self) {
        self.stdin = None;
        self.unsent.clear();
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
            self.received.clear();
            let until = deadline.min(now + pause);
            if self.stdout.is_some() || self.stderr.is_some() {
                wait::poll(std::slice::from_mut(&mut self), until);
            } else {
                std::thread::sleep(until - now);
            }
            pause = (2 * pause).min(Duration::from_millis(10));
        }
    }

    /// A frame or an error is there to be received.
    pub(crate) fn has_news(&self) -> bool {
        !self.received.is_empty() || self.failure.is_some()
    }

    /// stdin, while something waits to be sent.
    pub(crate) fn wants_to_send(&self) -> Option<BorrowedFd<'_>> {
        self.input().filter(|_| !self.unsent.is_empty())
    }

    fn input(&self) -> Option<BorrowedFd<'_>> {
        self.stdin.as_ref().map(AsFd::as_fd)
    }

    pub(crate) fn output(&self) -> Option<BorrowedFd<'_>> {
        self.stdout.as_ref().map(AsFd::as_fd)
    }

    pub(crate) fn errors(&self) -> Option<BorrowedFd<'_>> {
        self.stderr.as_ref().map(AsFd::as_fd)
    }

    /// Writes as much as the pipe takes.
    pub(crate) fn push(&mut self) {
        let Some(stdin) = &self.stdin else {
            self.fail(Failure::Closed);
            return;
        };
        while !self.unsent.is_empty() {
            match rustix::io::write(stdin, &self.unsent) {
                Ok(count) => drop(self.unsent.drain(..count)),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return,
                Err(Errno::PIPE) => return self.fail(Failure::Closed),
                Err(cause) => return self.fail(Failure::System(cause.to_string())),
            }
        }
    }

    /// Reads what stdout holds at this moment, one piece of it, and cuts it into frames.
    pub(crate) fn read_output(&mut self) {
        let Some(stdout) = &self.stdout else {
            return self.fail(Failure::Closed);
        };
        self.decoder.buffer.reserve(PIECE);
        match rustix::io::read(stdout, spare_capacity(&mut self.decoder.buffer)) {
            Ok(0) => {
                self.stdout = None;
                self.fail(Failure::Closed);
            }
            Ok(_) if self.failure.is_some() => self.decoder.buffer.clear(),
            Ok(_) => {
                let (received, name) = (&mut self.received, &self.name);
                let result = self.decoder.frames(|line, bytes| {
                    let child = Arc::clone(name);
                    received.push_back(Frame { line, bytes, child });
                });
                if let Err(nonsense) = result {
                    self.fail(Failure::Nonsense(nonsense));
                }
            }
            Err(Errno::INTR | Errno::AGAIN) => {}
            Err(cause) => self.fail(Failure::System(cause.to_string())),
        }
    }

    /// Reads what stderr holds at this moment.
    pub(crate) fn read_errors(&mut self) {
        let mut piece = [0; 4096];
        while let Some(stderr) = &self.stderr {
            match rustix::io::read(stderr, &mut piece) {
                Ok(0) => self.stderr = None,
                Ok(count) => self.said.feed(piece.get(..count).unwrap_or_default()),
                Err(Errno::INTR) => {}
                Err(_) => return,
            }
        }
    }

    /// Notices a death that the pipes do not show, because a grandchild holds them open.
    pub(crate) fn look_for_death(&mut self) {
        if let Ok(Some(_)) = self.process.status() {
            let mut before = usize::MAX;
            // The last words first: a read that brings nothing ends them.
            while self.failure.is_none()
                && self.decoder.buffer.len() + self.received.len() != before
            {
                before = self.decoder.buffer.len() + self.received.len();
                self.read_output();
            }
            self.fail(Failure::Closed);
        }
    }

    pub(crate) fn fail_of(&mut self, cause: Errno) {
        self.fail(Failure::System(cause.to_string()));
    }

    fn fail(&mut self, failure: Failure) {
        self.failure.get_or_insert(failure);
    }

    /// What `failure` means now.
    fn error(&mut self) -> Error {
        let closed = matches!(self.failure, None | Some(Failure::Closed));
        let status = if closed { self.last_moments() } else { None };
        self.read_errors();
        let (child, said) = (Arc::clone(&self.name), self.said.text());
        match (&self.failure, status) {
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
            self.read_errors();
            match self.process.status() {
                Ok(None) if Instant::now() < deadline => {
                    std::thread::sleep(Duration::from_millis(1));
                }
                status => return status.ok().flatten(),
            }
        }
    }

    fn timed_out(&mut self, awaited: &'static str, start: Instant) -> Error {
        self.read_errors();
        Error::TimedOut {
            child: Arc::clone(&self.name),
            awaited,
            waited: start.elapsed(),
            said: self.said.text(),
        }
    }
}

fn never_block(pipe: BorrowedFd<'_>) -> std::io::Result<()> {
    Ok(fcntl_setfl(pipe, fcntl_getfl(pipe)? | OFlags::NONBLOCK)?)
}

#[cfg(test)]
mod tests;
