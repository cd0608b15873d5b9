//! The rows of a run's tables: one type per file, one field per column, in the file's order.
//!
//! Times are integers in nanoseconds. A trial's own `start_ns` counts from the run's zero; every
//! other time counts from its trial's zero, which is just before its pool is made. A value that
//! was not measured is an empty cell, never 0.
//!
//! A row's default is nothing: zeros and empty cells, from which a test or a maker of rows starts.

use lab_stats::edges::Edges;
pub use lab_stats::kind::Kind;
pub use lab_stats::verdict::Decision;
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
    /// Processes that are handed one job at a time.
    Processes,
}

impl Executor {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Executor; 5] = [
        Executor::Serial,
        Executor::Threads,
        Executor::Rayon,
        Executor::Async,
        Executor::Processes,
    ];

    /// The word in files, flags and figures.
    pub fn name(self) -> &'static str {
        match self {
            Executor::Serial => "serial",
            Executor::Threads => "threads",
            Executor::Rayon => "rayon",
            Executor::Async => "async",
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
    /// An arm measured a second time in the same block (A/A): the difference is noise. The first
    /// format of the files had another word for it, which readers of tables take for a missing value.
    Replicate,
    /// Run first, recorded, and left out of every judgement.
    Warmup,
    /// Run one by one before the blocks, to know what the jobs are like; left out of every
    /// comparison. The first format called it a scout.
    Pilot,
}

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
    /// 10 ms and we in nanoseconds, so that a short trial may show less than nothing: to be summed.
    pub others_cpu_ns: Option<i64>,
    /// Time that the hypervisor took; in ticks of 10 ms.
    pub steal_ns: Option<u64>,
    /// Times a worker gave its core away.
    pub voluntary_switches: Option<u64>,
    /// Times the kernel took a worker's core away.
    pub involuntary_switches: Option<u64>,
    /// Time that workers were ready to run and had no core, summed.
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
    /// What it found out; compared with what is known.
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
    /// From then to the last byte handed to the kernel: what any client had to wait at least.
    pub service_ns: u64,
    /// HTTP status that was sent; empty if there was no answer.
    pub status: Option<u16>,
    /// Bytes of the body that were sent.
    pub bytes: u64,
    /// Whether the answer was not sent whole.
    pub aborted: bool,
}

/// `verdicts.csv`: an estimate and what follows from it. Readable beside those of other runs and
/// machines: each row names its experiment and its run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VerdictRow {
    /// Name of the experiment.
    pub experiment: String,
    /// The run, as in `run.json`.
    pub run_id: String,
    /// A short name of the claim that stays when its wording changes: `threads-useless`.
    pub claim_id: String,
    /// The claim, in its own words.
    pub claim: String,
    /// Empty for the claim's own verdict; else the part or supporting case that this row is about.
    pub part: String,
    /// Where it was tested.
    pub runtime: String,
    /// How the estimate was computed, and how it is shown.
    pub kind: Kind,
    /// What was estimated, in words.
    pub measure: String,
    /// The arm above the line.
    pub arm_a: String,
    /// The arm below the line, if the measure compares two.
    pub arm_b: String,
    /// The estimate that is judged; its unit is in `measure`.
    pub estimate: Option<f64>,
    /// Lower end of its interval.
    pub low: Option<f64>,
    /// Upper end of its interval.
    pub high: Option<f64>,
    /// Confidence of the interval, such as 0.95.
    pub level: Option<f64>,
    /// Number of blocks that were judged.
    pub blocks: u32,
    /// TRUE above this, …
    pub true_low: Option<f64>,
    /// … and below this; empty where there is no such edge. See [`Edges`].
    pub true_high: Option<f64>,
    /// FALSE below this, …
    pub false_low: Option<f64>,
    /// … and above this; empty where there is no such edge.
    pub false_high: Option<f64>,
    /// What is shown where it is not what is judged: a plain ratio, say, beside one that is compared
    /// with half of a control.
    pub shown_estimate: Option<f64>,
    /// Lower end of its interval.
    pub shown_low: Option<f64>,
    /// Upper end of its interval.
    pub shown_high: Option<f64>,
    /// Lower limit of the positive control, where the verdict needs one.
    pub control_low: Option<f64>,
    /// Lower limit of the replicate's ratio to its arm.
    pub null_low: Option<f64>,
    /// Upper limit of the replicate's ratio to its arm.
    pub null_high: Option<f64>,
    /// What the estimate says of the claim.
    pub verdict: Decision,
    /// The verdict that the experiment documents for this runtime; empty for a part.
    pub expected: Option<Decision>,
    /// The finding in a sentence, or why there is none: to be read, not to be searched.
    pub reason: String,
    /// The same measure, computed from the articles' own numbers.
    pub article_estimate: Option<f64>,
    /// What the article says.
    pub article_verdict: Option<Decision>,
}

impl VerdictRow {
    /// Its edges; none if all four cells are empty.
    pub fn edges(&self) -> Option<Edges> {
        let cells = [self.true_low, self.true_high, self.false_low, self.false_high];
        let is_given = cells.iter().any(Option::is_some);
        is_given.then(|| Edges::from_cells(cells))
    }

    /// Fills the four cells of the edges.
    pub fn set_edges(&mut self, edges: &Edges) {
        [self.true_low, self.true_high, self.false_low, self.false_high] = edges.cells();
    }

    /// Estimate, lower and upper end as they are shown; none without an estimate.
    pub fn shown(&self) -> Option<(f64, f64, f64)> {
        let shown = || Some((self.shown_estimate?, self.shown_low?, self.shown_high?));
        let judged = || Some((self.estimate?, self.low?, self.high?));
        shown().or_else(judged)
    }
}
