//! What a run leaves behind: the clock it reads, the bursts of progress it keeps, the rows of its
//! tables, and the files and folder they are saved in.
//!
//! Data flows one way: jobs read [`clock`] and hand samples to a [`burst::Recorder`]; the front
//! door turns what the pool reports into [`rows`]; [`tables`] writes and reads them as CSV.
//!
//! Invariants: this crate starts no thread and no process, judges nothing and draws nothing.
//! Every time in it is an integer in nanoseconds of the one clock that all processes share.

mod atomic;
pub mod burst;
pub mod clock;
mod columns;
mod error;
pub mod folder;
mod reader;
pub mod rows;
pub mod tables;

pub use atomic::atomic_write;
pub use error::{FileError, Place};
