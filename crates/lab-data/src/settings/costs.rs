//! What a machine's kernel and runtimes cost: what a simulation of it starts from.
//!
//! Every number is an integer, so that one seed gives one result everywhere.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A cost as it scatters: from its 10th to its 90th percentile, in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    /// One in ten is below this.
    pub low_ns: u64,
    /// One in ten is above this.
    pub high_ns: u64,
}

impl Spread {
    /// A cost that is always the same.
    pub const fn exactly(ns: u64) -> Spread {
        Spread { low_ns: ns, high_ns: ns }
    }

    /// From here to there.
    pub const fn new(low_ns: u64, high_ns: u64) -> Spread {
        Spread { low_ns, high_ns }
    }
}

/// What the start of a worker costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartCost {
    /// CPU time of whoever starts it.
    pub spawn: Spread,
    /// Its own CPU time until it can take a job.
    pub boot: Spread,
}

/// What the kernel costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KernelCosts {
    /// How long a thread runs while others want its core, in nanoseconds.
    pub slice_ns: u64,
    /// A thread that wakes up takes a core at once from one that is ahead of it by more than this, in
    /// nanoseconds.
    pub preempt_ns: u64,
    /// From one thread to another on one core.
    pub switch: Spread,
    /// From the wake-up of a thread to its first step, on a core that was idle.
    pub wake: Spread,
    /// How much longer a sleep takes than it was to.
    pub sleep: Spread,
    /// How much a job's computing scatters from one to the next, in parts per million either way.
    pub jitter_ppm: u32,
}

/// What a runtime costs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuntimeCosts {
    /// One step of each kind of job, in picoseconds.
    pub step_ps: BTreeMap<String, u64>,
    /// Between two looks at a request for the lock, in nanoseconds.
    pub turn_ns: u64,
    /// A thread.
    pub thread: StartCost,
    /// A process, by how it is started; the empty word where there is one way only.
    pub process: BTreeMap<String, StartCost>,
    /// How it starts processes if nobody says how; none if that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_method: Option<String>,
    /// What a job costs on its way to a thread and back, its own steps aside.
    pub to_thread: Spread,
    /// The same, to a process.
    pub to_process: Spread,
    /// What a client computes for a page, besides waiting for it.
    pub page: Spread,
    /// How much longer it waits for a page than that takes by itself.
    pub page_wait: Spread,
    /// How much longer a wait takes in an event loop than it was to.
    pub loop_wait: Spread,
}

/// All that a simulation starts from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Costs {
    /// Where each number comes from: by its name, in words. What is a guess is called one.
    pub sources: BTreeMap<String, String>,
    /// What the kernel costs.
    pub kernel: KernelCosts,
    /// What native code costs.
    pub rust: RuntimeCosts,
    /// What CPython costs.
    pub cpython: RuntimeCosts,
}

/// What is wrong with a simulated machine on purpose, to see whether a verdict follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Broken {
    /// Who is asked to release the interpreter's lock may take it again at once.
    NoForcedSwitching,
    /// The pages' server serves one request at a time.
    OneAtATime,
    /// Pages take no time.
    InstantPages,
    /// To start a worker and to hand it a job costs nothing.
    FreePools,
}

impl Broken {
    /// All of them.
    pub const ALL: [Broken; 4] =
        [Broken::NoForcedSwitching, Broken::OneAtATime, Broken::InstantPages, Broken::FreePools];

    /// The word for it in files and options.
    pub fn name(self) -> &'static str {
        match self {
            Broken::NoForcedSwitching => "no-forced-switching",
            Broken::OneAtATime => "one-at-a-time",
            Broken::InstantPages => "instant-pages",
            Broken::FreePools => "free-pools",
        }
    }
}

/// How a run was simulated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SimulatedRun {
    /// On how many cores.
    pub cores: u32,
    /// From which costs.
    pub costs: Costs,
    /// How fast a hardware thread is beside a busy sibling, in per cent, if the cores are hardware threads,
    /// two to a core.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pairs_percent: Option<u32>,
    /// What is wrong with the machine on purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken: Option<Broken>,
}
