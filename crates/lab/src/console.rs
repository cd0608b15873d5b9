//! What is written to stdout and stderr while a program runs.

use anyhow::{Context, Result};
use std::borrow::Cow;
use std::io::{ErrorKind, IsTerminal, Write};

/// Writes to stdout. Whoever closed it does not want the rest, and that is no error.
///
/// # Errors
/// If it cannot be written for another reason.
pub fn say(text: &str) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    let text = for_reader(text, stdout.is_terminal());
    let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other.context("stdout cannot be written"),
    }
}

/// How many columns the terminal has that stdout is; none if it is a file or a pipe.
pub fn columns() -> Option<u16> {
    let (width, _) = terminal_size::terminal_size_of(std::io::stdout())?;
    Some(width.0).filter(|columns| *columns > 0)
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

    #[test]
    fn what_is_printed_can_be_read_without_utf_8() {
        assert_eq!(in_ascii("1.02× (1.00–1.05), 84 µs"), "1.02x (1.00-1.05), 84 us");
        assert_eq!(in_ascii("“4 → 8”…"), "\"4 -> 8\"...");
    }

    #[test]
    fn files_and_pipes_get_what_there_is() {
        assert_eq!(for_reader("1×", false), "1×");
    }
}
