//! From what was measured to the table: pure functions.

use crate::goals::{Aim, Goal, Value};
use crate::rounds::{MeasurementRow, Skipped};
use anyhow::Result;
use lab_data::tables;
use lab_stats::format;
use lab_stats::median::limits;
use lab_stats::summary::median;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The table of [`ResultRow`]s in a run's folder, which is the README's.
pub const RESULTS: &str = "results.csv";
/// A limit of a median is wrong with at most this chance.
const TAIL: f64 = 0.05;

/// A row of [`RESULTS`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ResultRow {
    /// In words.
    pub what: String,
    /// What the numbers are: `times`, `ns`, `1/s` or `bytes`.
    pub unit: String,
    /// The median over the rounds; none if it was not measured.
    pub estimate: Option<f64>,
    /// The true median lies below this with a chance of at most 5 %; none with fewer than five rounds.
    pub low: Option<f64>,
    /// The same above.
    pub high: Option<f64>,
    /// How many rounds there were.
    pub rounds: u32,
    /// Where the goal is; none for what is only named beside.
    pub target: Option<f64>,
    /// `least` or `most`; empty without a target.
    pub target_is: String,
    /// `met`; `not met` if the whole interval is on the wrong side; `first look` with `--quick`;
    /// `not measured`; empty without a target.
    pub verdict: String,
    /// Why it was not measured; mostly empty.
    pub reason: String,
}

/// The goals that are saved in a folder as a table, for the README; in Markdown.
///
/// # Errors
/// The table is missing or damaged; with file, line and column.
pub fn table(folder: &Path) -> Result<String> {
    let rows: Vec<ResultRow> = tables::read(&folder.join(RESULTS))?;
    Ok(markdown(rows.iter().filter(|row| row.target.is_some())))
}

/// Rows as a table in Markdown.
pub(crate) fn markdown<'a>(rows: impl Iterator<Item = &'a ResultRow>) -> String {
    let mut text = "| What | Goal | Measured | |\n|---|---|---|---|\n".to_owned();
    for row in rows {
        let (goal, measured, verdict) = (row.goal(), row.measured(), row.said());
        text.push_str(&format!("| {} | {goal} | {measured} | {verdict} |\n", row.what));
    }
    text
}

/// A row for each goal. A first look judges nothing.
pub(crate) fn results(
    goals: &[Goal],
    rows: &[MeasurementRow],
    skipped: &[Skipped],
    is_quick: bool,
) -> Vec<ResultRow> {
    let row = |goal| result(goal, rows, skipped, is_quick);
    goals.iter().map(row).collect()
}

fn result(goal: &Goal, rows: &[MeasurementRow], skipped: &[Skipped], is_quick: bool) -> ResultRow {
    let &Goal((comparison, subject), value, aim, what) = goal;
    let ours = |row: &&MeasurementRow| row.comparison == comparison && row.subject == subject;
    let ours: Vec<&MeasurementRow> = rows.iter().filter(ours).collect();
    let values: Vec<f64> = ours.iter().filter_map(|row| number(value, row, rows)).collect();
    let estimate = median(&values);
    let limits = limits(&values, TAIL);
    let (low, high) = (limits.map(|limits| limits.low), limits.map(|limits| limits.high));
    let (target, target_is, is_met) = match aim {
        Aim::Least(aim) => {
            (Some(aim), "least", high.or(estimate).is_some_and(|value| value >= aim))
        }
        Aim::Most(aim) => (Some(aim), "most", low.or(estimate).is_some_and(|value| value <= aim)),
        Aim::None => (None, "", false),
    };
    let (verdict, reason) = match estimate {
        None => ("not measured", why_not(goal, skipped)),
        Some(_) if target.is_none() => ("", String::new()),
        Some(_) if is_quick => ("first look", String::new()),
        Some(_) if is_met => ("met", String::new()),
        Some(_) => ("not met", String::new()),
    };
    ResultRow {
        what: what.to_owned(),
        unit: unit(value).to_owned(),
        estimate,
        low,
        high,
        rounds: values.len() as u32,
        target,
        target_is: target_is.to_owned(),
        verdict: verdict.to_owned(),
        reason,
    }
}

/// What a round says; none if the other side of a ratio is missing in it.
fn number(value: Value, row: &MeasurementRow, rows: &[MeasurementRow]) -> Option<f64> {
    let place = (&row.comparison, row.round);
    let other = |subject: &str| {
        let mut same = rows.iter().filter(|one| (&one.comparison, one.round) == place);
        same.find(|one| one.subject == subject)
    };
    let (time, size) = (row.time_ns as f64, row.size.max(1) as f64);
    let memory = |row: &MeasurementRow| row.peak_rss_bytes as f64;
    Some(match value {
        Value::Times(subject) => time / other(subject)?.time_ns as f64,
        Value::MemoryTimes(subject) => memory(row) / memory(other(subject)?),
        Value::Time => time,
        Value::TimeEach => time / size,
        Value::Rate => 1e9 * size / time,
        Value::Memory => memory(row),
    })
}

