//! The server: accepts, waits, answers, records.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::convert::Infallible;
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, LOCATION};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::TokioIo;
use lab_record::clock::now_ns;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::sleep;

use crate::body::{PageBody, Sent};
use crate::pause::pause;
use crate::request::Request;
use crate::script::{Behaviour, Page, Script};

/// So many clients may wait to be accepted.
const BACKLOG: u32 = 1024;
/// So much of a path is recorded.
const PATH: usize = 256;

/// What all connections share. One thread serves them all.
pub(crate) struct Server {
    pages: HashMap<String, (Page, Bytes)>,
    requests: RefCell<Vec<Request>>,
}

/// A socket on the loopback, on a port that the system chose.
pub(crate) fn listen() -> std::io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(([127, 0, 0, 1], 0).into())?;
    socket.listen(BACKLOG)
}

impl Server {
    pub fn new(script: Script) -> Rc<Server> {
        let bodies = script.bodies();
        let pages = script.pages.into_iter().zip(bodies);
        Rc::new(Server {
            pages: pages
                .map(|(page, body)| (page.path.clone(), (page, body)))
                .collect(),
            requests: RefCell::default(),
        })
    }

    /// The records of all connections that ended since the last call.
    pub fn take(&self) -> Vec<Request> {
        self.requests.take()
    }

    /// Accepts for ever. Must run within a `LocalSet`.
    pub async fn run(self: Rc<Self>, listener: TcpListener) {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    let accepted_ns = now_ns();
                    tokio::task::spawn_local(Rc::clone(&self).serve(stream, accepted_ns));
                }
                // Out of file descriptors, say: others will be freed.
                Err(_) => sleep(Duration::from_millis(1)).await,
            }
        }
    }

    async fn serve(self: Rc<Self>, stream: TcpStream, accepted_ns: u64) {
        let path = RefCell::new(String::new());
        let status = Cell::new(None);
        let sent = Rc::new(Sent::default());
        let answer = service_fn(async |request: hyper::Request<Incoming>| {
            let asked = request.uri().path();
            asked[..asked.floor_char_boundary(PATH)].clone_into(&mut path.borrow_mut());
            let response = self.answer(asked, &sent).await;
            status.set(Some(response.status().as_u16()));
            Ok::<_, Infallible>(response)
        });
        let outcome = http1::Builder::new()
            .keep_alive(false)
            .serve_connection(TokioIo::new(stream), answer)
            .await;
        self.requests.borrow_mut().push(Request {
            path: path.take(),
            accepted_ns,
            service_ns: now_ns().saturating_sub(accepted_ns),
            status: status.get(),
            bytes: sent.bytes.get(),
            aborted: outcome.is_err() || sent.declared.get() != Some(sent.bytes.get()),
        });
    }

    async fn answer(&self, path: &str, sent: &Rc<Sent>) -> Response<PageBody> {
        let whole = |body: Bytes| PageBody::whole(body, Rc::clone(sent));
        let Some((page, body)) = self.pages.get(path) else {
            let body = Bytes::from_static(b"no such page\n");
            return response(404, body.len(), sent, whole(body));
        };
        pause(Duration::from_nanos(page.delay_ns)).await;
        let body = body.clone();
        match &page.behaviour {
            Behaviour::Serve => response(200, body.len(), sent, whole(body)),
            Behaviour::Status(code) => response(*code, body.len(), sent, whole(body)),
            Behaviour::Truncate => {
                let half = body.slice(..body.len() / 2);
                response(200, body.len(), sent, whole(half))
            }
            Behaviour::Hang => std::future::pending().await,
            Behaviour::Redirect(to) => {
                let mut response = response(302, 0, sent, whole(Bytes::new()));
                if let Ok(to) = to.parse() {
                    response.headers_mut().insert(LOCATION, to);
                }
                response
            }
            Behaviour::Trickle { pieces, pause_ns } => {
                let (length, pause) = (body.len(), Duration::from_nanos(*pause_ns));
                let body = PageBody::trickling(body, *pieces, pause, Rc::clone(sent));
                response(200, length, sent, body)
            }
        }
    }
}

fn response(status: u16, length: usize, sent: &Sent, body: PageBody) -> Response<PageBody> {
    sent.declared.set(Some(length as u64));
    let mut response = Response::new(body);
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_LENGTH, length.into());
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    response
}
