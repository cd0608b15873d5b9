//! Load a page: what is asked for, what counts as an answer, and the load itself with ureq.
//!
//! A failed request must never count as a fast one, so everything that is not a whole body with a
//! status below 400, within time and size, is a [`PageError`]. One new connection a page, as
//! CPython's urllib has it.
//!
//! The async executor loads with another client; request, answer, errors and checks are these.

use std::fmt;
use std::io::Read;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use ureq::Agent;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

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

/// Why a page failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
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

impl PageRequest {
    /// The error for this page.
    pub fn error(&self, cause: Cause) -> PageError {
        PageError {
            url: self.url.clone(),
            cause,
        }
    }

    /// Before the body is read: its status and its length, if it is announced.
    ///
    /// # Errors
    /// [`Cause::Status`], [`Cause::TooLarge`].
    pub fn check_head(&self, status: u16, length: Option<u64>) -> Result<Body, Cause> {
        if status >= 400 {
            return Err(Cause::Status(status));
        }
        if length.is_some_and(|length| length > self.max_bytes) {
            return Err(Cause::TooLarge(self.max_bytes));
        }
        Ok(Body {
            status,
            length: 0,
            max_bytes: self.max_bytes,
            hasher: crc32fast::Hasher::new(),
        })
    }

    /// After the body was read: whether it is the page that was expected.
    ///
    /// # Errors
    /// [`Cause::Unexpected`].
    pub fn check_answer(&self, got: PageAnswer) -> Result<PageAnswer, Cause> {
        match self.expect {
            Some(expected) if expected != got => Err(Cause::Unexpected { expected, got }),
            _ => Ok(got),
        }
    }
}

/// A body on its way: only its length and sum are kept.
#[derive(Debug)]
pub struct Body {
    status: u16,
    length: u64,
    max_bytes: u64,
    hasher: crc32fast::Hasher,
}

impl Body {
    /// The next piece.
    ///
    /// # Errors
    /// [`Cause::TooLarge`].
    pub fn piece(&mut self, bytes: &[u8]) -> Result<(), Cause> {
        self.length += bytes.len() as u64;
        if self.length > self.max_bytes {
            return Err(Cause::TooLarge(self.max_bytes));
        }
        self.hasher.update(bytes);
        Ok(())
    }

    /// Bytes so far.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// There was no further piece.
    pub fn finish(self) -> PageAnswer {
        PageAnswer {
            status: self.status,
            length: self.length,
            crc32: self.hasher.finalize(),
        }
    }
}

/// Loads pages; each worker has one of its own.
#[derive(Debug)]
pub struct Loader {
    agent: Agent,
}

impl Default for Loader {
    fn default() -> Loader {
        Loader::new()
    }
}

impl Loader {
    /// Reads the proxy variables of the environment; TLS is set up only for the first https URL.
    pub fn new() -> Loader {
        let config = Config::builder()
            .http_status_as_error(false)
            .max_redirects(MAX_REDIRECTS)
            .max_idle_connections(0)
            .build();
        let agent = Agent::with_parts(config, DefaultConnector::default(), AddressesFirst);
        Loader { agent }
    }

    /// Loads one page. Proxies from the environment are honoured, but never on the way to the
    /// loopback.
    ///
    /// # Errors
    /// [`PageError`].
    pub fn load(&self, request: &PageRequest) -> Result<PageAnswer, PageError> {
        self.attempt(request).map_err(|cause| request.error(cause))
    }

    fn attempt(&self, request: &PageRequest) -> Result<PageAnswer, Cause> {
        let url: Uri = request.url.parse().map_err(bad_url)?;
        let timeout = Duration::from_nanos(request.timeout_ns);
        let mut call = self.agent.get(&url).config().timeout_global(Some(timeout));
        if is_loopback(&url) {
            call = call.proxy(None);
        }
        let mut response = call
            .build()
            .call()
            .map_err(|error| cause_of(error, request))?;
        let length = response.body().content_length();
        let mut body = request.check_head(response.status().as_u16(), length)?;
        let mut reader = response.body_mut().as_reader();
        let mut piece = [0; 16 * 1024];
        loop {
            match reader.read(&mut piece) {
                Ok(0) => return request.check_answer(body.finish()),
                Ok(count) => body.piece(piece.get(..count).unwrap_or_default())?,
                Err(error) => {
                    return Err(match cause_of(error.into(), request) {
                        Cause::Connection(_) => Cause::Truncated(body.length()),
                        other => other,
                    });
                }
            }
        }
    }
}

