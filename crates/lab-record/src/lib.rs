//! What a run leaves behind: the clock it reads, the bursts of progress it keeps, the rows of its
//! tables, and the files and folder they are saved in.
//!
//! Data flows one way: jobs read [`clock`] and hand samples to a [`burst::Recorder`]; the front
//! door turns what the pool reports into [`rows`], with the cost of a trial from [`usage`];
//! [`tables`] writes and reads them as CSV and [`run`] what they do not tell (on which [`machine`],
//! from which seed), all in a [`folder`] that replaces the last complete run at the end. [`lock`]
//! keeps two experiments from spoiling each other.
//!
//! Invariants: this crate starts no thread and no process, judges nothing and draws nothing.
//! Every time in it is an integer in nanoseconds of the one clock that all processes share.

mod atomic;
pub mod burst;
mod cgroup;
pub mod clock;
mod columns;
mod error;
pub mod folder;
pub mod lock;
pub mod machine;
mod reader;
pub mod rows;
pub mod run;
pub mod samples;
pub mod tables;
pub mod usage;

pub use atomic::{atomic_write, atomic_write_all};
pub use error::{FileError, Place};
