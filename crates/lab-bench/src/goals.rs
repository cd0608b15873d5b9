//! What is compared with what, and what it must reach: written down before it was measured.

/// Commands that run in shuffled rounds.
#[derive(Debug)]
pub(crate) struct Comparison {
    pub(crate) name: &'static str,
    /// How many things each does (samples, rows, jobs): in full, and for a first look.
    pub(crate) sizes: (u64, u64),
    /// Five at least, or a median has no limits.
    pub(crate) rounds: u32,
    /// The laboratory's commands, by name, …
    pub(crate) ours: &'static [&'static str],
    /// … and Python's.
    pub(crate) python: &'static [&'static str],
}

/// The comparison of simulations, some of which are named after how many times its size they have of events.
pub(crate) const VIRTUAL: &str = "simulate";

/// Rounds of a first look.
pub(crate) const QUICK_ROUNDS: u32 = 5;

/// All of them, in the order in which they are measured: what is written is read afterwards.
#[rustfmt::skip]
pub(crate) const COMPARISONS: &[Comparison] = &[
    Comparison { name: "recorder", sizes: (1_000_000, 100_000), rounds: 41, ours: &["sample", "bare"], python: &[] },
    Comparison { name: "tracker", sizes: (1_000_000, 10_000), rounds: 5, ours: &["few", "many"], python: &[] },
    Comparison { name: "job", sizes: (100_000, 10_000), rounds: 15, ours: &["threads"], python: &[] },
    Comparison { name: "worker", sizes: (1, 1), rounds: 41, ours: &["process", "bare"], python: &[] },
    Comparison { name: "write", sizes: (2_000_000, 200_000), rounds: 7, ours: &["ours"], python: &["csv", "pandas", "polars"] },
    Comparison { name: "read", sizes: (2_000_000, 200_000), rounds: 7, ours: &["ours"], python: &["csv", "pandas", "polars"] },
    Comparison { name: "draw", sizes: (8_000_000, 400_000), rounds: 5, ours: &["spans"], python: &["matplotlib"] },
    Comparison { name: "pipeline", sizes: (8_000_000, 400_000), rounds: 5, ours: &["spans"], python: &["articles", "arrays-pandas", "arrays-polars"] },
    Comparison { name: VIRTUAL, sizes: (100_000, 2_000), rounds: 5, ours: &["1", "10", "100", "1000", "turns"], python: &[] },
    Comparison { name: "simulate-pool", sizes: (10_000, 1_000), rounds: 5, ours: &["threads"], python: &[] },
    Comparison { name: "figures", sizes: (1, 1), rounds: 5, ours: &["report"], python: &[] },
];

/// What a number says of a subject.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value {
    /// How many times as long as another it takes, round by round.
    Times(&'static str),
    /// How many times as much memory, round by round.
    MemoryTimes(&'static str),
    /// How long it takes, in nanoseconds.
    Time,
    /// How long each thing takes, in nanoseconds.
    TimeEach,
    /// Things per second.
    Rate,
    /// The peak of memory of its largest process, in bytes.
    Memory,
}

/// On which side of the number the goal is met.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Aim {
    Least(f64),
    Most(f64),
    /// Only named beside the others.
    None,
}

/// A line of the table: comparison and subject, the value, the aim, and its name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Goal(
    pub(crate) (&'static str, &'static str),
    pub(crate) Value,
    pub(crate) Aim,
    pub(crate) &'static str,
);

/// All lines, in the order of the table.
#[rustfmt::skip]
pub(crate) const GOALS: &[Goal] = {
    use Aim::{Least, Most};
    use Value::*;
    &[
        Goal(("recorder", "sample"), Times("bare"), Most(1.01), "a sample with its core / a bare read of the clock"),
        Goal(("tracker", "many"), MemoryTimes("few"), Most(1.1), "memory of a tracker: 10⁹ samples / 10⁶"),
        Goal(("job", "threads"), TimeEach, Most(60.0), "a job on threads, from hand to answer"),
        Goal(("worker", "process"), Times("bare"), Most(1.11), "a worker process until its first job / a bare process"),
        Goal(("write", "ours"), Rate, Least(40e6), "raw samples to CSV"),
        Goal(("write", "pandas"), Times("ours"), Least(10.0), "raw samples to CSV: pandas / ours"),
        Goal(("write", "polars"), Times("ours"), Least(1.0), "raw samples to CSV: polars / ours"),
        Goal(("write", "csv"), Times("ours"), Aim::None, "raw samples to CSV: Python's csv / ours"),
        Goal(("read", "ours"), Rate, Least(20e6), "raw samples from CSV"),
        Goal(("read", "pandas"), Times("ours"), Aim::None, "raw samples from CSV: pandas / ours"),
        Goal(("read", "polars"), Times("ours"), Aim::None, "raw samples from CSV: polars / ours"),
        Goal(("read", "csv"), Times("ours"), Aim::None, "raw samples from CSV: Python's csv / ours"),
        Goal(("draw", "spans"), Time, Most(100e6), "spans of 8 million samples to PNG"),
        Goal(("draw", "matplotlib"), Times("spans"), Aim::None, "8 million samples to PNG: matplotlib / spans"),
        Goal(("pipeline", "articles"), Times("spans"), Least(130.0), "live figure end to end: the articles' way / ours"),
        Goal(("pipeline", "arrays-pandas"), Times("spans"), Least(20.0), "live figure end to end: arrays, pandas, bins / ours"),
        Goal(("pipeline", "arrays-polars"), Times("spans"), Least(20.0), "live figure end to end: arrays, polars, bins / ours"),
        Goal(("pipeline", "spans"), Memory, Most(150e6), "live figure end to end: memory"),
        Goal((VIRTUAL, "1"), Rate, Least(3e6), "simulated events: 1,000 threads on 128 cores"),
        Goal((VIRTUAL, "turns"), Rate, Least(3e6), "simulated events: eight threads under a lock"),
        Goal((VIRTUAL, "1000"), Times("1"), Most(1100.0), "10⁸ simulated events / 10⁵"),
        Goal((VIRTUAL, "1000"), MemoryTimes("1"), Most(1.1), "memory of 10⁸ simulated events / 10⁵"),
        Goal(("simulate-pool", "threads"), Time, Most(3e9), "10,000 jobs simulated on 1,000 workers and 128 cores"),
        Goal(("simulate-pool", "threads"), Memory, Most(200e6), "10,000 jobs simulated on 1,000 workers: memory"),
        Goal(("figures", "report"), Time, Most(3e9), "all figures drawn again from the saved data"),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goals_are_about_what_is_measured() {
        for Goal((name, subject), value, _, what) in GOALS {
            let comparison = COMPARISONS.iter().find(|one| one.name == *name).unwrap();
            let mut subjects = vec![*subject];
            if let Value::Times(other) | Value::MemoryTimes(other) = value {
                subjects.push(other);
            }
            for subject in subjects {
                let mut known = comparison.ours.iter().chain(comparison.python);
                assert!(known.any(|one| *one == subject), "{what}: {subject}");
            }
        }
        assert!(COMPARISONS.iter().all(|one| one.rounds >= QUICK_ROUNDS));
    }
}
