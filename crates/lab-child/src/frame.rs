//! Frames: a JSON line, and the raw bytes that it announces.

use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::Error;
use crate::error::shown;

/// The longest line that is taken from a child, in bytes.
pub const MAX_LINE: usize = 1 << 20;
/// The most raw bytes that may follow a line.
pub const MAX_BYTES: u64 = 1 << 30;

/// One message from a child.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// A JSON object, without the line's end.
    pub line: String,
    /// What its field `bytes` announced; mostly empty.
    pub integers: Vec<u64>,
    pub(crate) child: Arc<str>,
}

impl Frame {
    /// The line as the message that it should be.
    ///
    /// # Errors
    /// [`Error::Nonsense`] if it is another one.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_str(&self.line).map_err(|cause| Error::Nonsense {
            child: Arc::clone(&self.child),
            why: cause.to_string(),
            shown: shown(self.line.as_bytes()),
            said: String::new(),
        })
    }
}

/// Why what a child sent cannot be a frame.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Nonsense {
    pub why: String,
    pub shown: String,
}

/// Cuts a stream of bytes into frames.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    /// The stream from the first byte that no frame has taken yet. A read appends to it.
    pub buffer: Vec<u8>,
    /// So many bytes of the buffer hold no line's end.
    searched: usize,
    /// A line whose integers are still to come.
    announced: Option<Announced>,
}

/// Integers leave the buffer as they come: there may be a hundred million of them, and they are
/// held once.
#[derive(Debug)]
struct Announced {
    line: String,
    count: usize,
    integers: Vec<u64>,
}

#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    bytes: u64,
}

impl Decoder {
    /// Takes all complete frames out of the buffer and hands them to `take`.
    pub fn frames(&mut self, mut take: impl FnMut(String, Vec<u64>)) -> Result<(), Nonsense> {
        let mut used = 0;
        let result = self.cut(&mut used, &mut take);
        self.buffer.drain(..used);
        result
    }

    fn cut(
        &mut self,
        used: &mut usize,
        take: &mut impl FnMut(String, Vec<u64>),
    ) -> Result<(), Nonsense> {
        loop {
            let rest = self.buffer.get(*used..).unwrap_or_default();
            if let Some(announced) = &mut self.announced {
                let (numbers, _) = rest.as_chunks::<8>();
                let missing = announced.count - announced.integers.len();
                let numbers = numbers.get(..missing).unwrap_or(numbers);
                let integers = numbers.iter().map(|&number| u64::from_le_bytes(number));
                announced.integers.extend(integers);
                *used += size_of_val(numbers);
                if numbers.len() < missing {
                    return Ok(());
                }
                if let Some(announced) = self.announced.take() {
                    take(announced.line, announced.integers);
                }
                continue;
            }
            let unseen = rest.get(self.searched..).unwrap_or_default();
            let Some(end) = unseen.iter().position(|&byte| byte == b'\n') else {
                self.searched = rest.len();
                return if rest.len() > MAX_LINE {
                    Err(nonsense(rest, "a line without end"))
                } else {
                    Ok(())
                };
            };
            let length = self.searched + end;
            let line = rest.get(..length).unwrap_or_default();
            self.searched = 0;
            *used += length + 1;
            match head(line)? {
                Announced { line, count: 0, .. } => take(line, Vec::new()),
                announced => self.announced = Some(announced),
            }
        }
    }
}

/// A line that is a JSON object, with room for the integers that follow it.
fn head(line: &[u8]) -> Result<Announced, Nonsense> {
    if line.len() > MAX_LINE {
        return Err(nonsense(line, "a line that is too long"));
    }
    let text = std::str::from_utf8(line).map_err(|_| nonsense(line, "not UTF-8"))?;
    if !text.trim_start().starts_with('{') {
        return Err(nonsense(line, "not a JSON object"));
    }
    let head: Head =
        serde_json::from_str(text).map_err(|cause| nonsense(line, &cause.to_string()))?;
    if head.bytes > MAX_BYTES || !head.bytes.is_multiple_of(8) {
        let why = format!("{} raw bytes announced", head.bytes);
        return Err(nonsense(line, &why));
    }
    let count = head.bytes as usize / 8;
    let mut integers = Vec::new();
    if integers.try_reserve_exact(count).is_err() {
        let why = format!(
            "{} raw bytes announced, more than there is memory",
            head.bytes
        );
        return Err(nonsense(line, &why));
    }
    Ok(Announced {
        line: text.to_owned(),
        count,
        integers,
    })
}

