//! What was asked for and cannot be.

/// A command line that makes no sense, in a sentence.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Usage(pub(super) String);
