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

/// Two jobs that take turns of 5 ms, or run at once; `ms` each.
pub fn rows(turns: bool, ms: u64) -> Vec<TimelineRow> {
    let row = |job: u64| TimelineRow {
        label: format!("job {job}"),
        begun: (0, (ms + job) * 1_000_000),
        runs: (0..ms / 5)
            .filter(|slice| !turns || slice % 2 == job)
            .map(|slice| (slice * 5_000_000, (slice + 1) * 5_000_000))
            .collect(),
        points: Vec::new(),
    };
    (0..2).map(row).collect()
}

pub fn timeline() -> Timeline {
    let facet = |title: &str, series, rows| TimelineFacet { title: title.to_owned(), series, rows };
    let mut noted = rows(false, 100);
    for row in &mut noted {
        row.points = (1..=10).map(|i| i * 10_000_000).collect();
    }
    Timeline {
        cores: 2,
        zoom: None,
        facets: vec![
            facet(
                "CPython 3.11, 2 threads: two at once 0 % of the time",
                Series::Threads,
                rows(true, 200),
            ),
            facet("Rust, 2 processes: two at once 97 % of the time", Series::Processes, noted),
        ],
    }
}

pub fn zoomed() -> Timeline {
    Timeline { zoom: Some((40_000_000, 80_000_000)), ..timeline() }
}

pub fn bars() -> Bars {
    let bar = |label: &str, end| Bar {
        label: label.to_owned(),
        start: 0,
        ready: Some(10_000_000),
        end,
        ends: vec![end - 5_000_000, end, end + 8_000_000],
    };
    let facet = |title: &str, series, ends: [u64; 2]| BarFacet {
        title: title.to_owned(),
        series,
        bars: vec![bar("job 0", ends[0]), bar("job 1", ends[1])],
    };
    Bars {
        facets: vec![
            facet("CPython 3.11, 2 threads", Series::Threads, [187_000_000, 179_000_000]),
            facet("Rust, 2 threads", Series::Threads, [100_000_000, 104_000_000]),
        ],
    }
}

pub fn waterfall() -> Waterfall {
    let page = |i: u64| PageBar {
        worker: (i % 4) as u32,
        label: i.to_string(),
        start: i / 4 * 20_000_000,
        end: i / 4 * 20_000_000 + 19_000_000,
        service: Some((i / 4 * 20_000_000 + 500_000, i / 4 * 20_000_000 + 18_000_000)),
        ok: i != 5,
    };
    let panel = |title: &str, series, workers| WaterfallPanel {
        title: title.to_owned(),
        series,
        workers,
        pages: (0..16).map(page).collect(),
        bound: Some(76_000_000),
        makespan: Some(79_000_000),
    };
    Waterfall {
        panels: vec![
            panel("CPython 3.11, 4 threads: 3.68× faster than one at a time", Series::Threads, 4),
            panel("Rust, 4 tasks on one thread", Series::Async, 5),
        ],
    }
}

pub fn cores() -> Cores {
    let row = |core: u64| CoreRow {
        label: format!("core {core}"),
        spans: (0..40u64)
            .map(|i| (i * 5_000_000, (i + 1) * 5_000_000, ((i * 3 + core) % 4) as u32))
            .collect(),
    };
    Cores {
        zoom: Some((40_000_000, 90_000_000)),
        facets: vec![CoreFacet {
            title: "Rust, 4 threads: 79 % of the hand-overs lead to another core".to_owned(),
            rows: (0..2).map(row).collect(),
        }],
    }
}

pub fn dots(every_ns: usize) -> Dots {
    let facet = |title: &str, turns| DotFacet {
        title: title.to_owned(),
        rows: rows(turns, 200)
            .into_iter()
            .map(|row| DotRow {
                label: row.label,
                series: Series::Threads,
                readings: row
                    .runs
                    .iter()
                    .flat_map(|&(from, to)| (from..to).step_by(every_ns))
                    .collect(),
            })
            .collect(),
    };
    Dots {
        point: "a reading of the job's clock".to_owned(),
        columns: 1,
        facets: vec![facet("2 threads under the GIL", true), facet("2 threads in Rust", false)],
    }
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

pub fn strip(label: &str, series: Series, n: u32, middle: f64) -> Strip {
    let value = |i: u32| middle * (1.0 + 0.3 * (f64::from(i) * 0.618).sin());
    Strip {
        label: label.to_owned(),
        series,
        values: (0..n).map(value).collect(),
        median: Some(middle),
        note: Unit::Time.words(middle),
    }
}

pub fn strips() -> Strips {
    let panel = |title: &str| StripPanel {
        title: title.to_owned(),
        strips: vec![
            strip("a thread", Series::Threads, 40, 8e4),
            strip("a process, with spawn", Series::Processes, 300, 3e7),
            strip("a process beside another", Series::Processes, 2000, 2e6),
        ],
        references: vec![("switch interval 5 ms".to_owned(), 5e6)],
    };
    Strips {
        y: Scale::log("time of one start").unit(Unit::Time),
        point: "one start".to_owned(),
        panels: vec![panel("CPython 3.11"), panel("Rust")],
    }
}

pub fn matrix(rows: usize) -> Matrix {
    let answers = [Answer::True, Answer::False, Answer::Neither, Answer::Inconclusive];
    let row = |i: usize| MatrixRow {
        group: format!("experiment {}", i / 3),
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
        ("zoomed timeline", figure("Under the GIL two threads take turns", zoomed())),
        ("bars", figure("Only in Rust do two threads keep up with two processes", bars())),
        ("waterfall", figure("16 threads load 16 pages 12.7× faster", waterfall())),
        ("cores", figure("Threads run on all cores, even under the GIL", cores())),
        ("dots", figure("Rows that fill each other's gaps take turns", dots(500_000))),
        ("dense dots", figure("Every reading of every clock", dots(1_000))),
        ("one panel", figure("Threads pay off from jobs of 180 µs on", lines(1))),
        ("six panels", figure("Threads pay off from jobs of 180 µs on", lines(6))),
        ("strips", figure("A process takes 27 to 433 times as long to start", strips())),
        ("matrix", figure("7 of 21 claims have another answer in Rust", matrix(9))),
    ]
}
