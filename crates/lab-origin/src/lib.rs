//! The loopback origin: a real HTTP server whose pages take as long as a script says, and beside it
//! a peer that sends every byte back.
//!
//! It runs in a process of its own, so that what it costs is not counted as the clients', and it
//! records when it accepted each connection and how long it served it: IO makespans are held
//! against these times, since no timer keeps a scripted delay exactly.
//!
//! [`Script`] says what is served, [`Origin`] is the parent's handle, [`serve_child`] what runs in
//! the child. To look at it with curl: `cargo run -p lab-origin`.
//!
//! Invariants: it listens on the loopback only, on ports that the system chooses; one request a
//! connection; one thread for everything. A client that waits costs no CPU.

mod body;
mod child;
mod echo;
mod origin;
mod pause;
mod request;
mod script;
mod server;

pub use child::{ARGUMENT, serve_child};
pub use origin::{Error, Origin};
pub use request::Request;
pub use script::{Behaviour, Page, Script};
