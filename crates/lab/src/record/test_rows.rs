//! Rows and recordings as tests need them.

use super::recording::Recording;
use lab_data::rows::{Executor, JobRow, Role, SpanRow, TrialRow};
use lab_data::run::{Mode, RunInfo};
use lab_data::saved::Saved;

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

/// A job of a trial, on its own worker.
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
        start_ns: Some(start_ns),
        end_ns: Some(end_ns),
        outcome: "ok".to_owned(),
        ..JobRow::default()
    }
}

/// A span of a job, on its own core.
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

/// A trial of 100 ms beside which others, and the hypervisor, used this many.
pub(crate) fn beside(others_ms: i64, steal_ms: u64) -> TrialRow {
    TrialRow {
        closed_ns: Some(100_000_000),
        others_cpu_ns: Some(others_ms * 1_000_000),
        steal_ns: Some(steal_ms * 1_000_000),
        ..trial()
    }
}

/// The second of two such trials, one right after the other.
pub(crate) fn then(others_ms: i64, steal_ms: u64) -> TrialRow {
    TrialRow { start_ns: 100_000_000, ..beside(others_ms, steal_ms) }
}

/// A run of these trials, with their jobs and spans, on a machine with two cores on which nothing
/// hinders.
pub(crate) fn recorded(trials: &[TrialRow], jobs: &[JobRow], spans: &[SpanRow]) -> Recording {
    let mut info = RunInfo::begin("test", Mode::Quick, Vec::new(), 1);
    let machine = &mut info.machine;
    machine.governor = None;
    machine.virtual_machine = Some(false);
    machine.niceness = Some(0);
    machine.load_average = Some(0.1);
    machine.cores.quota = None;
    (machine.cores.logical, machine.cores.physical, machine.cores.usable) = (2, 2, 2);
    Recording::of(Saved {
        info,
        trials: trials.to_vec(),
        jobs: jobs.to_vec(),
        spans: spans.to_vec(),
        ..Saved::default()
    })
}
