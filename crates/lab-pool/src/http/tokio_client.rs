//! The page load of the async executor: hyper on tokio, where the other executors have ureq.
//!
//! The rules are the same: one new connection per page, one timeout over everything, at most
//! [`MAX_REDIRECTS`] redirects, and no proxy.

use super::location::join;
use super::page::{Cause, MAX_REDIRECTS, PageAnswer, PageError, PageRequest};
use super::trust;
use super::url::checked_url;
use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::body::{Body as _, Incoming};
use hyper::header::{ACCEPT, LOCATION, USER_AGENT};
use hyper::{Request, Response, StatusCode, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use std::error::Error;
use std::sync::OnceLock;
use std::time::Duration;

/// Loads pages, as many at once as are asked for.
#[derive(Debug, Default)]
pub(crate) struct AsyncLoader {
    /// Set up for the first page only.
    client: OnceLock<Client<HttpsConnector<HttpConnector>, Empty<Bytes>>>,
}

impl AsyncLoader {
    /// Loads one page. Must run within a tokio runtime with I/O and time; dropping the future
    /// closes the connection.
    pub async fn load(&self, request: &PageRequest) -> Result<PageAnswer, PageError> {
        let limit = Duration::from_nanos(request.timeout_ns);
        tokio::time::timeout(limit, self.follow(request))
            .await
            .unwrap_or(Err(Cause::TimedOut(request.timeout_ns)))
            .map_err(|cause| request.error(cause))
    }

    async fn follow(&self, request: &PageRequest) -> Result<PageAnswer, Cause> {
        let mut url = checked_url(&request.url)?;
        for _ in 0..=MAX_REDIRECTS {
            let get = Request::get(&url)
                .header(USER_AGENT, concat!("lab/", env!("CARGO_PKG_VERSION")))
                .header(ACCEPT, "*/*")
                .body(Empty::new())
                .map_err(Cause::bad_url)?;
            let client = self.client.get_or_init(client);
            let response = client.request(get).await.map_err(cause_of)?;
            match response.status() {
                StatusCode::NOT_MODIFIED => return read(response, request).await,
                status if status.is_redirection() => url = next(&url, &response)?,
                _ => return read(response, request).await,
            }
        }
        Err(Cause::TooManyRedirects)
    }
}

fn client() -> Client<HttpsConnector<HttpConnector>, Empty<Bytes>> {
    let mut tcp = HttpConnector::new();
    tcp.set_nodelay(true);
    tcp.enforce_http(false);
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(trust::for_hyper())
        .https_or_http()
        .enable_http1()
        .wrap_connector(tcp);
    Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector)
}

async fn read(
    mut response: Response<Incoming>,
    request: &PageRequest,
) -> Result<PageAnswer, Cause> {
    let length = response.body().size_hint().exact();
    let mut body = request.body(response.status().as_u16(), length)?;
    while let Some(frame) = response.body_mut().frame().await {
        match frame {
            Ok(frame) => body.piece(frame.data_ref().map_or(&[], |piece| &**piece))?,
            Err(error) if error.is_parse() => return Err(Cause::not_http(error)),
            Err(_) => return Err(Cause::Truncated(body.length)),
        }
    }
    body.finish()
}

fn next(base: &Uri, response: &Response<Incoming>) -> Result<Uri, Cause> {
    let location = response.headers().get(LOCATION);
    let location = location.and_then(|location| location.to_str().ok());
    join(base, location.ok_or_else(|| Cause::not_http("a redirect without a location"))?)
}

/// The innermost error says most.
fn cause_of(error: hyper_util::client::legacy::Error) -> Cause {
    let mut innermost: &dyn Error = &error;
    loop {
        if let Some(http) = innermost.downcast_ref::<hyper::Error>()
            && http.is_parse()
        {
            return Cause::not_http(http);
        }
        match innermost.source() {
            Some(source) => innermost = source,
            None => return Cause::connection(innermost),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::test_site;
    use std::sync::Arc;
    use std::sync::atomic::Ordering;

    #[test]
    fn pages_come_and_faults_are_named_many_at_once_on_one_thread() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let loader = Arc::new(AsyncLoader::default());
            for case in test_site::cases() {
                case.check(loader.load(&case.request).await);
            }
            let (site, accepted) = test_site::counted_site();
            let loads: Vec<_> = (0..200)
                .map(|_| {
                    let request = test_site::request(&site, "/page");
                    let loader = loader.clone();
                    tokio::spawn(async move { loader.load(&request).await })
                })
                .collect();
            for load in loads {
                assert_eq!(load.await.unwrap(), Ok(test_site::PAGE));
            }
            assert_eq!(accepted.load(Ordering::Relaxed), 200);
        });
    }
}
