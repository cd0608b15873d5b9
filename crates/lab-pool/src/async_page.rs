//! The page load of the async executor: hyper on tokio, where the other executors have ureq.
//!
//! Request, answer, errors and checks are those of [`lab_jobs::page`], and so are the rules: one
//! new connection a page, one timeout over everything, at most
//! [`MAX_REDIRECTS`] redirects. The one difference: proxy variables of the environment are not
//! honoured.

mod location;

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::body::Body as _;
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, HOST, LOCATION, USER_AGENT};
use hyper::{Request, Response, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use lab_jobs::page::{Cause, MAX_REDIRECTS, PageAnswer, PageError, PageRequest};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use location::join;

/// Loads pages, as many at once as are asked for.
#[derive(Debug, Default)]
pub struct AsyncLoader {
    /// Set up for the first https URL only.
    tls: OnceLock<Arc<ClientConfig>>,
}

/// What one connection brought.
enum Step {
    Answer(PageAnswer),
    Redirect(Uri),
}

impl AsyncLoader {
    /// Loads one page. Must run within a tokio runtime with I/O and time; dropping the future
    /// closes the connection.
    ///
    /// # Errors
    /// [`PageError`].
    pub async fn load(&self, request: &PageRequest) -> Result<PageAnswer, PageError> {
        let limit = Duration::from_nanos(request.timeout_ns);
        match tokio::time::timeout(limit, self.follow(request)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Cause::TimedOut(request.timeout_ns)),
        }
        .map_err(|cause| request.error(cause))
    }

    async fn follow(&self, request: &PageRequest) -> Result<PageAnswer, Cause> {
        let mut url: Uri = request.url.parse().map_err(bad_url)?;
        for _ in 0..=MAX_REDIRECTS {
            match self.step(&url, request).await? {
                Step::Answer(answer) => return request.check_answer(answer),
                Step::Redirect(next) => url = next,
            }
        }
        Err(Cause::TooManyRedirects)
    }

    /// One connection, one request.
    async fn step(&self, url: &Uri, request: &PageRequest) -> Result<Step, Cause> {
        let default_port = match url.scheme_str() {
            Some("http") => 80,
            Some("https") => 443,
            _ => return Err(bad_url("its scheme is another or missing")),
        };
        let host = url.host().filter(|host| !host.is_empty());
        let host = host.ok_or_else(|| bad_url("its host is missing"))?;
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let port = url.port_u16().unwrap_or(default_port);
        let stream = TcpStream::connect((host, port)).await.map_err(failed)?;
        stream.set_nodelay(true).map_err(failed)?;
        if default_port == 80 {
            return exchange(stream, url, request).await;
        }
        let name = ServerName::try_from(host.to_owned()).map_err(bad_url)?;
        let connector = TlsConnector::from(self.tls()?);
        let stream = connector.connect(name, stream).await.map_err(failed)?;
        exchange(stream, url, request).await
    }

    fn tls(&self) -> Result<Arc<ClientConfig>, Cause> {
        if let Some(tls) = self.tls.get() {
            return Ok(Arc::clone(tls));
        }
        let roots = RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(failed)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Arc::clone(self.tls.get_or_init(|| Arc::new(config))))
    }
}

/// Asks for the page over an open stream and reads the answer.
async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    url: &Uri,
    request: &PageRequest,
) -> Result<Step, Cause> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(no_answer)?;
    let talk = async {
        let response = sender.send_request(get(url)?).await.map_err(no_answer)?;
        if is_redirect(response.status()) {
            return redirect(url, &response).map(Step::Redirect);
        }
        read(response, request).await.map(Step::Answer)
    };
    beside(connection, talk).await
}

/// The result of `talk`, which needs `connection` to be driven. Without a task of its own the
/// connection ends with whoever waits for the page.
async fn beside<T>(connection: impl Future, talk: impl Future<Output = T>) -> T {
    let (mut connection, mut talk) = (pin!(connection), pin!(talk));
    let mut open = true;
    poll_fn(|context| {
        // Its outcome reaches the talk as well.
        open = open && connection.as_mut().poll(context).is_pending();
        talk.as_mut().poll(context)
    })
    .await
}

fn get(url: &Uri) -> Result<Request<Empty<Bytes>>, Cause> {
    let authority = url.authority().map_or("", |authority| authority.as_str());
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let path = url.path_and_query().map_or("/", |path| path.as_str());
    Request::get(path)
        .header(HOST, host)
        .header(USER_AGENT, concat!("lab/", env!("CARGO_PKG_VERSION")))
        .header(ACCEPT, "*/*")
        .body(Empty::new())
        .map_err(bad_url)
}

async fn read(
    mut response: Response<hyper::body::Incoming>,
    request: &PageRequest,
) -> Result<PageAnswer, Cause> {
    let length = response.body().size_hint().exact();
    let mut body = request.check_head(response.status().as_u16(), length)?;
    while let Some(frame) = response.body_mut().frame().await {
        match frame {
            Ok(frame) => {
                if let Some(piece) = frame.data_ref() {
                    body.piece(piece)?;
                }
            }
            Err(error) if error.is_parse() => return Err(Cause::NotHttp(error.to_string())),
            Err(_) => return Err(Cause::Truncated(body.length())),
        }
    }
    Ok(body.finish())
}

fn is_redirect(status: StatusCode) -> bool {
    status.is_redirection() && status != StatusCode::NOT_MODIFIED
}

fn redirect<T>(base: &Uri, response: &Response<T>) -> Result<Uri, Cause> {
    let location = response.headers().get(LOCATION);
    let location = location.and_then(|location| location.to_str().ok());
    join(
        base,
        location.ok_or_else(|| Cause::NotHttp("a redirect without a location".into()))?,
    )
}

fn bad_url(why: impl ToString) -> Cause {
    Cause::BadUrl(why.to_string())
}

fn failed(why: impl ToString) -> Cause {
    Cause::Connection(why.to_string())
}

fn no_answer(error: hyper::Error) -> Cause {
    if error.is_parse() {
        Cause::NotHttp(error.to_string())
    } else {
        failed(error)
    }
}

#[cfg(test)]
#[path = "../../lab-jobs/src/page/faults.rs"]
mod faults;

#[cfg(test)]
mod tests {
    use super::*;

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(future)
    }

    #[test]
    fn pages_come_and_faults_are_told() {
        run(async {
            let loader = AsyncLoader::default();
            for case in faults::cases() {
                let outcome = loader.load(&case.request).await;
                case.check(outcome.map_err(|error| error.to_string()));
            }
        });
    }

    #[test]
    fn many_at_once_on_one_thread() {
        let site = faults::site();
        run(async {
            let loader = Arc::new(AsyncLoader::default());
            let loads: Vec<_> = (0..200)
                .map(|_| {
                    let (loader, request) = (loader.clone(), faults::request(&site, "/page"));
                    tokio::spawn(async move { loader.load(&request).await })
                })
                .collect();
            for load in loads {
                assert_eq!(load.await.unwrap(), Ok(faults::PAGE));
            }
        });
    }

    #[test]
    fn tls_can_be_set_up() {
        assert!(AsyncLoader::default().tls().is_ok());
    }
}
