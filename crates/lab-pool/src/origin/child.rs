//! What runs in the origin's process, and what it says to its parent.
//!
//! Child: hello. Parent: the script. From then on, as often as the parent likes: take; requests.

use super::script::Script;
use super::server::{Request, Server, listen, send_back};
use crate::process::{Error, Inbox, RoomForFiles, reply};
use serde::{Deserialize, Serialize};
use std::process::ExitCode;
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::LocalSet;

/// First argument of an executable that is started again as the origin: then its `main` is
/// [`serve_child`].
pub const ARGUMENT: &str = "lab-origin-child";

/// How many records go into one line.
const CHUNK: usize = 1000;

/// The child's first word.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Hello {
    pub port: u16,
    pub echo_port: u16,
}

/// The parent's question.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Take {
    pub take: bool,
}

/// The answer, in one or several lines.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Taken {
    pub requests: Vec<Request>,
    /// Another line follows.
    pub more: bool,
}

/// Serves until stdin ends, so until the parent does, however it does.
///
/// Speaks the protocol on stdin and stdout: to be called first thing in `main`, by an executable
/// that was started with [`ARGUMENT`].
pub fn serve_child() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            eprintln!("the origin cannot serve: {cause}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> Result<(), Box<dyn std::error::Error>> {
    // Nobody knows how many clients will come.
    let _room = RoomForFiles::make(u64::MAX);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // Questions are answered by the thread that serves: a page whose last byte was sent is then
    // always on record.
    let (asker, mut questions) = unbounded_channel();
    let mut inbox = Inbox::open()?;
    LocalSet::new().block_on(&runtime, async {
        let (listener, echo) = (listen()?, listen()?);
        let hello =
            Hello { port: listener.local_addr()?.port(), echo_port: echo.local_addr()?.port() };
        reply(&hello, &[])?;
        // Nobody knows the ports yet but the parent, who speaks first.
        let Some(script) = inbox.receive::<Script>()? else {
            return Ok(());
        };
        std::thread::Builder::new().spawn(move || {
            while let Ok(Some(Take { .. })) = inbox.receive()
                && asker.send(()).is_ok()
            {}
        })?;
        let server = Server::new(script);
        tokio::task::spawn_local(server.clone().run(listener));
        tokio::task::spawn_local(send_back(echo));
        while questions.recv().await.is_some() {
            answer(server.take())?;
        }
        Ok(())
    })
}

fn answer(mut requests: Vec<Request>) -> Result<(), Error> {
    loop {
        let rest = requests.split_off(requests.len().min(CHUNK));
        let more = !rest.is_empty();
        reply(&Taken { requests, more }, &[])?;
        if !more {
            return Ok(());
        }
        requests = rest;
    }
}
