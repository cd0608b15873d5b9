//! Two runs or machines beside one another, or more: first what differs in how the data were made,
//! then the verdicts and ratios, claim by claim and runtime by runtime.
//!
//! Absolute times of two machines are never compared: ratios within a machine are. Verdicts are
//! taken as they were saved; `report figures` judges data again.

mod facts;
mod pairs;
pub(crate) mod repeats;
mod rows;
mod sides;
mod text;

use anyhow::{Result, ensure};
use facts::Fact;
use rows::Row;
use serde_json::json;
use sides::Side;
use std::path::PathBuf;
use std::process::ExitCode;

/// Compares the runs in these folders.
///
/// # Errors
/// If one cannot be found or holds no run, two are the same, or no experiment is in several of them.
/// Damaged data of an experiment are reported, and make the exit code 1.
pub(crate) fn compare(folders: &[PathBuf], with_parts: bool, as_json: bool) -> Result<ExitCode> {
    let sides = sides::read(folders)?;
    let (facts, rows) = (facts::facts(&sides), rows::rows(&sides, with_parts));
    let damaged = || sides.iter().flat_map(|side| &side.damaged);
    for problem in damaged().map(|(_, problem)| problem) {
        eprintln!("report: {problem}");
    }
    for changed in sides.iter().flat_map(|side| &side.changed) {
        eprintln!("warning: {changed}");
    }
    ensure!(
        !rows.is_empty(),
        "there is nothing to compare: no experiment has whole data in two of the folders"
    );
    let (missing, same) = (missing(&sides), same_runs(&sides));
    lab::show::print::say(&if as_json {
        json(&sides, &missing, (&facts, &rows), &same)
    } else {
        let parts = [
            text::folders(&sides, &missing, &same),
            text::differences(&sides, &facts),
            text::claims(&sides, &rows),
            text::sum(&rows),
        ];
        parts.concat()
    })?;
    Ok(if damaged().next().is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The same for programs, on a line.
fn json(
    sides: &[Side],
    missing: &[Vec<&str>],
    (facts, rows): (&[Fact], &[Row]),
    same_runs: &[&str],
) -> String {
    let (differ, same): (Vec<&Fact>, Vec<&Fact>) = facts.iter().partition(|fact| fact.differs());
    let sides = sides.iter().zip(missing).map(|(side, missing)| {
        json!({
            "label": side.label,
            "folder": side.folder.to_string_lossy(),
            "runs": side.runs.iter().map(|run| &run.info).collect::<Vec<_>>(),
            "missing": missing,
            "damaged": side.damaged.iter().map(|(_, problem)| problem).collect::<Vec<_>>(),
        })
    });
    let object = json!({
        "sides": sides.collect::<Vec<_>>(),
        "differ": differ,
        "same": same,
        "same_runs": same_runs,
        "rows": rows,
    });
    object.to_string() + "\n"
}

/// The experiments of which two sides hold one and the same run: that they agree says nothing.
fn same_runs(sides: &[Side]) -> Vec<&str> {
    let all = sides.iter().flat_map(|side| &side.runs);
    let mut runs: Vec<_> = all.map(|run| (run.name.as_str(), &run.info.run_id)).collect();
    runs.sort_unstable();
    let twice = runs.chunk_by(|a, b| a == b).filter(|same| same.len() > 1);
    let mut names: Vec<&str> = twice.flatten().map(|(name, _)| *name).collect();
    names.dedup();
    names
}

/// For each side the experiments of others that it does not have, damaged ones aside.
fn missing(sides: &[Side]) -> Vec<Vec<&str>> {
    let mut names: Vec<&str> = sides.iter().flat_map(Side::names).collect();
    names.sort_unstable();
    names.dedup();
    let of = |side: &Side| {
        let is_missing = |name: &&str| !side.names().any(|own| own == *name);
        names.iter().copied().filter(is_missing).collect()
    };
    sides.iter().map(of).collect()
}
