//! What is written to stdout and stderr while a program runs.

use anyhow::{Context, Result};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use std::io::{self, ErrorKind, Write};
use std::os::fd::AsFd;

/// Writes to stdout, all of it, also where a full pipe says so instead of waiting. Whoever closed it does
/// not want the rest, and that is no error.
///
/// # Errors
/// If it cannot be written for another reason.
pub fn say(text: &str) -> Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.flush().and_then(|()| write_all(stdout, text.as_bytes())) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other.context("stdout cannot be written"),
    }
}

fn write_all(out: impl AsFd, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        let done = match nix::unistd::write(&out, bytes) {
            // Whoever made the pipe, such as a program that reads several, did not want it to wait.
            Err(Errno::EAGAIN) => {
                let room = PollFd::new(out.as_fd(), PollFlags::POLLOUT);
                poll(&mut [room], PollTimeout::NONE).map(|_| 0)
            }
            done => done,
        };
        match done {
            Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
            Err(Errno::EINTR) => {}
            Err(cause) => return Err(cause.into()),
        }
    }
    Ok(())
}

/// A line on stderr. Whoever closed it gets the run all the same.
pub(crate) fn err(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use nix::fcntl::OFlag;
    use std::fs::File;
    use std::io::Read;

    #[test]
    fn a_full_pipe_that_does_not_wait_is_waited_for_and_a_closed_one_is_told() {
        let (reader, writer) = nix::unistd::pipe2(OFlag::O_NONBLOCK | OFlag::O_CLOEXEC).unwrap();
        let text = "a line of text\n".repeat(100_000);
        std::thread::scope(|scope| {
            let written = scope.spawn(|| write_all(&writer, text.as_bytes()));
            let (mut reader, mut read) = (File::from(reader), Vec::new());
            while read.len() < text.len() {
                let mut piece = [0; 1000];
                match reader.read(&mut piece) {
                    Ok(count) => read.extend_from_slice(&piece[..count]),
                    Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
                }
            }
            written.join().unwrap().unwrap();
            assert!(read == text.as_bytes());
        });
        let error = write_all(&writer, b"more").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    }
}
