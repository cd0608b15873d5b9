//! The articles' live figure as the laboratory makes it: trackers on threads under the modelled GIL
//! and on processes, their record as CSV, and the picture.

use anyhow::{Result, ensure};
use lab_data::rows::{Executor, SpanRow};
use lab_data::tables::TableWriter;
use lab_plot::{Facet, Figure, Row, Rows, Scale, Series, Span, Unit};
use lab_pool::{Interval, Job, Pool, Runtime, Tracking, Trial, TrialReport};
use std::path::Path;

/// Jobs on threads, and again on processes.
const JOBS: usize = 4;

/// Makes `size` samples in all, and writes `spans.csv` and `figure.png`. How many it made.
pub(crate) fn run(mut pool: Pool, size: u64, folder: &Path) -> Result<u64> {
    let mut table = TableWriter::create(&folder.join("spans.csv"))?;
    let mut drawn = Vec::new();
    let mut count = 0;
    let arms = [(Executor::Threads, Series::Threads), (Executor::Processes, Series::Processes)];
    for ((executor, series), trial) in arms.into_iter().zip(0..) {
        let report = trackers(&mut pool, executor, size / JOBS as u64 / 2)?;
        let mut jobs = Vec::new();
        for job in &report.jobs {
            ensure!(job.report.error.is_none(), "a tracker failed: {:?}", job.report.error);
            count += job.report.count;
            let spans = job.report.spans.iter().map(|span| SpanRow {
                trial,
                block: 0,
                runtime: Runtime::Gil.to_string(),
                executor,
                workers: JOBS as u32,
                case: String::new(),
                job: job.job as u32,
                worker: job.worker as u32,
                core: Some(span.core),
                start_ns: span.start_ns.saturating_sub(report.zero_ns),
                end_ns: span.end_ns.saturating_sub(report.zero_ns),
                samples: span.samples,
            });
            let rows: Vec<SpanRow> = spans.collect();
            rows.iter().try_for_each(|row| table.append(row))?;
            jobs.push(rows.iter().map(|row| (row.start_ns as f64, row.end_ns as f64)).collect());
        }
        drawn.push((series, jobs));
    }
    // As all others here, it is handed to the kernel, and nobody waits for the disk.
    table.flush()?;
    std::fs::write(folder.join("figure.png"), figure(drawn).png()?)?;
    Ok(count)
}

fn trackers(pool: &mut Pool, executor: Executor, samples: u64) -> Result<TrialReport> {
    Ok(pool.run(&Trial {
        tracking: Tracking::for_interval(Interval::DEFAULT.ns()),
        ..Trial::new(Runtime::Gil, executor, JOBS, vec![Job::track(samples); JOBS])
    })?)
}

/// When each job of each trial made progress, in nanoseconds since the trial's zero.
pub(crate) fn figure(trials: impl IntoIterator<Item = (Series, Vec<Vec<Span>>)>) -> Figure {
    let facet = |(series, jobs): (Series, Vec<Vec<Span>>)| {
        let rows = jobs.into_iter().enumerate().map(|(job, runs)| Row {
            label: format!("job {job}"),
            items: vec![lab_plot::Item::Spans(runs, series)],
            ..Row::default()
        });
        let title = format!("{JOBS} jobs");
        Facet { title, series: Some(series), rows: rows.collect(), ..Facet::default() }
    };
    let facets = trials.into_iter().map(facet).collect();
    let x = Scale::linear("").unit(Unit::Time);
    let rows = Rows { x, cores: Some(JOBS as u32), facets, ..Rows::default() };
    Figure::new("Four trackers on threads under a GIL, and on processes", rows)
}
