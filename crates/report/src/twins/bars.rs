//! From start to end of each job: the first article's first figure.

use super::{FIRST, Source, facets, over_time};
use lab::design::article;
use lab::show::words::colour;
use lab_plot::{Figure, Item, Row};
use lab_stats::format;

/// One job per core, on threads above processes.
pub(super) fn runtimes(source: Option<Source>) -> Option<Figure> {
    let source = source?;
    let facets = facets(&source, |trial, zero| {
        let colour = colour(trial.row.executor);
        let rows = trial.jobs().iter().filter_map(|job| {
            let span = ((job.start_ns? - zero) as f64, (job.end_ns? - zero) as f64);
            let words = String::new();
            Some(Row {
                label: format!("job {}", job.job),
                items: vec![Item::Bar { span, series: colour, is_pale: false, words }],
                note: format::time(span.1 - span.0),
            })
        });
        rows.collect()
    })?;
    // One below another: what is compared stands together.
    let facets = [0, 2, 1, 3].map(|index: usize| facets[index].clone()).to_vec();
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
    let figure = Figure::new(title, over_time(String::new(), 1, facets)).subtitle(subtitle);
    Some(source.figure(figure, FIRST))
}
