//! What the origin records of a connection.

use serde::{Deserialize, Serialize};

/// One connection, from the moment at which it was accepted until it was served or given up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// What was asked for, at most 256 bytes of it; empty if the client never asked.
    pub path: String,
    /// When the connection was accepted, in nanoseconds of [`lab_record::clock::now_ns`].
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
