//! `samples.csv` out and in: every reading of every job, a row each.
//!
//! The rows are those of [`crate::rows::SampleRow`], and the bytes are those that
//! [`crate::tables`] would write. But there may be a hundred million of them, all alike, so this
//! table has a writer and a reader of its own, several times as fast; neither holds the text.

mod read;
mod write;

pub use read::{JobSamples, read};
pub use write::SampleWriter;
