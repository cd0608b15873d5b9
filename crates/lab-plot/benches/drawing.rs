//! How long figures take: `cargo bench -p lab-plot`.
#![allow(missing_docs)]

use divan::Bencher;
use lab_plot::{DotFacet, DotRow, Dots, Figure, Series, Timeline, TimelineFacet, TimelineRow};

fn main() {
    divan::main();
}

fn timeline() -> Figure {
    let row = |job: u64| TimelineRow {
        label: format!("job {job}"),
        begun: (0, 200_000_000),
        runs: (0..20)
            .map(|i| {
                (i * 10_000_000 + job * 5_000_000, i * 10_000_000 + job * 5_000_000 + 5_000_000)
            })
            .collect(),
        points: Vec::new(),
    };
    let facet = |i: u64| TimelineFacet {
        title: format!("arm {i}: two at once 0 % of the time"),
        series: Series::Threads,
        rows: (0..2).map(row).collect(),
    };
    let chart = Timeline {
        cores: 2,
        zoom: Some((50_000_000, 110_000_000)),
        facets: (0..4).map(facet).collect(),
    };
    Figure::new("Under the GIL two threads take turns", chart).caption("machine")
}

/// Four jobs whose clocks were read every 100 ns, in turns of 5 ms.
fn readings(each: u64) -> Figure {
    let row = |job: u64| DotRow {
        label: format!("job {job}"),
        series: Series::Threads,
        readings: (0..each).map(|i| i * 100 + (i / 50_000 * 4 + job) * 5_000_000).collect(),
    };
    let chart = Dots {
        point: "a reading".to_owned(),
        columns: 1,
        facets: vec![DotFacet { title: "4 threads".to_owned(), rows: (0..4).map(row).collect() }],
    };
    Figure::new("Every reading", chart)
}

#[divan::bench]
fn data_to_svg(bencher: Bencher) {
    let figure = timeline();
    bencher.bench_local(|| figure.svg());
}

#[divan::bench]
fn data_to_png(bencher: Bencher) {
    let figure = timeline();
    bencher.bench_local(|| figure.png());
}

#[divan::bench]
fn eight_million_readings_to_png(bencher: Bencher) {
    let figure = readings(2_000_000);
    bencher.bench_local(|| figure.png());
}
