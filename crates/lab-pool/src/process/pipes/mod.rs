//! The parent's ends of the three pipes to a process: never blocking, read and written by whoever
//! polls them.

mod frame;
mod last_line;

pub(super) use frame::Decoder;
pub use frame::Frame;
pub(super) use frame::no_message;
pub(super) use last_line::LastLine;

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::process::{ChildStderr, ChildStdin, ChildStdout};

use rustix::buffer::spare_capacity;
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::Errno;

use super::error::Fault;
use super::spawned;

/// How much is read at once: what a pipe holds.
const PIECE: usize = 1 << 16;
/// What is read of a pipe after the process has ended: more than a pipe holds, and an end for one
/// that somebody goes on filling.
const PIECES_AFTER_END: u32 = 64;

/// The pipes, what is to be written to them and what was read from them.
#[derive(Debug)]
pub(super) struct Pipes {
    stdin: Option<ChildStdin>,
    stdout: Option<ChildStdout>,
    stderr: Option<ChildStderr>,
    /// What stdin has no room for yet.
    pub unsent: Vec<u8>,
    /// What was read from stdout.
    pub output: Output,
    /// What the process wrote last to stderr.
    pub last_error: LastLine,
    /// What was read from both, in bytes.
    pub bytes: u64,
    /// Why nothing further will come, once that is so.
    pub failure: Option<Fault>,
}

/// What becomes of stdout.
#[derive(Debug)]
pub(super) enum Output {
    /// It is cut into frames.
    Frames(Decoder),
    /// Only its last line is kept.
    Text { last: LastLine, piece: Vec<u8> },
}

/// What can be polled of a process: its pipes, and its end.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pipe {
    Input,
    Output,
    Errors,
    End,
}

impl Pipes {
    /// Makes sure that none of them blocks.
    pub fn new((stdin, stdout, stderr): spawned::Pipes, output: Output) -> io::Result<Pipes> {
        let pipes = Pipes {
            stdin,
            stdout,
            stderr,
            unsent: Vec::new(),
            output,
            last_error: LastLine::default(),
            bytes: 0,
            failure: None,
        };
        let fds = [
            pipes.stdin.as_ref().map(AsFd::as_fd),
            pipes.stdout.as_ref().map(AsFd::as_fd),
            pipes.stderr.as_ref().map(AsFd::as_fd),
        ];
        for fd in fds.into_iter().flatten() {
            fcntl_setfl(fd, fcntl_getfl(fd)? | OFlags::NONBLOCK)?;
        }
        Ok(pipes)
    }

    /// Those that are open; stdin only while something waits to be sent.
    pub fn polled(&self) -> [(Pipe, Option<BorrowedFd<'_>>); 3] {
        let input = self.stdin.as_ref().filter(|_| !self.unsent.is_empty());
        [
            (Pipe::Output, self.stdout.as_ref().map(AsFd::as_fd)),
            (Pipe::Errors, self.stderr.as_ref().map(AsFd::as_fd)),
            (Pipe::Input, input.map(AsFd::as_fd)),
        ]
    }

    /// The process reads the end of its stdin.
    pub fn close_input(&mut self) {
        self.stdin = None;
        self.unsent.clear();
    }

    /// A frame or an error is there.
    pub fn has_news(&self) -> bool {
        let has_frame = matches!(&self.output, Output::Frames(decoder) if decoder.has_frame());
        has_frame || self.failure.is_some()
    }

    /// Writes as much as the pipe takes.
    pub fn push(&mut self) {
        let Some(stdin) = &self.stdin else {
            return self.fail(Fault::Closed);
        };
        while !self.unsent.is_empty() {
            match rustix::io::write(stdin, &self.unsent) {
                Ok(count) => drop(self.unsent.drain(..count)),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return,
                Err(Errno::PIPE) => return self.fail(Fault::Closed),
                Err(cause) => return self.fail(Fault::system(cause)),
            }
        }
    }

    /// Reads one piece of what stdout holds at this moment. False if there was nothing.
    pub fn read_output(&mut self) -> bool {
        let buffer = match &mut self.output {
            Output::Frames(decoder) => &mut decoder.buffer,
            Output::Text { piece, .. } => piece,
        };
        buffer.reserve(PIECE);
        let read = match &self.stdout {
            Some(stdout) => rustix::io::read(stdout, spare_capacity(buffer)),
            None => Ok(0),
        };
        match (read, &mut self.output) {
            (Ok(0), output) => {
                self.stdout = None;
                // What only writes text may go on without a pipe.
                if let Output::Frames(_) = output {
                    self.fail(Fault::Closed);
                }
                return false;
            }
            (Ok(count), Output::Text { last, piece }) => {
                self.bytes += count as u64;
                last.feed(piece);
                piece.clear();
            }
            (Ok(_), Output::Frames(decoder)) if self.failure.is_some() => decoder.buffer.clear(),
            (Ok(_), Output::Frames(decoder)) => {
                if let Err(error) = decoder.cut() {
                    self.fail(error);
                }
            }
            (Err(Errno::INTR), _) => {}
            (Err(Errno::AGAIN), _) => return false,
            (Err(cause), _) => {
                self.fail(Fault::system(cause));
                return false;
            }
        }
        true
    }

    /// Reads what stderr holds at this moment.
    pub fn read_errors(&mut self) {
        let mut piece = [0; 4096];
        for _ in 0..PIECES_AFTER_END {
            let Some(stderr) = &self.stderr else {
                return;
            };
            match rustix::io::read(stderr, &mut piece) {
                Ok(0) => self.stderr = None,
                Ok(count) => {
                    self.bytes += count as u64;
                    self.last_error.feed(piece.get(..count).unwrap_or_default());
                }
                Err(Errno::INTR) => {}
                Err(_) => return,
            }
        }
    }

    /// The process has ended: takes what is left in the pipes.
    pub fn drain(&mut self) {
        for _ in 0..PIECES_AFTER_END {
            if self.failure.is_some() || !self.read_output() {
                break;
            }
        }
        self.read_errors();
        self.fail(Fault::Closed);
    }

    /// Forgets frames that nobody took.
    pub fn discard(&mut self) {
        while let Output::Frames(decoder) = &mut self.output
            && decoder.take().is_some()
        {}
    }

    /// The first failure counts.
    pub fn fail(&mut self, failure: Fault) {
        self.failure.get_or_insert(failure);
    }
}
