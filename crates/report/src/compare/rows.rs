//! The verdicts of several folders, claim by claim and runtime by runtime.

use super::pairs::{Found, pairs};
use super::sides::Side;
use lab_data::rows::{Decision, VerdictRow};
use serde::Serialize;

/// One claim, or a part of one, in one runtime.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) experiment: String,
    pub(crate) claim: String,
    pub(crate) part: String,
    /// The runtimes that are compared, where they are not the same: `cpython-3.13 / cpython-3.14`.
    pub(crate) runtime: String,
    /// How the sides that have it agree.
    pub(crate) agreement: Agreement,
    /// One per side; none where it was not measured.
    pub(crate) found: Found,
}

/// How sides agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Agreement {
    /// One says TRUE and another FALSE, or one of them NEITHER.
    Contradicts,
    /// Some could decide and some could not.
    Changed,
    /// The same verdict, from intervals that do not overlap.
    Apart,
    /// The same verdict, and intervals that overlap, or are not there.
    Same,
    /// Only one side has it.
    Alone,
}

/// The rows of the experiments that two sides have at least: claims, and if asked for their parts.
pub(crate) fn rows(sides: &[Side], with_parts: bool) -> Vec<Row> {
    let mut names: Vec<&str> = sides.iter().flat_map(Side::whole).collect();
    names.sort_unstable();
    // A name that is there twice is in two sides.
    let twice = names.chunk_by(|a, b| a == b).filter(|same| same.len() > 1);
    let shared = twice.filter_map(|same| same.first());
    shared.flat_map(|name| of_experiment(sides, name, with_parts)).collect()
}

fn of_experiment(sides: &[Side], name: &str, with_parts: bool) -> Vec<Row> {
    let own = |side: &Side| -> Vec<VerdictRow> {
        let rows = side.of(name).into_iter().flat_map(|run| &run.rows);
        rows.filter(|row| with_parts || row.part.is_empty()).cloned().collect()
    };
    let all: Vec<Vec<VerdictRow>> = sides.iter().map(own).collect();
    let row = |found: Found| {
        let first = found.iter().flatten().next();
        Row {
            experiment: name.to_owned(),
            claim: first.map_or(String::new(), |row| row.claim.clone()),
            part: first.map_or(String::new(), |row| row.part.clone()),
            runtime: runtimes(&found).join(" / "),
            agreement: agreement(&found),
            found,
        }
    };
    pairs(&all).into_iter().map(row).collect()
}

impl Row {
    /// The runtimes that are compared: one, or versions of CPython.
    pub(crate) fn runtimes(&self) -> Vec<&str> {
        runtimes(&self.found)
    }
}

fn runtimes(found: &[Option<VerdictRow>]) -> Vec<&str> {
    let mut names: Vec<&str> = found.iter().flatten().map(|row| row.runtime.as_str()).collect();
    names.dedup();
    names
}

fn agreement(found: &[Option<VerdictRow>]) -> Agreement {
    let found: Vec<&VerdictRow> = found.iter().flatten().collect();
    let has = |verdict: Decision| found.iter().any(|row| row.verdict == verdict);
    let decided = [Decision::True, Decision::False, Decision::Neither].map(has);
    let decided = decided.into_iter().filter(|is_there| *is_there).count();
    let apart = |a: &VerdictRow, b: &VerdictRow| a.high < b.low && a.high.is_some();
    if found.len() < 2 {
        Agreement::Alone
    } else if decided > 1 {
        Agreement::Contradicts
    } else if decided == 1 && has(Decision::Inconclusive) {
        Agreement::Changed
    } else if found.iter().any(|a| found.iter().any(|b| apart(a, b))) {
        Agreement::Apart
    } else {
        Agreement::Same
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Decision::{False, Inconclusive, Neither, True};

    fn found(verdict: Decision, interval: Option<(f64, f64)>) -> Option<VerdictRow> {
        Some(VerdictRow {
            verdict,
            low: interval.map(|(low, _)| low),
            high: interval.map(|(_, high)| high),
            ..VerdictRow::default()
        })
    }

    #[test]
    fn sides_agree_or_contradict_or_could_not_all_tell() {
        let near = Some((1.0, 2.0));
        for (verdicts, expected) in [
            (&[True, True, True][..], Agreement::Same),
            (&[True, Inconclusive, True], Agreement::Changed),
            (&[True, Inconclusive, False], Agreement::Contradicts),
            (&[Neither, False], Agreement::Contradicts),
        ] {
            let rows: Vec<_> = verdicts.iter().map(|verdict| found(*verdict, near)).collect();
            assert_eq!(agreement(&rows), expected, "{verdicts:?}");
        }
        let [low, high, none] =
            [near, Some((2.1, 3.0)), None].map(|interval| found(False, interval));
        assert_eq!(agreement(&[high.clone(), low.clone()]), Agreement::Apart);
        assert_eq!(agreement(&[high, None]), Agreement::Alone);
        assert_eq!(agreement(&[low, none]), Agreement::Same);
    }
}
