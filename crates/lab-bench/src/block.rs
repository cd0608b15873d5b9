//! The goals in Markdown: in short for the README, and all of it for whoever ran it.

use crate::goals::{GOALS, Goal};
use crate::rows::ResultRow;
use crate::saved::Saved;
use crate::slopes::slopes;
use lab::words;

/// What has a short name, under that; goals of one comparison that are the same share a row.
pub(crate) fn short(results: &[ResultRow]) -> String {
    let goals: Vec<(&Goal, &ResultRow)> = GOALS
        .iter()
        .zip(results)
        .filter(|(goal, _)| !goal.short.is_empty())
        .collect();
    let is_same = |a: &(&Goal, &ResultRow), b: &(&Goal, &ResultRow)| {
        (a.0.comparison, a.0.target) == (b.0.comparison, b.0.target)
    };
    let mut text = "| What | Goal | Measured | |\n|---|---|---|---|\n".to_owned();
    for same in goals.chunk_by(is_same) {
        let each = |words: fn(&ResultRow) -> String| {
            let mut words: Vec<String> = same.iter().map(|(_, row)| words(row)).collect();
            words.dedup();
            words.join("; ")
        };
        let names: Vec<&str> = same.iter().map(|(goal, _)| goal.short).collect();
        let (goal, measured, verdict) = (each(goal), each(measured), each(verdict));
        let names = names.join("; ");
        text.push_str(&format!("| {names} | {goal} | {measured} | {verdict} |\n"));
    }
    text
}

/// The table of all that was compared, then a line on growth.
pub(crate) fn table(saved: &Saved) -> String {
    let mut text = "| What | Goal | Measured | |\n|---|---|---|---|\n".to_owned();
    for row in &saved.results {
        text.push_str(&line(row));
    }
    let grows: Vec<String> = slopes(&saved.rows)
        .iter()
        .map(ToString::to_string)
        .collect();
    if !grows.is_empty() {
        text.push_str(&format!(
            "\nGrowth, as powers of the size: {}.\n",
            grows.join("; ")
        ));
    }
    text
}

fn line(row: &ResultRow) -> String {
    let (goal, measured, verdict) = (goal(row), measured(row), verdict(row));
    format!("| {} | {goal} | {measured} | {verdict} |\n", row.what)
}

/// The median and the quartiles.
fn measured(row: &ResultRow) -> String {
    row.estimate.map_or("–".to_owned(), |estimate| {
        let spread = match (row.low, row.high) {
            (Some(low), Some(high)) if row.rounds > 1 => {
                format!(
                    " ({} … {})",
                    number(&row.unit, low),
                    with_unit(&row.unit, high)
                )
            }
            _ => String::new(),
        };
        format!("{}{spread}", with_unit(&row.unit, estimate))
    })
}

fn verdict(row: &ResultRow) -> String {
    match (row.verdict.as_str(), row.reason.as_str()) {
        ("met", _) => "**met**".to_owned(),
        (verdict, "") => verdict.to_owned(),
        (verdict, reason) => format!("{verdict}: {reason}"),
    }
}

/// Where the goal lies: `≥ 130×`; empty for what is only named beside.
pub(crate) fn goal(row: &ResultRow) -> String {
    row.target.map_or(String::new(), |target| {
        let side = if row.target_is == "least" {
            "≥"
        } else {
            "≤"
        };
        format!("{side} {}", with_unit(&row.unit, target))
    })
}

/// A number as people read it: `1.03×`, `168×`, `24.1 ms`, `21.3 M/s`, `67.0 MB`.
pub(crate) fn with_unit(unit: &str, value: f64) -> String {
    match unit {
        "times as fast" | "times" => words::times(value),
        "ns" => words::time(value),
        "1/s" => format!("{:.1} M/s", value / 1e6),
        "bytes" => format!("{:.0} MB", value / 1e6),
        _ => format!("{value:.0}"),
    }
}

/// The same without the unit, where it follows at once.
fn number(unit: &str, value: f64) -> String {
    let text = with_unit(unit, value);
    match unit {
        "times as fast" | "times" => text.trim_end_matches('×').to_owned(),
        "1/s" | "bytes" => text.split(' ').next().unwrap_or_default().to_owned(),
        // The unit of a time depends on how long it is.
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(unit: &str, estimate: Option<f64>) -> ResultRow {
        ResultRow {
            what: "samples".to_owned(),
            unit: unit.to_owned(),
            estimate,
            low: estimate.map(|value| value / 2.0),
            high: estimate.map(|value| value * 2.0),
            rounds: 3,
            target: Some(20e6),
            target_is: "least".to_owned(),
            verdict: "met".to_owned(),
            reason: String::new(),
        }
    }

    #[test]
    fn a_line_has_goal_number_quartiles_and_verdict() {
        assert_eq!(
            line(&row("1/s", Some(24e6))),
            "| samples | ≥ 20.0 M/s | 24.0 M/s (12.0 … 48.0 M/s) | **met** |\n"
        );
    }

    #[test]
    fn in_short_equal_goals_of_a_comparison_share_a_row() {
        let results = crate::results::results(GOALS, &[], &[]);
        let text = short(&results);
        let rows: Vec<&str> = text.lines().skip(2).collect();
        assert!(rows.len() <= 15, "{text}");
        assert!(rows.iter().all(|row| row.chars().count() <= 100), "{text}");
        let shared =
            "| memory, spans; memory, raw | ≤ 150 MB | – | not measured: it was not asked for |";
        assert!(rows.contains(&shared), "{text}");
        for goal in GOALS.iter().filter(|goal| goal.target.is_some()) {
            assert!(!goal.short.is_empty(), "{}", goal.what);
            assert_eq!(text.matches(goal.short).count(), 1, "{}", goal.short);
        }
    }

    #[test]
    fn without_a_number_there_is_a_reason() {
        let row = ResultRow {
            verdict: "not measured".to_owned(),
            reason: "there is no Python".to_owned(),
            ..row("times", None)
        };
        let line = line(&row);
        assert!(
            line.ends_with("| – | not measured: there is no Python |\n"),
            "{line}"
        );
    }

    #[test]
    fn what_is_only_named_beside_has_no_goal_and_no_verdict() {
        let row = ResultRow {
            target: None,
            verdict: String::new(),
            rounds: 1,
            ..row("times as fast", Some(168.2))
        };
        assert_eq!(line(&row), "| samples |  | 168× |  |\n");
    }

    #[test]
    fn units_are_those_of_the_table() {
        assert_eq!(with_unit("bytes", 67e6), "67 MB");
        assert_eq!(with_unit("ns", 24.1e6), "24.1 ms");
        assert_eq!(with_unit("", 134.0), "134");
    }
}
