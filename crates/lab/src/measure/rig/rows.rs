//! What a trial reports, as rows of the run's tables. Times count from the trial's zero.

use super::ready::Ready;
use lab_data::clock::UNKNOWN_CORE;
use lab_data::rows::{JobRow, RequestRow, Role, SpanRow, TrialRow};
use lab_data::usage::Resources;
use lab_pool::origin::Request;
use lab_pool::{JobReport, TrialReport};

/// A trial, but for its place in the run.
pub(super) fn trial(
    ready: &Ready,
    report: &TrialReport,
    origin_cpu_ns: Option<u64>,
    is_warm_up: bool,
) -> TrialRow {
    let cost = &report.cost;
    let both = |of: fn(&Resources) -> u64| {
        Some(cost.own.as_ref().map(of)? + cost.children.as_ref().map(of)?)
    };
    let measured = || report.jobs.iter().filter(|job| job.job < ready.jobs.len());
    let first = measured().map(|job| job.report.start_ns).min();
    let last = measured().map(|job| job.report.end_ns).max();
    let from_zero = |at_ns: u64| Some(at_ns.saturating_sub(report.zero_ns));
    let is_pilot = ready.role == Role::Pilot;
    TrialRow {
        role: if is_warm_up && !is_pilot { Role::Warmup } else { ready.role },
        runtime: ready.arm.runtime.clone(),
        executor: ready.arm.executor,
        start_method: report.start_method.map(|method| method.to_string()),
        workers: ready.arm.workers,
        case: ready.arm.case.clone(),
        jobs: ready.jobs.len() as u32,
        ready_ns: from_zero(report.ready_ns),
        makespan_ns: from_zero(report.answered_ns),
        window_ns: last.zip(first).map(|(last, first)| last.saturating_sub(first)),
        closed_ns: from_zero(report.closed_ns),
        cpu_ns: cost.cpu_ns(),
        others_cpu_ns: origin_cpu_ns.and_then(|origin| cost.others_cpu_ns(origin)),
        steal_ns: cost.machine.map(|machine| machine.steal_ns),
        voluntary_switches: both(|used| used.voluntary_switches),
        involuntary_switches: both(|used| used.involuntary_switches),
        run_delay_ns: report.run_delay_ns,
        peak_rss_bytes: report.peak_rss_bytes,
        errors: measured().filter(|job| job.report.error.is_some()).count() as u32,
        judged: !is_warm_up && !is_pilot,
        ..TrialRow::default()
    }
}

pub(super) fn job(trial: &TrialRow, zero_ns: u64, job: &JobReport) -> JobRow {
    let from_zero = |at_ns: u64| at_ns.saturating_sub(zero_ns);
    let report = &job.report;
    JobRow {
        trial: trial.trial,
        block: trial.block,
        runtime: trial.runtime.clone(),
        executor: trial.executor,
        workers: trial.workers,
        case: trial.case.clone(),
        job: job.job as u32,
        worker: Some(job.worker as u32),
        submitted_ns: from_zero(job.submitted_ns),
        start_ns: Some(from_zero(report.start_ns)),
        end_ns: Some(from_zero(report.end_ns)),
        cpu_ns: report.cpu_ns,
        count: Some(report.count),
        answer: report.answer.to_string(),
        outcome: report.error.clone().unwrap_or_else(|| "ok".to_owned()),
    }
}

/// When and where a job made progress.
pub(super) fn spans(
    trial: &TrialRow,
    zero_ns: u64,
    job: &JobReport,
) -> impl Iterator<Item = SpanRow> {
    let from_zero = move |at_ns: u64| at_ns.saturating_sub(zero_ns);
    job.report.spans.iter().map(move |span| SpanRow {
        trial: trial.trial,
        block: trial.block,
        runtime: trial.runtime.clone(),
        executor: trial.executor,
        workers: trial.workers,
        case: trial.case.clone(),
        job: job.job as u32,
        worker: job.worker as u32,
        core: (span.core != UNKNOWN_CORE).then_some(span.core),
        start_ns: from_zero(span.start_ns),
        end_ns: from_zero(span.end_ns),
        samples: span.samples,
    })
}

pub(super) fn request(trial: &TrialRow, zero_ns: u64, request: &Request) -> RequestRow {
    RequestRow {
        trial: trial.trial,
        block: trial.block,
        path: request.path.clone(),
        accepted_ns: request.accepted_ns.saturating_sub(zero_ns),
        service_ns: request.service_ns,
        status: request.status,
        bytes: request.bytes,
        aborted: request.aborted,
    }
}
