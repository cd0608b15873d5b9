//! How long figures take: `cargo bench -p lab-plot`.
#![allow(missing_docs)]

use divan::Bencher;
use lab_plot::{Facet, Figure, Item, Row, Rows, Scale, Series, Unit};

fn main() {
    divan::main();
}

/// Four facets of two jobs that take turns of 5 ms.
fn timeline() -> Figure {
    let row = |job: u32| {
        let starts = (0..20).map(|i| f64::from(i * 2 + job) * 5e6);
        let spans = starts.map(|at| (at, at + 5e6)).collect();
        let items = vec![Item::Spans(spans, Series::Threads)];
        Row { label: format!("job {job}"), items, ..Row::default() }
    };
    figure((0..4).map(|_| (0..2).map(row).collect()), Some(2))
}

/// Four jobs whose clocks were read every 100 ns, in turns of 5 ms.
fn readings(each: u32) -> Figure {
    let row = |job: u32| {
        let at = |i: u32| f64::from(i) * 100.0 + f64::from(i / 50_000 * 4 + job) * 5e6;
        let items = vec![Item::Values((0..each).map(at).collect(), Series::Threads)];
        Row { label: format!("job {job}"), items, ..Row::default() }
    };
    figure([(0..4).map(row).collect()], None)
}

fn figure(facets: impl IntoIterator<Item = Vec<Row>>, cores: Option<u32>) -> Figure {
    let title = || "Under the GIL two threads take turns".to_owned();
    let facet = |rows| Facet { title: title(), rows, ..Facet::default() };
    let facets = facets.into_iter().map(facet).collect();
    let x = Scale::linear("").unit(Unit::Time);
    Figure::new(title(), Rows { x, cores, facets, ..Rows::default() }).caption("machine")
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
