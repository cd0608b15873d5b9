//! One figure of every kind, from made-up data.

use lab_plot::*;

const CAPTION: &str = "2 usable of 2 cores · AMD EPYC · virtual machine · load 4.0 before · \
                       Linux 6.18.44 x86_64 · commit 0a3b9cd0160b · 2026-11-25 · 7 blocks · run 1";

fn figure(title: &str, chart: impl Into<Chart>) -> Figure {
    let subtitle = "How it is to be read, in a line or two: what was measured, and against what.";
    Figure::new(title, chart).subtitle(subtitle).caption(CAPTION)
}

/// All of these, repeated `n` times.
pub fn times<T: Clone>(items: &[T], n: usize) -> Vec<T> {
    std::iter::repeat_n(items, n).flatten().cloned().collect()
}

pub const MS: f64 = 1e6;

fn time() -> Scale {
    Scale::linear("").unit(Unit::Time)
}

fn facet(title: &str, series: Series, rows: Vec<Row>) -> Facet {
    Facet { title: title.to_owned(), series: Some(series), rows, verticals: Vec::new() }
}

/// Two jobs that take turns of 5 ms, or run at once; `ms` each.
pub fn turns(in_turn: bool, ms: u32, series: Series) -> Vec<Row> {
    let row = |job: u32| {
        let begun = (0.0, f64::from(ms + job) * MS);
        let slices = (0..ms / 5).filter(|slice| !in_turn || slice % 2 == job).map(f64::from);
        let runs = slices.map(|slice| (5.0 * slice * MS, 5.0 * (slice + 1.0) * MS)).collect();
        let words = String::new();
        let begun = Item::Bar { span: begun, series, is_pale: true, words };
        Row {
            label: format!("job {job}"),
            items: vec![begun, Item::Spans(runs, series)],
            note: String::new(),
        }
    };
    (0..2).map(row).collect()
}

pub fn timeline() -> Rows {
    let (threads, processes) = (Series::Threads, Series::Processes);
    let mut noted = turns(false, 100, processes);
    for row in &mut noted {
        row.items.push(Item::Points((1..=10).map(|i| f64::from(i) * 10.0 * MS).collect()));
    }
    Rows {
        x: time(),
        key: vec![
            Key::new(Sign::Pale, "begun, not yet ended"),
            Key::new(Sign::Full, "making progress"),
        ],
        cores: Some(2),
        facets: vec![
            facet(
                "CPython 3.11, 2 threads: two at once 0 % of the time",
                threads,
                turns(true, 200, threads),
            ),
            facet("Rust, 2 processes: two at once 97 % of the time", processes, noted),
        ],
        ..Rows::default()
    }
}

/// Bars with their start, words inside and notes, and lines through them.
pub fn bars() -> Rows {
    let series = Series::Threads;
    let bar = |label: &str, end: f64, words: &str| Row {
        label: label.to_owned(),
        items: vec![
            Item::Bar { span: (0.0, 10.0 * MS), series, is_pale: true, words: String::new() },
            Item::Bar { span: (10.0 * MS, end), series, is_pale: false, words: words.to_owned() },
            Item::Points(vec![end - 5.0 * MS, end]),
        ],
        note: Unit::Time.words(end),
    };
    let lines = [(190.0, false, "took 190 ms"), (180.0, true, "allowed 180 ms")];
    let line = |(at, is_dashed, words): (f64, bool, &str)| {
        let words = words.to_owned();
        Vertical { at: at * MS, is_dashed, words }
    };
    let mut lined = facet(
        "Rust, 2 threads",
        series,
        vec![
            Row { note: String::new(), ..bar("worker 0", 100.0 * MS, "3") },
            Row {
                label: "worker 1".to_owned(),
                items: vec![Item::Frame((0.0, 90.0 * MS), series)],
                note: String::new(),
            },
        ],
    );
    lined.verticals = lines.map(line).to_vec();
    Rows {
        x: time(),
        facets: vec![
            facet(
                "CPython 3.11, 2 threads",
                series,
                vec![bar("job 0", 187.0 * MS, ""), bar("job 1", 179.0 * MS, "")],
            ),
            lined,
        ],
        ..Rows::default()
    }
}

pub fn cores() -> Rows {
    let row = |core: u32| Row {
        label: format!("core {core}"),
        items: vec![Item::Jobs(
            (0..40)
                .map(|i| {
                    let at = f64::from(i) * 5.0 * MS;
                    (at, at + 5.0 * MS, (i * 3 + core) % 4)
                })
                .collect(),
        )],
        note: String::new(),
    };
    let key = (0..4).map(|job| Key::new(Sign::Job(job), format!("job {job}")));
    let key = key.chain([Key::new(Sign::Ground, "none of them")]).collect();
    let title = "Rust, 4 threads: 79 % of the hand-overs lead to another core".to_owned();
    let facet = Facet { title, rows: (0..2).map(row).collect(), ..Facet::default() };
    Rows { x: time(), key, facets: vec![facet], ..Rows::default() }
}

