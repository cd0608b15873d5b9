//! The child's side: what the parent says, and the way to answer.

use std::io::{self, ErrorKind, Write};
use std::thread;

use rustix::event::{PollFd, PollFlags};
use rustix::io::Errno;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::{Error, Fault};
use super::pipes::no_message;

/// How many integers are written at once: as many as a pipe holds.
const PIECE: usize = (1 << 16) / size_of::<u64>();

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
    /// [`Fault::System`] if the system gives no thread for it.
    pub fn open() -> Result<Inbox, Error> {
        thread::Builder::new().name("end of stdin".into()).spawn(end_with_stdin).map_err(system)?;
        Ok(Inbox { line: String::new() })
    }

    /// Waits for the next message; `None` after the last one. A line that is cut off is a parent
    /// that died.
    ///
    /// # Errors
    /// [`Fault::Protocol`] if it is none that is expected.
    pub fn receive<T: DeserializeOwned>(&mut self) -> Result<Option<T>, Error> {
        self.line.clear();
        match io::stdin().read_line(&mut self.line) {
            Ok(_) if self.line.ends_with('\n') => {}
            _ => return Ok(None),
        }
        let line = self.line.trim_end();
        match serde_json::from_str(line) {
            Ok(message) => Ok(Some(message)),
            Err(cause) => Err(no_message(line.as_bytes(), cause).of(PARENT)),
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
/// `message` must be a JSON object; if there are integers, which are sent one slice after another
/// and never copied as a whole, the field `bytes` is added to it. A parent that is gone ends the
/// process.
///
/// # Errors
/// [`Fault::System`] if the message cannot be written as JSON or the write fails.
pub fn reply(message: &impl Serialize, integers: &[&[u64]]) -> Result<(), Error> {
    #[derive(Serialize)]
    struct Announcing<'a, T: Serialize> {
        #[serde(flatten)]
        message: &'a T,
        bytes: usize,
    }
    let line = match integers.iter().map(|slice| size_of_val(*slice)).sum() {
        0 => serde_json::to_vec(message),
        bytes => serde_json::to_vec(&Announcing { message, bytes }),
    };
    let mut line = line.map_err(system)?;
    line.push(b'\n');
    let mut stdout = io::stdout().lock();
    let written = stdout
        .write_all(&line)
        .and_then(|()| write_integers(&mut stdout, integers))
        .and_then(|()| stdout.flush());
    match written {
        Err(cause) if cause.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        written => written.map_err(system),
    }
}

/// In little-endian order, piece by piece.
fn write_integers(stdout: &mut impl Write, integers: &[&[u64]]) -> io::Result<()> {
    let mut piece = Vec::new();
    for numbers in integers.iter().flat_map(|slice| slice.chunks(PIECE)) {
        piece.clear();
        piece.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        stdout.write_all(&piece)?;
    }
    Ok(())
}

const PARENT: &str = "the parent";

pub(crate) fn system(cause: impl std::fmt::Display) -> Error {
    Fault::system(cause).of(PARENT)
}
