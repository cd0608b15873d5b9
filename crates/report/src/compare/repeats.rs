//! Whether suites that were run one after another gave the same verdicts.

use super::rows::{self, Agreement, Row};
use super::sides;
use crate::redraw::entries;
use crate::words;
use anyhow::Result;
use lab_data::run::Mode;
use lab_stats::format;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// In how many places the suites in a folder agree, and a table of those where they do not; none where
/// there are no two suites.
///
/// # Errors
/// If a folder cannot be read.
pub(crate) fn markdown(suites: &Path) -> Result<Option<String>> {
    if !suites.is_dir() {
        return Ok(None);
    }
    let folders = entries(suites)?;
    if folders.len() < 2 {
        return Ok(None);
    }
    let sides = sides::read(&folders)?;
    let runs = || sides.iter().flat_map(|side| &side.runs);
    let names: BTreeSet<&str> = runs().map(|run| run.name.as_str()).collect();
    let is_quick =
        |name: &&&str| runs().any(|run| run.name == **name && run.info.mode == Mode::Quick);
    let quick = match names.iter().filter(is_quick).count() {
        0 => String::new(),
        some => format!(", {some} of them with --quick,"),
    };
    let all = rows::rows(&sides, true);
    let (claims, parts): (Vec<&Row>, Vec<&Row>) = all
        .iter()
        .filter(|row| row.agreement != Agreement::Alone)
        .partition(|row| row.part.is_empty());
    let other =
        |rows: &[&Row], agreement| rows.iter().filter(|row| row.agreement == agreement).count();
    let changed = [&claims, &parts].map(|rows| other(rows, Agreement::Changed));
    let opposite = [&claims, &parts].map(|rows| other(rows, Agreement::Contradicts));
    let sum = format!(
        "{} suites of {} experiments{quick} gave the same verdict in {} of {} places where a claim is judged in a runtime; in {} \
         some of them could not decide, and in {} they contradict each other. Of {} parts of claims {} were not \
         decided in all of them, and {} contradict each other.\n\n",
        sides.len(),
        names.len(),
        claims.len() - changed[0] - opposite[0],
        claims.len(),
        changed[0],
        opposite[0],
        parts.len(),
        changed[1],
        opposite[1],
    );
    let heads = ["Claim", "Where", "Verdicts", "Estimates"].map(str::to_owned);
    let is_shown = |row: &&&Row| match row.agreement {
        Agreement::Contradicts => true,
        agreement => agreement == Agreement::Changed && row.part.is_empty(),
    };
    let shown = claims.iter().chain(&parts).filter(is_shown);
    Ok(Some(sum + &words::table(&heads, shown.map(|row| cells(row)))))
}

fn cells(row: &Row) -> Vec<String> {
    let part = if row.part.is_empty() { String::new() } else { format!(", {}", row.part) };
    let found: Vec<_> = row.found.iter().flatten().collect();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for verdict in &found {
        *counts.entry(verdict.verdict.to_string()).or_default() += 1;
    }
    let counts = counts.iter().map(|(verdict, count)| format!("{verdict} {count}×"));
    let mut shown: Vec<_> =
        found.iter().filter_map(|row| Some((row.shown()?.0, row.kind))).collect();
    shown.sort_by(|a, b| a.0.total_cmp(&b.0));
    let ends = shown.first().zip(shown.last());
    vec![
        format!("“{}”{part}", row.claim),
        row.runtimes().into_iter().map(format::runtime).collect::<Vec<_>>().join(", "),
        counts.collect::<Vec<_>>().join(", "),
        ends.map_or(String::new(), |(low, high)| format::range(low.1, low.0, high.0)),
    ]
}
