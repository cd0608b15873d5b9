//! The last line that a process wrote, for messages; and how foreign bytes are shown in them.

/// No more than this of a line is kept, in bytes.
const MAX: usize = 400;

/// Takes a stream in pieces and remembers its last line that says something.
#[derive(Debug, Default)]
pub(in crate::process) struct LastLine {
    last: Vec<u8>,
    open: Vec<u8>,
}

impl LastLine {
    /// The next piece of the stream.
    pub fn feed(&mut self, piece: &[u8]) {
        for part in piece.split_inclusive(|&byte| byte == b'\n') {
            let room = MAX.saturating_sub(self.open.len());
            self.open.extend_from_slice(part.get(..room).unwrap_or(part));
            if part.ends_with(b"\n") {
                if says_something(&self.open) {
                    std::mem::swap(&mut self.last, &mut self.open);
                }
                self.open.clear();
            }
        }
    }

    /// The line, escaped; empty if there was none.
    pub fn text(&self) -> String {
        let line = if says_something(&self.open) { &self.open } else { &self.last };
        shown(line.trim_ascii())
    }
}

/// Rust ends the report of a panic with a note that does not say what happened.
fn says_something(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    !line.is_empty() && !line.starts_with(b"note: ")
}

/// The beginning of what a process wrote, fit for a message.
pub(super) fn shown(bytes: &[u8]) -> String {
    const LENGTH: usize = 100;
    let text = String::from_utf8_lossy(bytes.get(..4 * LENGTH).unwrap_or(bytes));
    let mut shown: String = text.chars().take(LENGTH).flat_map(char::escape_debug).collect();
    if bytes.len() > 4 * LENGTH || text.chars().count() > LENGTH {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_that_says_something_counts() {
        for (pieces, expected) in [
            (&[][..], ""),
            (&["one\ntwo\n\n  \n"], "two"),
            (&["one\ntw", "o\n", "thr", "ee"], "three"),
            (&["boom\nnote: run with RUST_BACKTRACE=1\n"], "boom"),
        ] {
            let mut line = LastLine::default();
            pieces.iter().for_each(|piece| line.feed(piece.as_bytes()));
            assert_eq!(line.text(), expected);
        }
        let mut endless = LastLine::default();
        (0..10_000).for_each(|_| endless.feed(&[b'x'; 1000]));
        assert!(endless.open.capacity() <= 2 * MAX);
        assert!(endless.text().starts_with("xxxx"));
    }

    #[test]
    fn what_is_shown_is_escaped_and_cut() {
        assert_eq!(shown(b"a\tb\x1b[31m"), r"a\tb\u{1b}[31m");
        assert_eq!(shown(&[b'x'; 100]).chars().count(), 100);
        let cut = shown(&[b'x'; 5000]);
        assert_eq!(cut.chars().count(), 101);
        assert!(cut.ends_with('…'));
    }
}
