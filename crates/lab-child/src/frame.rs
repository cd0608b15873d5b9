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
    /// What its field `bytes` announced: little-endian 64-bit integers; mostly empty.
    pub bytes: Vec<u8>,
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

    /// The raw bytes as the integers that they are.
    pub fn integers(&self) -> Vec<u64> {
        let (numbers, _) = self.bytes.as_chunks::<8>();
        numbers.iter().map(|&n| u64::from_le_bytes(n)).collect()
    }
}

/// Integers as the raw bytes of a frame.
pub fn to_bytes(integers: &[u64]) -> Vec<u8> {
    integers.iter().flat_map(|n| n.to_le_bytes()).collect()
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
    /// A line whose raw bytes are still to come.
    announced: Option<(String, usize)>,
}

#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    bytes: u64,
}

impl Decoder {
    /// Takes all complete frames out of the buffer and hands them to `take`.
    pub fn frames(&mut self, mut take: impl FnMut(String, Vec<u8>)) -> Result<(), Nonsense> {
        let mut used = 0;
        let result = self.cut(&mut used, &mut take);
        self.buffer.drain(..used);
        result
    }

    fn cut(
        &mut self,
        used: &mut usize,
        take: &mut impl FnMut(String, Vec<u8>),
    ) -> Result<(), Nonsense> {
        loop {
            let rest = self.buffer.get(*used..).unwrap_or_default();
            if let Some((_, length)) = &self.announced {
                let Some(bytes) = rest.get(..*length) else {
                    return Ok(());
                };
                let bytes = bytes.to_vec();
                *used += bytes.len();
                if let Some((line, _)) = self.announced.take() {
                    take(line, bytes);
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
                (line, 0) => take(line, Vec::new()),
                announced => self.announced = Some(announced),
            }
        }
    }
}

/// A line that is a JSON object, and how many raw bytes follow it.
fn head(line: &[u8]) -> Result<(String, usize), Nonsense> {
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
    Ok((text.to_owned(), head.bytes as usize))
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

    type Pairs = Vec<(String, Vec<u8>)>;

    fn decode(decoder: &mut Decoder, piece: &[u8]) -> (Pairs, Result<(), Nonsense>) {
        let mut frames = Vec::new();
        decoder.buffer.extend_from_slice(piece);
        let result = decoder.frames(|line, bytes| frames.push((line, bytes)));
        (frames, result)
    }

    #[test]
    fn frames_come_out_whatever_the_pieces() {
        let mut stream = b"{\"a\":1}\n{\"bytes\":16,\"b\":2}\n".to_vec();
        stream.extend(to_bytes(&[10, u64::from_le_bytes(*b"\n\n{}\n\n\n\n")]));
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
            assert_eq!(all[1].1.len(), 16);
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
    fn integers_survive_the_way() {
        let numbers = [0, 1, u64::MAX, 1 << 40];
        let frame = Frame {
            line: "{}".into(),
            bytes: to_bytes(&numbers),
            child: "test".into(),
        };
        assert_eq!(frame.integers(), numbers);
    }
}
