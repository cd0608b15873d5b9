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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_survives_as_text_and_numbers_are_numbers_only_where_they_were() {
        for (answer, shown, line) in [
            (Answer::default(), "", r#""""#),
            (Answer::Number(0), "0", "0"),
            (Answer::Number(u64::MAX), "18446744073709551615", "18446744073709551615"),
            (Answer::from("7".to_owned()), "7", r#""7""#),
            (Answer::from("007".to_owned()), "007", r#""007""#),
            (Answer::from("200:5:00000000".to_owned()), "200:5:00000000", r#""200:5:00000000""#),
        ] {
            assert_eq!(answer.to_string(), shown);
            assert_eq!(serde_json::to_string(&answer).unwrap(), line);
            assert_eq!(serde_json::from_str::<Answer>(line).unwrap(), answer);
        }
        assert_ne!(Answer::from("7".to_owned()), Answer::Number(7));
        for line in ["-7", "18446744073709551616", "0.5", "null", "[7]"] {
            assert!(serde_json::from_str::<Answer>(line).is_err(), "{line}");
        }
    }
}
