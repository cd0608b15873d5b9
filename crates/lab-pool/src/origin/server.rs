//! The server: accepts, waits, answers, records.

use super::pause::pause;
use super::script::{Page, Script};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
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
    /// The answer was not sent whole: the client went away.
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

/// Accepts forever.
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

    /// Accepts forever. Must run within a `LocalSet`.
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
        let (status, body) = match self.pages.get(path) {
            Some((page, body)) => {
                pause(Duration::from_nanos(page.delay_ns)).await;
                (StatusCode::OK, body.clone())
            }
            None => (StatusCode::NOT_FOUND, Bytes::from_static(b"no such page\n")),
        };
        let length = body.len();
        sent.status.set(Some(status.as_u16()));
        sent.declared.set(Some(length as u64));
        let counter = Rc::clone(sent);
        let counted = Full::new(body).map_frame(move |frame| {
            let piece = frame.data_ref().map_or(0, Bytes::len);
            counter.bytes.update(|bytes| bytes + piece as u64);
            frame
        });
        let mut response = Response::new(counted);
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_LENGTH, length.into());
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        response
    }
}
