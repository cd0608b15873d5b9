//! How a verdict is written in tables.

use lab_data::rows::{Decision, VerdictRow};
use lab_stats::edges::Edges;
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

/// The edge that the verdict is about: `FALSE from 2×`. Where another number is shown than is judged,
/// it is the edge of what is shown: half of a control, say, whatever that was on this machine.
pub(crate) fn edge(row: &VerdictRow) -> Option<String> {
    let scale = row.shown_estimate.zip(row.estimate).map_or(1.0, |(shown, judged)| shown / judged);
    let cells = row.edges()?.cells().map(|edge| edge.map(|edge| scale * edge));
    let here = if row.shown_estimate.is_some() { " here" } else { "" };
    Some(format::edge(row.kind, &Edges::from_cells(cells), row.verdict) + here)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_is_one_of_what_is_shown() {
        let mut row =
            VerdictRow { estimate: Some(1.2), true_low: Some(1.0), ..VerdictRow::default() };
        assert_eq!(edge(&row).unwrap(), "TRUE from 1×");
        row.shown_estimate = Some(1.8);
        assert_eq!(edge(&row).unwrap(), "TRUE from 1.5× here");
        assert_eq!(edge(&VerdictRow::default()), None);
    }
}
