//! The tasks of an event loop: who is due, and who waits until when.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// The tasks of a loop.
#[derive(Debug, Default)]
pub(crate) struct Tasks {
    pub(crate) all: Vec<Task>,
    pub(crate) due: VecDeque<usize>,
    pub(crate) timers: BinaryHeap<Reverse<(u64, usize)>>,
    /// Whose step the thread computes.
    pub(crate) at: Option<usize>,
}

/// How far a task has come with its job.
#[derive(Clone, Debug, Default)]
pub(crate) struct Task {
    pub(crate) job: Option<usize>,
    pub(crate) step: usize,
    pub(crate) slower_ppm: i64,
}
