//! Numbers and verdicts as people read them.

use crate::estimate::Kind;
use lab_record::rows::VerdictRow;

/// What follows a kind in `verdicts.csv` if the claim is true between 1/edge and edge.
pub const INSIDE: &str = " inside";
/// What follows a kind if its two edges are one, and the claim is true above it.
pub const ABOVE: &str = " above";

/// An estimate with its unit: `10.3×`, `97 %`, `1.98`.
pub fn value(kind: Kind, value: f64) -> String {
    with_unit(kind.name(), value)
}

/// The same for what stands in `verdicts.csv`, where the kind is a word.
fn with_unit(kind: &str, value: f64) -> String {
    match kind {
        "share" => format!("{} %", percent(value)),
        "level" => format!("{value:.2}"),
        _ => format!("{}×", ratio(value)),
    }
}

/// How many times one is the other: `10.3×`.
pub fn times(ratio: f64) -> String {
    with_unit(Kind::Ratio.name(), ratio)
}

fn ratio(value: f64) -> String {
    match value {
        ..10.0 => format!("{value:.2}"),
        ..100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

/// A number without its unit, in two digits: for a place beside a mark on an axis.
pub fn short(value: f64) -> String {
    match value {
        ..0.1 => format!("{value:.3}"),
        ..1.0 => format!("{value:.2}"),
        ..10.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

fn percent(value: f64) -> String {
    let percent = 100.0 * value;
    // Rounding −0.4 gives "-0", which nobody reads gladly.
    match percent.round() {
        0.0 => "0".to_owned(),
        rounded => format!("{rounded:.0}"),
    }
}

/// The estimate of a row of `verdicts.csv` with its unit; none where there is none.
pub fn estimate(row: &VerdictRow) -> Option<String> {
    Some(with_unit(&row.kind, row.estimate?))
}

/// The article's estimate of a row with its unit; none where it gives none.
pub fn article(row: &VerdictRow) -> Option<String> {
    Some(with_unit(&row.kind, row.article_estimate?))
}

/// `10.1–10.5`, or nothing without an interval.
pub fn range(row: &VerdictRow) -> Option<String> {
    let (low, high) = (row.low?, row.high?);
    Some(match row.kind.as_str() {
        // An interval may reach beyond what a share can be; the data keep that, a reader need not.
        "share" => format!("{}–{} %", percent(low.max(0.0)), percent(high.min(1.0))),
        "level" => format!("{low:.2}–{high:.2}"),
        _ => format!("{}–{}", ratio(low), ratio(high)),
    })
}

/// The edge that the verdict is about: `FALSE from 2×`, `TRUE up to 1.05×`.
pub fn edge(row: &VerdictRow) -> Option<String> {
    let (true_edge, false_edge) = (row.true_edge?, row.false_edge?);
    let unit = |edge: f64| match row.kind.as_str() {
        "share" => format!("{} %", percent(edge)),
        "level" => format!("{edge}"),
        // Two digits at most: an edge that was computed has many.
        _ => format!("{}×", (100.0 * edge).round() / 100.0),
    };
    if row.kind.ends_with(INSIDE) {
        return Some(format!("TRUE inside 1/{true_edge} to {true_edge}"));
    }
    let true_is_above = true_edge > false_edge || row.kind.ends_with(ABOVE);
    let (word, edge) = match row.verdict.as_str() {
        "FALSE" => ("FALSE", false_edge),
        _ => ("TRUE", true_edge),
    };
    let is_above = true_is_above == (word == "TRUE");
    Some(format!(
        "{word} {} {}",
        if is_above { "from" } else { "up to" },
        unit(edge)
    ))
}

/// A verdict in one line, as a run prints it.
pub fn verdict_line(row: &VerdictRow) -> String {
    let mut brackets: Vec<String> = Vec::new();
    brackets.extend(range(row));
    brackets.extend(edge(row));
    if let Some(article) = article(row) {
        brackets.push(format!("the article: {article}"));
    }
    let brackets = match brackets.is_empty() || row.verdict == "INCONCLUSIVE" && row.low.is_none() {
        true => String::new(),
        false => format!(" ({})", brackets.join("; ")),
    };
    format!(
        "{:<12}  \"{}\"  {}: {}{brackets}",
        row.verdict,
        row.claim,
        runtime(&row.runtime),
        row.reason
    )
}

/// A runtime's name in prose: `Rust`, `CPython 3.11`.
pub fn runtime(name: &str) -> String {
    match name {
        "rust" => "Rust".to_owned(),
        "gil" => "modelled GIL".to_owned(),
        other => other.replace("cpython-", "CPython "),
    }
}

/// Nanoseconds as people read them: `1.23 ms`.
pub fn time(ns: f64) -> String {
    let (value, unit) = match ns {
        ..1e3 => (ns, "ns"),
        ..1e6 => (ns / 1e3, "µs"),
        ..1e9 => (ns / 1e6, "ms"),
        _ => (ns / 1e9, "s"),
    };
    match value {
        ..10.0 => format!("{value:.2} {unit}"),
        ..100.0 => format!("{value:.1} {unit}"),
        _ => format!("{value:.0} {unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_unit_and_no_more_digits_than_they_deserve() {
        assert_eq!(value(Kind::Ratio, 12.68), "12.7×");
        assert_eq!(value(Kind::Ratio, 1.2345), "1.23×");
        assert_eq!(value(Kind::Share, 0.967), "97 %");
        assert_eq!(value(Kind::Share, -0.004), "0 %");
        assert_eq!(value(Kind::Level, 1.98), "1.98");
    }

    #[test]
    fn times_are_read_in_their_own_unit() {
        let texts = [5.0, 1_500.0, 25_400_000.0, 999e6, 12.3e9].map(time);
        assert_eq!(texts, ["5.00 ns", "1.50 µs", "25.4 ms", "999 ms", "12.3 s"]);
    }

    #[test]
    fn runtimes_have_a_name_in_prose() {
        assert_eq!(runtime("rust"), "Rust");
        assert_eq!(runtime("cpython-3.13t"), "CPython 3.13t");
    }
}
