//! What is asked of the simulated machine: a pool, its jobs, and what everything costs.

use crate::profile::Profile;
use lab_data::settings::costs::{KernelCosts, Spread, StartCost};
use lab_gil::Interval;

/// The most cores that a simulated machine may have.
pub const MOST_CORES: u32 = 4096;

/// What computes and waits for longer has no end.
const YEAR_NS: u64 = 365 * 24 * 3_600_000_000_000;

/// How the jobs are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Executor {
    /// A thread for each job, all there from the start, and nobody who waits for them.
    Each,
    /// One after another, on the thread that asks.
    Serial,
    /// Threads that take jobs from one queue.
    Threads,
    /// Processes of one thread that take jobs from one queue.
    Processes,
    /// Tasks of one thread: while one waits the others go on.
    Async,
}

/// The lock of an interpreter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gil {
    /// How long a waiter is patient before it asks.
    pub interval: Interval,
    /// Whether a requested release waits until another has held the lock. On in CPython.
    pub forced_switching: bool,
}

impl Gil {
    /// As CPython has it, with this interval.
    pub fn every(interval: Interval) -> Gil {
        Gil { interval, forced_switching: true }
    }
}

/// What the pool costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolCosts {
    /// A worker's start.
    pub start: StartCost,
    /// A job's way to its worker and back, on the worker's core.
    pub hand_over: Spread,
    /// How much longer a wait of a task takes than it was to, in [`Executor::Async`].
    pub loop_wait: Spread,
}

/// One run of a pool on a machine.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How many cores the machine has.
    pub cores: u32,
    /// How fast a core computes while its sibling does, in per cent, if every two are hardware threads of
    /// one: this one and the one that comes half of all cores later. None: each is a whole one.
    pub pairs_percent: Option<u32>,
    /// What its kernel costs.
    pub kernel: KernelCosts,
    /// How the jobs are run.
    pub executor: Executor,
    /// How many workers; serial has one, [`Executor::Each`] one per job.
    pub workers: usize,
    /// What the pool costs.
    pub pool: PoolCosts,
    /// Whether the jobs may be taken only when all workers are there.
    pub is_warm: bool,
    /// Whether whoever starts a thread waits until it runs, and starts no more than there are jobs, as
    /// CPython does.
    pub waits_for_start: bool,
    /// The lock that each process has; none in native code, and in a free-threaded build.
    pub gil: Option<Gil>,
    /// The jobs, in order of submission.
    pub jobs: Vec<Profile>,
    /// What computes beside them until they are done: on a thread of the pool's process, or in a process
    /// of its own.
    pub beside: Vec<Beside>,
    /// From which all chance follows.
    pub seed: u64,
    /// Where the run is cut off, in nanoseconds. None: when all have ended.
    pub until_ns: Option<u64>,
    /// Whether it is noted when jobs made progress, and what happened to the lock.
    pub records: bool,
}

/// Where something computes beside the jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// On a thread of the pool's process.
    Thread,
    /// In a process of its own.
    Process,
}

impl Plan {
    /// A machine on which nothing but the jobs takes time: every switch, start and wake-up is free, and
    /// the kernel's slices last 4 ms.
    pub fn exact(cores: u32, executor: Executor, workers: usize, jobs: Vec<Profile>) -> Plan {
        let kernel =
            KernelCosts { slice_ns: 4_000_000, preempt_ns: 1_000_000, ..KernelCosts::default() };
        Plan {
            cores,
            pairs_percent: None,
            kernel,
            executor,
            workers,
            pool: PoolCosts::default(),
            is_warm: false,
            waits_for_start: false,
            gil: None,
            jobs,
            beside: Vec::new(),
            seed: 0,
            until_ns: None,
            records: true,
        }
    }

    /// Refuses what no machine can be.
    pub(crate) fn check(&self) -> Result<(), SimError> {
        if self.cores == 0 || self.cores > MOST_CORES {
            return Err(SimError::Cores(self.cores));
        }
        if let Some(percent) = self.pairs_percent
            && (!self.cores.is_multiple_of(2) || !(1..=100).contains(&percent))
        {
            return Err(SimError::NoPairs { cores: self.cores, percent });
        }
        if self.workers == 0 {
            return Err(SimError::NoWorkers);
        }
        let is_endless = |job: &Profile| self.until_ns.is_none() && job.lasts_ns() > YEAR_NS;
        match self.jobs.iter().position(is_endless) {
            Some(job) => Err(SimError::Endless { job }),
            None => Ok(()),
        }
    }

    /// After this much virtual time somebody starves: a hundred times what all takes one after another, each
    /// step with a wait for the lock, and an hour.
    pub(crate) fn longest_ns(&self) -> u64 {
        const HOUR_NS: u64 = 3_600_000_000_000;
        let interval_ns = self.gil.map_or(0, |gil| gil.interval.ns());
        let start = self.pool.start;
        let all = [
            (self.workers, start.spawn.high_ns.saturating_add(start.boot.high_ns)),
            (self.jobs.len(), self.pool.hand_over.high_ns),
            (self.jobs.iter().map(|job| job.steps.len()).sum(), interval_ns),
        ];
        let others = all.into_iter().map(|(times, ns)| ns.saturating_mul(times as u64));
        let sum =
            self.jobs.iter().map(Profile::lasts_ns).chain(others).fold(0, u64::saturating_add);
        sum.saturating_mul(100).saturating_add(HOUR_NS)
    }
}

/// Why a simulation gives nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SimError {
    /// A number of cores that no machine has.
    #[error("a simulated machine has 1 to {MOST_CORES} cores, not {0}")]
    Cores(u32),
    /// Hardware threads that no core has.
    #[error(
        "pairs of hardware threads need an even number of them, at 1 to 100 % of their speed: not {cores} at \
         {percent} %"
    )]
    NoPairs {
        /// How many.
        cores: u32,
        /// Their speed.
        percent: u32,
    },
    /// A pool of nobody.
    #[error("a pool needs at least one worker")]
    NoWorkers,
    /// A job that is longer than anybody can wait.
    #[error("job {job} computes and waits for more than a year: it does not end")]
    Endless {
        /// The job.
        job: usize,
    },
    /// Somebody never gets a core or a lock.
    #[error(
        "the simulated jobs have not ended after {} s, a hundred times what they take one after another: \
         one never gets the lock that it waits for",
        .0 / 1_000_000_000
    )]
    Starved(u64),
    /// All wait for one another.
    #[error("the simulated workers wait for one another without end: {}", .0.join("; "))]
    Deadlock(Vec<String>),
    /// A job releases what it does not have.
    #[error("job {job} releases lock {lock}, which it does not hold")]
    NotHeld {
        /// The job.
        job: usize,
        /// The lock.
        lock: u32,
    },
}
