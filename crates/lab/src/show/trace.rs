//! A run as a trace that a viewer such as ui.perfetto.dev opens: `--trace FILE`.
//!
//! Shown are all trials whose jobs were kept (which, the experiment says: those of the figure's block
//! at least), at the time at which they ran, from the run's zero:
//!
//! | in the viewer | in the laboratory |
//! |---|---|
//! | a process | an arm |
//! | its first track | its trials; in each, the start of the pool and its end |
//! | a track each | its workers, and what ran in the background |
//! | a slice on it | a job; in it, its spans, each named after its core |
//! | a counter | how many of the measured jobs were running at once, if they recorded that |
//!
//! Slices of a track are nested or apart: what would reach over an edge is cut there. A slice that
//! ends with the one around it ends a nanosecond earlier, since viewers reckon with fractions of
//! microseconds, and must not find it longer.

mod events;

#[cfg(test)]
mod tests;

use super::arms::arms;
use crate::record::Recording;
use anyhow::{Context, Result, ensure};
use events::{Events, Slice};
use lab_data::atomic_write;
use lab_data::rows::{JobRow, TrialRow};
use lab_stats::timeline::running;
use std::collections::BTreeMap;
use std::path::Path;

/// The counter of each arm.
const RUNNING: &str = "running at once";

/// Makes sure, before anything is measured, that the trace can be written.
///
/// # Errors
/// If there is something else than a file, or its folder cannot be written to.
pub(crate) fn check(path: &Path) -> Result<()> {
    let remedy = "choose another FILE for --trace";
    ensure!(
        path.file_name().is_some(),
        "{} names no file, so that no trace can be written there: {remedy}",
        path.display()
    );
    lab_data::check_writable(path)
        .with_context(|| format!("no trace can be written to {}: {remedy}", path.display()))
}

/// Writes the trace; an older one there stays whole if that fails.
///
/// # Errors
/// If the file cannot be written.
pub(crate) fn write(run: &Recording, path: &Path) -> Result<()> {
    Ok(atomic_write(path, text(run).as_bytes())?)
}

/// The trace, as JSON.
fn text(run: &Recording) -> String {
    let mut events = Events::default();
    for (arm, trials) in arms(run, |trial| !run.jobs(trial).is_empty()) {
        let process = events.process(&arm.key());
        let track = events.track(process, "trials");
        for trial in &trials {
            events.slices(track, trial.start_ns, &phases(trial));
        }
        for (worker, jobs) in workers(run, &trials) {
            let name = match worker.checked_sub(arm.workers) {
                None => format!("worker {worker}"),
                Some(background) => format!("background {background}"),
            };
            let track = events.track(process, &name);
            for (trial, job) in jobs {
                events.slices(track, trial.start_ns, &progress(run, trial, job));
            }
        }
        for trial in &trials {
            for (at_ns, jobs) in running(&run.trial(trial).spans()) {
                events.count(process, RUNNING, trial.start_ns + at_ns, jobs);
            }
        }
    }
    events.finish(&run.info)
}

/// The jobs of each worker, in order of time.
fn workers<'a>(
    run: &'a Recording,
    trials: &[&'a TrialRow],
) -> BTreeMap<u32, Vec<(&'a TrialRow, &'a JobRow)>> {
    let mut workers: BTreeMap<u32, Vec<_>> = BTreeMap::new();
    for trial in trials {
        for job in run.jobs(trial) {
            if let Some(worker) = job.worker {
                workers.entry(worker).or_default().push((*trial, job));
            }
        }
    }
    for jobs in workers.values_mut() {
        jobs.sort_by_key(|(trial, job)| (trial.trial, job.start_ns));
    }
    workers
}

/// A trial, and in it the start and the end of its pool.
fn phases(trial: &TrialRow) -> Vec<Slice> {
    let Some(end) = trial.closed_ns.or(trial.makespan_ns) else {
        return Vec::new();
    };
    let name = format!("block {}, round {}", trial.block, trial.round);
    let starts = trial.ready_ns.map(|ready| ("pool starts", 0, ready));
    let ends = trial.makespan_ns.map(|last| ("pool ends", last, end));
    let inner = starts.into_iter().chain(ends);
    std::iter::once(Slice::new(name, 0, end))
        .chain(
            inner
                .filter(|(_, from, to)| from < to)
                .map(|(name, from, to)| Slice::new(name, from, to)),
        )
        .collect()
}

/// A job, and in it its spans.
fn progress(run: &Recording, trial: &TrialRow, job: &JobRow) -> Vec<Slice> {
    let (Some(start), Some(end)) = (job.start_ns, job.end_ns) else {
        return Vec::new();
    };
    let name = match job.outcome.as_str() {
        "ok" => format!("job {}", job.job),
        failure => format!("job {} failed: {failure}", job.job),
    };
    let spans = run.span_rows(trial).iter().filter(|span| span.job == job.job);
    let mut spans: Vec<Slice> = spans
        .map(|span| {
            let core = span.core.map_or("?".to_owned(), |core| core.to_string());
            Slice::new(format!("core {core}"), span.start_ns, span.end_ns)
        })
        .collect();
    spans.sort_by_key(|span| (span.start, span.end));
    let mut slices = vec![Slice::new(name, start, end)];
    slices.append(&mut spans);
    slices
}
