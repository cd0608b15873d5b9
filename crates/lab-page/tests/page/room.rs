//! A page of very much data stays small, and says what it leaves out.

use crate::samples::{experiment, info, page, picture, recording, rows};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use lab_data::rows::{Executor, JobRow, SpanRow, TrialRow, VerdictRow};
use lab_data::run::{Python, RunInfo};
use lab_page::{Picture, Recording};
use serde_json::Value;
use std::io::Read;

const RUNTIMES: [&str; 6] =
    ["cpython-3.11", "cpython-3.14", "cpython-3.13t", "cpython-3.14t", "gil", "rust"];

/// Noise, the same in each run of the test.
fn noise(of: u64) -> u64 {
    let mixed = (of + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 40
}

/// Sixteen arms in each runtime, of so many spans that cannot be packed well.
fn recorded(info: &RunInfo, verdicts: &[VerdictRow], n: u64) -> Recording {
    let arms =
        RUNTIMES.into_iter().flat_map(|runtime| (1..=16).map(move |workers| (runtime, workers)));
    let trial = |(number, (runtime, workers)): (u32, (&str, u32))| TrialRow {
        trial: number,
        runtime: runtime.to_owned(),
        executor: Executor::Threads,
        workers,
        makespan_ns: Some(n * 40_000_000),
        judged: true,
        ..TrialRow::default()
    };
    let trials: Vec<TrialRow> = (1..).zip(arms).map(trial).collect();
    let job = |trial: &TrialRow| JobRow {
        trial: trial.trial,
        start_ns: Some(0),
        end_ns: Some(n * 40_000_000),
        ..JobRow::default()
    };
    let span = |trial: u32, turn: u64| {
        let start_ns = turn * 40_000_000 + noise(u64::from(trial) * n + turn);
        SpanRow { trial, start_ns, end_ns: start_ns + noise(turn), ..SpanRow::default() }
    };
    let jobs: Vec<JobRow> = trials.iter().map(job).collect();
    let spans = trials.iter().flat_map(|one| (0..n).map(|turn| span(one.trial, turn)));
    Recording::of(info, verdicts, &trials, &jobs, &spans.collect::<Vec<_>>())
}

/// Verdicts on three claims in all runtimes, which rest on the arms of two and of four threads.
fn judged(name: &str) -> Vec<VerdictRow> {
    let sample = &rows(name)[0];
    let row = |claim: u32, runtime: &str| {
        let prefix = if runtime == "rust" { String::new() } else { format!("{runtime} ") };
        VerdictRow {
            claim_id: format!("{name}-{claim}"),
            runtime: runtime.to_owned(),
            arm_a: format!("{prefix}threads 2"),
            arm_b: format!("{prefix}threads 4"),
            reason: "a finding of several words, as long as most of them are, and longer "
                .repeat(2),
            ..sample.clone()
        }
    };
    (0..3).flat_map(|claim| RUNTIMES.map(|runtime| row(claim, runtime))).collect()
}

/// A figure of so many points.
fn dotted(n: u64) -> Picture {
    let dot = |at| {
        format!("<circle cx=\"{}\" cy=\"{}\" r=\"9\"/>\n", noise(at) % 8000, noise(at + n) % 4000)
    };
    let dots: String = (0..n).map(dot).collect();
    let svg = picture().svg.replace("</svg>", &(dots + "</svg>"));
    Picture { title: format!("{n} points"), file: format!("plots/{n}.png"), svg }
}

/// What a page embeds: of each experiment the names of its arms, and how many it leaves out.
fn embedded(html: &str) -> Vec<(Vec<String>, u64, bool)> {
    let scripts = html.split("class=\"recording\"").skip(1);
    let read = |script: &str| {
        let packed = script.split_once('>').unwrap().1.split_once('<').unwrap().0;
        let mut text = String::new();
        let bytes = BASE64_STANDARD.decode(packed).unwrap();
        flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap();
        let value: Value = serde_json::from_str(&text).unwrap();
        let arms = value["arms"].as_array().unwrap();
        let names = arms.iter().map(|arm| arm["name"].as_str().unwrap().to_owned());
        let is_cut = arms.iter().any(|arm| arm["cut"].is_u64());
        (names.collect(), value["left"].as_u64().unwrap(), is_cut)
    };
    scripts.map(read).collect()
}

#[test]
fn with_six_runtimes_in_each_of_24_experiments_it_stays_below_two_megabytes() {
    let names: Vec<String> = (1..=24).map(|number| format!("experiment-{number}")).collect();
    let python = |runtime: &&str| Python {
        runtime: (*runtime).to_owned(),
        gil: Some(!runtime.ends_with('t')),
        ..Python::default()
    };
    let info = |name: &String| RunInfo {
        pythons: RUNTIMES[..4].iter().map(python).collect(),
        ..info(name)
    };
    let infos: Vec<RunInfo> = names.iter().map(info).collect();
    let rows: Vec<Vec<VerdictRow>> = names.iter().map(|name| judged(name)).collect();
    let all = infos.iter().zip(&rows).enumerate().map(|(at, (info, rows))| {
        let mut one = experiment(info, rows, 6);
        // The first has few spans, which all fit.
        one.recording = recorded(info, rows, if at == 0 { 2 } else { 2000 });
        one.pictures = vec![dotted(3000), dotted(if at == 5 { 100_000 } else { 300 })];
        one.table = rows[0].reason.repeat(400).into_bytes();
        one
    });
    let html = page(all.collect()).html().unwrap();
    assert!(html.len() < 2_000_000, "{}", html.len());
    assert_eq!(html.matches("this figure is too large").count(), 1);
    assert!(html.contains("<code>plots/100000.png</code>"));
    let embedded = embedded(&html);
    assert_eq!(embedded.len(), 24);
    // Of six runtimes three are shown, and of those all arms where there is room.
    let (arms, left, is_cut) = &embedded[0];
    assert_eq!((arms.len(), *left, *is_cut), (48, 48, false));
    for runtime in ["CPython 3.14,", "CPython 3.14t,", "Rust,"] {
        assert_eq!(arms.iter().filter(|arm| arm.starts_with(runtime)).count(), 16, "{runtime}");
    }
    // Elsewhere those that claims rest on, up to some moment.
    for (arms, left, is_cut) in &embedded[1..] {
        assert_eq!((arms.len(), *left, *is_cut), (6, 90, true));
        assert!(arms.iter().all(|arm| arm.ends_with("2 threads") || arm.ends_with("4 threads")));
    }
}

#[test]
fn a_million_spans_are_cut_with_a_word() {
    let (info, rows) = (info("it"), rows("it"));
    let mut many = experiment(&info, &rows, 6);
    many.recording = recording(300_000);
    let html = page(vec![many]).html().unwrap();
    assert!(html.len() < 2_000_000, "{}", html.len());
    assert!(embedded(&html)[0].2);
}

#[test]
fn where_the_rest_leaves_no_room_there_is_no_recording_and_the_page_says_so() {
    let (info, rows) = (info("it"), rows("it"));
    let text = format!("# Experiment\n{}", "word ".repeat(400_000));
    let mut long = experiment(&info, &rows, 6);
    long.text = &text;
    let html = page(vec![long]).html().unwrap();
    assert!(html.contains("too much was recorded for this page"));
    assert!(!html.contains("id=\"timeline\"") && embedded(&html).is_empty());
}
