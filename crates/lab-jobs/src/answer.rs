//! What a job answers.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What a job answers: a number where it is one, so that a job which does nothing writes no text.
/// In files and on the way between processes it is the text that [`fmt::Display`] writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
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
    /// A number only if it is written as we would write it: two answers are the same exactly if
    /// their texts are.
    fn from(text: String) -> Answer {
        let is_plain = text == "0" || text.starts_with(|first| matches!(first, '1'..='9'));
        match text.parse() {
            Ok(number) if is_plain => Answer::Number(number),
            _ => Answer::Text(text.into()),
        }
    }
}

impl From<Answer> for String {
    fn from(answer: Answer) -> String {
        match answer {
            Answer::Number(number) => number.to_string(),
            Answer::Text(text) => text.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_its_text() {
        for text in [
            "",
            "0",
            "7",
            "18446744073709551615",
            "18446744073709551616",
            "007",
            "+7",
            "-7",
            "00",
            "200:5:00000000",
        ] {
            let answer = Answer::from(text.to_owned());
            assert_eq!(answer.to_string(), text);
            assert_eq!(String::from(answer), text);
        }
    }

    #[test]
    fn numbers_are_compared_as_numbers_and_everything_else_as_text() {
        assert_eq!(Answer::from("7".to_owned()), Answer::Number(7));
        assert_ne!(Answer::from("07".to_owned()), Answer::Number(7));
        assert_ne!(Answer::from("+7".to_owned()), Answer::Number(7));
        assert_ne!(Answer::from(String::new()), Answer::Number(0));
    }
}
