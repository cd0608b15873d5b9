//! Frames: a JSON line, and the raw bytes that it announces.

use std::collections::VecDeque;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::last_line::shown;
use crate::process::error::{Error, Fault};

/// The longest line that is taken from a child, in bytes.
const MAX_LINE: usize = 1 << 20;
/// The most raw bytes that may follow a line.
const MAX_BYTES: u64 = 1 << 30;

/// One message from a child.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// A JSON object, without the line's end.
    pub line: String,
    /// What its field `bytes` announced; mostly empty.
    pub integers: Vec<u64>,
    child: Arc<str>,
}

impl Frame {
    /// The line as the message that it should be.
    ///
    /// # Errors
    /// [`Fault::Protocol`] if it is another one.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let line = self.line.as_bytes();
        serde_json::from_str(&self.line).map_err(|cause| no_message(line, cause).of(&self.child))
    }
}

/// Cuts a stream of bytes into frames.
#[derive(Debug)]
pub(in crate::process) struct Decoder {
    child: Arc<str>,
    /// The stream from the first byte that no frame has taken yet. A read appends to it.
    pub buffer: Vec<u8>,
    /// How many bytes of the buffer are known to hold no line's end.
    searched: usize,
    /// A line whose integers are still to come, and how many they will be.
    announced: Option<(Frame, usize)>,
    /// Frames that nobody took yet.
    frames: VecDeque<Frame>,
}

#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    bytes: u64,
}

impl Decoder {
    /// For the stream of the child of this name.
    pub fn of(child: Arc<str>) -> Decoder {
        Decoder { child, buffer: Vec::new(), searched: 0, announced: None, frames: VecDeque::new() }
    }

    pub fn has_frame(&self) -> bool {
        !self.frames.is_empty()
    }

    /// The next frame.
    pub fn take(&mut self) -> Option<Frame> {
        self.frames.pop_front()
    }

    /// Cuts all complete frames out of the buffer.
    pub fn cut(&mut self) -> Result<(), Fault> {
        let mut used = 0;
        let result = self.cut_from(&mut used);
        self.buffer.drain(..used);
        result
    }

    fn cut_from(&mut self, used: &mut usize) -> Result<(), Fault> {
        loop {
            let rest = self.buffer.get(*used..).unwrap_or_default();
            if let Some((frame, count)) = &mut self.announced {
                // They leave the buffer as they come: there may be a hundred million of them, and
                // they are held once.
                let (numbers, _) = rest.as_chunks::<8>();
                let missing = *count - frame.integers.len();
                let numbers = numbers.get(..missing).unwrap_or(numbers);
                let integers = numbers.iter().map(|&number| u64::from_le_bytes(number));
                frame.integers.extend(integers);
                *used += size_of_val(numbers);
                if numbers.len() < missing {
                    return Ok(());
                }
                let whole = self.announced.take().map(|(frame, _)| frame);
                self.frames.extend(whole);
                continue;
            }
            let unseen = rest.get(self.searched..).unwrap_or_default();
            let Some(end) = unseen.iter().position(|&byte| byte == b'\n') else {
                self.searched = rest.len();
                return if rest.len() > MAX_LINE {
                    Err(no_message(rest, "a line without end"))
                } else {
                    Ok(())
                };
            };
            let length = self.searched + end;
            let (line, integers, count) = head(rest.get(..length).unwrap_or_default())?;
            self.searched = 0;
            *used += length + 1;
            let frame = Frame { line, integers, child: Arc::clone(&self.child) };
            self.announced = Some((frame, count));
        }
    }
}

/// A line that is a JSON object, with room for the integers that follow it, and their number.
fn head(line: &[u8]) -> Result<(String, Vec<u64>, usize), Fault> {
    if line.len() > MAX_LINE {
        return Err(no_message(line, "a line that is too long"));
    }
    let text = std::str::from_utf8(line).map_err(|_| no_message(line, "not UTF-8"))?;
    if !text.trim_start().starts_with('{') {
        return Err(no_message(line, "not a JSON object"));
    }
    let Head { bytes } = serde_json::from_str(text).map_err(|cause| no_message(line, cause))?;
    let (mut integers, count) = (Vec::new(), bytes as usize / 8);
    let is_wrong = bytes > MAX_BYTES || !bytes.is_multiple_of(8);
    if is_wrong || integers.try_reserve_exact(count).is_err() {
        return Err(no_message(line, format_args!("{bytes} raw bytes announced")));
    }
    Ok((text.to_owned(), integers, count))
}

