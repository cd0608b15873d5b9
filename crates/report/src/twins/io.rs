//! How long sixteen pages take, over the number of workers: the first article's printed times.

use super::{FIRST, Source};
use lab::design::article;
use lab::show::words::colour;
use lab_data::rows::Executor;
use lab_plot::{Figure, Line, LinePanel, Lines, Scale, Series, Stroke};
use lab_stats::format;
use lab_stats::summary::median;
use std::collections::BTreeMap;

/// Numbers of workers that the article used.
const WORKERS: [u32; 4] = [1, 4, 8, 16];

/// On threads beside on processes, each as a share of its own serial time.
pub(super) fn over_workers(threads: Option<Source>, processes: Option<Source>) -> Option<Figure> {
    let (threads, processes) = (threads?, processes?);
    let panels = vec![
        panel(&threads, "io-threads", Executor::Threads, "")?,
        panel(&processes, "io-processes", Executor::Processes, "short pages")?,
    ];
    let [python, rust] = threads.estimates("threads-useless")?;
    let title = format!(
        "16 threads load 16 pages {} as fast as one after another in {}, {} in Rust; the article: {}",
        format::ratio(python),
        threads.python(),
        format::ratio(rust),
        format::ratio(article::speed_up("io-threads", "threads", 16)?),
    );
    let lines = Lines {
        x: Scale::counts("workers"),
        y: Scale::log("% of the serial time"),
        columns: 2,
        panels,
        ..Lines::default()
    };
    let figure = Figure::new(title, lines).subtitle(
        "Their pages came over the internet. Ours come from a local server that takes as long, scaled \
         down, as theirs did on average and at most, so what 16 workers reach is given; on processes \
         the start of the pool counts against shorter pages.",
    );
    Some(threads.figure(figure, FIRST))
}

fn panel(source: &Source, name: &str, executor: Executor, case: &str) -> Option<LinePanel> {
    let theirs = WORKERS.into_iter().filter_map(|workers| {
        let seconds = if workers == 1 {
            article::seconds(name, "serial", 1)
        } else {
            article::seconds(name, executor.name(), workers)
        };
        Some((f64::from(workers), 100.0 * seconds? / article::seconds(name, "serial", 1)?))
    });
    let ours = |runtime: usize| {
        let serial = time(source, runtime, (Executor::Serial, 1), case)?;
        let point = |&workers: &u32| {
            let arm = if workers == 1 { Executor::Serial } else { executor };
            Some((
                f64::from(workers),
                100.0 * time(source, runtime, (arm, workers), case)? / serial,
            ))
        };
        Some(WORKERS.iter().filter_map(point).collect::<Vec<_>>())
    };
    let line = |label: String, series, stroke, points: Vec<(f64, f64)>| Line {
        label,
        series,
        stroke,
        median: points.clone(),
        points,
        band: Vec::new(),
    };
    Some(LinePanel {
        title: format!("16 pages on {}", executor.name()),
        lines: vec![
            line("the article".to_owned(), Series::Serial, Stroke::Dashed, theirs.collect()),
            line(
                format!("{}, {}", source.python(), executor.name()),
                colour(executor),
                Stroke::Dotted,
                ours(0)?,
            ),
            line(format!("Rust, {}", executor.name()), colour(executor), Stroke::Solid, ours(1)?),
        ],
        ..LinePanel::default()
    })
}

/// The median makespan over all judged blocks, in nanoseconds.
fn time(
    source: &Source,
    runtime: usize,
    (executor, workers): (Executor, u32),
    case: &str,
) -> Option<f64> {
    let mut blocks: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    for trial in source.recording.all_trials() {
        let is_own = trial.judged
            && trial.errors == 0
            && trial.runtime == source.runtimes[runtime]
            && (trial.executor, trial.workers) == (executor, workers)
            && trial.case == case;
        if is_own {
            let time = trial.makespan_ns.map(|ns| ns as f64);
            blocks.entry(trial.block).or_default().extend(time);
        }
    }
    let medians: Vec<f64> = blocks.values().filter_map(|times| median(times)).collect();
    median(&medians)
}
