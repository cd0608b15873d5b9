//! What the simulation did, as a pool reports it.

use super::profile::{Runs, tracks};
use lab_data::burst::Span;
use lab_data::usage::{Cost, Resources};
use lab_pool::jobs::{Answer, Job, Report, readings_per_point};
use lab_pool::{JobReport, Trial, TrialReport};
use lab_sim::{JobLine, Outcome};

/// The report of a trial that began at `zero_ns` of the simulation's clock.
pub(super) fn report(trial: &Trial, runs: &Runs, outcome: &Outcome, zero_ns: u64) -> TrialReport {
    let jobs = trial.jobs.iter().chain(trial.background.iter().map(|beside| &beside.job));
    let reports = jobs.zip(&outcome.jobs).enumerate().map(|(number, (job, line))| JobReport {
        job: number,
        worker: line.worker,
        submitted_ns: zero_ns + line.submitted_ns,
        report: of_job(job, runs, line, trial.tracking.gap_ns, zero_ns),
    });
    TrialReport {
        zero_ns,
        ready_ns: zero_ns + outcome.ready_ns,
        answered_ns: zero_ns + outcome.answered_ns,
        closed_ns: zero_ns + outcome.closed_ns,
        jobs: reports.collect(),
        start_method: trial.start_method,
        run_delay_ns: Some(outcome.run_delay_ns),
        peak_rss_bytes: None,
        cost: Cost {
            own: Some(Resources {
                cpu_ns: outcome.cpu_ns,
                voluntary_switches: outcome.voluntary_switches,
                involuntary_switches: outcome.involuntary_switches,
            }),
            children: Some(Resources::default()),
            machine: None,
            peak_rss_bytes: None,
        },
    }
}

fn of_job(job: &Job, runs: &Runs, line: &JobLine, gap_ns: u64, zero_ns: u64) -> Report {
    let end_ns = line.end_ns.unwrap_or(line.start_ns);
    let (count, answer) = match job {
        Job::Page(page) => match &page.expect {
            Some(expected) => (expected.length, Answer::from(expected.to_string())),
            None => (0, Answer::default()),
        },
        _ => job.expected().unwrap_or_else(|| {
            // It was stopped: as many steps as it had time for.
            let ps = runs.costs.step_ps.get(job.kind()).copied().unwrap_or(1).max(1);
            let steps = u64::try_from(u128::from(line.cpu_ns) * 1000 / u128::from(ps));
            let job = job.with_steps(steps.unwrap_or(u64::MAX));
            job.expected().unwrap_or_default()
        }),
    };
    let mut spans = match job {
        Job::Points(points) => of_points(line, readings_per_point(points.additions)),
        Job::Page(_) => vec![Span { start_ns: line.start_ns, end_ns, samples: 1, core: 0 }],
        job if tracks(job) => joined(line, gap_ns, job.readings()),
        _ => Vec::new(),
    };
    for span in &mut spans {
        span.start_ns += zero_ns;
        span.end_ns += zero_ns;
    }
    Report {
        start_ns: zero_ns + line.start_ns,
        end_ns: zero_ns + end_ns,
        cpu_ns: Some(line.cpu_ns),
        count,
        answer,
        error: None,
        spans,
        samples: Default::default(),
    }
}

/// The spans as the recorder has them: what is no further apart than the gap is one. Readings are spread
/// over them evenly.
fn joined(line: &JobLine, gap_ns: u64, readings: u64) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for span in &line.spans {
        match spans.last_mut() {
            Some(last) if last.core == span.core && span.start_ns - last.end_ns <= gap_ns => {
                last.end_ns = span.end_ns;
            }
            _ => spans.push(of(span, 1)),
        }
    }
    spread(&mut spans, readings);
    spans
}

/// A span ends at every point, and each has the same number of readings before it.
fn of_points(line: &JobLine, lot: u64) -> Vec<Span> {
    let steps = line.spans.chunk_by(|a, b| a.step == b.step);
    let spans = steps.flat_map(|pieces| {
        let mut pieces: Vec<Span> = pieces.iter().map(|span| of(span, 1)).collect();
        spread(&mut pieces, lot);
        pieces
    });
    spans.collect()
}

fn of(span: &lab_sim::Span, samples: u64) -> Span {
    Span { start_ns: span.start_ns, end_ns: span.end_ns, samples, core: span.core }
}

/// Gives each span its share of the readings, at least one, and the last what is left.
fn spread(spans: &mut [Span], readings: u64) {
    let length = |span: &Span| u128::from(span.end_ns - span.start_ns);
    let all: u128 = spans.iter().map(length).sum();
    let mut left = readings.max(spans.len() as u64);
    let number = spans.len();
    for (at, span) in spans.iter_mut().enumerate() {
        let others = (number - at - 1) as u64;
        let share = (u128::from(readings) * length(span)).checked_div(all).unwrap_or(0);
        let share = u64::try_from(share).unwrap_or(u64::MAX).clamp(1, (left - others).max(1));
        span.samples = if others == 0 { left } else { share };
        left -= span.samples.min(left);
    }
}
