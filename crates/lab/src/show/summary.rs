//! A run as a whole: a table of the arms, the verdicts, what was written; in words or as JSON.

use super::arms::arms;
use super::words;
use crate::advise::advice::Advice;
use crate::judge::Verdict;
use crate::record::Recording;
use anyhow::Result;
use comfy_table::{CellAlignment, Table, presets::NOTHING};
use lab_data::rows::{Executor, Role, TrialRow, VerdictRow};
use lab_stats::format;
use lab_stats::summary::{median, quantile};
use lab_stats::verdict::Decision;
use std::path::PathBuf;

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
        text += &(verdict_line(verdict) + "\n");
    }
    text += &advice.map(Advice::text).unwrap_or_default();
    if !written.is_empty() {
        text += "\n";
    }
    written.iter().fold(text, |text, path| text + &format!("{}\n", path.display()))
}

/// The whole of a run as one JSON object on a line.
pub(crate) fn json(
    run: &Recording,
    verdicts: &[Verdict],
    advice: Option<&Advice>,
    written: &[PathBuf],
) -> Result<String> {
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

/// A verdict in one line, as a run prints it.
pub(crate) fn verdict_line(verdict: &Verdict) -> String {
    let kind = verdict.kind;
    let mut brackets: Vec<String> = Vec::new();
    if let Some(judged) = &verdict.judged {
        brackets.push(format::range(kind, judged.low, judged.high));
        brackets.push(format::edge(kind, &verdict.edges, verdict.decision));
    }
    if let Some(article) = verdict.article_estimate {
        brackets.push(format!("the article: {}", format::value(kind, article)));
    }
    let is_blank = verdict.decision == Decision::Inconclusive && verdict.judged.is_none();
    let brackets = if brackets.is_empty() || is_blank {
        String::new()
    } else {
        format!(" ({})", brackets.join("; "))
    };
    format!(
        "{:<12}  \"{}\"  {}: {}{brackets}",
        verdict.decision,
        verdict.claim,
        words::runtime(&verdict.runtime),
        verdict.reason
    )
}

/// A table of all arms, each compared with serial in the same case.
fn table(run: &Recording) -> String {
    let arms = arms(run, |trial| trial.judged);
    let mut table = Table::new();
    table.load_style(NOTHING);
    for (arm, trials) in &arms {
        let Some(first) = trials.first() else { continue };
        let serial = arms.iter().find(|(other, trials)| {
            other.executor == Executor::Serial
                && (&other.runtime, &other.case) == (&arm.runtime, &arm.case)
                && trials.first().is_some_and(|trial| trial.jobs == first.jobs)
        });
        let serial = serial.and_then(|(_, trials)| median(&values(trials, makespan)));
        let cells = cells(first, trials, serial, run.granted_cores());
        table.set_header(cells.iter().map(|(name, _)| *name));
        table.add_row(cells.into_iter().map(|(_, cell)| cell));
    }
    for column in [2, 4, 5, 6, 7, 8, 9, 10] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.to_string()
}

/// The cells of an arm, each under its column's name.
fn cells(
    first: &TrialRow,
    trials: &[&TrialRow],
    serial: Option<f64>,
    cores: f64,
) -> [(&'static str, String); 11] {
    let typical = |of: &dyn Fn(&TrialRow) -> Option<f64>| median(&values(trials, of));
    let or_empty = |text: Option<String>| text.unwrap_or_default();
    let makespans = values(trials, makespan);
    let range = quantile(&makespans, 0.0).zip(quantile(&makespans, 1.0));
    let range = range.map(|(low, high)| format!("{} … {}", words::time(low), words::time(high)));
    let mine = median(&makespans);
    let used = typical(&|trial| Some(trial.cpu_ns? as f64 / (makespan(trial)? * cores)));
    let switches =
        typical(&|trial| Some((trial.voluntary_switches? + trial.involuntary_switches?) as f64));
    let memory = typical(&|trial| trial.peak_rss_bytes.map(|bytes| bytes as f64));
    let errors: u32 = trials.iter().map(|trial| trial.errors).sum();
    [
        ("runtime", words::runtime(&first.runtime)),
        ("executor", executor(first)),
        ("workers", first.workers.to_string()),
        ("case", first.case.clone()),
        (
            "makespan",
            match errors {
                0 => or_empty(mine.map(words::time)),
                errors => format!("{errors} errors"),
            },
        ),
        ("min … max", or_empty(range)),
        (
            "speed-up",
            or_empty(serial.zip(mine).map(|(serial, mine)| format!("{:.2}", serial / mine))),
        ),
        (
            "work window",
            or_empty(typical(&|trial| trial.window_ns.map(|ns| ns as f64)).map(words::time)),
        ),
        ("cores used", or_empty(used.map(|share| format!("{:.0} %", 100.0 * share)))),
        ("switches", or_empty(switches.map(|number| format!("{number:.0}")))),
        ("memory", or_empty(memory.map(|bytes| format!("{:.0} MB", bytes / 1e6)))),
    ]
}

/// `threads, again`; `processes by fork`.
fn executor(trial: &TrialRow) -> String {
    let method = trial.start_method.as_ref().map(|method| format!(" by {method}"));
    let again = if trial.role == Role::Replicate { ", again" } else { "" };
    format!("{}{}{again}", trial.executor, method.unwrap_or_default())
}

/// The values of all trials without errors.
fn values(trials: &[&TrialRow], of: impl Fn(&TrialRow) -> Option<f64>) -> Vec<f64> {
    trials.iter().filter(|trial| trial.errors == 0).filter_map(|trial| of(trial)).collect()
}

fn makespan(trial: &TrialRow) -> Option<f64> {
    trial.makespan_ns.map(|ns| ns as f64)
}