/// Whether pages can be loaded from here: an `http` or `https` URL with a host.
///
/// # Errors
/// [`Cause::BadUrl`].
pub fn check_url(url: &str) -> Result<(), Cause> {
    let uri: Uri = url.parse().map_err(bad_url)?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err(bad_url("it begins with neither http:// nor https://"));
    }
    match uri.host() {
        None | Some("") => Err(bad_url("its host is missing")),
        Some(_) => Ok(()),
    }
}

fn bad_url(why: impl fmt::Display) -> Cause {
    Cause::BadUrl(why.to_string())
}

fn is_loopback(url: &Uri) -> bool {
    let host = url.host().unwrap_or_default();
    host == "localhost" || address(host).is_some_and(|address| address.is_loopback())
}

/// The address that a host is written as; an IPv6 one stands in brackets.
fn address(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[')
        .trim_end_matches(']')
        .parse()
        .ok()
}

fn cause_of(error: ureq::Error, request: &PageRequest) -> Cause {
    use ureq::Error;
    match error {
        Error::BadUri(why) => Cause::BadUrl(why),
        Error::Http(why) => bad_url(why),
        Error::Timeout(_) => Cause::TimedOut(request.timeout_ns),
        Error::TooManyRedirects => Cause::TooManyRedirects,
        Error::Io(why) if why.kind() == std::io::ErrorKind::TimedOut => {
            Cause::TimedOut(request.timeout_ns)
        }
        Error::Io(why) => Cause::Connection(why.to_string()),
        Error::Protocol(why) => Cause::NotHttp(why.to_string()),
        Error::LargeResponseHeader(..) => Cause::NotHttp("its header does not end".into()),
        other => Cause::Connection(other.to_string()),
    }
}

/// Looks up names as ureq does, but takes an address as it is: with a timeout ureq starts a thread
/// for each look-up, which would be measured with every page.
#[derive(Debug)]
struct AddressesFirst;

impl Resolver for AddressesFirst {
    fn resolve(
        &self,
        url: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let port = url.port_u16().or(match url.scheme_str() {
            Some("http") => Some(80),
            Some("https") => Some(443),
            _ => None,
        });
        match (address(url.host().unwrap_or_default()), port) {
            (Some(address), Some(port)) => {
                let mut found = self.empty();
                found.push(SocketAddr::new(address, port));
                Ok(found)
            }
            _ => DefaultResolver::default().resolve(url, config, timeout),
        }
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
            let mut parts = text.split(':');
            let answer = PageAnswer {
                status: parts.next()?.parse().ok()?,
                length: parts.next()?.parse().ok()?,
                crc32: u32::from_str_radix(parts.next()?, 16).ok()?,
            };
            parts.next().is_none().then_some(answer)
        };
        parse().ok_or_else(|| BadAnswer(text.to_owned()))
    }
}

#[cfg(test)]
mod faults;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_come_and_faults_are_told() {
        let loader = Loader::new();
        for case in faults::cases() {
            let outcome = loader.load(&case.request);
            case.check(outcome.map_err(|error| error.to_string()));
        }
    }

    #[test]
    fn loaders_share_nothing() {
        let site = faults::site();
        std::thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    let answer = Loader::new().load(&faults::request(&site, "/page"));
                    assert_eq!(answer, Ok(faults::PAGE));
                });
            }
        });
    }

    #[test]
    fn an_answer_survives_as_text() {
        let answer = PageAnswer {
            status: 200,
            length: 12345,
            crc32: 0x9abcdef,
        };
        assert_eq!(answer.to_string(), "200:12345:09abcdef");
        assert_eq!("200:12345:09abcdef".parse(), Ok(answer));
        for text in ["", "200", "200:1", "200:1:x", "200:1:0:0", "-1:1:0"] {
            assert!(text.parse::<PageAnswer>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_loopback_is_known_however_it_is_written() {
        let known = |url: &str| is_loopback(&url.parse().unwrap());
        assert!(known("http://127.0.0.1:80/"));
        assert!(known("http://127.1.2.3/"));
        assert!(known("http://[::1]:80/"));
        assert!(known("http://localhost/"));
        assert!(!known("http://example.org/"));
        assert!(!known("http://10.0.0.1/"));
    }
}
