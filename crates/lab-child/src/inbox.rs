//! The child's side: what the parent says, and the way to answer.

use std::io::{self, BufRead, ErrorKind, Write};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Error;
use crate::error::shown;

/// The messages of the parent, read by a thread of their own.
///
/// The end of stdin means that the parent is gone, however it ended. The process then ends at
/// once, also in the middle of a computation, unless it was opened to finish in order.
#[derive(Debug)]
pub struct Inbox {
    lines: Receiver<String>,
}

impl Inbox {
    /// Starts to read. `consume` sees each line first, on the reader's thread, while the process
    /// computes: if it returns true (say, because the line was "stop" and it has set a flag), the
    /// line goes no further.
    ///
    /// # Errors
    /// [`Error::System`] if the system gives no thread.
    pub fn open(consume: impl FnMut(&str) -> bool + Send + 'static) -> Result<Inbox, Error> {
        Inbox::start(consume, || std::process::exit(0))
    }

    /// The same, but at the end of stdin [`next`](Inbox::next) gives `None` when all earlier
    /// messages were taken, so that the process can finish in order.
    ///
    /// # Errors
    /// [`Error::System`] if the system gives no thread.
    pub fn open_in_order(
        consume: impl FnMut(&str) -> bool + Send + 'static,
    ) -> Result<Inbox, Error> {
        Inbox::start(consume, || ())
    }

    /// Waits for the next message; `None` after the last one.
    ///
    /// # Errors
    /// [`Error::Nonsense`] if it is none that is expected.
    pub fn next<T: DeserializeOwned>(&self) -> Result<Option<T>, Error> {
        let Ok(line) = self.lines.recv() else {
            return Ok(None);
        };
        match serde_json::from_str(&line) {
            Ok(message) => Ok(Some(message)),
            Err(cause) => Err(Error::Nonsense {
                child: "the parent".into(),
                why: cause.to_string(),
                shown: shown(line.as_bytes()),
                said: String::new(),
            }),
        }
    }

    fn start(
        consume: impl FnMut(&str) -> bool + Send + 'static,
        at_end: impl FnOnce() + Send + 'static,
    ) -> Result<Inbox, Error> {
        let (sender, lines) = channel();
        thread::Builder::new()
            .name("inbox".into())
            .spawn(move || {
                read(consume, &sender);
                at_end();
            })
            .map_err(system)?;
        Ok(Inbox { lines })
    }
}

/// Hands on line by line until stdin ends. A line that is cut off is a parent that died.
fn read(mut consume: impl FnMut(&str) -> bool, to: &Sender<String>) {
    let mut stdin = io::stdin().lock();
    let mut line = String::new();
    while stdin.read_line(&mut line).is_ok() && line.ends_with('\n') {
        let message = line.trim_end();
        // Nobody may listen any more; the end of stdin is worth waiting for all the same.
        if !message.is_empty() && !consume(message) {
            let _ = to.send(message.to_owned());
        }
        line.clear();
    }
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
