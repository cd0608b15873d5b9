//! The page load of all executors but async: ureq.

use super::page::{Cause, MAX_REDIRECTS, PageAnswer, PageError, PageRequest};
use super::trust;
use super::url::{address, checked_url};
use std::io::{ErrorKind, Read};
use std::net::SocketAddr;
use std::time::Duration;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

/// A body is read in pieces of this many bytes. ureq zeroes its buffers for each connection, and
/// they are 128 kB each if nobody says otherwise: longer than most bodies.
const PIECE: usize = 16 * 1024;

/// Loads pages; each worker has its own.
#[derive(Debug)]
pub(crate) struct Loader {
    agent: Agent,
}

impl Loader {
    /// TLS is set up only for the first https URL.
    pub fn new() -> Loader {
        let config = Config::builder()
            .http_status_as_error(false)
            // ureq alone would take one from the environment.
            .proxy(None)
            .max_redirects(MAX_REDIRECTS)
            .max_idle_connections(0)
            .input_buffer_size(PIECE)
            .output_buffer_size(PIECE)
            .build();
        let agent = Agent::with_parts(config, DefaultConnector::default(), AddressesFirst);
        Loader { agent }
    }

    /// Loads one page.
    pub fn load(&self, request: &PageRequest) -> Result<PageAnswer, PageError> {
        self.attempt(request).map_err(|cause| request.error(cause))
    }

    fn attempt(&self, request: &PageRequest) -> Result<PageAnswer, Cause> {
        let failed = |error| cause_of(error, request);
        let url = checked_url(&request.url)?;
        let timeout = Duration::from_nanos(request.timeout_ns);
        let mut call = self.agent.get(&url).config().timeout_global(Some(timeout));
        if trust::is_needed(&url) {
            call = call.tls_config(trust::for_ureq());
        }
        let mut response = call.build().call().map_err(failed)?;
        let length = response.body().content_length();
        let mut body = request.body(response.status().as_u16(), length)?;
        let mut reader = response.body_mut().as_reader();
        let mut piece = [0; PIECE];
        loop {
            match reader.read(&mut piece).map_err(|error| failed(error.into())) {
                Ok(0) => return body.finish(),
                Ok(count) => body.piece(piece.get(..count).unwrap_or_default())?,
                Err(Cause::Connection(_)) => return Err(Cause::Truncated(body.length)),
                Err(other) => return Err(other),
            }
        }
    }
}

fn cause_of(error: Error, request: &PageRequest) -> Cause {
    match error {
        Error::BadUri(why) => Cause::BadUrl(why),
        Error::Http(why) => Cause::bad_url(why),
        Error::Timeout(_) => Cause::TimedOut(request.timeout_ns),
        Error::TooManyRedirects => Cause::TooManyRedirects,
        Error::Io(why) if why.kind() == ErrorKind::TimedOut => Cause::TimedOut(request.timeout_ns),
        Error::Protocol(why) => Cause::not_http(why),
        Error::LargeResponseHeader(..) => Cause::not_http("its header does not end"),
        other => Cause::connection(other),
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
    ) -> Result<ResolvedSocketAddrs, Error> {
        let is_https = url.scheme_str() == Some("https");
        let port = url.port_u16().unwrap_or(if is_https { 443 } else { 80 });
        match address(url.host().unwrap_or_default()) {
            Some(address) => {
                let mut found = self.empty();
                found.push(SocketAddr::new(address, port));
                Ok(found)
            }
            None => DefaultResolver::default().resolve(url, config, timeout),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::test_site;
    use std::sync::atomic::Ordering;

    #[test]
    fn pages_come_and_faults_are_named() {
        let loader = Loader::new();
        for case in test_site::cases() {
            case.check(loader.load(&case.request));
        }
    }

    #[test]
    fn loaders_share_nothing_and_keep_no_connection() {
        let (site, accepted) = test_site::counted_site();
        let request = test_site::request(&site, "/page");
        std::thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    let loader = Loader::new();
                    assert_eq!(loader.load(&request), Ok(test_site::PAGE));
                    assert_eq!(loader.load(&request), Ok(test_site::PAGE));
                });
            }
        });
        assert_eq!(accepted.load(Ordering::Relaxed), 32);
    }
}
