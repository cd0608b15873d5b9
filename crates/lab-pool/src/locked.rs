//! The modelled GIL as a job's host: the same jobs on the same threads, only the lock differs.

use lab_gil::{Gil, GilThread};
use lab_jobs::Host;
use std::sync::Arc;

/// A thread that has the lock while it computes; it lets go when it waits, when it is asked to,
/// and when it ends.
#[derive(Debug)]
pub(crate) struct Locked(GilThread);

impl Locked {
    /// Waits for the lock, for the calling thread.
    pub(crate) fn take(gil: &Arc<Gil>) -> Locked {
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
