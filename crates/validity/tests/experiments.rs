//! Every rule by which an experiment judges is one of those that are simulated.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "everything here is a test"
)]

use lab_record::rows::VerdictRow;
use lab_record::tables;
use lab_stats::edges::Edges;
use std::collections::BTreeMap;
use std::path::Path;
use validity::rules::{Kind, RULES};

/// Kind, TRUE edge and FALSE edge, as they stand in `verdicts.csv`.
type Judged = (String, String, String);

fn judged(row: &VerdictRow) -> Judged {
    let word = |edge: Option<f64>| edge.map_or(String::new(), |edge| edge.to_string());
    (row.kind.clone(), word(row.true_edge), word(row.false_edge))
}

/// The same of what is simulated.
fn simulated(kind: Kind, edges: &Edges) -> Judged {
    let kind = match kind {
        Kind::Share => "share",
        Kind::Ratio | Kind::Faster | Kind::OverBest => "ratio",
    };
    let (sense, yes, no) = match *edges {
        Edges::TrueInside { high, .. } => (" inside", high, high),
        Edges::TrueAbove {
            true_above,
            false_below,
        } => {
            let sense = if true_above == false_below {
                " above"
            } else {
                ""
            };
            (sense, true_above, false_below)
        }
        Edges::TrueBelow {
            true_below,
            false_above,
        } => ("", true_below, false_above),
    };
    (format!("{kind}{sense}"), yes.to_string(), no.to_string())
}

/// The most parts that a simulated rule of an experiment judges so; none if none does.
fn most_parts(experiment: &str, judged: &Judged) -> usize {
    let rules = RULES
        .iter()
        .filter(|rule| rule.experiments.contains(&experiment));
    let parts = rules.map(|rule| {
        let measured = rule.measured.iter();
        let like = measured.map(|one| {
            let edges = one.edges.iter();
            let alike = edges.filter(|edges| simulated(one.kind, edges) == *judged);
            one.number * alike.count()
        });
        like.sum()
    });
    parts.max().unwrap_or_default()
}

/// How many parts of one claim are judged so; 1 for a claim that is not made of its parts.
fn parts_of_claims(rows: &[VerdictRow]) -> BTreeMap<(String, Judged), usize> {
    let mut most: BTreeMap<(String, Judged), usize> = BTreeMap::new();
    for row in rows {
        let of_claim = |other: &&VerdictRow| {
            other.claim == row.claim && other.runtime == row.runtime && !other.case.is_empty()
        };
        let parts: Vec<&VerdictRow> = rows.iter().filter(of_claim).collect();
        let own = |case_is_empty: bool| {
            let mut rows = rows.iter();
            rows.find(|other| {
                other.claim == row.claim
                    && other.runtime == row.runtime
                    && other.case.is_empty() == case_is_empty
            })
        };
        // A claim that is made of its parts shows one of them.
        let is_made_of_parts = own(true).is_some_and(|whole| {
            let shown = |row: &VerdictRow| (row.measure.clone(), row.estimate, row.low, row.high);
            parts.iter().any(|part| shown(part) == shown(whole))
        });
        let alike = parts.iter().filter(|part| judged(part) == judged(row));
        let number = if is_made_of_parts { alike.count() } else { 1 };
        let entry = most.entry((row.claim.clone(), judged(row))).or_default();
        *entry = (*entry).max(number);
    }
    most
}

/// What is judged and not simulated, in words.
fn missing(experiment: &str, rows: &[VerdictRow]) -> Vec<String> {
    let all = parts_of_claims(rows).into_iter();
    let missing = all.filter(|((_, judged), parts)| most_parts(experiment, judged) < *parts);
    missing
        .map(|((claim, (kind, yes, no)), parts)| {
            format!(
                "{experiment}: {claim:?} has {parts} × {kind}, TRUE from {yes}, FALSE from {no}"
            )
        })
        .collect()
}

#[test]
fn every_rule_in_the_committed_data_is_simulated() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    let mut experiments = 0;
    let mut all = Vec::new();
    for entry in data.read_dir().unwrap() {
        let folder = entry.unwrap().path();
        let verdicts = folder.join("verdicts.csv");
        if !verdicts.exists() {
            continue;
        }
        let rows: Vec<VerdictRow> = tables::read(&verdicts).unwrap();
        let experiment = folder.file_name().unwrap().to_str().unwrap();
        all.extend(missing(experiment, &rows));
        experiments += 1;
    }
    assert!(all.is_empty(), "not simulated:\n{}", all.join("\n"));
    let mut named: Vec<&str> = RULES
        .iter()
        .flat_map(|rule| rule.experiments)
        .copied()
        .collect();
    named.sort_unstable();
    named.dedup();
    assert_eq!(named.len(), experiments, "{named:?}");
}

#[test]
fn a_rule_that_is_not_simulated_is_named_with_its_experiment() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    let verdicts = data.join("io-threads/verdicts.csv");
    let rows: Vec<VerdictRow> = tables::read(&verdicts).unwrap();
    assert!(missing("io-threads", &rows).is_empty());
    let mut other = rows.clone();
    other[0].true_edge = Some(1.07);
    let found = missing("io-threads", &other);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with(
            "io-threads: \"Multithreading is useless.\" has 1 × ratio, TRUE from 1.07"
        ),
        "{found:?}"
    );
    // The rules of another experiment do not count, nor do fewer parts.
    assert!(!missing("spawn-cost", &rows).is_empty());
    let step = rows.iter().find(|row| row.case.contains('→')).unwrap();
    let mut more = rows.clone();
    more.extend(vec![step.clone(); 3]);
    assert_eq!(missing("io-threads", &more).len(), 1);
}
