//! The echo peer: every byte comes back, at once, for as long as the client likes.

use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

/// Accepts for ever. Must run within a `LocalSet`.
pub(crate) async fn run(listener: TcpListener) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => drop(tokio::task::spawn_local(send_back(stream))),
            // Out of file descriptors, say: others will be freed.
            Err(_) => sleep(Duration::from_millis(1)).await,
        }
    }
}

async fn send_back(mut stream: TcpStream) {
    // Without it, a byte may wait for company; it comes back all the same.
    let _ = stream.set_nodelay(true);
    let (mut from, mut to) = stream.split();
    // A client that goes away has what it wanted.
    let _ = tokio::io::copy(&mut from, &mut to).await;
}
