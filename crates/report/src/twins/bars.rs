//! From start to end of each job: the first article's first figure.

use super::{FACETS, FIRST, Source};
use lab::design::article;
use lab_data::rows::Executor;
use lab_plot::{Bar, BarFacet, Bars, Figure, Series};
use lab_stats::format;

/// One job per core, on threads above processes.
pub(super) fn runtimes(source: Option<Source>) -> Option<Figure> {
    let source = source?;
    let facet = |&(executor, side): &(Executor, usize)| {
        let runtime = &source.runtimes[side];
        let trial = source.trial(runtime, executor)?;
        let zero = trial.jobs().iter().filter_map(|job| job.start_ns).min()?;
        let bars = trial.jobs().iter().filter_map(|job| {
            Some(Bar {
                label: format!("job {}", job.job),
                start: job.start_ns? - zero,
                end: job.end_ns? - zero,
                ..Bar::default()
            })
        });
        Some(BarFacet {
            title: format!("{}, {}", format::runtime(runtime), executor.name()),
            series: series(executor),
            bars: bars.collect(),
        })
    };
    // One below another: what is compared stands together.
    let by_runtime = [0, 2, 1, 3].map(|index: usize| &FACETS[index]);
    let facets: Option<Vec<BarFacet>> = by_runtime.into_iter().map(facet).collect();
    let [python, rust] = source.estimates("basically-the-same")?;
    let workers = source.recording.cores();
    let title = format!(
        "{}: {workers} threads take {} as long as {workers} processes; Rust: {}",
        source.python(),
        format::ratio(python),
        format::ratio(rust),
    );
    let theirs = |executor| article::seconds("threads-vs-processes", executor, 4);
    let subtitle = format!(
        "One computing job per core, a bar each. The article, on 4 cores: {} s on threads, {} s on \
         processes.",
        theirs("threads")?,
        theirs("processes")?,
    );
    let figure = Figure::new(title, Bars { facets: facets? }).subtitle(subtitle);
    Some(source.figure(figure, FIRST))
}

/// The colour of an executor.
pub(super) fn series(executor: Executor) -> Series {
    if executor == Executor::Processes { Series::Processes } else { Series::Threads }
}
