//! The verdicts of several folders, claim by claim and runtime by runtime.

use super::sides::Side;
use lab_record::rows::VerdictRow;
use serde::Serialize;

/// One claim in one runtime.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) experiment: String,
    pub(crate) claim: String,
    pub(crate) runtime: String,
    /// How the sides that have it agree.
    pub(crate) agreement: Agreement,
    /// One a side; none where it was not measured.
    pub(crate) found: Vec<Option<VerdictRow>>,
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

/// The rows of the experiments that two sides have at least: claims, and not their parts.
pub(crate) fn rows(sides: &[Side]) -> Vec<Row> {
    let mut names: Vec<&str> = sides
        .iter()
        .flat_map(|side| side.saved.iter().map(|saved| saved.name.as_str()))
        .collect();
    names.sort_unstable();
    // A name that stands there twice is in two sides.
    let twice = names.chunk_by(|a, b| a == b).filter(|same| same.len() > 1);
    twice
        .filter_map(|same| same.first())
        .flat_map(|name| of_experiment(sides, name))
        .collect()
}

/// The runtimes of a claim stand together, in the order of the tables.
fn of_experiment(sides: &[Side], name: &str) -> Vec<Row> {
    let own = |side: &Side| {
        let saved = side.of(name).into_iter().flat_map(|saved| &saved.rows);
        saved.filter(|row| row.case.is_empty()).cloned().collect()
    };
    let all: Vec<Vec<VerdictRow>> = sides.iter().map(own).collect();
    let mut keys: Vec<(&str, &str)> = Vec::new();
    for key in all.iter().flatten().map(key) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let first = |claim: &str| keys.iter().position(|(other, _)| *other == claim);
    let mut sorted = keys.clone();
    sorted.sort_by_key(|(claim, _)| first(claim));
    let row = |(claim, runtime): (&str, &str)| {
        let of =
            |own: &Vec<VerdictRow>| own.iter().find(|row| key(row) == (claim, runtime)).cloned();
        let found: Vec<Option<VerdictRow>> = all.iter().map(of).collect();
        Row {
            experiment: name.to_owned(),
            claim: claim.to_owned(),
            runtime: runtime.to_owned(),
            agreement: agreement(&found),
            found,
        }
    };
    sorted.into_iter().map(row).collect()
}

fn key(row: &VerdictRow) -> (&str, &str) {
    (&row.claim, &row.runtime)
}

fn agreement(found: &[Option<VerdictRow>]) -> Agreement {
    let found: Vec<&VerdictRow> = found.iter().flatten().collect();
    let mut verdicts: Vec<&str> = found.iter().map(|row| row.verdict.as_str()).collect();
    verdicts.sort_unstable();
    verdicts.dedup();
    let decided = verdicts
        .iter()
        .filter(|word| **word != "INCONCLUSIVE")
        .count();
    let apart = |a: &VerdictRow, b: &VerdictRow| a.high < b.low && a.high.is_some();
    match (decided, verdicts.len()) {
        _ if found.len() < 2 => Agreement::Alone,
        (2.., _) => Agreement::Contradicts,
        (_, 2..) => Agreement::Changed,
        _ if found.iter().any(|a| found.iter().any(|b| apart(a, b))) => Agreement::Apart,
        _ => Agreement::Same,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(verdict: &str, interval: Option<(f64, f64)>) -> Option<VerdictRow> {
        Some(VerdictRow {
            claim: "A claim.".to_owned(),
            runtime: "rust".to_owned(),
            case: String::new(),
            kind: "ratio".to_owned(),
            measure: String::new(),
            arm_a: String::new(),
            arm_b: String::new(),
            estimate: interval.map(|(low, high)| (low * high).sqrt()),
            low: interval.map(|(low, _)| low),
            high: interval.map(|(_, high)| high),
            level: Some(0.95),
            blocks: 7,
            true_edge: None,
            false_edge: None,
            control_low: None,
            null_low: None,
            null_high: None,
            verdict: verdict.to_owned(),
            expected: String::new(),
            reason: String::new(),
            article_estimate: None,
            article_verdict: String::new(),
        })
    }

    #[test]
    fn a_verdict_that_could_not_be_given_changes_and_another_one_contradicts() {
        let near = Some((1.0, 2.0));
        let of = |words: &[&str]| {
            agreement(
                &words
                    .iter()
                    .map(|word| found(word, near))
                    .collect::<Vec<_>>(),
            )
        };
        assert_eq!(of(&["TRUE", "TRUE", "TRUE"]), Agreement::Same);
        assert_eq!(of(&["TRUE", "INCONCLUSIVE", "TRUE"]), Agreement::Changed);
        assert_eq!(
            of(&["TRUE", "INCONCLUSIVE", "FALSE"]),
            Agreement::Contradicts
        );
        assert_eq!(of(&["NEITHER", "FALSE"]), Agreement::Contradicts);
    }

    #[test]
    fn intervals_that_do_not_overlap_are_apart_and_what_is_not_there_is_nothing() {
        let low = found("FALSE", Some((1.0, 2.0)));
        let high = found("FALSE", Some((2.1, 3.0)));
        let none = found("FALSE", None);
        assert_eq!(agreement(&[high.clone(), low.clone()]), Agreement::Apart);
        assert_eq!(agreement(&[high, None]), Agreement::Alone);
        assert_eq!(agreement(&[low, none]), Agreement::Same);
    }
}
