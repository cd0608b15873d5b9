//! The parent's ends of the three pipes to a child: never blocking, read and written by whoever
//! polls them.

use std::collections::VecDeque;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::process::{ChildStderr, ChildStdin, ChildStdout};
use std::sync::Arc;

use rustix::buffer::spare_capacity;
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::Errno;

use crate::Frame;
use crate::frame::{Decoder, Nonsense};
use crate::last_line::LastLine;

/// How much is read at once: what a pipe holds.
const PIECE: usize = 1 << 16;

/// The pipes, what is to be written to them and what was read from them.
#[derive(Debug)]
pub(crate) struct Pipes {
    name: Arc<str>,
    stdin: Option<ChildStdin>,
    stdout: Option<ChildStdout>,
    stderr: Option<ChildStderr>,
    /// What stdin has no room for yet.
    pub unsent: Vec<u8>,
    decoder: Decoder,
    /// Frames that nobody took yet.
    pub received: VecDeque<Frame>,
    /// What the child said last on stderr.
    pub said: LastLine,
    /// Why no further frame will come, once that is so.
    pub failure: Option<Failure>,
}

/// Why no further frame will come.
#[derive(Debug)]
pub(crate) enum Failure {
    Closed,
    Nonsense(Nonsense),
    System(String),
}

impl Pipes {
    /// Makes sure that none of them blocks.
    pub fn new(
        name: Arc<str>,
        stdin: Option<ChildStdin>,
        stdout: Option<ChildStdout>,
        stderr: Option<ChildStderr>,
    ) -> io::Result<Pipes> {
        let pipes = Pipes {
            name,
            stdin,
            stdout,
            stderr,
            unsent: Vec::new(),
            decoder: Decoder::default(),
            received: VecDeque::new(),
            said: LastLine::default(),
            failure: None,
        };
        for pipe in [pipes.input(), pipes.output(), pipes.errors()] {
            pipe.map_or(Ok(()), never_block)?;
        }
        Ok(pipes)
    }

    /// The child sees the end of its stdin.
    pub fn close_input(&mut self) {
        self.stdin = None;
        self.unsent.clear();
    }

    /// A frame or an error is there.
    pub fn has_news(&self) -> bool {
        !self.received.is_empty() || self.failure.is_some()
    }

    /// stdin, while something waits to be sent.
    pub fn wants_to_send(&self) -> Option<BorrowedFd<'_>> {
        self.input().filter(|_| !self.unsent.is_empty())
    }

    /// stdout, until it ends.
    pub fn output(&self) -> Option<BorrowedFd<'_>> {
        self.stdout.as_ref().map(AsFd::as_fd)
    }

    /// stderr, until it ends.
    pub fn errors(&self) -> Option<BorrowedFd<'_>> {
        self.stderr.as_ref().map(AsFd::as_fd)
    }

    /// Writes as much as the pipe takes.
    pub fn push(&mut self) {
        let Some(stdin) = &self.stdin else {
            return self.fail(Failure::Closed);
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

    /// Reads what stdout holds at this moment, one piece of it, and cuts it into frames. False if
    /// there was nothing.
    pub fn read_output(&mut self) -> bool {
        let Some(stdout) = &self.stdout else {
            self.fail(Failure::Closed);
            return false;
        };
        self.decoder.buffer.reserve(PIECE);
        match rustix::io::read(stdout, spare_capacity(&mut self.decoder.buffer)) {
            Ok(0) => {
                self.stdout = None;
                self.fail(Failure::Closed);
                return false;
            }
            Ok(_) if self.failure.is_some() => self.decoder.buffer.clear(),
            Ok(_) => {
                let (received, name) = (&mut self.received, &self.name);
                let result = self.decoder.frames(|line, integers| {
                    let child = Arc::clone(name);
                    received.push_back(Frame {
                        line,
                        integers,
                        child,
                    });
                });
                if let Err(nonsense) = result {
                    self.fail(Failure::Nonsense(nonsense));
                }
            }
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) => return false,
            Err(cause) => {
                self.fail(Failure::System(cause.to_string()));
                return false;
            }
        }
        true
    }

    /// Reads what stderr holds at this moment.
    pub fn read_errors(&mut self) {
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

    /// The first failure counts.
    pub fn fail(&mut self, failure: Failure) {
        self.failure.get_or_insert(failure);
    }

    fn input(&self) -> Option<BorrowedFd<'_>> {
        self.stdin.as_ref().map(AsFd::as_fd)
    }
}

fn never_block(pipe: BorrowedFd<'_>) -> io::Result<()> {
    Ok(fcntl_setfl(pipe, fcntl_getfl(pipe)? | OFlags::NONBLOCK)?)
}
