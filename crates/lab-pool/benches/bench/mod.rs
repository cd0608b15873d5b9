//! What the benchmarks share: the jobs, and the table of what was measured beside what.

use lab_data::rows::Executor;
use lab_pool::jobs::{Job, Tracking};
use lab_pool::process::ChildCommand;
use lab_pool::{Pool, Runtime, Start, Trial};

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
        switch_interval: lab_pool::Interval::DEFAULT,
        start_method: None,
    }
}

/// What was asked for on the command line, behind `cargo bench -p lab-pool --bench NAME --`.
#[derive(Clone, Copy)]
pub struct Asked {
    /// Whether to measure at all: `cargo test --all-targets` only asks whether it runs.
    pub bench: bool,
    /// `--csv`: every round as a line instead of a table of medians.
    pub csv: bool,
    /// `--quick`: fewer rounds.
    pub quick: bool,
}

impl Asked {
    pub fn read() -> Asked {
        let has = |flag| std::env::args().any(|argument| argument == flag);
        Asked { bench: has("--bench"), csv: has("--csv"), quick: has("--quick") }
    }

    /// So many rounds, or a fifth of them; an odd number, so that one is in the middle.
    pub fn rounds(self, all: usize) -> usize {
        if self.quick { (all / 5).max(3) | 1 } else { all }
    }

    /// Begins the output.
    pub fn head(self) {
        if self.csv {
            println!("what,executor,workers,jobs,round,measured_ns,bare,bare_ns");
        } else {
            println!(
                "{:16} {:9} {:>7} {:>7} {:>13} {:>13}  {:>6}",
                "what", "executor", "workers", "jobs", "ns", "bare ns", "ratio"
            );
        }
    }

    /// Measures the pair round after round, one right after the other, since the speed of a shared
    /// machine changes from second to second; prints the rounds, or medians.
    pub fn pair(self, pair: Pair, rounds: usize, mut round: impl FnMut() -> (f64, f64)) {
        let Pair { what, executor, workers, jobs, bare } = pair;
        let rounds: Vec<(f64, f64)> = (0..self.rounds(rounds)).map(|_| round()).collect();
        if self.csv {
            for (number, (measured_ns, bare_ns)) in rounds.iter().enumerate() {
                println!(
                    "{what},{executor},{workers},{jobs},{number},{measured_ns:.1},{bare},{bare_ns:.1}"
                );
            }
            return;
        }
        let ns = median(rounds.iter().map(|(measured, _)| *measured));
        let bare_ns = median(rounds.iter().map(|(_, bare)| *bare));
        let ratio = median(rounds.iter().map(|(measured, bare)| measured / bare));
        println!(
            "{what:16} {executor:9} {workers:7} {jobs:7} {ns:13.1} {bare_ns:13.1}  {ratio:6.3} x {bare}"
        );
    }
}

/// What is measured, and what stands beside it.
#[derive(Clone, Copy)]
pub struct Pair {
    pub what: &'static str,
    pub executor: Executor,
    pub workers: usize,
    pub jobs: usize,
    pub bare: &'static str,
}

/// The middle one; of an even number the upper.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
