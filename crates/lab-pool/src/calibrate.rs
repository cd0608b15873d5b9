//! What the live tracker itself costs.

use crate::http::Loader;
use crate::jobs::{Job, Tracking, perform};
use crate::work::{JobContext, Native, Shared};
use lab_data::clock;
use std::sync::atomic::AtomicBool;

/// What the live tracker adds to a bare loop that reads the clock and stores what it read, in
/// nanoseconds per sample: the median of interleaved pairs. None if the tracker fails.
pub fn recorder_ns_per_sample() -> Option<f64> {
    const SAMPLES: usize = 50_000;
    const PAIRS: usize = 15;
    let job = Job::track(SAMPLES as u64);
    let (stop, loader, shared) = (AtomicBool::new(false), Loader::new(), Shared::default());
    let mut context = JobContext::new(Native, Tracking::default(), &stop, &shared, &loader);
    let mut store = vec![0u64; SAMPLES];
    let mut added = Vec::with_capacity(PAIRS);
    for _ in 0..PAIRS {
        let report = perform(&job, &mut context);
        let start_ns = clock::now_ns();
        for slot in &mut store {
            *slot = clock::now_ns();
        }
        let bare_ns = clock::now_ns() - start_ns;
        std::hint::black_box(&store);
        if report.error.is_some() {
            return None;
        }
        let tracked_ns = report.end_ns - report.start_ns;
        added.push((tracked_ns as f64 - bare_ns as f64) / SAMPLES as f64);
    }
    added.sort_by(f64::total_cmp);
    added.get(PAIRS / 2).copied()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_sample_costs_a_finite_time() {
        assert!(super::recorder_ns_per_sample().is_some_and(f64::is_finite));
    }
}
