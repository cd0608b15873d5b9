//! What is asked for, what counts as an answer, and what can go wrong.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// More redirects than this are an error.
pub const MAX_REDIRECTS: u32 = 5;

/// What to load.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRequest {
    /// An `http` or `https` URL.
    pub url: String,
    /// For everything together, from the look-up of the name to the last byte, in nanoseconds.
    pub timeout_ns: u64,
    /// A body that is larger is an error, in bytes.
    pub max_bytes: u64,
    /// What the page is known to be, if it is.
    pub expect: Option<PageAnswer>,
}

/// What came: written `200:12345:89abcdef`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageAnswer {
    /// HTTP status.
    pub status: u16,
    /// Length of the body, in bytes.
    pub length: u64,
    /// CRC-32 (IEEE) of the body.
    pub crc32: u32,
}

/// A page that did not come, or not as it should.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{url} could not be loaded: {cause}")]
pub struct PageError {
    /// What was asked for.
    pub url: String,
    /// Why it failed.
    pub cause: Cause,
}

/// Why a page failed; `pages.py` says it in the same words.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, thiserror::Error)]
#[serde(tag = "cause", content = "detail", rename_all = "kebab-case")]
pub enum Cause {
    /// The URL, or one that it redirects to.
    #[error("no http or https URL ({0})")]
    BadUrl(String),
    /// Name not found, refused, reset, or no trust (TLS).
    #[error("the connection failed ({0})")]
    Connection(String),
    /// The server talks, but not HTTP.
    #[error("the answer is not HTTP ({0})")]
    NotHttp(String),
    /// 400 and above.
    #[error("the server answered status {0}")]
    Status(u16),
    /// More than [`MAX_REDIRECTS`].
    #[error("more than {MAX_REDIRECTS} redirects")]
    TooManyRedirects,
    /// In bytes, what was allowed.
    #[error("the body is larger than {0} bytes")]
    TooLarge(u64),
    /// In bytes, what had come until then.
    #[error("the body ended early, after {0} bytes")]
    Truncated(u64),
    /// What was allowed, in nanoseconds.
    #[error("it was not there after {:.1} s", *.0 as f64 / 1e9)]
    TimedOut(u64),
    /// Another page than expected.
    #[error("the answer is {got} and not {expected}")]
    Unexpected {
        /// What is known of the page.
        expected: PageAnswer,
        /// What came.
        got: PageAnswer,
    },
}

impl Cause {
    pub(super) fn bad_url(why: impl fmt::Display) -> Cause {
        Cause::BadUrl(why.to_string())
    }

    pub(super) fn connection(why: impl fmt::Display) -> Cause {
        Cause::Connection(why.to_string())
    }

    pub(super) fn not_http(why: impl fmt::Display) -> Cause {
        Cause::NotHttp(why.to_string())
    }
}

impl PageRequest {
    /// The error for this page.
    pub(crate) fn error(&self, cause: Cause) -> PageError {
        PageError { url: self.url.clone(), cause }
    }

    /// Before the body is read: its status and its length, if it is announced.
    pub(super) fn body(&self, status: u16, length: Option<u64>) -> Result<Body<'_>, Cause> {
        if status >= 400 {
            return Err(Cause::Status(status));
        }
        if length.is_some_and(|length| length > self.max_bytes) {
            return Err(Cause::TooLarge(self.max_bytes));
        }
        Ok(Body { request: self, status, length: 0, hasher: crc32fast::Hasher::new() })
    }

    /// Whether it is the page that was expected.
    pub(crate) fn check_answer(&self, got: PageAnswer) -> Result<PageAnswer, Cause> {
        match self.expect {
            Some(expected) if expected != got => Err(Cause::Unexpected { expected, got }),
            _ => Ok(got),
        }
    }
}

/// A body on its way: only its length and sum are kept.
#[derive(Debug)]
pub(super) struct Body<'a> {
    request: &'a PageRequest,
    status: u16,
    pub length: u64,
    hasher: crc32fast::Hasher,
}

impl Body<'_> {
    /// The next piece.
    pub fn piece(&mut self, bytes: &[u8]) -> Result<(), Cause> {
        self.length += bytes.len() as u64;
        if self.length > self.request.max_bytes {
            return Err(Cause::TooLarge(self.request.max_bytes));
        }
        self.hasher.update(bytes);
        Ok(())
    }

    /// There was no further piece.
    pub fn finish(self) -> Result<PageAnswer, Cause> {
        self.request.check_answer(PageAnswer {
            status: self.status,
            length: self.length,
            crc32: self.hasher.finalize(),
        })
    }
}

impl fmt::Display for PageAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{:08x}", self.status, self.length, self.crc32)
    }
}

/// A text that is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not the answer of a page, which looks like 200:12345:89abcdef")]
pub struct BadAnswer(pub String);

impl FromStr for PageAnswer {
    type Err = BadAnswer;

    fn from_str(text: &str) -> Result<PageAnswer, BadAnswer> {
        let parse = || {
            let (status, rest) = text.split_once(':')?;
            let (length, crc32) = rest.split_once(':')?;
            Some(PageAnswer {
                status: status.parse().ok()?,
                length: length.parse().ok()?,
                crc32: u32::from_str_radix(crc32, 16).ok()?,
            })
        };
        parse().ok_or_else(|| BadAnswer(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_survives_as_text() {
        let answer = PageAnswer { status: 200, length: 12345, crc32: 0x9abcdef };
        assert_eq!(answer.to_string(), "200:12345:09abcdef");
        assert_eq!("200:12345:09abcdef".parse(), Ok(answer));
        for text in ["", "200", "200:1", "200:1:x", "200:1:0:0", "-1:1:0"] {
            assert!(text.parse::<PageAnswer>().is_err(), "{text}");
        }
    }
}
