//! The rows of a run's tables: one type per file, one field per column, in the file's order.
//!
//! Times are integers in nanoseconds. A trial's own `start_ns` counts from the run's zero; every
//! other time counts from its trial's zero, which is just before its pool is made. A value that
//! was not measured is an empty cell, never 0.
//!
//! A row's default is zeros and empty cells: where tests, and whoever makes rows, begin.

mod verdict;
mod words;

pub use lab_stats::kind::Kind;
pub use lab_stats::verdict::Decision;
use serde::{Deserialize, Serialize};
pub use verdict::VerdictRow;
pub use words::{Executor, Role};

/// `trials.csv`: one run of an arm.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TrialRow {
    /// Number of the trial in the run, from 0, in order of time.
    pub trial: u32,
    /// Number of the block; 0 is the warm-up.
    pub block: u32,
    /// Number of the round in its block, from 0.
    pub round: u32,
    /// 0, or how often the block had been run before.
    pub attempt: u32,
    /// What the trial is for.
    pub role: Role,
    /// In what the jobs ran: `rust`, `gil`, `cpython-3.11`.
    pub runtime: String,
    /// How the workers ran.
    pub executor: Executor,
    /// How its processes were started, where there is a choice.
    pub start_method: Option<String>,
    /// Number of workers.
    pub workers: u32,
    /// Everything else that was set; spelled out in `run.json`.
    pub case: String,
    /// Number of measured jobs.
    pub jobs: u32,
    /// The trial's zero, from the run's zero.
    pub start_ns: u64,
    /// All workers could take a job.
    pub ready_ns: Option<u64>,
    /// The last answer was in hand.
    pub makespan_ns: Option<u64>,
    /// From the first job's start to the last job's end.
    pub window_ns: Option<u64>,
    /// The pool was gone.
    pub closed_ns: Option<u64>,
    /// CPU time of this process and its workers, origin excluded.
    pub cpu_ns: Option<u64>,
    /// CPU time of everybody else on the machine, origin excluded. The machine counts in ticks of
    /// 10 ms and we in nanoseconds, so a short trial may show less than nothing: to be summed.
    pub others_cpu_ns: Option<i64>,
    /// Time that the hypervisor took; in ticks of 10 ms.
    pub steal_ns: Option<u64>,
    /// Times a worker gave its core away.
    pub voluntary_switches: Option<u64>,
    /// Times the kernel took a worker's core away.
    pub involuntary_switches: Option<u64>,
    /// Time for which workers were ready to run and had no core, summed.
    pub run_delay_ns: Option<u64>,
    /// Peak memory of this process and its workers, each at its peak, summed.
    pub peak_rss_bytes: Option<u64>,
    /// Jobs that failed or gave a wrong answer.
    pub errors: u32,
    /// Whether verdicts look at this trial.
    pub judged: bool,
}

/// `jobs.csv`: one job of a trial.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct JobRow {
    /// The trial it belongs to.
    pub trial: u32,
    /// That trial's block.
    pub block: u32,
    /// That trial's runtime.
    pub runtime: String,
    /// That trial's executor.
    pub executor: Executor,
    /// That trial's number of workers.
    pub workers: u32,
    /// That trial's case.
    pub case: String,
    /// Number of the job, from 0, in order of submission; background jobs follow the measured ones.
    pub job: u32,
    /// Number of the worker, from 0.
    pub worker: Option<u32>,
    /// When it could have been taken.
    pub submitted_ns: u64,
    /// When its worker began it.
    pub start_ns: Option<u64>,
    /// When its worker ended it.
    pub end_ns: Option<u64>,
    /// CPU time of its thread while it ran.
    pub cpu_ns: Option<u64>,
    /// How many steps it made: additions, samples, bytes, increments.
    pub count: Option<u64>,
    /// Its answer, which is compared with the known one.
    pub answer: String,
    /// `ok`, or what went wrong.
    pub outcome: String,
}

/// `spans.csv`: an unbroken span of a job's progress.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SpanRow {
    /// The trial it belongs to.
    pub trial: u32,
    /// That trial's block.
    pub block: u32,
    /// That trial's runtime.
    pub runtime: String,
    /// That trial's executor.
    pub executor: Executor,
    /// That trial's number of workers.
    pub workers: u32,
    /// That trial's case.
    pub case: String,
    /// The job that made progress.
    pub job: u32,
    /// Its worker.
    pub worker: u32,
    /// The core it ran on; empty if the kernel does not say.
    pub core: Option<u32>,
    /// First sample.
    pub start_ns: u64,
    /// Last sample.
    pub end_ns: u64,
    /// Number of samples.
    pub samples: u64,
}

/// `samples.csv`, with `--raw` only: every reading of the clock.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SampleRow {
    /// The trial it belongs to.
    pub trial: u32,
    /// The job that made progress.
    pub job: u32,
    /// The core it ran on; empty if the kernel does not say.
    pub core: Option<u32>,
    /// When.
    pub at_ns: u64,
}

/// `requests.csv`, for experiments with an origin: what the origin itself saw of a request.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RequestRow {
    /// The trial it belongs to.
    pub trial: u32,
    /// That trial's block.
    pub block: u32,
    /// Path of the page.
    pub path: String,
    /// When the origin had the connection.
    pub accepted_ns: u64,
    /// From then to the last byte handed to the kernel: the least that any client had to wait.
    pub service_ns: u64,
    /// HTTP status that was sent; empty if there was no answer.
    pub status: Option<u16>,
    /// Bytes of the body that were sent.
    pub bytes: u64,
    /// Whether only a part of the answer was sent.
    pub aborted: bool,
}