fn unit(value: Value) -> &'static str {
    match value {
        Value::Times(_) | Value::MemoryTimes(_) => "times",
        Value::Time | Value::TimeEach => "ns",
        Value::Rate => "1/s",
        Value::Memory => "bytes",
    }
}

fn why_not(Goal((comparison, subject), value, ..): &Goal, skipped: &[Skipped]) -> String {
    let needed = match value {
        Value::Times(other) | Value::MemoryTimes(other) => [subject, other],
        _ => [subject; 2],
    };
    let is_meant = |one: &&Skipped| one.comparison == *comparison && needed.contains(&&one.subject);
    let found = skipped.iter().find(is_meant);
    found.map_or("it was not asked for".to_owned(), |one| one.reason.clone())
}

impl ResultRow {
    /// Where the goal is: `≥ 130×`.
    fn goal(&self) -> String {
        let sign = if self.target_is == "least" { "≥" } else { "≤" };
        self.target.map_or(String::new(), |target| format!("{sign} {}", self.number(target)))
    }

    /// The median with its limits.
    fn measured(&self) -> String {
        let limits = self
            .low
            .zip(self.high)
            .map(|(low, high)| format!(" ({} … {})", self.number(low), self.number(high)));
        let estimate = self.estimate.map_or("–".to_owned(), |value| self.number(value));
        estimate + &limits.unwrap_or_default()
    }

    fn said(&self) -> String {
        match (self.verdict.as_str(), self.reason.as_str()) {
            ("met", _) => "**met**".to_owned(),
            (verdict, "") => verdict.to_owned(),
            (verdict, reason) => format!("{verdict}: {reason}"),
        }
    }

    /// As people read it: `1.03×`, `24.1 ms`, `21.3 M/s`, `67 MB`.
    fn number(&self, value: f64) -> String {
        match self.unit.as_str() {
            "ns" => format::time(value),
            "1/s" => format!("{:.1} M/s", value / 1e6),
            "bytes" => format!("{:.0} MB", value / 1e6),
            _ => format::ratio(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Aim::{Least, Most};
    use Value::{Memory, MemoryTimes, Rate, Time, TimeEach, Times};

    /// What is asked, how many rounds there were, whether it was a first look, and what is said.
    #[rustfmt::skip]
    const CASES: &[(Value, Aim, usize, bool, &str)] = &[
        (Rate, Least(40e6), 5, false, "≥ 40.0 M/s | 44.4 M/s (36.4 M/s … 66.7 M/s) | **met**"),
        (Rate, Least(40e6), 5, true, "≥ 40.0 M/s | 44.4 M/s (36.4 M/s … 66.7 M/s) | first look"),
        // The interval reaches to the goal: it is not worse.
        (Time, Most(31e6), 5, false, "≤ 31.0 ms | 45.0 ms (30.0 ms … 55.0 ms) | **met**"),
        (Time, Most(29e6), 5, false, "≤ 29.0 ms | 45.0 ms (30.0 ms … 55.0 ms) | not met"),
        (Times("pandas"), Most(0.2), 5, false, "≤ 0.20× | 0.10× (0.10× … 0.10×) | **met**"),
        (MemoryTimes("pandas"), Least(0.2), 5, false, "≥ 0.20× | 0.10× (0.10× … 0.10×) | not met"),
        // Too few rounds for an interval.
        (Memory, Most(150e6), 2, false, "≤ 150 MB | 5 MB | **met**"),
        (TimeEach, Most(21.0), 2, false, "≤ 21.0 ns | 22.5 ns | not met"),
        (Rate, Aim::None, 1, false, " | 50.0 M/s | "),
        (Rate, Least(40e6), 0, false, "≥ 40.0 M/s | – | not measured: it was not asked for"),
        (Times("polars"), Least(1.0), 5, false, "≥ 1.00× | – | not measured: no module"),
    ];

    /// Rounds of 2 million rows, the other's time and memory ten times ours.
    fn rows(rounds: usize) -> Vec<MeasurementRow> {
        let row = |round, time_ns: u64, subject: &str, factor: u64| MeasurementRow {
            comparison: "write".to_owned(),
            subject: subject.to_owned(),
            size: 2_000_000,
            round,
            time_ns: time_ns * factor,
            peak_rss_bytes: 5_000_000 * factor,
        };
        let times = [40, 50, 30, 45, 55].map(|ms| ms * 1_000_000).into_iter();
        (0..)
            .zip(times.take(rounds))
            .flat_map(|(round, ns)| [row(round, ns, "ours", 1), row(round, ns, "pandas", 10)])
            .collect()
    }

    #[test]
    fn a_line_has_goal_median_limits_and_verdict() {
        let skipped =
            [Skipped { comparison: "write", subject: "polars", reason: "no module".to_owned() }];
        for &(value, aim, rounds, is_quick, line) in CASES {
            let goal = Goal(("write", "ours"), value, aim, "samples");
            let found = results(&[goal], &rows(rounds), &skipped, is_quick);
            let text = markdown(found.iter());
            assert_eq!(text.lines().nth(2), Some(&*format!("| samples | {line} |")));
        }
    }
}
