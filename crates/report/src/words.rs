//! How a verdict is written in tables.

use lab_data::rows::{Decision, VerdictRow};
use lab_stats::format;

/// The estimate that is shown: `10.3×`.
pub(crate) fn estimate(row: &VerdictRow) -> Option<String> {
    let (estimate, ..) = row.shown()?;
    Some(format::value(row.kind, estimate))
}

/// Its interval: `10.1–10.5`.
pub(crate) fn range(row: &VerdictRow) -> Option<String> {
    let (_, low, high) = row.shown()?;
    Some(format::range(row.kind, low, high))
}

/// The same number, from the article.
pub(crate) fn article(row: &VerdictRow) -> Option<String> {
    Some(format::value(row.kind, row.article_estimate?))
}

/// A decision and what it rests on, as far as they are known: `FALSE 2.50×`.
pub(crate) fn said(decision: Option<Decision>, estimate: Option<String>) -> String {
    let words = [decision.map(|decision| decision.to_string()), estimate];
    words.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The same in Markdown: `**FALSE** 2.50×`.
pub(crate) fn in_bold(row: &VerdictRow, estimate: Option<String>) -> String {
    format!("**{}** {}", row.verdict, estimate.unwrap_or_default()).trim_end().to_owned()
}

/// The interval behind its estimate, or nothing.
pub(crate) fn in_brackets(row: &VerdictRow) -> String {
    range(row).map_or(String::new(), |range| format!(" ({range})"))
}

/// A table in Markdown.
pub(crate) fn table(heads: &[String], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let rule = format!("|{}\n", "---|".repeat(heads.len()));
    line(heads) + &rule + &rows.into_iter().map(|row| line(&row)).collect::<String>()
}
