//! The articles' pipeline as the laboratory has it: trackers on threads under the modelled GIL and
//! on processes, their record as CSV, and the picture. Runs in a process of its own.

use crate::goals::subject;
use crate::trials;
use anyhow::{Result, bail};
use lab_jobs::{Job, Tracking};
use lab_plot::{Frame, Progress, Series, Tracker, TrackerFacet, TrackerRow};
use lab_pool::{Interval, JobReport, Runtime, Start, Trial, TrialReport};
use lab_record::clock::now_ns;
use lab_record::rows::{Executor, SpanRow};
use lab_record::samples::SampleWriter;
use lab_record::tables::TableWriter;
use std::hint::black_box;
use std::path::Path;

/// Jobs on threads, and again on processes.
pub(crate) const JOBS: u64 = 4;

/// Tracks `samples` samples a job, and writes `spans.csv` or `samples.csv`, and `figure.png`. Returns
/// the number of samples in all. Of [`subject::CLOCK`] only the readings are made.
///
/// # Errors
/// If a trial fails, a file cannot be written, or `kind` is none of [`subject::SPANS`],
/// [`subject::RAW`] and [`subject::CLOCK`].
pub(crate) fn run(kind: &str, samples: u64, folder: &Path) -> Result<u64> {
    let raw = match kind {
        subject::SPANS => false,
        subject::RAW => true,
        subject::CLOCK => return Ok(read_clock(samples)),
        _ => bail!("there is no pipeline with {kind}"),
    };
    let mut pool = trials::pool()?;
    let mut reports = Vec::new();
    for executor in [Executor::Threads, Executor::Processes] {
        let jobs = vec![Job::track(samples); JOBS as usize];
        let trial = Trial {
            runtime: Runtime::Gil,
            tracking: Tracking {
                raw,
                ..Tracking::for_interval(Interval::DEFAULT.ns())
            },
            ..trials::trial(executor, JOBS as usize, Start::Cold, jobs)
        };
        reports.push((executor, trials::run(&mut pool, &trial)?));
    }
    match raw {
        true => save_samples(&reports, folder)?,
        false => save_spans(&reports, folder)?,
    }
    draw(&reports, raw, folder)?;
    let jobs = reports.iter().flat_map(|(_, report)| &report.jobs);
    Ok(jobs.map(|job| job.report.count).sum())
}

/// What no pipeline can go below: as many readings, one at a time as under the GIL, then on as many
/// threads as there are processes.
fn read_clock(samples: u64) -> u64 {
    let read = |count| {
        (0..count).for_each(|_| {
            black_box(now_ns());
        })
    };
    read(JOBS * samples);
    std::thread::scope(|scope| {
        for _ in 0..JOBS {
            scope.spawn(|| read(samples));
        }
    });
    2 * JOBS * samples
}

fn save_spans(reports: &[(Executor, TrialReport)], folder: &Path) -> Result<()> {
    let mut table = TableWriter::create(&folder.join("spans.csv"))?;
    for ((executor, report), trial) in reports.iter().zip(0..) {
        let from_zero = |at_ns: u64| at_ns.saturating_sub(report.zero_ns);
        for job in &report.jobs {
            for span in &job.report.spans {
                table.append(&SpanRow {
                    trial,
                    block: 0,
                    runtime: Runtime::Gil.to_string(),
                    executor: *executor,
                    workers: JOBS as u32,
                    case: String::new(),
                    job: job.job as u32,
                    worker: job.worker as u32,
                    core: Some(span.core),
                    start_ns: from_zero(span.start_ns),
                    end_ns: from_zero(span.end_ns),
                    samples: span.samples,
                })?;
            }
        }
    }
    // As all others here, it is handed to the kernel, and nobody waits for the disk.
    Ok(table.flush()?)
}

fn save_samples(reports: &[(Executor, TrialReport)], folder: &Path) -> Result<()> {
    let mut table = SampleWriter::create(&folder.join("samples.csv"))?;
    for ((_, report), trial) in reports.iter().zip(0..) {
        for job in &report.jobs {
            table.append(trial, job.job as u32, report.zero_ns, &job.report.samples)?;
        }
    }
    Ok(table.finish()?)
}

fn draw(reports: &[(Executor, TrialReport)], raw: bool, folder: &Path) -> Result<()> {
    let spans: Vec<Vec<Vec<(u64, u64)>>> = reports
        .iter()
        .map(|(_, report)| report.jobs.iter().map(spans_of).collect())
        .collect();
    let facets = reports
        .iter()
        .zip(&spans)
        .map(|((executor, report), spans)| {
            let rows = report
                .jobs
                .iter()
                .zip(spans)
                .map(|(job, spans)| TrackerRow {
                    label: format!("job {}", job.job),
                    progress: match raw {
                        true => Progress::Samples(job.report.samples.times_ns()),
                        false => Progress::Spans(spans),
                    },
                });
            TrackerFacet {
                title: executor.name().to_owned(),
                series: match executor {
                    Executor::Processes => Series::Processes,
                    _ => Series::Threads,
                },
                zero_ns: report.zero_ns,
                rows: rows.collect(),
            }
        });
    let figure = Tracker {
        frame: frame(),
        facets: facets.collect(),
    };
    Ok(lab_plot::tracker(&figure, &folder.join("figure.png"))?)
}

fn spans_of(job: &JobReport) -> Vec<(u64, u64)> {
    let spans = job.report.spans.iter();
    spans.map(|span| (span.start_ns, span.end_ns)).collect()
}

/// The words around the picture.
pub(crate) fn frame() -> Frame {
    Frame {
        title: "Four trackers on threads under a GIL, and on processes".to_owned(),
        subtitle: "A row a job: when it read the clock".to_owned(),
        caption: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipeline_of_another_kind_is_refused() {
        let error = run("smoke", 1, Path::new("/")).unwrap_err();
        assert_eq!(error.to_string(), "there is no pipeline with smoke");
    }
}
