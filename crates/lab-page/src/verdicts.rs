//! Claims × runtimes: what a row of the table of verdicts shows.

use crate::axis::{Axis, Interval};
use crate::choices::{Choice, choices};
use crate::text::{escape, together};
use lab::design::runtime::place;
use lab::show::meaning::Meaning;
use lab_data::rows::{Decision, VerdictRow};
use lab_stats::format;

/// What is told of a claim besides its verdicts.
#[derive(Clone, Debug, Default)]
pub struct Told<'a> {
    /// What a reader takes home; none where the verdicts are not the documented ones.
    pub lesson: Option<&'a str>,
    /// What either verdict would mean, where that can be said.
    pub meaning: Option<Meaning>,
}

/// A claim with its verdicts, in the order in which runtimes are shown.
#[derive(Debug)]
pub(crate) struct Claim {
    /// In the words of those who make it.
    pub(crate) text: String,
    /// Its experiment.
    pub(crate) experiment: String,
    /// What the article says; empty where it says nothing.
    pub(crate) article: String,
    /// What a reader takes home; empty where the verdicts are not the documented ones.
    pub(crate) lesson: String,
    /// What a reader chooses between before the answer is shown; empty where that is not known.
    pub(crate) choices: Vec<Choice>,
    pub(crate) rows: Vec<Row>,
}

/// The verdict in one runtime.
#[derive(Debug)]
pub(crate) struct Row {
    /// The runtime's name in the tables.
    pub(crate) key: String,
    /// Its name in prose.
    pub(crate) runtime: String,
    pub(crate) verdict: &'static str,
    /// `1.02×`, or nothing.
    pub(crate) estimate: String,
    /// `0.98–1.06`, or nothing.
    pub(crate) range: String,
    /// `FALSE up to 1.34× here`, or nothing.
    pub(crate) edge: String,
    /// The finding in a sentence, as HTML.
    pub(crate) reason: String,
    /// The interval against its edges, as SVG; or nothing.
    pub(crate) strip: String,
}

/// The claims of these rows, which are all of one run, in the order of the table.
pub(crate) fn claims<'a>(
    rows: &'a [VerdictRow],
    told: impl Fn(&str) -> Option<&'a Told<'a>>,
) -> Vec<Claim> {
    let mut ids: Vec<&str> = Vec::new();
    for row in rows.iter().filter(|row| row.part.is_empty()) {
        if !ids.contains(&row.claim_id.as_str()) {
            ids.push(&row.claim_id);
        }
    }
    let of = |id: &&str| {
        let own = rows.iter().filter(|row| row.part.is_empty() && row.claim_id == **id);
        let mut own: Vec<&VerdictRow> = own.collect();
        own.sort_by_key(|row| place(&row.runtime));
        let first = own.first()?;
        let told = told(id);
        Some(Claim {
            text: first.claim.clone(),
            experiment: first.experiment.clone(),
            article: said(
                first.article_verdict,
                first.article_estimate.map(|number| format::value(first.kind, number)),
            ),
            lesson: told.and_then(|told| told.lesson).unwrap_or_default().to_owned(),
            choices: choices(told.and_then(|told| told.meaning.as_ref()), &own),
            rows: self::rows(&own),
        })
    };
    ids.iter().filter_map(of).collect()
}

/// Rows that share one axis.
pub(crate) fn rows(all: &[&VerdictRow]) -> Vec<Row> {
    let intervals: Vec<Option<Interval>> = all.iter().map(|row| Interval::of(row)).collect();
    let axis = Axis::of(intervals.iter().flatten());
    let row = |(row, interval): (&&VerdictRow, &Option<Interval>)| Row {
        key: row.runtime.clone(),
        runtime: format::runtime(&row.runtime),
        verdict: word(row.verdict),
        estimate: row
            .shown()
            .map_or(String::new(), |(estimate, ..)| format::value(row.kind, estimate)),
        range: row
            .shown()
            .map_or(String::new(), |(_, low, high)| format::range(row.kind, low, high)),
        edge: lab::show::words::edge(row).unwrap_or_default(),
        reason: escape(&together(&row.reason)),
        strip: axis.zip(*interval).map_or(String::new(), |(axis, interval)| axis.svg(&interval)),
    };
    all.iter().zip(&intervals).map(row).collect()
}

fn said(verdict: Option<Decision>, estimate: Option<String>) -> String {
    let words = [verdict.map(|verdict| word(verdict).to_owned()), estimate];
    words.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

pub(crate) fn word(verdict: Decision) -> &'static str {
    match verdict {
        Decision::True => "TRUE",
        Decision::False => "FALSE",
        Decision::Neither => "NEITHER",
        Decision::Inconclusive => "INCONCLUSIVE",
    }
}
