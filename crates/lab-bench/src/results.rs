//! From what was measured to the lines of the table: pure functions.

use crate::goals::{Goal, Target, Value};
use crate::rows::{MeasurementRow, ResultRow, SkippedRow};
use lab_stats::summary::quantile;

/// A line of the table for each goal.
pub(crate) fn results(
    goals: &[Goal],
    rows: &[MeasurementRow],
    skipped: &[SkippedRow],
) -> Vec<ResultRow> {
    goals
        .iter()
        .map(|goal| result(goal, rows, skipped))
        .collect()
}

/// One number for each round that counts, in order of rounds.
pub(crate) fn values(goal: &Goal, rows: &[MeasurementRow]) -> Vec<f64> {
    let sound = rounds(goal, rows)
        .into_iter()
        .filter(|(_, disturbed)| !disturbed);
    sound.map(|(value, _)| value).collect()
}

/// One number for each round in which everybody stands whom it needs, and whether others disturbed
/// it. They take time away, and no memory.
fn rounds(goal: &Goal, rows: &[MeasurementRow]) -> Vec<(f64, bool)> {
    let all = goal.ours(rows);
    let other = |ours: &MeasurementRow, subject: &str| {
        rows.iter().find(|row| {
            let place = (&row.comparison, row.round, row.size);
            row.subject == subject && place == (&ours.comparison, ours.round, ours.size)
        })
    };
    let beside = |subject: &str, ratio: fn(f64, f64) -> f64| {
        let round = |ours: &&MeasurementRow| {
            let other = other(ours, subject)?;
            let disturbed = ours.disturbed || other.disturbed;
            Some((ratio(each(ours), each(other)), disturbed))
        };
        all.iter().filter_map(round).collect()
    };
    let alone = |value: fn(&MeasurementRow) -> f64| {
        let round = |row: &&MeasurementRow| (value(row), row.disturbed);
        all.iter().map(round).collect()
    };
    match goal.value {
        Value::TimesAsFast(against) => beside(against, |ours, other| other / ours),
        Value::Times(against) => beside(against, |ours, other| ours / other),
        Value::Time => alone(|row| row.time_ns as f64),
        Value::TimeEach => alone(each),
        Value::Rate => alone(|row| 1e9 / each(row)),
        Value::Size => all.iter().map(|row| (row.size as f64, false)).collect(),
        Value::Peak => all
            .iter()
            .filter_map(|row| Some((peak(row)?, false)))
            .collect(),
        Value::PeakOver(size) => {
            let most = all.iter().map(|row| row.size).max();
            let first = all.iter().find(|row| row.size == size);
            let last = all.iter().find(|row| Some(row.size) == most);
            let over = first.zip(last).filter(|(first, last)| first != last);
            let over = over.and_then(|(first, last)| Some(peak(last)? / peak(first)?));
            over.into_iter().map(|over| (over, false)).collect()
        }
    }
}

fn each(row: &MeasurementRow) -> f64 {
    row.time_ns as f64 / row.size.max(1) as f64
}

fn peak(row: &MeasurementRow) -> Option<f64> {
    row.peak_rss_bytes.map(|bytes| bytes as f64)
}

