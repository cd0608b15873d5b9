//! What is written to stdout and stderr while a program runs.

use anyhow::{Context, Result};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use std::borrow::Cow;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::os::fd::AsFd;

/// Writes to stdout, all of it, also where a full pipe says so instead of waiting. Whoever closed it does
/// not want the rest, and that is no error.
///
/// # Errors
/// If it cannot be written for another reason.
pub fn say(text: &str) -> Result<()> {
    let mut stdout = io::stdout().lock();
    let text = for_reader(text, stdout.is_terminal());
    match stdout.flush().and_then(|()| write_all(stdout, text.as_bytes())) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other.context("stdout cannot be written"),
    }
}

/// How many columns the terminal has that stdout is; none if it is a file or a pipe.
pub fn columns() -> Option<u16> {
    let (width, _) = terminal_size::terminal_size_of(std::io::stdout())?;
    Some(width.0).filter(|columns| *columns > 0)
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
    let mut stderr = std::io::stderr();
    let _ = writeln!(stderr, "{}", for_reader(line, stderr.is_terminal()));
}

/// A terminal that was set to another encoding than UTF-8 gets ASCII; files and pipes get what there is.
fn for_reader(text: &str, is_terminal: bool) -> Cow<'_, str> {
    let mut set = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(std::env::var_os);
    let locale = set.find(|value| !value.is_empty());
    let locale = locale.map(|value| value.to_string_lossy().to_ascii_lowercase());
    let knows = locale.is_none_or(|name| name.contains("utf-8") || name.contains("utf8"));
    if knows || !is_terminal { text.into() } else { in_ascii(text).into() }
}

fn in_ascii(text: &str) -> String {
    let mut ascii = String::new();
    for letter in text.chars() {
        match letter {
            '×' => ascii.push('x'),
            '–' | '—' | '·' => ascii.push('-'),
            '…' => ascii.push_str("..."),
            '“' | '”' => ascii.push('"'),
            '‘' | '’' => ascii.push('\''),
            'µ' => ascii.push('u'),
            '→' => ascii.push_str("->"),
            '\u{a0}' => ascii.push(' '),
            other if other.is_ascii() => ascii.push(other),
            _ => ascii.push('?'),
        }
    }
    ascii
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

    #[test]
    fn what_is_printed_can_be_read_without_utf_8() {
        assert_eq!(in_ascii("1.02× (1.00–1.05), 84 µs"), "1.02x (1.00-1.05), 84 us");
        assert_eq!(in_ascii("“4 → 8”…"), "\"4 -> 8\"...");
        assert_eq!(for_reader("1×", false), "1×", "files and pipes get what there is");
    }
}
