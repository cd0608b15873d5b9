//! The articles' numbers beside ours: `data/articles-beside.csv` says which two runs make a ratio,
//! in the articles and here, and why the two differ.

use crate::redraw::Saved;
use anyhow::{Context, Result, ensure};
use lab::{article, words};
use lab_record::rows::{Executor, TrialRow};
use lab_record::tables;
use lab_stats::interval::{self, LEVEL};
use lab_stats::summary::median;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// The table of what is compared, below `data/`.
const TABLE: &str = "articles-beside.csv";
/// Instead of a number of workers: one a core that can be used.
const CORES: &str = "cores";

/// How long one run took over another.
#[derive(Debug, Deserialize, Serialize)]
struct Row {
    /// Whose trials are ours.
    experiment: String,
    /// The ratio in words.
    what: String,
    /// The article's run above the line: `io-threads serial 1`.
    article_over: String,
    /// The article's run below the line.
    article_under: String,
    /// Our arm above the line: `serial 1`, `threads cores`.
    over: String,
    /// Our arm below the line.
    under: String,
    /// Our arms' case.
    case: String,
    /// Which of our times: `makespan` or `window`.
    time: String,
    /// Why the two differ.
    why: String,
}

/// Each published ratio beside ours, in Markdown. A ratio whose experiment has no data is left
/// out.
///
/// # Errors
/// If the table or the trials cannot be read, or the table names what is not there.
pub(crate) fn table(data: &Path, saved: &[Saved]) -> Result<String> {
    let rows: Vec<Row> = tables::read(&data.join(TABLE))?;
    let mut lines = Vec::new();
    let mut runtimes: Vec<&str> = Vec::new();
    for row in &rows {
        let theirs = article_seconds(&row.article_over)
            .zip(article_seconds(&row.article_under))
            .map(|(over, under)| over / under);
        let place = || format!("{TABLE}, '{}'", row.what);
        let theirs =
            theirs.with_context(|| format!("{}: articles.csv has no such run", place()))?;
        let Some(run) = saved.iter().find(|saved| saved.name == row.experiment) else {
            continue;
        };
        let trials: Vec<TrialRow> = tables::read(&data.join(&run.name).join("trials.csv"))?;
        let ours = ratios(&trials, row, run.info.machine.cores.usable);
        ensure!(!ours.is_empty(), "{}: trials.csv has no such arms", place());
        for trial in trials
            .iter()
            .filter(|trial| ours.contains_key(trial.runtime.as_str()))
        {
            let known = saved.iter().flat_map(|saved| &saved.rows);
            let known = known.map(|row| row.runtime.as_str());
            if let Some(runtime) = known.into_iter().find(|name| *name == trial.runtime)
                && !runtimes.contains(&runtime)
            {
                runtimes.push(runtime);
            }
        }
        lines.push((row, theirs, ours));
    }
    runtimes.sort_by_key(|runtime| (!runtime.starts_with("cpython"), *runtime));
    Ok(markdown(&lines, &runtimes))
}

type Line<'a> = (&'a Row, f64, BTreeMap<String, f64>);

fn markdown(lines: &[Line], runtimes: &[&str]) -> String {
    let heads: String = runtimes
        .iter()
        .map(|name| format!(" {} |", words::runtime(name)))
        .collect();
    let rule = "---|".repeat(runtimes.len() + 3);
    let mut text = format!("| Ratio of times | The article |{heads} Why they differ |\n|{rule}\n");
    for (row, theirs, ours) in lines {
        text.push_str(&format!("| {} | {} |", row.what, words::times(*theirs)));
        for runtime in runtimes {
            let cell = ours
                .get(*runtime)
                .map_or(String::new(), |&ratio| words::times(ratio));
            text.push_str(&format!(" {cell} |"));
        }
        text.push_str(&format!(" {} |\n", row.why));
    }
    text
}

/// The seconds of a run that is named with three words.
fn article_seconds(run: &str) -> Option<f64> {
    let mut words = run.split(' ');
    let (misconception, executor) = (words.next()?, words.next()?);
    article::seconds(misconception, executor, words.next()?)
}

/// The ratio in each runtime that has both arms, block by block; the model aside, which no article
/// knows.
fn ratios(trials: &[TrialRow], row: &Row, cores: u32) -> BTreeMap<String, f64> {
    let mut ratios = BTreeMap::new();
    for trial in trials.iter().filter(|trial| trial.runtime != "gil") {
        if ratios.contains_key(&trial.runtime) {
            continue;
        }
        let of = |arm: &str| blocks(trials, row, &trial.runtime, arm, cores);
        let (over, under) = (of(&row.over), of(&row.under));
        let (first, second): (Vec<f64>, Vec<f64>) = over
            .iter()
            .filter_map(|(block, time)| Some((*time, *under.get(block)?)))
            .unzip();
        if let Ok(interval) = interval::ratio(&first, &second, LEVEL) {
            ratios.insert(trial.runtime.clone(), interval.estimate);
        }
    }
    ratios
}

/// The median time of an arm in each block.
fn blocks(
    trials: &[TrialRow],
    row: &Row,
    runtime: &str,
    arm: &str,
    cores: u32,
) -> BTreeMap<u32, f64> {
    let (executor, workers) = arm.split_once(' ').unwrap_or((arm, "1"));
    let workers = match workers {
        CORES => Some(cores),
        number => number.parse().ok(),
    };
    let mut times: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    for trial in trials.iter().filter(|trial| {
        trial.judged
            && trial.errors == 0
            && trial.role != lab_record::rows::Role::Null
            && trial.runtime == runtime
            && Executor::name(trial.executor) == executor
            && Some(trial.workers) == workers
            && trial.case == row.case
    }) {
        let time = match row.time.as_str() {
            "window" => trial.window_ns,
            _ => trial.makespan_ns,
        };
        times
            .entry(trial.block)
            .or_default()
            .extend(time.map(|ns| ns as f64));
    }
    times
        .into_iter()
        .filter_map(|(block, times)| Some((block, median(&times)?)))
        .collect()
}
