//! The last line that a child wrote to stderr, for messages about its death.

/// No more than this of a line is kept, in bytes.
const MAX: usize = 400;

/// Eats a stream in pieces and remembers its last line that says something.
#[derive(Debug, Default)]
pub(crate) struct LastLine {
    last: Vec<u8>,
    open: Vec<u8>,
}

impl LastLine {
    /// The next piece of the stream.
    pub fn feed(&mut self, piece: &[u8]) {
        for part in piece.split_inclusive(|&byte| byte == b'\n') {
            let room = MAX.saturating_sub(self.open.len());
            self.open
                .extend_from_slice(part.get(..room).unwrap_or(part));
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
        let line = if says_something(&self.open) {
            &self.open
        } else {
            &self.last
        };
        crate::error::shown(line.trim_ascii())
    }
}

/// Rust ends the report of a panic with a note that does not say what happened.
fn says_something(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    !line.is_empty() && !line.starts_with(b"note: ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last(pieces: &[&str]) -> String {
        let mut line = LastLine::default();
        for piece in pieces {
            line.feed(piece.as_bytes());
        }
        line.text()
    }

    #[test]
    fn the_last_line_that_is_not_empty_counts() {
        assert_eq!(last(&[]), "");
        assert_eq!(last(&["one\ntwo\n\n  \n"]), "two");
        assert_eq!(last(&["one\ntw", "o\n", "thr", "ee"]), "three");
        assert_eq!(last(&["boom\nnote: run with RUST_BACKTRACE=1\n"]), "boom");
    }

    #[test]
    fn a_line_without_end_takes_no_memory() {
        let mut line = LastLine::default();
        for _ in 0..10_000 {
            line.feed(&[b'x'; 1000]);
        }
        assert!(line.open.capacity() <= 2 * MAX);
        assert!(line.text().starts_with("xxxx"));
    }
}
