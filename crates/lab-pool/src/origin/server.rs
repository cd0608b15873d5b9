//! The server: accepts, waits, answers, records.

use super::pause::pause;
use super::script::{Behaviour, Page, Script};
use bytes::Bytes;
use futures_util::stream;
use http_body_util::StreamBody;
use hyper::body::{Body, Frame, Incoming};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, LOCATION};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::TokioIo;
use lab_data::clock::now_ns;
use serde::{Deserialize, Serialize};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::convert::Infallible;
use std::rc::Rc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::spawn_local;

/// How many clients may wait to be accepted.
const BACKLOG: u32 = 1024;
/// How much of a path is recorded, in bytes.
const PATH: usize = 256;

/// One connection, from the moment at which it was accepted until it was served or given up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// What was asked for, at most 256 bytes of it; empty if the client never asked.
    pub path: String,
    /// When the connection was accepted, in nanoseconds of [`lab_data::clock::now_ns`].
    pub accepted_ns: u64,
    /// From then until the last byte was handed to the kernel, in nanoseconds.
    pub service_ns: u64,
    /// The status that was answered; `None` if there was no answer.
    pub status: Option<u16>,
    /// Bytes of the body that were sent.
    pub bytes: u64,
    /// The answer was not sent whole: the client went away, or the script wanted it so.
    pub aborted: bool,
}

/// What all connections share. One thread serves them all.
pub(super) struct Server {
    pages: HashMap<String, (Page, Bytes)>,
    requests: RefCell<Vec<Request>>,
}

/// A socket on the loopback, on a port that the system chose.
pub(super) fn listen() -> std::io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(([127, 0, 0, 1], 0).into())?;
    socket.listen(BACKLOG)
}

/// Accepts for ever.
async fn accept(listener: TcpListener, serve: impl Fn(TcpStream)) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => serve(stream),
            // Out of file descriptors, say: others will be freed.
            Err(_) => tokio::time::sleep(Duration::from_millis(1)).await,
        }
    }
}

/// The echo peer: every byte comes back, at once, for as long as the client likes. Must run within
/// a `LocalSet`.
pub(super) async fn send_back(listener: TcpListener) {
    let echo = |mut stream: TcpStream| {
        drop(spawn_local(async move {
            // Without it, a byte may wait for company; it comes back all the same.
            let _ = stream.set_nodelay(true);
            let (mut from, mut to) = stream.split();
            // A client that goes away has what it wanted.
            let _ = tokio::io::copy(&mut from, &mut to).await;
        }));
    };
    accept(listener, echo).await;
}

/// What a connection sent.
#[derive(Debug, Default)]
struct Sent {
    status: Cell<Option<u16>>,
    /// Bytes of the body that its header announces.
    declared: Cell<Option<u64>>,
    /// Bytes of it that were given to the connection.
    bytes: Cell<u64>,
}

impl Server {
    pub fn new(script: Script) -> Rc<Server> {
        let bodies = script.bodies();
        let pages = script.pages.into_iter().zip(bodies);
        Rc::new(Server {
            pages: pages.map(|(page, body)| (page.path.clone(), (page, body))).collect(),
            requests: RefCell::default(),
        })
    }

    /// The records of all connections that ended since the last call.
    pub fn take(&self) -> Vec<Request> {
        self.requests.take()
    }

    /// Accepts for ever. Must run within a `LocalSet`.
    pub async fn run(self: Rc<Self>, listener: TcpListener) {
        let serve = |stream| drop(spawn_local(Rc::clone(&self).serve(stream, now_ns())));
        accept(listener, serve).await;
    }

    async fn serve(self: Rc<Self>, stream: TcpStream, accepted_ns: u64) {
        let path = RefCell::new(String::new());
        let sent = Rc::new(Sent::default());
        let answer = service_fn(async |request: hyper::Request<Incoming>| {
            let asked = request.uri().path();
            asked[..asked.floor_char_boundary(PATH)].clone_into(&mut path.borrow_mut());
            Ok::<_, Infallible>(self.answer(asked, &sent).await)
        });
        let outcome = http1::Builder::new()
            .keep_alive(false)
            .serve_connection(TokioIo::new(stream), answer)
            .await;
        self.requests.borrow_mut().push(Request {
            path: path.take(),
            accepted_ns,
            service_ns: now_ns().saturating_sub(accepted_ns),
            status: sent.status.get(),
            bytes: sent.bytes.get(),
            aborted: outcome.is_err() || sent.declared.get() != Some(sent.bytes.get()),
        });
    }

    async fn answer(
        &self,
        path: &str,
        sent: &Rc<Sent>,
    ) -> Response<impl Body<Data = Bytes, Error = Infallible> + use<>> {
        let (mut status, mut body) = (404, Bytes::from_static(b"no such page\n"));
        let (mut pieces, mut between) = (1, Duration::ZERO);
        let (mut declared, mut location) = (None, None);
        if let Some((page, of_page)) = self.pages.get(path) {
            pause(Duration::from_nanos(page.delay_ns)).await;
            (status, body) = (200, of_page.clone());
            match &page.behaviour {
                Behaviour::Serve => {}
                Behaviour::Status(code) => status = *code,
                Behaviour::Truncate => {
                    declared = Some(body.len());
                    body.truncate(body.len() / 2);
                }
                Behaviour::Hang => std::future::pending().await,
                Behaviour::Redirect(to) => {
                    (status, body) = (302, Bytes::new());
                    location = HeaderValue::from_str(to).ok();
                }
                Behaviour::Trickle { pieces: count, pause_ns } => {
                    (pieces, between) = (*count, Duration::from_nanos(*pause_ns))
                }
            }
        }
        let declared = declared.unwrap_or(body.len());
        sent.status.set(Some(status));
        sent.declared.set(Some(declared as u64));
        let mut response = Response::new(trickle(body, pieces, between, Rc::clone(sent)));
        *response.status_mut() =
            StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(CONTENT_LENGTH, declared.into());
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        headers.extend(location.map(|to| (LOCATION, to)));
        response
    }
}

/// A body in this many pieces, with a pause before each, that counts what was sent of it.
fn trickle(
    body: Bytes,
    pieces: u32,
    between: Duration,
    sent: Rc<Sent>,
) -> impl Body<Data = Bytes, Error = Infallible> {
    let piece = body.len().div_ceil(pieces.max(1) as usize);
    StreamBody::new(stream::unfold(
        (body, sent),
        move |(mut rest, sent): (Bytes, Rc<Sent>)| async move {
            if rest.is_empty() {
                return None;
            }
            pause(between).await;
            let frame = rest.split_to(piece.min(rest.len()));
            sent.bytes.update(|bytes| bytes + frame.len() as u64);
            Some((Ok(Frame::data(frame)), (rest, sent)))
        },
    ))
}
