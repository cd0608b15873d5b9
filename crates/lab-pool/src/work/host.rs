//! What a job's code runs under: the two moments at which a lock could change hands.

use lab_gil::{Gil, GilThread};
use std::sync::Arc;

/// The runtime as a job sees it.
pub(crate) trait Host {
    /// Between two steps of work; called at most once in 64 additions, so that its cost cannot be
    /// seen.
    fn turn(&mut self);

    /// Around everything that blocks: sleeping, the network, a long call that needs no lock.
    fn wait<T>(&mut self, blocking: impl FnOnce() -> T) -> T;
}

/// Additions between two turns.
pub(crate) const TURN_ADDITIONS: u64 = 64;

/// Threads and processes as the operating system runs them: no lock, both calls are nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Native;

impl Host for Native {
    #[inline(always)]
    fn turn(&mut self) {}

    #[inline(always)]
    fn wait<T>(&mut self, blocking: impl FnOnce() -> T) -> T {
        blocking()
    }
}

/// The modelled GIL: a thread that has the lock while it computes; it releases the lock when it
/// waits, when it is asked to, and when it ends.
#[derive(Debug)]
pub(crate) struct Locked(GilThread);

impl Locked {
    /// Waits for the lock, for the calling thread.
    pub fn take(gil: &Arc<Gil>) -> Locked {
        let mut thread = gil.attach();
        thread.take();
        Locked(thread)
    }
}

impl Host for Locked {
    #[inline(always)]
    fn turn(&mut self) {
        self.0.turn();
    }

    fn wait<T>(&mut self, blocking: impl FnOnce() -> T) -> T {
        self.0.wait(blocking)
    }
}
