//! How much of a job's work is to be done.

use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicBool, Ordering};

/// How much of a job's work is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Amount {
    /// This many steps.
    Steps(u64),
    /// Until the measured jobs are done, and at least one step: for jobs in the background.
    UntilStopped,
}

impl Amount {
    /// Whether a job that has made `done` steps has done enough.
    #[inline]
    pub(crate) fn is_reached(self, done: u64, stop: &AtomicBool) -> bool {
        match self {
            Amount::Steps(all) => done == all,
            Amount::UntilStopped => done > 0 && stop.load(Ordering::Relaxed),
        }
    }

    /// The number of steps, unless it is open.
    pub(crate) fn steps(self) -> Option<u64> {
        match self {
            Amount::Steps(steps) => Some(steps),
            Amount::UntilStopped => None,
        }
    }
}