/// Medians that rise from 0.2 to about 2, with a block above and one below each.
pub fn line(label: &str, series: Series, stroke: Stroke, factor: f64) -> Line {
    let values = [(1e4, 0.2), (1e5, 0.8), (1e6, 1.7), (1e7, 1.9)].map(|(x, y)| (x, y * factor));
    Line {
        label: label.to_owned(),
        series,
        stroke,
        points: values.iter().flat_map(|&(x, y)| [(x, y * 0.9), (x, y * 1.1)]).collect(),
        median: values.to_vec(),
        band: values.iter().map(|&(x, y)| (x, y * 0.95, y * 1.05)).collect(),
    }
}

pub fn lines(panels: usize) -> Lines {
    let panel = |i: usize| LinePanel {
        title: format!("Rust, panel {i}"),
        lines: vec![
            line("threads", Series::Threads, Stroke::Solid, 1.0),
            line("rayon", Series::Rayon, Stroke::Solid, 1.02),
            line("processes", Series::Processes, Stroke::Dashed, 0.6),
        ],
        references: vec![Reference { label: "2 cores".to_owned(), points: vec![(0.0, 2.0)] }],
        shades: vec![Shade { label: "slower than serial".to_owned(), from: None, to: Some(1.0) }],
        marks: vec![Mark { label: "crossover: 180 µs".to_owned(), at: (1.8e5, 1.0) }],
    };
    Lines {
        x: Scale::log("time of a job in serial").unit(Unit::Time),
        y: Scale::log("times as fast as serial"),
        point: "one block".to_owned(),
        band: "98.3 % interval".to_owned(),
        columns: 3,
        panels: (0..panels).map(panel).collect(),
    }
}

pub fn values(label: &str, series: Series, n: u32, middle: f64) -> Row {
    let value = |i: u32| middle * (1.0 + 0.3 * (f64::from(i) * 0.618).sin());
    Row {
        label: label.to_owned(),
        items: vec![Item::Values((0..n).map(value).collect(), series), Item::Median(middle)],
        note: Unit::Time.words(middle),
    }
}

/// Every value a point, on a logarithmic axis.
pub fn strips() -> Rows {
    let facet = |title: &str| Facet {
        title: title.to_owned(),
        series: None,
        rows: vec![
            values("a thread", Series::Threads, 40, 8e4),
            values("a process, with spawn", Series::Processes, 300, 3e7),
            values("a process beside another", Series::Processes, 2000, 2e6),
        ],
        verticals: vec![Vertical { at: 5e6, is_dashed: true, words: String::new() }],
    };
    Rows {
        x: Scale::log("time of one start").unit(Unit::Time),
        key: vec![
            Key::new(Sign::Dot, "one start"),
            Key::new(Sign::Median, "median"),
            Key::new(Sign::Vertical { is_dashed: true }, "switch interval"),
        ],
        facets: vec![facet("CPython 3.11"), facet("Rust")],
        ..Rows::default()
    }
}

pub fn matrix(rows: usize) -> Matrix {
    let answers = [Answer::True, Answer::False, Answer::Neither, Answer::Inconclusive];
    let row = |i: usize| MatrixRow {
        label: format!("Claim number {i}: multithreading is always faster than serial."),
        cells: (0..4)
            .map(|k| {
                (i + k != 5)
                    .then(|| MatrixCell { answer: answers[(i + k) % 4], note: "1.03×".to_owned() })
            })
            .collect(),
    };
    Matrix {
        columns: ["The article", "CPython 3.11", "modelled GIL", "Rust"]
            .map(str::to_owned)
            .to_vec(),
        rows: (0..rows).map(row).collect(),
    }
}

/// A figure of every kind, with its name.
pub fn all() -> Vec<(&'static str, Figure)> {
    vec![
        ("timeline", figure("Under the GIL two threads take turns", timeline())),
        ("bars", figure("Only in Rust do two threads keep up with two processes", bars())),
        ("cores", figure("Threads run on all cores, even under the GIL", cores())),
        ("one panel", figure("Threads pay off from jobs of 180 µs on", lines(1))),
        ("six panels", figure("Threads pay off from jobs of 180 µs on", lines(6))),
        ("strips", figure("A process takes 27 to 433 times as long to start", strips())),
        ("matrix", figure("7 of 21 claims have another answer in Rust", matrix(9))),
    ]
}
