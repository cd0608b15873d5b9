//! What the benchmarks share.

use lab_jobs::{Job, Tracking};
use lab_pool::{Runtime, Start, Trial};
use lab_record::rows::Executor;

/// The worker, and the program that does nothing.
pub const FIXTURE: &str = env!("CARGO_BIN_EXE_pool-fixture");

/// Jobs that do nothing.
pub fn trial(executor: Executor, workers: usize, start: Start, jobs: usize) -> Trial {
    Trial {
        runtime: Runtime::Rust,
        executor,
        workers,
        start,
        jobs: vec![Job::add(0); jobs],
        background: Vec::new(),
        tracking: Tracking::default(),
        switch_interval: lab_pool::Interval::DEFAULT,
        start_method: None,
    }
}

/// The middle one; of an even number the upper.
pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
