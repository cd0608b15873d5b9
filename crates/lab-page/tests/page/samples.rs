//! Small made-up runs.

use lab::show::meaning::Meaning;
use lab_data::rows::{Decision, Executor, JobRow, SpanRow, TrialRow, VerdictRow};
use lab_data::run::{Mode, Python, RunInfo};
use lab_page::{Experiment, Page, Picture, Recording, Runs, Told, WhatIf};

pub const TEXT: &str = "\"They are useless.\"\n\n# Experiment\nSome *runs* of `it`.\n\n# Predict first\nHow long?\n\n\
                        # When it is true\nNever.\n\n# What this does not show\nMuch.\n\nFigure: plots/it.png.";

pub fn info(name: &str) -> RunInfo {
    let mut info = RunInfo::begin(name, Mode::Quick, vec![name.to_owned()], 1);
    info.run_id = "20260203-101112-3fa9".to_owned();
    info.date = "2026-02-03T10:11:12Z".to_owned();
    info.blocks = 7;
    info.commit = Some("0a3b9cd0160b".to_owned());
    info.rustc = Some("rustc 1.95.0".to_owned());
    info.profile = "opt-level 3".to_owned();
    info.machine.kernel = "Linux 6.1.0 x86_64".to_owned();
    info.machine.cpu_model = Some("A processor".to_owned());
    info.machine.virtual_machine = Some(false);
    info.machine.governor = None;
    info.machine.cores.logical = 4;
    info.machine.cores.physical = 2;
    info.machine.cores.affinity = Some(2);
    info.machine.cores.usable = 2;
    info.machine.cores.quota = None;
    info.pythons = vec![Python {
        runtime: "cpython-3.11".to_owned(),
        version: "3.11.7".to_owned(),
        gil: Some(true),
        start_method: Some("fork".to_owned()),
        ..Python::default()
    }];
    info
}

/// A verdict in Rust and one in an interpreter.
pub fn rows(name: &str) -> Vec<VerdictRow> {
    let row = |runtime: &str, estimate: f64, verdict| VerdictRow {
        experiment: name.to_owned(),
        run_id: "20260203-101112-3fa9".to_owned(),
        claim_id: format!("{name}-useless"),
        claim: "They are useless.".to_owned(),
        runtime: runtime.to_owned(),
        estimate: Some(estimate),
        low: Some(0.98 * estimate),
        high: Some(1.02 * estimate),
        level: Some(0.95),
        blocks: 7,
        true_high: Some(1.05),
        false_high: Some(2.0),
        null_low: Some(0.99),
        null_high: Some(1.01),
        verdict,
        expected: Some(verdict),
        reason: format!("they are {estimate}× as fast"),
        ..VerdictRow::default()
    };
    vec![row("rust", 12.0, Decision::False), row("cpython-3.11", 1.0, Decision::True)]
}

/// A trial of two threads that take turns of 5 ms on two cores, `n` turns in all.
pub fn recording(n: u64) -> Recording {
    recorded(&["rust", "cpython-3.11"], n)
}

fn recorded(runtimes: &[&str], n: u64) -> Recording {
    let trial = |(number, runtime): (u32, &&str)| TrialRow {
        trial: number,
        block: 1,
        runtime: (*runtime).to_owned(),
        executor: Executor::Threads,
        workers: 2,
        makespan_ns: Some(n * 5_000_000),
        judged: true,
        ..TrialRow::default()
    };
    let trials: Vec<TrialRow> = (3..).zip(runtimes).map(trial).collect();
    let job = |trial: &TrialRow, job: u32| JobRow {
        trial: trial.trial,
        job,
        worker: Some(job),
        start_ns: Some(0),
        end_ns: Some(n * 5_000_000),
        ..JobRow::default()
    };
    let span = |trial: &TrialRow, turn: u64| SpanRow {
        trial: trial.trial,
        job: (turn % 2) as u32,
        worker: (turn % 2) as u32,
        core: Some((turn / 2 % 2) as u32),
        start_ns: turn * 5_000_000,
        end_ns: turn * 5_000_000 + 4_900_000,
        ..SpanRow::default()
    };
    let jobs: Vec<JobRow> = trials.iter().flat_map(|one| [job(one, 0), job(one, 1)]).collect();
    let spans = trials.iter().flat_map(|one| (0..n).map(|turn| span(one, turn)));
    Recording::of(&info("it"), &rows("it"), &trials, &jobs, &spans.collect::<Vec<_>>())
}

/// A recording on two cores, and its simulations on one, two and four, at intervals of 1 and 5 ms.
pub fn what_if() -> WhatIf {
    let one = |n| recorded(&["cpython-3.11"], n);
    WhatIf {
        cores: (2, vec![1, 2, 4]),
        intervals: (5_000_000, vec![1_000_000, 5_000_000]),
        runs: vec![Runs {
            recorded: one(6),
            simulated: vec![vec![one(12), one(7), one(3)], vec![one(10), one(6), one(2)]],
        }],
    }
}

pub fn picture() -> Picture {
    let value = lab_plot::Item::Values(vec![9e6], lab_plot::Series::Threads);
    let row = lab_plot::Row { items: vec![value], ..lab_plot::Row::default() };
    let facet = lab_plot::Facet { rows: vec![row], ..lab_plot::Facet::default() };
    let chart = lab_plot::Rows { facets: vec![facet], ..lab_plot::Rows::default() };
    let title = "Two <threads> & a finding";
    Picture {
        title: title.to_owned(),
        file: "plots/it.png".to_owned(),
        svg: lab_plot::Figure::new(title, chart).svg().unwrap(),
    }
}

pub fn experiment<'a>(info: &'a RunInfo, rows: &'a [VerdictRow], n: u64) -> Experiment<'a> {
    Experiment {
        info,
        rows,
        text: TEXT,
        told: rows.first().map(|row| (row.claim_id.as_str(), told())).into_iter().collect(),
        answers: &[],
        pictures: vec![picture()],
        recording: recording(n),
        table: b"experiment,run_id\nit,1\n".to_vec(),
    }
}

/// What is told of their claim.
fn told() -> Told<'static> {
    let meaning = Meaning {
        if_true: "they are less than 1.05× as fast".to_owned(),
        if_false: "they are more than 2× as fast".to_owned(),
    };
    Told { lesson: Some("Use them."), meaning: Some(meaning) }
}

pub fn page<'a>(experiments: Vec<Experiment<'a>>) -> Page<'a> {
    Page {
        experiments,
        what_if: None,
        validity: Some("| What | Found |\n|---|---|\n| wrong in at most 5 % | 3/300 |\n"),
        origins: vec!["2 usable of 4 cores (A processor)".to_owned()],
        machines: Vec::new(),
    }
}
