//! What a job's code runs under: the two moments at which a lock could change hands.

/// The runtime as a job sees it.
pub trait Host {
    /// Between two steps of work; called at most once in 64 additions, so that its cost cannot be
    /// seen.
    fn turn(&mut self);

    /// Around everything that blocks: sleeping, the network, a long call that needs no lock.
    fn wait<T>(&mut self, blocking: impl FnOnce() -> T) -> T;
}

/// Additions between two turns.
pub const TURN_ADDITIONS: u64 = 64;

/// Threads and processes as the operating system runs them: no lock, both calls are nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Native;

impl Host for Native {
    #[inline(always)]
    fn turn(&mut self) {}

    #[inline(always)]
    fn wait<T>(&mut self, blocking: impl FnOnce() -> T) -> T {
        blocking()
    }
}
