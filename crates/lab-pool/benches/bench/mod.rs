//! What the benchmarks share: the jobs, and the table of what was measured beside what.

use lab_data::rows::Executor;
use lab_pool::process::ChildCommand;
use lab_pool::{Interval, Job, Pool, Runtime, Start, Tracking, Trial};

/// The worker, and the program that does nothing.
pub const FIXTURE: &str = env!("CARGO_BIN_EXE_pool-fixture");

/// Whose worker processes do nothing but work.
pub fn pool() -> Pool {
    Pool::new(ChildCommand::new("worker", FIXTURE).args(["worker"]))
}

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
        switch_interval: Interval::DEFAULT,
        limit: None,
        start_method: None,
    }
}

/// Begins the table, unless the benchmark is only asked whether it runs.
pub fn begin() -> bool {
    let is_asked = std::env::args().any(|argument| argument == "--bench");
    if is_asked {
        println!("{:44} {:>13} {:>13} {:>8}", "what, workers, jobs", "ns", "bare ns", "ratio");
    }
    is_asked
}

/// Measures the pair round after round, one right after the other, since the speed of a shared
/// machine changes from second to second; prints medians. `--quick` takes fewer rounds.
pub fn pair(what: &str, rounds: usize, mut round: impl FnMut() -> (f64, f64)) {
    let is_quick = std::env::args().any(|argument| argument == "--quick");
    let rounds = if is_quick { (rounds / 5).max(3) } else { rounds };
    let rounds: Vec<(f64, f64)> = (0..rounds).map(|_| round()).collect();
    let median = |of: fn(&(f64, f64)) -> f64| {
        let mut values: Vec<f64> = rounds.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let (ns, bare_ns) = (median(|pair| pair.0), median(|pair| pair.1));
    let ratio = median(|pair| pair.0 / pair.1);
    println!("{what:44} {ns:13.1} {bare_ns:13.1} {ratio:8.3}");
}
