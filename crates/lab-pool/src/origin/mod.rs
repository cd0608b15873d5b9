//! The loopback origin: a real HTTP server whose pages take as long as a script says, and beside it
//! a peer that sends every byte back.
//!
//! It runs in its own process, so that what it costs is not counted as the clients', and it records
//! when it accepted each connection and how long it served it: IO makespans are compared with these
//! times, since no timer keeps a scripted delay exactly.
//!
//! [`Script`] says what is served, [`Origin`] is the parent's handle, [`serve_child`] what runs in
//! the child.
//!
//! Invariants: it listens on the loopback only, on ports that the system chooses; one request per
//! connection; one thread for everything. A client that waits costs no CPU.

mod child;
mod parent;
mod pause;
mod script;
mod server;

pub use child::{ARGUMENT, serve_child};
pub use parent::Origin;
pub use script::{Page, Script};
pub use server::Request;