/// What was sent is no message of the protocol.
pub(in crate::process) fn no_message(line: &[u8], why: impl std::fmt::Display) -> Fault {
    Fault::Protocol { why: why.to_string(), shown: shown(line) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(decoder: &mut Decoder, piece: &[u8]) -> (Vec<Frame>, Result<(), Fault>) {
        decoder.buffer.extend_from_slice(piece);
        let result = decoder.cut();
        (std::iter::from_fn(|| decoder.take()).collect(), result)
    }

    fn decoder() -> Decoder {
        Decoder::of("it".into())
    }

    #[test]
    fn frames_come_out_whatever_the_pieces() {
        let mut stream = b"{\"a\":1}\n{\"bytes\":16,\"b\":2}\n".to_vec();
        let integers = [10, u64::from_le_bytes(*b"\n\n{}\n\n\n\n")];
        stream.extend(integers.iter().flat_map(|number| number.to_le_bytes()));
        stream.extend(b"{\"c\":3}\n");
        for size in [1, 2, 7, 30, stream.len()] {
            let mut decoder = decoder();
            let mut all = Vec::new();
            for piece in stream.chunks(size) {
                let (frames, result) = decode(&mut decoder, piece);
                assert_eq!(result, Ok(()));
                all.extend(frames);
            }
            let lines: Vec<_> = all.iter().map(|frame| frame.line.as_str()).collect();
            let expected = ["{\"a\":1}", "{\"bytes\":16,\"b\":2}", "{\"c\":3}"];
            assert_eq!(lines, expected, "{size}");
            assert_eq!(all[1].integers, integers);
            assert!(decoder.buffer.is_empty());
        }
    }

    #[test]
    fn what_is_no_frame_is_an_error_and_the_frames_before_it_are_kept() {
        let too_much = format!("{{\"bytes\":{}}}\n", MAX_BYTES + 8);
        let too_long = " ".repeat(MAX_LINE + 1);
        for (text, why) in [
            ("hello\n", "not a JSON object"),
            ("[1]\n", "not a JSON object"),
            ("\n", "not a JSON object"),
            ("{\"a\":\n", "EOF"),
            ("{\"bytes\":-1}\n", "invalid value"),
            ("{\"bytes\":7}\n", "7 raw bytes announced"),
            (&too_much, "raw bytes announced"),
            (&too_long, "a line without end"),
            (&format!("{too_long}\n"), "a line that is too long"),
        ] {
            let stream = format!("{{}}\n{text}");
            let (frames, result) = decode(&mut decoder(), stream.as_bytes());
            assert_eq!(frames.len(), 1, "{text}");
            let error = result.unwrap_err().to_string();
            assert!(error.contains(why), "no '{why}' in: {error}");
        }
        let (_, result) = decode(&mut decoder(), b"{\"a\":\"\xff\"}\n");
        assert!(result.unwrap_err().to_string().contains("not UTF-8"));
        let (_, result) = decode(&mut decoder(), &vec![b' '; MAX_LINE]);
        assert_eq!(result, Ok(()));
    }

    #[test]
    fn integers_do_not_stay_in_the_buffer() {
        let mut decoder = decoder();
        assert_eq!(decode(&mut decoder, b"{\"bytes\":24}\n").1, Ok(()));
        for _ in 0..2 {
            let (frames, result) = decode(&mut decoder, &[1; 9]);
            assert_eq!((frames.len(), result), (0, Ok(())));
            assert!(decoder.buffer.len() < 8);
        }
        let (frames, _) = decode(&mut decoder, &[1; 6]);
        assert_eq!(frames[0].integers, [u64::from_le_bytes([1; 8]); 3]);
    }

    mod fuzz {
        use super::*;
        use proptest::prelude::*;

        proptest! {
            /// Whatever comes, in whatever pieces: an error or frames, the same ones, and no panic.
            #[test]
            fn pieces_do_not_matter(
                bytes in proptest::collection::vec(
                    prop_oneof![Just(b'\n'), Just(b'{'), Just(b'}'), any::<u8>()], 0..400),
                size in 1usize..40,
            ) {
                let (whole, result) = decode(&mut decoder(), &bytes);
                let mut decoder = decoder();
                let mut frames = Vec::new();
                let mut in_pieces = Ok(());
                for piece in bytes.chunks(size) {
                    let (some, result) = decode(&mut decoder, piece);
                    frames.extend(some);
                    in_pieces = result;
                    if in_pieces.is_err() {
                        break;
                    }
                }
                prop_assert_eq!(frames, whole);
                prop_assert_eq!(in_pieces, result);
            }
        }
    }
}
