//! What a run says on stdout: the claims, a table of the arms, the verdicts, what was written.

use super::words;
use crate::advise::Advice;
use crate::arms::arm::Arm;
use crate::arms::runtime;
pub use crate::console::say;
use crate::judge::Verdict;
use crate::record::Recording;
use comfy_table::{CellAlignment, Table, presets::NOTHING};
use lab_data::rows::{Executor, Role, TrialRow, VerdictRow};
use lab_stats::summary::{median, quantile};
use std::path::PathBuf;

/// One arm's trials, summed up.
#[derive(Debug)]
struct Line<'a> {
    first: &'a TrialRow,
    trials: Vec<&'a TrialRow>,
}

impl Line<'_> {
    /// The values of all judged trials without errors.
    fn values(&self, of: impl Fn(&TrialRow) -> Option<f64>) -> Vec<f64> {
        self.trials.iter().filter(|trial| trial.errors == 0).filter_map(|trial| of(trial)).collect()
    }

    fn median(&self, of: impl Fn(&TrialRow) -> Option<f64>) -> Option<f64> {
        median(&self.values(of))
    }
}

const HEADER: [&str; 11] = [
    "runtime",
    "executor",
    "workers",
    "case",
    "makespan",
    "min … max",
    "speed-up",
    "work window",
    "cores used",
    "switches",
    "memory",
];

/// A table of all arms, each compared with serial in the same case.
pub(crate) fn table(run: &Recording) -> String {
    let lines = lines(run);
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_header(HEADER);
    for line in &lines {
        let serial = lines
            .iter()
            .find(|other| {
                other.first.executor == Executor::Serial
                    && other.first.runtime == line.first.runtime
                    && other.first.jobs == line.first.jobs
                    && other.first.case == line.first.case
            })
            .and_then(|other| other.median(makespan));
        table.add_row(cells(line, serial, run.granted_cores()));
    }
    for column in [2, 4, 5, 6, 7, 8, 9, 10] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.to_string()
}

fn lines(run: &Recording) -> Vec<Line<'_>> {
    let mut lines: Vec<(Arm, Line)> = Vec::new();
    for trial in run.all_trials().iter().filter(|trial| trial.judged) {
        let arm = Arm::of(trial);
        match lines.iter_mut().find(|(known, _)| *known == arm) {
            Some((_, line)) => line.trials.push(trial),
            None => {
                let line = Line { first: trial, trials: vec![trial] };
                lines.push((arm, line));
            }
        }
    }
    let mut order = runtime::of_run(run.info());
    runtime::in_order(&mut order);
    let cases: Vec<&str> = run.all_trials().iter().map(|trial| trial.case.as_str()).collect();
    lines.sort_by_key(|(arm, _)| {
        (
            order.iter().position(|runtime| runtime.name == arm.runtime),
            cases.iter().position(|case| *case == arm.case),
            arm.executor,
            arm.workers,
            arm.start_method.map(|method| method.name()),
            arm.is_replicate,
        )
    });
    lines.into_iter().map(|(_, line)| line).collect()
}

/// `threads, again`; `processes by fork`.
fn executor(trial: &TrialRow) -> String {
    let mut words = trial.executor.to_string();
    if let Some(method) = &trial.start_method {
        words.push_str(&format!(" by {method}"));
    }
    if trial.role == Role::Replicate {
        words.push_str(", again");
    }
    words
}

fn makespan(trial: &TrialRow) -> Option<f64> {
    trial.makespan_ns.map(|ns| ns as f64)
}

fn cells(line: &Line, serial: Option<f64>, cores: f64) -> Vec<String> {
    let first = line.first;
    let makespans = line.values(makespan);
    let or_empty = |text: Option<String>| text.unwrap_or_default();
    let range = quantile(&makespans, 0.0)
        .zip(quantile(&makespans, 1.0))
        .map(|(low, high)| format!("{} … {}", words::time(low), words::time(high)));
    let mine = median(&makespans);
    let used = line.median(|trial| {
        let whole = makespan(trial)? * cores;
        Some(trial.cpu_ns? as f64 / whole)
    });
    let switches =
        line.median(|trial| Some((trial.voluntary_switches? + trial.involuntary_switches?) as f64));
    let errors: u32 = line.trials.iter().map(|trial| trial.errors).sum();
    vec![
        words::runtime(&first.runtime),
        executor(first),
        first.workers.to_string(),
        first.case.clone(),
        if errors == 0 { or_empty(mine.map(words::time)) } else { format!("{errors} errors") },
        or_empty(range),
        or_empty(serial.zip(mine).map(|(serial, mine)| format!("{:.2}", serial / mine))),
        or_empty(line.median(|trial| trial.window_ns.map(|ns| ns as f64)).map(words::time)),
        or_empty(used.map(|share| format!("{:.0} %", 100.0 * share))),
        or_empty(switches.map(|number| format!("{number:.0}"))),
        or_empty(
            line.median(|trial| trial.peak_rss_bytes.map(|bytes| bytes as f64))
                .map(|bytes| format!("{:.0} MB", bytes / 1e6)),
        ),
    ]
}

/// The whole of a run in words.
pub(crate) fn text(
    run: &Recording,
    verdicts: &[Verdict],
    advice: Option<&Advice>,
    written: &[PathBuf],
) -> String {
    let mut text = String::new();
    if run.all_trials().iter().any(|trial| trial.judged) {
        text = table(run) + "\n\n";
    }
    for verdict in verdicts.iter().filter(|verdict| verdict.is_whole()) {
        text.push_str(&words::verdict_line(verdict));
        text.push('\n');
    }
    if let Some(advice) = advice {
        text.push_str(&advice.text());
    }
    if !written.is_empty() {
        text.push('\n');
    }
    for path in written {
        text.push_str(&format!("{}\n", path.display()));
    }
    text
}

/// The whole of a run as one JSON object on a line.
pub(crate) fn json(
    run: &Recording,
    verdicts: &[Verdict],
    advice: Option<&Advice>,
    written: &[PathBuf],
) -> serde_json::Result<String> {
    // A path need not be UTF-8, but JSON is.
    let written: Vec<_> = written.iter().map(|path| path.to_string_lossy()).collect();
    let verdicts: Vec<VerdictRow> = verdicts.iter().map(|one| one.row(run.info())).collect();
    let mut object = serde_json::json!({
        "run": run.info(),
        "verdicts": verdicts,
        "written": written,
    });
    if let Some(advice) = advice {
        object["advice"] = serde_json::to_value(advice)?;
    }
    Ok(serde_json::to_string(&object)? + "\n")
}
