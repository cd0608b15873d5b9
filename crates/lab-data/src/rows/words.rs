//! The words in two columns: how the jobs of a trial ran, and what it is for.

use serde::{Deserialize, Serialize};

/// How workers run the jobs.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Executor {
    /// One job after another, on the thread that asked.
    #[default]
    Serial,
    /// Threads of one process that share a queue.
    Threads,
    /// A rayon pool, made for the trial.
    Rayon,
    /// Tasks on one thread: concurrent, never parallel.
    Async,
    /// Threads of one process, each with an interpreter of its own (CPython 3.14 and later).
    Interpreters,
    /// Processes that are handed one job at a time.
    Processes,
}

impl Executor {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Executor; 6] = [
        Executor::Serial,
        Executor::Threads,
        Executor::Rayon,
        Executor::Async,
        Executor::Interpreters,
        Executor::Processes,
    ];

    /// The word in files, flags and figures.
    pub fn name(self) -> &'static str {
        match self {
            Executor::Serial => "serial",
            Executor::Threads => "threads",
            Executor::Rayon => "rayon",
            Executor::Async => "async",
            Executor::Interpreters => "interpreters",
            Executor::Processes => "processes",
        }
    }
}

impl std::fmt::Display for Executor {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.pad(self.name())
    }
}

/// What a trial is for.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Measured to answer the question.
    #[default]
    Arm,
    /// Measured to know what the machine could give at that moment.
    Control,
    /// An arm measured a second time in the same block (A/A): the difference is noise.
    Replicate,
    /// Run first, recorded, and left out of every judgement.
    Warmup,
    /// Run in series before the blocks, to know what the jobs are like; left out of every comparison.
    Pilot,
}
