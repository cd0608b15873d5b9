//! Rows as tests need them.

use lab_record::rows::{Executor, JobRow, Role, SpanRow, TrialRow};

/// The first trial of a run, native and serial, of which nothing is known.
pub(crate) fn trial() -> TrialRow {
    TrialRow {
        trial: 0,
        block: 1,
        round: 0,
        attempt: 0,
        role: Role::Arm,
        runtime: "rust".to_owned(),
        executor: Executor::Serial,
        start_method: None,
        workers: 1,
        case: String::new(),
        jobs: 1,
        start_ns: 0,
        ready_ns: None,
        makespan_ns: None,
        window_ns: None,
        closed_ns: None,
        cpu_ns: None,
        others_cpu_ns: None,
        steal_ns: None,
        voluntary_switches: None,
        involuntary_switches: None,
        run_delay_ns: None,
        peak_rss_bytes: None,
        errors: 0,
        judged: true,
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
