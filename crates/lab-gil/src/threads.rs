//! The engine of real threads: a [`Lock`] behind a mutex, two condition variables, and the drop
//! request once more as an atomic that a turn can read without the mutex.
//!
//! ```
//! use lab_gil::threads::{Gil, Options};
//! use std::time::Duration;
//!
//! let gil = Gil::with(Options::default());
//! let workers: Vec<_> = (0..4)
//!     .map(|worker: u64| {
//!         let mut thread = gil.attach();
//!         std::thread::spawn(move || {
//!             thread.take();
//!             let mut sum = 0;
//!             for i in 0..1_000_000u64 {
//!                 sum += i * worker;
//!                 if i % 64 == 0 {
//!                     thread.turn();
//!                 }
//!             }
//!             thread.wait(|| std::thread::sleep(Duration::from_millis(1)));
//!             sum
//!         })
//!     })
//!     .collect();
//! for worker in workers {
//!     worker.join().unwrap();
//! }
//! ```
//!
//! Mutex and condition variables are the C library's, as they are in CPython: who wins the race for
//! a lock that is free for some microseconds depends on them.
//!
//! CPython guards the last holder with a second mutex (`switch_mutex`), so that a thread that
//! releases the lock need not disturb those that wait for it. One mutex gives the same critical
//! sections in the same order, and that is all the rules need.

mod handle;
mod monitor;
#[cfg(test)]
mod tests;

pub use handle::GilThread;

use crate::events::Event;
use crate::interval::Interval;
use crate::rules::Lock;
use monitor::{Guard, Monitor};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// How a [`Gil`] is to behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How long a waiter is patient before it asks.
    pub interval: Interval,
    /// Whether a requested release waits until another has held the lock. On in CPython.
    pub forced_switching: bool,
    /// Whether to keep [`Event`]s, at the cost of two readings of the clock for each take and drop.
    pub record: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options { interval: Interval::DEFAULT, forced_switching: true, record: false }
    }
}

/// One global interpreter lock. A process may have several, each with its own threads, as CPython
/// has one for each interpreter since 3.12.
#[derive(Debug)]
pub struct Gil {
    options: Options,
    state: Monitor<Lock>,
    /// A copy of the state's request, changed under the mutex only.
    drop_request: AtomicBool,
    attached: AtomicU32,
    recorded: Mutex<Vec<Event>>,
}

impl Gil {
    /// A lock with these options.
    pub fn with(options: Options) -> Arc<Gil> {
        Arc::new(Gil {
            options,
            state: Monitor::new(Lock::new(options.forced_switching)),
            drop_request: AtomicBool::new(false),
            attached: AtomicU32::new(0),
            recorded: Mutex::new(Vec::new()),
        })
    }

    /// A handle for one more thread. It has not taken the lock yet.
    pub fn attach(self: &Arc<Gil>) -> GilThread {
        let me = self.attached.fetch_add(1, Ordering::Relaxed);
        GilThread::new(Arc::clone(self), me)
    }

    /// What the threads whose handles are gone have recorded, in order of time; each event is
    /// handed out once. Times are those of [`lab_data::clock::now_ns`]. Empty unless
    /// [`Options::record`] is set.
    pub fn take_events(&self) -> Vec<Event> {
        let mut recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        let mut events = std::mem::take(&mut *recorded);
        events.sort_by_key(|event| event.at_ns);
        events
    }

    /// Adds what a thread has recorded. A panic elsewhere cannot leave the list half-changed.
    fn record(&self, events: &mut Vec<Event>) {
        let mut recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        recorded.append(events);
    }

    fn lock(&self) -> Guard<'_, Lock> {
        self.state.lock()
    }

    /// Shows the request to those who look without the mutex. To be called, with the mutex held,
    /// after each rule that may have changed it.
    fn publish(&self, lock: &Lock) {
        self.drop_request.store(lock.drop_requested(), Ordering::Relaxed);
    }
}
