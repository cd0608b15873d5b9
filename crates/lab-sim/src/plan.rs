//! What is asked of the simulated machine: a pool, its jobs, and what everything costs.

use crate::profile::Profile;
use lab_data::settings::costs::{KernelCosts, Spread, StartCost};
use lab_gil::Interval;

/// The most cores that a simulated machine may have.
pub const MOST_CORES: u32 = 4096;

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
        if self.workers == 0 {
            return Err(SimError::NoWorkers);
        }
        Ok(())
    }
}

/// Why a simulation gives nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SimError {
    /// A number of cores that no machine has.
    #[error("a simulated machine has 1 to {MOST_CORES} cores, not {0}")]
    Cores(u32),
    /// A pool of nobody.
    #[error("a pool needs at least one worker")]
    NoWorkers,
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
