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
    fn an_answer_is_its_text_and_numbers_are_numbers() {
        for (text, number) in [
            ("", None),
            ("0", Some(0)),
            ("7", Some(7)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("007", None),
            ("+7", None),
            ("00", None),
            ("200:5:00000000", None),
        ] {
            let answer = Answer::from(text.to_owned());
            assert_eq!(matches!(answer, Answer::Number(_)), number.is_some());
            assert_eq!(number.map_or(answer.clone(), Answer::Number), answer);
            assert_eq!(answer.to_string(), text);
            assert_eq!(String::from(answer), text);
        }
    }
}
