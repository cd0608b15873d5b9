//! The articles' numbers beside ours: `data/articles-beside.csv` says which two runs make a ratio,
//! in the articles and here, and why the two differ.

use crate::board;
use crate::run::Run;
use crate::words;
use anyhow::{Context, Result, ensure};
use lab::design::article;
use lab::design::runtime::{CPYTHON_SIMULATED, is_simulated};
use lab_data::rows::{Role, TrialRow};
use lab_data::tables;
use lab_stats::format;
use lab_stats::interval::{self, LEVEL};
use lab_stats::summary::median;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// The table of what is compared, below `data/`.
const TABLE: &str = "articles-beside.csv";
/// Instead of a number of workers: one per core that can be used.
const CORES: &str = "cores";

/// As many cores as the articles' machine had: runs on so many are shown beside, if they are saved.
const SIMULATED: u32 = 4;

/// How long one run took over another.
#[derive(Debug, Default, Deserialize, Serialize)]
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
pub(crate) fn table(data: &Path, runs: &[Run]) -> Result<String> {
    let rows: Vec<Row> = tables::read(&data.join(TABLE))?;
    let mut lines = Vec::new();
    for row in &rows {
        let wrong = |what: &str| format!("{TABLE}, '{}': {what}", row.what);
        let theirs = article_seconds(&row.article_over)
            .zip(article_seconds(&row.article_under))
            .map(|(over, under)| over / under)
            .with_context(|| wrong("articles.csv has no such run"))?;
        let Some(run) = runs.iter().find(|run| run.name == row.experiment) else {
            continue;
        };
        let trials: Vec<TrialRow> = tables::read(&data.join(&run.name).join("trials.csv"))?;
        let mut ours = ratios(&trials, row, run.info.machine.cores.usable);
        ensure!(!ours.is_empty(), wrong("trials.csv has no such arms"));
        let simulated = data.join(format!("{}-sim-{SIMULATED}", run.name)).join("trials.csv");
        if simulated.exists() {
            let mut all = ratios(&tables::read(&simulated)?, row, SIMULATED);
            ours.extend(all.remove_entry(CPYTHON_SIMULATED));
        }
        lines.push((row, theirs, ours));
    }
    let runtimes = lines.iter().flat_map(|(.., ours)| ours.keys());
    let mut runtimes: Vec<&str> = runtimes.map(String::as_str).collect();
    runtimes.sort_unstable();
    runtimes.dedup();
    let runtimes = board::brief(runs, runtimes);
    let names = runtimes.iter().map(|name| match is_simulated(name) {
        true => format!("{}, {SIMULATED} cores", format::runtime(name)),
        false => format::runtime(name),
    });
    let first = ["Ratio of times", "The article"].map(str::to_owned).into_iter();
    let heads: Vec<String> = first.chain(names).chain(["Why they differ".to_owned()]).collect();
    let rows = lines.iter().map(|(row, theirs, ours)| {
        let own = runtimes.iter().map(|runtime| ours.get(*runtime));
        let own = own.map(|ratio| ratio.map_or(String::new(), |&ratio| format::ratio(ratio)));
        let first = [row.what.clone(), format::ratio(*theirs)].into_iter();
        first.chain(own).chain([row.why.clone()]).collect()
    });
    Ok(words::table(&heads, rows))
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
    let runtimes = trials.iter().map(|trial| trial.runtime.as_str());
    let mut runtimes: Vec<&str> = runtimes.filter(|runtime| *runtime != "gil").collect();
    runtimes.sort_unstable();
    runtimes.dedup();
    let ratio = |runtime: &str| {
        let [over, under] =
            [&row.over, &row.under].map(|arm| blocks(trials, row, (runtime, arm), cores));
        let both = over.iter().filter_map(|(block, time)| Some((*time, *under.get(block)?)));
        let (over, under): (Vec<f64>, Vec<f64>) = both.unzip();
        let interval = interval::ratio(&over, &under, LEVEL).ok()?;
        Some((runtime.to_owned(), interval.estimate))
    };
    runtimes.into_iter().filter_map(ratio).collect()
}

/// The median time of an arm in each block.
fn blocks(
    trials: &[TrialRow],
    row: &Row,
    (runtime, arm): (&str, &str),
    cores: u32,
) -> BTreeMap<u32, f64> {
    let (executor, workers) = arm.split_once(' ').unwrap_or((arm, "1"));
    let workers = if workers == CORES { Some(cores) } else { workers.parse().ok() };
    let is_own = |trial: &&TrialRow| {
        trial.judged
            && trial.errors == 0
            && trial.role != Role::Replicate
            && trial.runtime == runtime
            && trial.executor.name() == executor
            && Some(trial.workers) == workers
            && trial.case == row.case
    };
    let mut times: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    for trial in trials.iter().filter(is_own) {
        let time = if row.time == "window" { trial.window_ns } else { trial.makespan_ns };
        times.entry(trial.block).or_default().extend(time.map(|ns| ns as f64));
    }
    let medians = times.into_iter().filter_map(|(block, times)| Some((block, median(&times)?)));
    medians.collect()
}
