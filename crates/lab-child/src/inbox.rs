//! The child's side: what the parent says, and the way to answer.

use std::io::{self, ErrorKind, Write};
use std::thread;

use rustix::event::{PollFd, PollFlags};
use rustix::io::Errno;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Error;
use crate::error::shown;

/// The messages of the parent, read by whoever asks for the next one.
///
/// The end of stdin means that the parent is gone, however it ended. The process then ends at
/// once, also in the middle of a computation.
#[derive(Debug)]
pub struct Inbox {
    line: String,
}

impl Inbox {
    /// Makes sure that this process ends with its parent. No message is read yet.
    ///
    /// # Errors
    /// [`Error::System`] if the system gives no thread for it.
    pub fn open() -> Result<Inbox, Error> {
        thread::Builder::new()
            .name("end of stdin".into())
            .spawn(end_with_stdin)
            .map_err(system)?;
        Ok(Inbox {
            line: String::new(),
        })
    }

    /// Waits for the next message; `None` after the last one. A line that is cut off is a parent
    /// that died.
    ///
    /// # Errors
    /// [`Error::Nonsense`] if it is none that is expected.
    pub fn receive<T: DeserializeOwned>(&mut self) -> Result<Option<T>, Error> {
        self.line.clear();
        match io::stdin().read_line(&mut self.line) {
            Ok(_) if self.line.ends_with('\n') => {}
            _ => return Ok(None),
        }
        let line = self.line.trim_end();
        match serde_json::from_str(line) {
            Ok(message) => Ok(Some(message)),
            Err(cause) => Err(Error::Nonsense {
                child: "the parent".into(),
                why: cause.to_string(),
                shown: shown(line.as_bytes()),
                said: String::new(),
            }),
        }
    }
}

/// Ends the process as soon as the other end of stdin is closed.
///
/// Asks for no event, so that only the end wakes this thread: a message does not, and costs its
/// reader nothing.
fn end_with_stdin() {
    let stdin = io::stdin();
    let mut polled = [PollFd::new(&stdin, PollFlags::empty())];
    while matches!(rustix::event::poll(&mut polled, None), Err(Errno::INTR)) {}
    std::process::exit(0);
}

/// Sends one frame to the parent, at once. Nothing else may be written to stdout.
///
/// `message` must be a JSON object; if there are raw `bytes` (of 64-bit integers, see
/// [`crate::to_bytes`]), the field `bytes` is added to it. A parent that is gone ends the process.
///
/// # Errors
/// [`Error::System`] if the message cannot be written as JSON or the write fails.
pub fn reply(message: &impl Serialize, bytes: &[u8]) -> Result<(), Error> {
    #[derive(Serialize)]
    struct Announcing<'a, T: Serialize> {
        #[serde(flatten)]
        message: &'a T,
        bytes: usize,
    }
    let line = match bytes.len() {
        0 => serde_json::to_vec(message),
        length => serde_json::to_vec(&Announcing {
            message,
            bytes: length,
        }),
    };
    let mut line = line.map_err(system)?;
    line.push(b'\n');
    let mut stdout = io::stdout().lock();
    let written = stdout
        .write_all(&line)
        .and_then(|()| stdout.write_all(bytes))
        .and_then(|()| stdout.flush());
    match written {
        Err(cause) if cause.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        written => written.map_err(system),
    }
}

fn system(cause: impl std::fmt::Display) -> Error {
    Error::System {
        child: "the parent".into(),
        cause: cause.to_string(),
    }
}
