//! The engine without threads: the same rules on a clock that only jumps.
//!
//! A run takes a list of [`Profile`]s and a [`Setting`], and gives a [`Timeline`] that depends on
//! nothing else. Nothing happens between two events, so the clock jumps from one to the next, and
//! turns that find no request are never visited: an hour of computing costs no more than a
//! second with as many switches.
//!
//! ```text
//! A  [======|                     A computes; B's time is up at |: request
//! B  . . . .|                     A's next turn sees it, releases the lock, wakes B
//! A         >. . . . . . .|       A waits until B has held the lock, then waits as B did
//! B         [=============|
//!    0      5 ms          10 ms
//! ```
//!
//! It leaves out the kernel: every thread has a core whenever it can run, calls to the lock take no
//! time, and waking a thread takes as long as the setting says.

mod engine;
mod queue;
#[cfg(test)]
mod tests;

use crate::events::Event;
use crate::interval::Interval;
use crate::profile::Profile;

/// What holds for the whole run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// How long a waiter is patient before it asks.
    pub interval: Interval,
    /// Whether a requested release waits until another has held the lock. On in CPython.
    pub forced_switching: bool,
    /// From the signal or time-out to the moment the woken thread runs, in nanoseconds.
    pub wake_ns: u64,
    /// Up to this many nanoseconds are added to each wake-up, drawn from the seed.
    pub jitter_ns: u64,
    /// Decides the jitter, and which of several threads is first at one instant.
    pub seed: u64,
    /// Where the run is cut off, in nanoseconds. `None`: when the last job has ended.
    pub until_ns: Option<u64>,
}

impl Default for Setting {
    fn default() -> Setting {
        Setting {
            interval: Interval::DEFAULT,
            forced_switching: true,
            wake_ns: 0,
            jitter_ns: 0,
            seed: 0,
            until_ns: None,
        }
    }
}

/// What a run gives; times in nanoseconds from its zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// One per profile, in the same order; the index is the event's thread.
    pub threads: Vec<ThreadLine>,
    /// What happened to the lock, in order of time.
    pub events: Vec<Event>,
}

/// One thread's part of a [`Timeline`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThreadLine {
    /// Unbroken stretches of progress.
    pub spans: Vec<Span>,
    /// When its job ended; `None` if the run was cut off before.
    pub end_ns: Option<u64>,
}

/// An unbroken stretch of progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Where it starts, in nanoseconds.
    pub start_ns: u64,
    /// Where it ends, in nanoseconds.
    pub end_ns: u64,
}

/// Runs one thread for each profile, all started at zero, until all have ended or the setting
/// cuts the run off.
pub fn run(profiles: &[Profile], setting: &Setting) -> Timeline {
    engine::Engine::new(profiles, setting).run()
}
