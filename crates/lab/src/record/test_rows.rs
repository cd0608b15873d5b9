//! Rows as tests need them.

use lab_data::rows::{Executor, JobRow, Role, SpanRow, TrialRow};

/// The first trial of a run, native and serial, of which nothing is known.
pub(crate) fn trial() -> TrialRow {
    TrialRow {
        block: 1,
        role: Role::Arm,
        runtime: "rust".to_owned(),
        executor: Executor::Serial,
        workers: 1,
        jobs: 1,
        judged: true,
        ..TrialRow::default()
    }
}

/// A job of a trial, on a worker of its own.
pub(crate) fn job(of: &TrialRow, job: u32, start_ns: u64, end_ns: u64) -> JobRow {
    JobRow {
        trial: of.trial,
        block: of.block,
        runtime: of.runtime.clone(),
        executor: of.executor,
        workers: of.workers,
        case: of.case.clone(),
        job,
        worker: Some(job),
        submitted_ns: 0,
        start_ns: Some(start_ns),
        end_ns: Some(end_ns),
        cpu_ns: None,
        count: None,
        answer: String::new(),
        outcome: "ok".to_owned(),
    }
}

/// A span of a job, on a core of its own.
pub(crate) fn span(of: &JobRow, start_ns: u64, end_ns: u64) -> SpanRow {
    SpanRow {
        trial: of.trial,
        block: of.block,
        runtime: of.runtime.clone(),
        executor: of.executor,
        workers: of.workers,
        case: of.case.clone(),
        job: of.job,
        worker: of.job,
        core: Some(of.job),
        start_ns,
        end_ns,
        samples: 2,
    }
}
