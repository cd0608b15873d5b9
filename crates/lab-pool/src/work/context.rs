//! What a worker has at hand for its jobs.

use super::cpu_meter::CpuMeter;
use super::shared::Shared;
use crate::http::Loader;
use lab_data::burst::{GAP_NS, Recorder};
use serde::{Deserialize, Serialize};
use std::sync::atomic::AtomicBool;

/// How progress is recorded in a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tracking {
    /// Samples that are further apart than this belong to two spans, in nanoseconds.
    pub gap_ns: u64,
    /// Whether every sample is kept as well.
    pub raw: bool,
}

impl Tracking {
    /// Tracking under a lock with this switch interval, in nanoseconds. Another thread has the lock
    /// for at least an interval, so a tenth of it separates a hand-over from everything else; at most
    /// [`GAP_NS`], and never less than the distance of two samples.
    pub fn for_interval(interval_ns: u64) -> Tracking {
        const AT_LEAST_NS: u64 = 1_000;
        Tracking { gap_ns: (interval_ns / 10).clamp(AT_LEAST_NS, GAP_NS), ..Tracking::default() }
    }

    /// A recorder for a job with this many readings.
    pub(crate) fn recorder(self, readings: impl FnOnce() -> u64) -> Recorder {
        let recorder = Recorder::new(self.gap_ns);
        match self.raw.then(readings) {
            Some(readings) if readings > 0 => recorder.keep_samples(readings as usize),
            _ => recorder,
        }
    }
}

impl Default for Tracking {
    fn default() -> Tracking {
        Tracking { gap_ns: GAP_NS, raw: false }
    }
}

/// What a worker has at hand.
#[derive(Debug)]
pub(crate) struct JobContext<'a, H> {
    /// What its code runs under.
    pub host: H,
    /// How progress is recorded.
    pub tracking: Tracking,
    /// Set when jobs in the background are to end.
    pub stop: &'a AtomicBool,
    /// What it shares with the other workers of its process.
    pub shared: &'a Shared,
    /// Loads pages.
    pub loader: &'a Loader,
    /// CPU time of the worker's thread.
    pub meter: CpuMeter,
    /// CPU time of the command that the present job ran, in nanoseconds.
    pub command_cpu_ns: u64,
}

impl<'a, H> JobContext<'a, H> {
    /// For one worker.
    pub fn new(
        host: H,
        tracking: Tracking,
        stop: &'a AtomicBool,
        shared: &'a Shared,
        loader: &'a Loader,
    ) -> JobContext<'a, H> {
        JobContext {
            host,
            tracking,
            stop,
            shared,
            loader,
            meter: CpuMeter::default(),
            command_cpu_ns: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gap_shrinks_with_the_switch_interval() {
        for (interval_ns, gap_ns) in
            [(5_000_000, GAP_NS), (500_000, GAP_NS), (100_000, 10_000), (1_000, 1_000)]
        {
            assert_eq!(Tracking::for_interval(interval_ns).gap_ns, gap_ns);
        }
    }
}
