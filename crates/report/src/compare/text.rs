//! A comparison as people read it, on a terminal of 80 columns or more.

use super::Comparison;
use super::facts::Fact;
use super::rows::{Agreement, Row};
use comfy_table::{ContentArrangement, Table, presets::NOTHING};
use lab::words;
use lab_record::rows::VerdictRow;

/// Nobody knows how wide the terminal is; on this many columns it is seldom narrower.
const WIDTH: u16 = 80;
/// `CPython 3.13t`, and a blank.
const RUNTIME: usize = 14;
/// `INCONCLUSIVE 0.35× (0.30–0.41)`, and what keeps it off the next one.
const WHOLE: usize = 33;
/// The same without the interval, where many folders stand side by side.
const BRIEF: usize = 20;

impl Comparison {
    /// All of it: folders, what differs, every row, and how many changed.
    pub(crate) fn text(&self) -> String {
        let mut text = self.folders();
        text.push_str(&self.differences());
        text.push_str(&self.claims());
        text.push_str(&self.sum());
        text
    }

    fn labels(&self) -> impl Iterator<Item = String> {
        self.sides.iter().map(|side| side.label.clone())
    }

    /// Which letter is which folder, and what is not there.
    fn folders(&self) -> String {
        let lines = self.sides.iter().map(|side| {
            let mut line = side.folder.display().to_string();
            for (names, what) in [
                (self.missing(side), "not there"),
                (
                    side.damaged.iter().map(|one| one.name.as_str()).collect(),
                    "damaged",
                ),
            ] {
                if !names.is_empty() {
                    line.push_str(&format!("; {what}: {}", names.join(", ")));
                }
            }
            vec![side.label.clone(), line]
        });
        let mut text = wrapped(&[], lines);
        let same = self.same_runs();
        if !same.is_empty() {
            let line = format!("One and the same run in two of them: {}.", same.join(", "));
            text.push_str(&wrapped(&[], [vec![line]]));
        }
        text
    }

    /// Machines and runs: what differs in full, and the names of what does not.
    fn differences(&self) -> String {
        let (differ, same): (Vec<&Fact>, Vec<&Fact>) =
            self.facts.iter().partition(|fact| fact.differs());
        let mut text = "\nWhat differs in machines and runs\n".to_owned();
        let head: Vec<String> = [String::new()].into_iter().chain(self.labels()).collect();
        let unknown = |value: &String| match value.is_empty() {
            true => "unknown".to_owned(),
            false => value.clone(),
        };
        let lines = differ.iter().map(|fact| {
            let name = [fact.name.to_owned()].into_iter();
            name.chain(fact.values.iter().map(unknown)).collect()
        });
        text.push_str(&wrapped(&head, lines));
        let told = same.iter().filter_map(|fact| {
            let value = fact.values.first().filter(|value| !value.is_empty())?;
            Some(format!("{} {value}", fact.name))
        });
        let told: Vec<String> = told.collect();
        if !told.is_empty() {
            let line = vec![format!("The same in all: {}.", told.join("; "))];
            text.push_str(&wrapped(&[], [line]));
        }
        text
    }

    /// Every claim with its runtimes.
    fn claims(&self) -> String {
        let is_brief = self.sides.len() > 3;
        let column = if is_brief { BRIEF } else { WHOLE };
        let mut head = " ".repeat(2 + RUNTIME);
        for label in self.labels() {
            head.push_str(&padded(&label, column));
        }
        let mut text = format!(
            "\nVerdicts and estimates (absolute times of two machines are not compared)\n{}\n",
            head.trim_end()
        );
        let mut above: Option<&Row> = None;
        for row in &self.rows {
            if above.is_none_or(|above| above.experiment != row.experiment) {
                text.push_str(&format!("{}\n", row.experiment));
            }
            if above.is_none_or(|above| above.claim != row.claim) {
                let claim = vec![format!("“{}”", row.claim)];
                text.push_str(&indented(&wrapped(&[], [claim]), "  "));
            }
            above = Some(row);
            let mut line = format!("{} ", row.agreement.mark());
            line.push_str(&padded(&words::runtime(&row.runtime), RUNTIME));
            for found in &row.found {
                let cell = found
                    .as_ref()
                    .map_or("–".to_owned(), |found| cell(found, !is_brief));
                line.push_str(&padded(&cell, column));
            }
            text.push_str(&format!("{}\n", line.trim_end()));
            if row.agreement <= Agreement::Changed {
                text.push_str(&indented(&self.reasons(row), "      "));
            }
        }
        text
    }

    /// What each side says of a row whose verdict changed.
    fn reasons(&self, row: &Row) -> String {
        let of = |(label, found): (String, &Option<VerdictRow>)| {
            let found = found.as_ref()?;
            let range = words::range(found).map(|range| format!(" ({range})"));
            Some(vec![
                label,
                format!(
                    "{}: {}{}",
                    found.verdict,
                    found.reason,
                    range.unwrap_or_default()
                ),
            ])
        };
        wrapped(&[], self.labels().zip(&row.found).filter_map(of))
    }

    /// How many rows agree, with the names of those that do not.
    fn sum(&self) -> String {
        let of = |wanted: Agreement| -> Vec<String> {
            let rows = self.rows.iter().filter(|row| row.agreement == wanted);
            let name = |row: &Row| {
                format!(
                    "{}, {} (“{}”)",
                    row.experiment,
                    words::runtime(&row.runtime),
                    row.claim
                )
            };
            rows.map(name).collect()
        };
        let alone = of(Agreement::Alone).len();
        let mut text = format!("\nVerdicts compared: {}.\n", self.rows.len() - alone);
        if alone > 0 {
            text.push_str(&format!("Found on one side only: {alone}.\n"));
        }
        for (agreement, what) in [
            (Agreement::Contradicts, "contradict one another"),
            (Agreement::Changed, "could be given by some only"),
            (
                Agreement::Apart,
                "agree, from intervals that do not overlap",
            ),
        ] {
            let names = of(agreement);
            let line = match names.len() {
                0 => format!("{} 0 {what}.", agreement.mark()),
                number => format!(
                    "{} {number} {what}: {}.",
                    agreement.mark(),
                    names.join("; ")
                ),
            };
            text.push_str(&wrapped(&[], [vec![line]]));
        }
        text
    }
}

impl Agreement {
    /// What stands before a row.
    fn mark(self) -> char {
        match self {
            Agreement::Contradicts => '✗',
            Agreement::Changed => '≠',
            Agreement::Apart => '~',
            Agreement::Same | Agreement::Alone => ' ',
        }
    }
}

fn cell(row: &VerdictRow, with_range: bool) -> String {
    let mut parts = vec![row.verdict.clone()];
    parts.extend(words::estimate(row));
    parts.extend(
        words::range(row)
            .filter(|_| with_range)
            .map(|range| format!("({range})")),
    );
    parts.join(" ")
}

/// At least one blank follows.
fn padded(text: &str, width: usize) -> String {
    let blanks = width.saturating_sub(text.chars().count()).max(1);
    text.to_owned() + &" ".repeat(blanks)
}

fn indented(text: &str, blanks: &str) -> String {
    text.lines()
        .map(|line| format!("{blanks}{line}\n"))
        .collect()
}

/// Columns whose text is broken where the terminal would.
fn wrapped(head: &[String], lines: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(WIDTH - 6);
    if !head.is_empty() {
        table.set_header(head);
    }
    for line in lines {
        table.add_row(line);
    }
    let trimmed = table.to_string();
    trimmed
        .lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}
