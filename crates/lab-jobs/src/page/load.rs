//! The page load of all executors but async: ureq.

use std::fmt;
use std::io::Read;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use ureq::Agent;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

use super::{Cause, MAX_REDIRECTS, PageAnswer, PageError, PageRequest};

/// A body is read in pieces of so many bytes. ureq zeroes its buffers for each connection, and they
/// are 128 kB each if nobody says otherwise: longer than most bodies.
const PIECE: usize = 16 * 1024;

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
            .input_buffer_size(PIECE)
            .output_buffer_size(PIECE)
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
        let mut piece = [0; PIECE];
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::faults;

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
