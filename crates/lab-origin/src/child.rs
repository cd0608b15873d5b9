//! What runs in the origin's process, and what it says to its parent.
//!
//! Child: hello. Parent: the script. From then on, as often as the parent likes: take; requests.

use std::process::ExitCode;

use lab_child::{Inbox, raise_file_limit, reply};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::LocalSet;

use crate::echo;
use crate::request::Request;
use crate::script::Script;
use crate::server::{Server, listen};

/// First argument of an executable that is started again as the origin: then its `main` is
/// [`serve_child`].
pub const ARGUMENT: &str = "lab-origin-child";

/// So many records go into one line.
const CHUNK: usize = 1000;

/// The child's first word.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Hello {
    pub version: String,
    pub pid: u32,
    pub port: u16,
    pub echo_port: u16,
}

/// The parent's question.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Take {
    pub take: bool,
}

/// The answer, in one or several lines.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Taken {
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
    raise_file_limit();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    // Questions are answered by the thread that serves: a page whose last byte was sent is then
    // always on record.
    let (asker, mut questions) = unbounded_channel();
    let mut inbox = Inbox::open()?;
    LocalSet::new().block_on(&runtime, async {
        let (listener, echo_listener) = (listen()?, listen()?);
        reply(
            &Hello {
                version: env!("CARGO_PKG_VERSION").into(),
                pid: std::process::id(),
                port: listener.local_addr()?.port(),
                echo_port: echo_listener.local_addr()?.port(),
            },
            &[],
        )?;
        // Nobody knows the ports yet but the parent, who speaks first.
        let Some(script) = inbox.receive::<Script>()? else {
            return Ok(());
        };
        std::thread::Builder::new()
            .name("questions".into())
            .spawn(move || {
                while let Ok(Some(Take { .. })) = inbox.receive() {
                    if asker.send(()).is_err() {
                        return;
                    }
                }
            })?;
        let server = Server::new(script);
        tokio::task::spawn_local(server.clone().run(listener));
        tokio::task::spawn_local(echo::run(echo_listener));
        while questions.recv().await.is_some() {
            answer(server.take())?;
        }
        Ok(())
    })
}

fn answer(mut requests: Vec<Request>) -> Result<(), lab_child::Error> {
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