fn nonsense(line: &[u8], why: &str) -> Nonsense {
    Nonsense {
        why: why.to_owned(),
        shown: shown(line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Pairs = Vec<(String, Vec<u64>)>;

    fn decode(decoder: &mut Decoder, piece: &[u8]) -> (Pairs, Result<(), Nonsense>) {
        let mut frames = Vec::new();
        decoder.buffer.extend_from_slice(piece);
        let result = decoder.frames(|line, integers| frames.push((line, integers)));
        (frames, result)
    }

    #[test]
    fn frames_come_out_whatever_the_pieces() {
        let mut stream = b"{\"a\":1}\n{\"bytes\":16,\"b\":2}\n".to_vec();
        let integers = [10, u64::from_le_bytes(*b"\n\n{}\n\n\n\n")];
        stream.extend(integers.iter().flat_map(|number| number.to_le_bytes()));
        stream.extend(b"{\"c\":3}\n");
        for size in [1, 2, 7, 30, stream.len()] {
            let mut decoder = Decoder::default();
            let mut all = Vec::new();
            for piece in stream.chunks(size) {
                let (frames, result) = decode(&mut decoder, piece);
                assert_eq!(result, Ok(()));
                all.extend(frames);
            }
            let lines: Vec<_> = all.iter().map(|(line, _)| line.as_str()).collect();
            assert_eq!(
                lines,
                ["{\"a\":1}", "{\"bytes\":16,\"b\":2}", "{\"c\":3}"],
                "{size}"
            );
            assert_eq!(all[1].1, integers);
            assert!(decoder.buffer.is_empty());
        }
    }

    #[test]
    fn nonsense_is_told_from_messages() {
        let too_much = format!("{{\"bytes\":{}}}\n", MAX_BYTES + 8);
        for text in [
            "hello\n",
            "[1]\n",
            "3\n",
            "{\"a\":\n",
            "\n",
            "{\"bytes\":-1}\n",
            "{\"bytes\":7}\n",
            &too_much,
        ] {
            let (frames, result) = decode(&mut Decoder::default(), text.as_bytes());
            assert!(result.is_err(), "{text}");
            assert!(frames.is_empty(), "{text}");
        }
        let (_, result) = decode(&mut Decoder::default(), b"{\"a\":\"\xff\"}\n");
        assert_eq!(result.unwrap_err().why, "not UTF-8");
    }

    #[test]
    fn a_line_without_end_is_not_waited_for() {
        let mut decoder = Decoder::default();
        let (_, result) = decode(&mut decoder, &vec![b' '; MAX_LINE]);
        assert_eq!(result, Ok(()));
        let (_, result) = decode(&mut decoder, b"  ");
        assert!(result.is_err());
    }

    #[test]
    fn frames_before_nonsense_are_kept() {
        let (frames, result) = decode(&mut Decoder::default(), b"{}\nrubbish\n");
        assert_eq!(frames.len(), 1);
        assert_eq!(result.unwrap_err().shown, "rubbish");
    }

    #[test]
    fn integers_do_not_stay_in_the_buffer() {
        let mut decoder = Decoder::default();
        assert_eq!(decode(&mut decoder, b"{\"bytes\":24}\n").1, Ok(()));
        for _ in 0..2 {
            let (frames, result) = decode(&mut decoder, &[1; 9]);
            assert_eq!((frames.len(), result), (0, Ok(())));
            assert!(decoder.buffer.len() < 8);
        }
        let (frames, _) = decode(&mut decoder, &[1; 6]);
        assert_eq!(frames[0].1, [u64::from_le_bytes([1; 8]); 3]);
    }
}
