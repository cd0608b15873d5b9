//! The two articles' own figures, redrawn from our data: recognisable twins, the CPython that their
//! readers have on the left and native Rust on the right, with the articles' own numbers in words.
//!
//! | figure | what the article drew |
//! |---|---|
//! | `article-1-runtimes` | bars from start to end of each job, threads above processes |
//! | `article-1-live` | the readings of each job's clock, a dot each |
//! | `article-1-io` | how long sixteen pages take, over the number of workers |
//! | `article-2-points` | a facet per kind of pool, a dot per point of work |
//!
//! A twin needs the data of its experiments with one CPython that has a GIL, and with Rust; without
//! them it is not drawn.

mod bars;
mod dots;
mod io;

use crate::run::Run;
use crate::studies::Files;
use anyhow::Result;
use lab::design::runtime::newest_with_lock;
use lab::record::{Recording, Trial};
use lab::show::{caption, of_one_block, words::colour};
use lab_data::rows::{Executor, VerdictRow};
use lab_plot::{Chart, Facet, Figure, Key, Row, Rows, Scale, Sign, Unit};
use lab_stats::format;
use std::path::{Path, PathBuf};

/// What [`draw`] is asked for by, among the names of experiments.
pub(crate) const NAME: &str = "articles";
/// The experiments whose data the twins show.
pub(crate) const EXPERIMENTS: [&str; 5] = [
    "parallel-vs-concurrent",
    "io-threads",
    "io-processes",
    "threads-vs-processes",
    "pool-timeline",
];

/// The first article, as captions name it.
const FIRST: &str = "A. Baatout, Multithreading VS Multiprocessing in Python (2018)";
/// The second one.
const SECOND: &str = "Comparing threading and multiprocessing";

/// All twins for which there are data, by their paths below the folder of `plots/`.
///
/// # Errors
/// If data cannot be read, or a figure not be drawn.
pub(crate) fn draw(data: &Path, runs: &[Run]) -> Result<Files> {
    let source = |name: &str| Source::of(data, runs, name);
    let twins = [
        ("runtimes", bars::runtimes(source("threads-vs-processes")?)),
        ("live", dots::live(source("parallel-vs-concurrent")?)),
        ("io", io::over_workers(source("io-threads")?, source("io-processes")?)),
    ];
    let twins = twins.map(|(name, figure)| (format!("article-1-{name}.png"), figure));
    let second = ("article-2-points.png".to_owned(), dots::points(source("pool-timeline")?));
    let mut files = Files::new();
    for (name, figure) in twins.into_iter().chain([second]) {
        if let Some(figure) = figure {
            files.insert(PathBuf::from("plots").join(name), figure.png()?);
        }
    }
    Ok(files)
}

/// A saved run that measured both sides of a twin.
struct Source<'a> {
    run: &'a Run,
    recording: Recording,
    /// The newest CPython with a GIL; then Rust.
    runtimes: [String; 2],
}

impl<'a> Source<'a> {
    /// None if there are no such data, or not of both sides.
    fn of(data: &Path, runs: &'a [Run], name: &str) -> Result<Option<Source<'a>>> {
        let Some(run) = runs.iter().find(|run| run.name == name) else {
            return Ok(None);
        };
        let has_rust = run.info.settings.runtimes.iter().any(|runtime| runtime == "rust");
        let Some(python) = newest_with_lock(&run.info).filter(|_| has_rust) else {
            return Ok(None);
        };
        let (recording, _) = Recording::read(&data.join(name), name)?;
        let runtimes = [python.runtime.clone(), "rust".to_owned()];
        Ok(Some(Source { run, recording, runtimes }))
    }

    /// The first judged trial of these jobs without a case that was kept whole.
    fn trial(&self, runtime: &str, executor: Executor) -> Option<Trial<'_>> {
        let cores = self.recording.cores();
        let is_own = |trial: &Trial| {
            let row = trial.row;
            row.judged
                && row.runtime == runtime
                && row.executor == executor
                && row.workers == cores
                && row.case.is_empty()
                && !trial.jobs().is_empty()
        };
        self.recording.each_trial().find(is_own)
    }

    /// The verdict on a claim in a runtime.
    fn verdict(&self, claim_id: &str, runtime: &str) -> Option<&VerdictRow> {
        self.run.claims().find(|row| row.claim_id == claim_id && row.runtime == runtime)
    }

    /// The estimates of a claim in both runtimes.
    fn estimates(&self, claim_id: &str) -> Option<[f64; 2]> {
        let [python, rust] = self.runtimes.each_ref().map(|runtime| {
            let row = self.verdict(claim_id, runtime)?;
            row.shown_estimate.or(row.estimate)
        });
        Some([python?, rust?])
    }

    /// The first runtime as people read it: "CPython 3.11".
    fn python(&self) -> String {
        format::runtime(&self.runtimes[0])
    }

    /// A figure with where its data come from, and whose figure it is the twin of.
    fn figure(&self, mut figure: Figure, article: &str) -> Figure {
        if matches!(figure.chart, Chart::Rows(_)) {
            let subtitle = format!("{} {}", figure.subtitle, of_one_block(&self.run.info));
            figure.subtitle = subtitle.trim_end().to_owned();
        }
        figure.caption(format!("Redrawn after {article} · {}", caption(&self.run.info)))
    }
}

/// A facet per pool and runtime, threads above processes; `rows` makes them of a trial and its first
/// job's start.
fn facets(source: &Source, rows: impl Fn(&Trial, u64) -> Vec<Row>) -> Option<Vec<Facet>> {
    let both = |executor| source.runtimes.iter().map(move |runtime| (executor, runtime));
    let facet = |(executor, runtime): (Executor, &String)| {
        let trial = source.trial(runtime, executor)?;
        let zero = trial.jobs().iter().filter_map(|job| job.start_ns).min()?;
        Some(Facet {
            title: format!("{}, {}", format::runtime(runtime), executor.name()),
            series: Some(colour(executor)),
            rows: rows(&trial, zero),
            ..Facet::default()
        })
    };
    both(Executor::Threads).chain(both(Executor::Processes)).map(facet).collect()
}

/// These facets on an axis of time, so many beside one another.
fn over_time(point: String, columns: usize, facets: Vec<Facet>) -> Rows {
    let x = Scale::linear("").unit(Unit::Time);
    Rows { x, key: vec![Key::new(Sign::Dot, point)], columns, facets, ..Rows::default() }
}
