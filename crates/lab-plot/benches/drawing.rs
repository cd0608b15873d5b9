//! How long the live tracker's figure takes, from eight million readings in memory and from spans.
//!
//! `cargo bench -p lab-plot` prints first what the first figure of a process takes, then medians of
//! further ones, to the pixels and to the file, and how large the file is. Then divan's times.

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use divan::Bencher;
use lab_plot::{Frame, Progress, Series, Tracker, TrackerFacet, TrackerRow};

/// Jobs of each arm, and readings of each: the articles'.
const JOBS: u64 = 4;
const READINGS: u64 = 1_000_000;
/// From one reading to the next, and from one hand-over to the next.
const STEP_NS: u64 = 25;
const SLICE_NS: u64 = 5_000_000;
const PASSES: usize = 15;

type Spans = Vec<(u64, u64)>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `cargo test --all-targets` only asks whether it runs.
    if std::env::args().any(|argument| argument == "--bench") {
        medians()?;
    }
    divan::main();
    Ok(())
}

/// The spans of all jobs: of threads that take turns, or of processes that do not.
fn spans(turns: bool) -> Vec<Spans> {
    let length = READINGS * STEP_NS;
    let job = |job: u64| {
        let slices = 0..length.div_ceil(SLICE_NS);
        let start = |slice| match turns {
            true => (slice * JOBS + job) * SLICE_NS,
            false => slice * (SLICE_NS + 60_000) + job * 700_000,
        };
        let span = |slice| (start(slice), start(slice) + SLICE_NS - STEP_NS);
        slices.map(span).collect()
    };
    (0..JOBS).map(job).collect()
}

fn readings(spans: &Spans) -> Vec<u64> {
    let of = |&(start, end): &(u64, u64)| (start..=end).step_by(STEP_NS as usize);
    spans.iter().flat_map(of).collect()
}

fn figure<'a, T>(arms: &'a [Vec<T>; 2], progress: impl Fn(&'a T) -> Progress<'a>) -> Tracker<'a> {
    let titles = ["threads take turns", "processes do not"];
    let series = [Series::Threads, Series::Processes];
    let facets = arms
        .iter()
        .zip(titles)
        .zip(series)
        .map(|((arm, title), series)| {
            let rows = (0..).zip(arm).map(|(job, of)| TrackerRow {
                label: format!("job {job}"),
                progress: progress(of),
            });
            TrackerFacet {
                title: title.into(),
                series,
                zero_ns: 0,
                rows: rows.collect(),
            }
        });
    Tracker {
        frame: Frame {
            title: "Threads under the lock take turns, processes run at once".into(),
            subtitle: "four jobs that read the clock a million times each".into(),
            caption: "made-up readings of a benchmark: no machine was measured".into(),
        },
        facets: facets.collect(),
    }
}

fn medians() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("figure.png");
    let arms = [spans(true), spans(false)];
    let from_spans = figure(&arms, |spans| Progress::Spans(spans));
    println!("the live tracker's figure, {JOBS} jobs an arm, {READINGS} readings a job:");
    println!(
        "  from spans, the first: {:6.1} ms",
        ms(|| lab_plot::tracker(&from_spans, &path))?
    );
    let [threads, processes] = &arms;
    let all = [threads, processes].map(|arm| arm.iter().map(readings).collect::<Vec<_>>());
    let from_samples = figure(&all, |times| Progress::Samples(times));
    for (name, figure) in [("spans", &from_spans), ("samples", &from_samples)] {
        let pixels = median(|| lab_plot::tracker_to_rgb(figure).map(black_box))?;
        let file = median(|| lab_plot::tracker(figure, &path))?;
        let bytes = size(&path)?;
        println!(
            "  from {name:8} {pixels:6.1} ms to pixels, {file:6.1} ms to a PNG of {bytes} bytes"
        );
    }
    Ok(())
}

fn size(path: &Path) -> std::io::Result<u64> {
    Ok(std::fs::metadata(path)?.len())
}

fn ms<T>(work: impl FnOnce() -> lab_plot::Result<T>) -> lab_plot::Result<f64> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed().as_secs_f64() * 1e3)
}

fn median<T>(work: impl Fn() -> lab_plot::Result<T>) -> lab_plot::Result<f64> {
    let mut times = Vec::new();
    for _ in 0..PASSES {
        times.push(ms(&work)?);
    }
    times.sort_by(f64::total_cmp);
    Ok(times[PASSES / 2])
}

#[divan::bench(name = "1 from spans, to pixels")]
fn from_spans(bencher: Bencher) {
    let arms = [spans(true), spans(false)];
    let figure = figure(&arms, |spans| Progress::Spans(spans));
    bencher.bench_local(|| lab_plot::tracker_to_rgb(&figure));
}

#[divan::bench(name = "2 from samples, to pixels")]
fn from_samples(bencher: Bencher) {
    let all = [true, false].map(|turns| spans(turns).iter().map(readings).collect::<Vec<_>>());
    let figure = figure(&all, |times| Progress::Samples(times));
    bencher.bench_local(|| lab_plot::tracker_to_rgb(&figure));
}
