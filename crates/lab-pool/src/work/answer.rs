//! What a job answers.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What a job answers: a number where it is one, so that a job which does nothing writes no text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// A sum, a count, a time.
    Number(u64),
    /// A digest, a page, what a command said; empty if there is no answer.
    Text(Box<str>),
}

impl Default for Answer {
    /// No answer.
    fn default() -> Answer {
        Answer::Text(Box::default())
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Answer::Number(number) => number.fmt(f),
            Answer::Text(text) => f.pad(text),
        }
    }
}

impl From<u64> for Answer {
    fn from(number: u64) -> Answer {
        Answer::Number(number)
    }
}

impl From<String> for Answer {
    fn from(text: String) -> Answer {
        Answer::Text(text.into())
    }
}