fn result(goal: &Goal, rows: &[MeasurementRow], skipped: &[SkippedRow]) -> ResultRow {
    let mut values = values(goal, rows);
    // The few rounds of a busy time that look quiet are not to be trusted either.
    if rounds(goal, rows).len() > 2 * values.len() {
        values.clear();
    }
    let estimate = quantile(&values, 0.5);
    let size = goal.ours(rows).iter().map(|row| row.size).max();
    let other_size = goal
        .size
        .zip(size)
        .filter(|(wanted, measured)| wanted != measured);
    let (verdict, reason) = match (estimate, goal.target) {
        (None, _) => why_not(goal, rows, skipped),
        (Some(_), _) if other_size.is_some() => {
            let size = other_size.map_or(0, |(_, measured)| measured);
            ("other size", format!("measured with {size}"))
        }
        (Some(_), None) => ("", String::new()),
        (Some(value), Some(Target::Least(least))) if value >= least => ("met", String::new()),
        (Some(value), Some(Target::Most(most))) if value <= most => ("met", String::new()),
        (Some(_), Some(_)) => ("not met", String::new()),
    };
    let (target, target_is) = match goal.target {
        Some(Target::Least(value)) => (Some(value), "least"),
        Some(Target::Most(value)) => (Some(value), "most"),
        None => (None, ""),
    };
    ResultRow {
        what: goal.what.to_owned(),
        unit: unit(goal.value).to_owned(),
        estimate,
        low: quantile(&values, 0.25),
        high: quantile(&values, 0.75),
        rounds: values.len() as u32,
        target,
        target_is: target_is.to_owned(),
        verdict: verdict.to_owned(),
        reason,
    }
}

fn unit(value: Value) -> &'static str {
    match value {
        Value::TimesAsFast(_) => "times as fast",
        Value::Times(_) | Value::PeakOver(_) => "times",
        Value::Time | Value::TimeEach => "ns",
        Value::Rate => "1/s",
        Value::Peak => "bytes",
        Value::Size => "",
    }
}

