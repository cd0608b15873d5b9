//! The tasks of an event loop: who is due, and who waits until when.

use crate::cores::Id;
use crate::profile::LockId;
use crate::thread::Mutex;
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
    /// The locks of the jobs, which a task keeps while it waits.
    pub(crate) locks: Vec<Mutex>,
}

impl Tasks {
    /// Takes a lock that is free; else the task is in line for it.
    pub(crate) fn take_lock(&mut self, task: usize, lock: LockId) -> bool {
        let at = lock as usize;
        if self.locks.len() <= at {
            self.locks.resize_with(at + 1, Default::default);
        }
        let mutex = &mut self.locks[at];
        let is_free = mutex.holder.is_none();
        match is_free {
            true => mutex.holder = Some(task as Id),
            false => mutex.waiting.push_back(task as Id),
        }
        is_free
    }

    /// Gives a lock to whoever has waited longest; false if the task does not hold it.
    pub(crate) fn release_lock(&mut self, task: usize, lock: LockId) -> bool {
        let mutex = self.locks.get_mut(lock as usize);
        let Some(mutex) = mutex.filter(|mutex| mutex.holder == Some(task as Id)) else {
            return false;
        };
        mutex.holder = mutex.waiting.pop_front();
        self.due.extend(mutex.holder.map(|next| next as usize));
        true
    }
}

/// How far a task has come with its job.
#[derive(Clone, Debug, Default)]
pub(crate) struct Task {
    pub(crate) job: Option<usize>,
    pub(crate) step: usize,
    pub(crate) slower_ppm: i64,
}
