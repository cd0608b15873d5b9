//! What must hold, and whether it does.

use crate::part::Part;
use crate::rows::{Condition, RunRow, looks_in_words};
use crate::study::Study;
use lab::measure::looks_of;
use lab_data::run::Mode;
use lab_stats::interval::LEVEL;
use lab_stats::rate::rate;
use lab_stats::verdict::any_level;
use std::fmt;

/// At most this share of verdicts is wrong.
pub const MOST_WRONG: f64 = 0.05;
/// A difference of 25 % is found in at least this share of runs.
const LEAST_RIGHT: f64 = 0.95;
/// How many times as long what must be found takes.
pub(crate) const LARGE: f64 = 1.25;
/// Judging takes less than this share of the time.
const MOST_JUDGING: f64 = 0.01;

/// Something that must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// What.
    pub what: String,
    /// What was found; several conditions are separated by semicolons.
    pub found: String,
    /// Whether it holds; none if it was not measured.
    pub met: Option<bool>,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<13} {}: {}", self.word(), self.what, self.found)
    }
}

impl Target {
    /// In a word or two.
    pub fn word(&self) -> &'static str {
        match self.met {
            Some(true) => "met",
            Some(false) => "NOT MET",
            None => "not measured",
        }
    }

    fn of(what: &str, found: Vec<(String, bool)>) -> Target {
        Target {
            what: what.to_owned(),
            met: (!found.is_empty()).then(|| found.iter().all(|(_, holds)| *holds)),
            found: if found.is_empty() {
                "no runs".to_owned()
            } else {
                let words: Vec<String> = found.into_iter().map(|(words, _)| words).collect();
                words.join("; ")
            },
        }
    }
}

impl Study {
    /// Everything that must hold.
    pub fn targets(&self) -> Vec<Target> {
        let conditions = self.conditions();
        let real = |has_neighbour: bool, is_meant: &dyn Fn(&Condition) -> bool| {
            let rows = conditions.iter().filter(|row| {
                row.part != Part::Simulated
                    && row.part.has_neighbour() == has_neighbour
                    && is_meant(row)
            });
            rows.cloned().collect::<Vec<Condition>>()
        };
        let same = |row: &Condition| row.effect == 1.0;
        let default = looks_of_default();
        let large =
            |row: &Condition| row.effect == LARGE && row.looks == default && row.is_as_decided();
        let each = |rows: Vec<Condition>, found: fn(&Condition) -> (String, bool)| -> Vec<_> {
            rows.iter().map(found).collect()
        };
        let apart = |row: &Condition| (wrong_in_words(row), row.wrong_low <= MOST_WRONG);
        let found = |row: &Condition| (right_in_words(row), row.right_share >= LEAST_RIGHT);
        let never = |row: &Condition| (right_in_words(row), row.wrong == 0);
        vec![
            simulated(&self.simulated),
            Target::of(
                "an arm compared with itself differs in at most 5 % of real runs (by the lower limit)",
                each(real(false, &same), apart),
            ),
            Target::of("the same, beside a busy process", each(real(true, &same), apart)),
            Target::of(
                "jobs that take 25 % longer are found to do so in at least 95 % of default runs",
                each(real(false, &large), found),
            ),
            Target::of(
                "beside a busy process they are never found to take less time",
                each(real(true, &large), never),
            ),
            self.judging(),
        ]
    }

    fn judging(&self) -> Target {
        let sum = |of: fn(&RunRow) -> u64| self.runs.iter().map(of).sum::<u64>() as f64;
        let share = sum(|run| run.judging_ns) / sum(|run| run.took_ns);
        let words =
            || format!("{:.2} % of the time of {} real runs", 100.0 * share, self.runs.len());
        let found = share.is_finite().then(|| (words(), share < MOST_JUDGING));
        Target::of(
            "reading the record and judging it takes less than 1 % of a run",
            found.into_iter().collect(),
        )
    }

    /// The targets as a table in Markdown.
    pub fn markdown(&self) -> String {
        let mut text = "| What must hold | What was found | |\n|---|---|---|\n".to_owned();
        for target in self.targets() {
            let (what, found) = (&target.what, &target.found);
            text.push_str(&format!("| {what} | {found} | {} |\n", target.word()));
        }
        text
    }
}

/// Of many conditions that are wrong 5 % of the time, the worst looks worse by chance. So each is
/// held to its lower limit at a level that they share.
fn simulated(rows: &[Condition]) -> Target {
    let level = any_level(LEVEL, rows.len());
    let holds = |row: &Condition| {
        rate(row.wrong, row.runs, level).is_some_and(|rate| rate.low <= MOST_WRONG)
    };
    let worst = rows.iter().max_by(|a, b| a.wrong_share.total_cmp(&b.wrong_share));
    let found = worst.map(|row| {
        let beyond = rows.iter().filter(|row| !holds(row)).count();
        let words = format!(
            "{} of {} simulated conditions above 5 % beyond chance, each in {} runs or more (the worst: \
             {})",
            if beyond == 0 { "none".to_owned() } else { beyond.to_string() },
            rows.len(),
            rows.iter().map(|row| row.runs).min().unwrap_or_default(),
            percent(row.wrong_share)
        );
        (words, beyond == 0)
    });
    Target::of(
        "simulated verdicts are wrong in at most 5 % of runs, at each rule's edges too",
        found.into_iter().collect(),
    )
}

fn wrong_in_words(row: &Condition) -> String {
    format!(
        "{} {} of {} ({}–{})",
        words(row),
        row.wrong,
        row.runs,
        percent(row.wrong_low),
        percent(row.wrong_high)
    )
}

fn right_in_words(row: &Condition) -> String {
    format!(
        "{} {} of {} right ({}–{}), {} wrong",
        words(row),
        row.right,
        row.runs,
        percent(row.right_low),
        percent(row.right_high),
        row.wrong
    )
}

fn words(row: &Condition) -> String {
    let jobs = if row.part.is_cpu() { "CPU" } else { "pages" };
    let control = if row.is_as_decided() { "" } else { " without control" };
    format!("{jobs}{control}, {} blocks:", row.looks)
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

pub(crate) fn looks_of_default() -> String {
    looks_in_words(looks_of(Mode::Default))
}

pub(crate) fn looks_of_quick() -> String {
    looks_in_words(looks_of(Mode::Quick))
}