/// Why there is no number: nobody measured, or others disturbed every round.
fn why_not(goal: &Goal, rows: &[MeasurementRow], skipped: &[SkippedRow]) -> (&'static str, String) {
    let against = match goal.value {
        Value::TimesAsFast(against) | Value::Times(against) => against,
        _ => goal.ours,
    };
    let is_meant = |row: &&SkippedRow| {
        let of = [goal.ours, against, ""];
        row.comparison == goal.comparison && of.contains(&row.subject.as_str())
    };
    if let Some(skipped) = skipped.iter().find(is_meant) {
        return ("not measured", skipped.reason.clone());
    }
    let disturbed: Vec<&MeasurementRow> = rows
        .iter()
        .filter(|row| row.disturbed && row.comparison == goal.comparison)
        .collect();
    if disturbed.is_empty() {
        return ("not measured", "it was not asked for".to_owned());
    }
    let worst = disturbed.iter().filter_map(|row| row.others_share);
    let worst = worst.fold(0.0, f64::max);
    let reason = format!(
        "others used up to {:.0} % of the machine: measure again when it is quiet",
        100.0 * worst
    );
    ("disturbed", reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn goal(value: Value, target: Target) -> Goal {
        Goal {
            what: "what",
            short: "",
            comparison: "race",
            ours: "ours",
            value,
            target: Some(target),
            size: None,
        }
    }

    fn row(subject: &str, round: u32, size: u64, time_ns: u64) -> MeasurementRow {
        MeasurementRow {
            comparison: "race".to_owned(),
            subject: subject.to_owned(),
            size,
            round,
            time_ns,
            peak_rss_bytes: Some(1000 * size),
            others_share: Some(0.5),
            disturbed: false,
        }
    }

    fn judged(goal: &Goal, rows: &[MeasurementRow]) -> (Option<f64>, String) {
        let row = result(goal, rows, &[]);
        (row.estimate, row.verdict)
    }

    /// Ten things take ours 10, 20 and 30 ns, the other 200, 200 and 240.
    fn race() -> Vec<MeasurementRow> {
        [(10, 200), (20, 200), (30, 240)]
            .into_iter()
            .zip(0..)
            .flat_map(|((ours, other), round)| {
                [row("ours", round, 10, ours), row("other", round, 10, other)]
            })
            .collect()
    }

    #[test]
    fn a_ratio_is_that_of_each_round_and_the_median_is_held_against_the_goal() {
        let fast = Value::TimesAsFast("other");
        assert_eq!(
            values(&goal(fast, Target::Least(1.0)), &race()),
            [20.0, 10.0, 8.0]
        );
        let at = |least| judged(&goal(fast, Target::Least(least)), &race());
        assert_eq!(at(10.0), (Some(10.0), "met".to_owned()));
        assert_eq!(at(10.1), (Some(10.0), "not met".to_owned()));
        let times = Value::Times("other");
        assert_eq!(judged(&goal(times, Target::Most(0.1)), &race()).1, "met");
        assert_eq!(
            judged(&goal(times, Target::Most(0.09)), &race()).1,
            "not met"
        );
    }

    #[test]
    fn times_rates_and_memory_are_those_of_our_own() {
        let value = |value| judged(&goal(value, Target::Least(0.0)), &race()).0;
        assert_eq!(value(Value::Time), Some(20.0));
        assert_eq!(value(Value::TimeEach), Some(2.0));
        assert_eq!(value(Value::Rate), Some(5e8));
        assert_eq!(value(Value::Peak), Some(10_000.0));
    }

    #[test]
    fn memory_that_grows_is_that_of_the_largest_over_the_first() {
        let over = goal(Value::PeakOver(1), Target::Most(1.0));
        let rows = [
            row("ours", 0, 1, 1),
            row("ours", 1, 10, 1),
            row("ours", 2, 100, 1),
        ];
        assert_eq!(judged(&over, &rows), (Some(100.0), "not met".to_owned()));
        assert_eq!(judged(&over, &rows[..1]).1, "not measured");
        let busy = rows.map(|row| MeasurementRow {
            disturbed: true,
            ..row
        });
        assert_eq!(judged(&over, &busy).0, Some(100.0), "others take no memory");
    }

    #[test]
    fn a_disturbed_round_does_not_count_and_without_others_there_is_no_ratio() {
        let goal = goal(Value::TimesAsFast("other"), Target::Least(1.0));
        let mut rows = race();
        rows[0].disturbed = true;
        assert_eq!(values(&goal, &rows), [10.0, 8.0]);
        rows[2].disturbed = true;
        assert_eq!(
            result(&goal, &rows, &[]).verdict,
            "disturbed",
            "most of the rounds"
        );
        let row = result(&goal, &rows, &[]);
        assert_eq!((row.estimate, row.verdict.as_str()), (None, "disturbed"));
        assert!(row.reason.contains("up to 50 %"), "{}", row.reason);
    }

    #[test]
    fn a_disturbed_round_without_the_other_says_nothing_about_the_others() {
        let goal = goal(Value::TimesAsFast("other"), Target::Least(1.0));
        let alone = (3..9).map(|round| MeasurementRow {
            disturbed: true,
            ..row("ours", round, 10, 10)
        });
        let rows: Vec<MeasurementRow> = race().into_iter().chain(alone).collect();
        assert_eq!(judged(&goal, &rows), (Some(10.0), "met".to_owned()));
    }

    #[test]
    fn what_was_skipped_says_why() {
        let goal = goal(Value::TimesAsFast("other"), Target::Least(1.0));
        let skipped = SkippedRow {
            comparison: "race".to_owned(),
            subject: "other".to_owned(),
            reason: "there is no Python".to_owned(),
        };
        let row = result(&goal, &race()[..1], &[skipped]);
        assert_eq!(row.verdict, "not measured");
        assert_eq!(row.reason, "there is no Python");
        assert_eq!(result(&goal, &[], &[]).reason, "it was not asked for");
    }

    fn row_of_80() -> MeasurementRow {
        row("ours", 3, 80, 70)
    }

    #[test]
    fn another_size_than_the_goals_gives_a_number_and_no_verdict() {
        let goal = goal(Value::Time, Target::Most(1000.0)).at(80);
        let row = result(&goal, &race(), &[]);
        assert_eq!(
            (row.estimate, row.verdict.as_str()),
            (Some(20.0), "other size")
        );
        assert_eq!(row.reason, "measured with 10");
        let mut rows = race();
        rows.push(row_of_80());
        assert_eq!(judged(&goal, &rows), (Some(70.0), "met".to_owned()));
    }
}
