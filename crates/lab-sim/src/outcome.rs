//! What a simulation reports. Times are in nanoseconds from the run's zero.

use lab_gil::events::Event;

/// An unbroken stretch of one job's progress on one core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Where it starts.
    pub start_ns: u64,
    /// Where it ends.
    pub end_ns: u64,
    /// On which core.
    pub core: u32,
    /// Which step of the job's profile it is part of.
    pub step: u32,
}

/// What a job did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobLine {
    /// Which worker did it; those beside the pool follow the pool's.
    pub worker: usize,
    /// When it could have been taken.
    pub submitted_ns: u64,
    /// When it began.
    pub start_ns: u64,
    /// When it ended; none if the run was cut off before.
    pub end_ns: Option<u64>,
    /// CPU time that it used.
    pub cpu_ns: u64,
    /// When it made progress, if that was asked for.
    pub spans: Vec<Span>,
}

/// What happened in a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The last worker was there.
    pub ready_ns: u64,
    /// The last answer was in hand.
    pub answered_ns: u64,
    /// The pool was gone.
    pub closed_ns: u64,
    /// The jobs in order of submission, then what ran beside them.
    pub jobs: Vec<JobLine>,
    /// CPU time of all threads together.
    pub cpu_ns: u64,
    /// Time that threads were ready to run and had no core, summed.
    pub run_delay_ns: u64,
    /// How often a thread gave its core away.
    pub voluntary_switches: u64,
    /// How often the kernel took a core away from a thread.
    pub involuntary_switches: u64,
    /// What happened to the GIL of the pool's process, if that was asked for.
    pub lock: Vec<Event>,
    /// How many events it took.
    pub events: u64,
}
