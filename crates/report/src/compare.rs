//! Two runs or machines beside one another, or more: first what differs in how the data were made,
//! then the verdicts and ratios, claim by claim and runtime by runtime.
//!
//! Absolute times of two machines are never compared: ratios within a machine are. Verdicts are
//! taken as they were saved; `report figures` judges data again.

mod facts;
mod rows;
mod sides;
mod text;

use anyhow::{Result, ensure};
use serde_json::json;
use sides::Side;
use std::path::PathBuf;
use std::process::ExitCode;

/// All that is said of some folders.
#[derive(Debug)]
pub(crate) struct Comparison {
    pub(crate) sides: Vec<Side>,
    pub(crate) facts: Vec<facts::Fact>,
    pub(crate) rows: Vec<rows::Row>,
}

impl Comparison {
    fn of(sides: Vec<Side>) -> Comparison {
        Comparison {
            facts: facts::facts(&sides),
            rows: rows::rows(&sides),
            sides,
        }
    }

    /// What is wrong with folders, in sentences; the rest is compared all the same.
    fn problems(&self) -> impl Iterator<Item = &str> {
        let damaged = self.sides.iter().flat_map(|side| &side.damaged);
        damaged.map(|damaged| damaged.problem.as_str())
    }

    /// The same for programs, on a line.
    fn json(&self) -> String {
        let (differ, same): (Vec<&facts::Fact>, Vec<&facts::Fact>) =
            self.facts.iter().partition(|fact| fact.differs());
        let sides = self.sides.iter().map(|side| {
            json!({
                "label": side.label,
                "folder": side.folder.to_string_lossy(),
                "runs": side.saved.iter().map(|saved| &saved.info).collect::<Vec<_>>(),
                "missing": self.missing(side),
                "damaged": side.damaged.iter().map(|damaged| &damaged.problem).collect::<Vec<_>>(),
            })
        });
        let object = json!({
            "sides": sides.collect::<Vec<_>>(),
            "differ": differ,
            "same": same,
            "same_runs": self.same_runs(),
            "rows": self.rows,
        });
        object.to_string() + "\n"
    }

    /// The experiments of which two sides hold one and the same run: that they agree says nothing.
    fn same_runs(&self) -> Vec<&str> {
        let all = self.sides.iter().flat_map(|side| &side.saved);
        let mut runs: Vec<(&str, &str)> = all
            .map(|saved| (saved.name.as_str(), saved.info.run_id.as_str()))
            .collect();
        runs.sort_unstable();
        let twice = runs.chunk_by(|a, b| a == b).filter(|same| same.len() > 1);
        let mut names: Vec<&str> = twice.flatten().map(|(name, _)| *name).collect();
        names.dedup();
        names
    }

    /// The experiments of other sides that this one does not have, damaged ones aside.
    fn missing(&self, side: &Side) -> Vec<&str> {
        let mut names: Vec<&str> = self.sides.iter().flat_map(Side::names).collect();
        names.retain(|name| !side.names().any(|own| own == *name));
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// Compares the runs in these folders.
///
/// # Errors
/// If there are fewer than two folders, one cannot be found or holds no run, two are the same, or
/// no experiment is in several of them. Damaged data of an experiment are told, and make the exit
/// code 1.
pub(crate) fn compare(folders: &[PathBuf], as_json: bool) -> Result<ExitCode> {
    let sides = sides::read(folders)?;
    let comparison = Comparison::of(sides);
    for problem in comparison.problems() {
        eprintln!("report: {problem}");
    }
    ensure!(
        !comparison.rows.is_empty(),
        "there is nothing to compare: no experiment has whole data in two of the folders"
    );
    lab::say(&match as_json {
        true => comparison.json(),
        false => comparison.text(),
    })?;
    Ok(match comparison.problems().next() {
        None => ExitCode::SUCCESS,
        Some(_) => ExitCode::FAILURE,
    })
}
