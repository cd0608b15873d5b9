//! What all workers of a process have in common: memory in which they can meet.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// On cache lines of its own, two of them, since some processors fetch lines in pairs: so that workers
/// meet where a job means them to, and nowhere else.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Apart<T>(T);

/// Memory that the workers of a process share; each trial has its own.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    words: Apart<[AtomicU64; Shared::WORDS]>,
    guarded: Apart<Mutex<u64>>,
    object: Apart<Arc<Apart<u64>>>,
}

impl Shared {
    /// Words beside one another, the first at the start of a cache line.
    pub const WORDS: usize = 32;

    /// The pool's counter.
    pub fn counter(&self) -> &AtomicU64 {
        &self.words.0[0]
    }

    /// A word, eight bytes after the one before it; none beyond the last.
    pub fn word(&self, at: usize) -> Option<&AtomicU64> {
        self.words.0.get(at)
    }

    /// A counter behind a lock.
    pub fn guarded(&self) -> &Mutex<u64> {
        &self.guarded.0
    }

    /// An object that is counted by how many hold it, for a worker that shares it or `own`.
    pub fn object(&self, is_shared: bool) -> Arc<impl Sized + use<>> {
        if is_shared { self.object.0.clone() } else { Arc::new(Apart(0)) }
    }

    /// What was counted, with the lock and without.
    pub fn counted(&self) -> u64 {
        let guarded = *self.guarded.0.lock().unwrap_or_else(PoisonError::into_inner);
        self.counter().load(Ordering::Relaxed) + guarded
    }
}
