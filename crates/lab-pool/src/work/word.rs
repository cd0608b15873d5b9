//! A word of a command line: bytes, as names of files are, and most often text.

use serde::{Deserialize, Serialize};
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// A word of a command line; in JSON text where it is, else the numbers of its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Word(OsString);

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Bytes(Vec<u8>),
}

impl Word {
    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl From<&str> for Word {
    fn from(text: &str) -> Word {
        Word(text.into())
    }
}

impl From<Vec<u8>> for Word {
    fn from(bytes: Vec<u8>) -> Word {
        Word(OsString::from_vec(bytes))
    }
}

impl From<Written> for Word {
    fn from(written: Written) -> Word {
        match written {
            Written::Text(text) => Word(text.into()),
            Written::Bytes(bytes) => bytes.into(),
        }
    }
}

impl From<Word> for Written {
    fn from(Word(word): Word) -> Written {
        word.into_string().map_or_else(|word| Written::Bytes(word.into_vec()), Written::Text)
    }
}

impl AsRef<OsStr> for Word {
    fn as_ref(&self) -> &OsStr {
        &self.0
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.to_string_lossy().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_survives_the_way_to_a_worker() {
        for (word, line) in
            [(Word::from("a ü"), "\"a ü\""), (Word::from(b"caf\xe9".to_vec()), "[99,97,102,233]")]
        {
            assert_eq!(serde_json::to_string(&word).unwrap(), line);
            assert_eq!(serde_json::from_str::<Word>(line).unwrap(), word);
        }
    }
}
