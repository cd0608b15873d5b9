//! What a run leaves behind: the clock it reads, the bursts of progress it keeps, the rows of its
//! tables, and the files and folder they are saved in.
//!
//! Data flows one way: jobs read [`clock`] and hand samples to a [`burst::Recorder`]; the front
//! door turns what the pool reports into [`rows`], with the cost of a trial from [`usage`];
//! [`tables`] writes and reads them as CSV and [`run`] what is not in them (on which [`machine`], from
//! which seed, with which [`settings`]), all in a [`folder`] that replaces the last complete run at
//! the end. [`saved`] reads such a folder whole and notices what was changed in it. [`lock`] keeps two
//! experiments from disturbing each other.
//!
//! Invariants: this crate starts no thread and no process, judges nothing and draws nothing.
//! Every time in it is an integer in nanoseconds of the one clock that all processes share.

pub mod burst;
pub mod clock;
pub mod disk;
mod error;
pub mod folder;
pub mod machine;
pub mod rows;
pub mod run;
pub mod settings;
mod sum;
pub mod tables;

pub use error::FileError;
pub use folder::atomic::{atomic_write, atomic_write_all, check_writable};
pub use folder::lock;
pub use machine::usage;
pub use tables::{samples, saved};
