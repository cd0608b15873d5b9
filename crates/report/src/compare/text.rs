//! A comparison as people read it, on a terminal of 80 columns or more.

use super::facts::Fact;
use super::rows::{Agreement, Row};
use super::sides::Side;
use crate::words;
use comfy_table::{ContentArrangement, Table, presets::NOTHING};
use lab_data::rows::VerdictRow;
use lab_stats::format;

/// Nobody knows how wide the terminal is; on this many columns it is seldom narrower.
const WIDTH: u16 = 80;
/// `CPython 3.13t`.
const RUNTIME: usize = 13;
/// `INCONCLUSIVE 0.35× (0.30–0.41)`, and what keeps it off the next one.
const WHOLE: usize = 32;
/// The same without the interval, where many folders are side by side.
const BRIEF: usize = 19;

/// Which letter is which folder, what is not there, and which experiments are the same run.
pub(crate) fn folders(sides: &[Side], missing: &[Vec<&str>], same_runs: &[&str]) -> String {
    let lines = sides.iter().zip(missing).map(|(side, missing)| {
        let mut line = side.folder.display().to_string();
        let damaged = side.damaged.iter().map(|(name, _)| name.as_str()).collect();
        for (names, what) in [(missing, "not there"), (&damaged, "damaged")] {
            if !names.is_empty() {
                line.push_str(&format!("; {what}: {}", names.join(", ")));
            }
        }
        vec![side.label.clone(), line]
    });
    let mut text = wrapped(&[], lines);
    if !same_runs.is_empty() {
        let line = format!("One and the same run in two of them: {}.", same_runs.join(", "));
        text.push_str(&wrapped(&[], [vec![line]]));
    }
    text
}

/// Machines and runs: what differs in full, and the names of what does not.
pub(crate) fn differences(sides: &[Side], facts: &[Fact]) -> String {
    let (differ, same): (Vec<&Fact>, Vec<&Fact>) = facts.iter().partition(|fact| fact.differs());
    let mut text = "\nWhat differs in machines and runs\n".to_owned();
    let head: Vec<String> = std::iter::once(String::new()).chain(labels(sides)).collect();
    let known = |value: &String| if value.is_empty() { "unknown" } else { value }.to_owned();
    let lines = differ.iter().map(|fact| {
        let name = std::iter::once(fact.name.to_owned());
        name.chain(fact.values.iter().map(known)).collect()
    });
    text.push_str(&wrapped(&head, lines));
    let said = same.iter().filter_map(|fact| {
        let value = fact.values.first().filter(|value| !value.is_empty())?;
        Some(format!("{} {value}", fact.name))
    });
    let said: Vec<String> = said.collect();
    if !said.is_empty() {
        text.push_str(&wrapped(&[], [vec![format!("The same in all: {}.", said.join("; "))]]));
    }
    text
}

/// Every claim with its runtimes.
pub(crate) fn claims(sides: &[Side], rows: &[Row]) -> String {
    let is_brief = sides.len() > 3;
    let column = if is_brief { BRIEF } else { WHOLE };
    let line = |mark: char, name: &str, cells: &mut dyn Iterator<Item = String>| {
        let cells: String = cells.map(|cell| format!("{cell:column$} ")).collect();
        format!("{mark} {name:RUNTIME$} {cells}").trim_end().to_owned() + "\n"
    };
    let mut text = "\nVerdicts and estimates (absolute times of two machines are not compared)\n"
        .to_owned()
        + &line(' ', "", &mut labels(sides));
    let mut above: Option<&Row> = None;
    for row in rows {
        let is_new = |of: fn(&Row) -> &String| above.is_none_or(|above| of(above) != of(row));
        if is_new(|row| &row.experiment) {
            text.push_str(&format!("{}\n", row.experiment));
        }
        if is_new(|row| &row.claim) {
            let claim = vec![format!("“{}”", row.claim)];
            text.push_str(&indented(&wrapped(&[], [claim]), "  "));
        }
        if is_new(|row| &row.part) && !row.part.is_empty() {
            text.push_str(&format!("    {}\n", row.part));
        }
        above = Some(row);
        let cell = |found: &Option<VerdictRow>| {
            found.as_ref().map_or("–".to_owned(), |found| cell(found, !is_brief))
        };
        let mut cells = row.found.iter().map(cell);
        text.push_str(&line(row.agreement.mark(), &row.name(), &mut cells));
        if row.agreement <= Agreement::Changed {
            text.push_str(&indented(&reasons(sides, row), "      "));
        }
    }
    text
}

/// What each side says of a row whose verdict changed.
fn reasons(sides: &[Side], row: &Row) -> String {
    let of = |(label, found): (String, &Option<VerdictRow>)| {
        let found = found.as_ref()?;
        let version = if row.is_of_versions() {
            format!("{}, ", format::runtime(&found.runtime))
        } else {
            String::new()
        };
        let range = words::in_brackets(found);
        Some(vec![label, format!("{version}{}: {}{range}", found.verdict, found.reason)])
    };
    wrapped(&[], labels(sides).zip(&row.found).filter_map(of))
}

/// How many rows agree, with the names of those that do not.
pub(crate) fn sum(rows: &[Row]) -> String {
    let of = |agreement: Agreement| -> Vec<String> {
        let name = |row: &Row| {
            let runtimes = row.runtimes().into_iter().map(format::runtime);
            let runtimes = runtimes.collect::<Vec<_>>().join(" against ");
            let part = if row.part.is_empty() { String::new() } else { format!(", {}", row.part) };
            format!("{}, {runtimes} (“{}”{part})", row.experiment, row.claim)
        };
        rows.iter().filter(|row| row.agreement == agreement).map(name).collect()
    };
    let alone = of(Agreement::Alone).len();
    let mut text = format!("\nVerdicts compared: {}.\n", rows.len() - alone);
    if alone > 0 {
        text.push_str(&format!("Found on one side only: {alone}.\n"));
    }
    for (agreement, what) in [
        (Agreement::Contradicts, "contradict one another"),
        (Agreement::Changed, "could be given by some only"),
        (Agreement::Apart, "agree, from intervals that do not overlap"),
    ] {
        let names = of(agreement);
        let line = format!("{} {} {what}", agreement.mark(), names.len());
        let list = if names.is_empty() { String::new() } else { format!(": {}", names.join("; ")) };
        text.push_str(&wrapped(&[], [vec![format!("{line}{list}.")]]));
    }
    text
}

impl Row {
    /// Whether it compares versions of CPython with each other.
    fn is_of_versions(&self) -> bool {
        self.runtimes().len() > 1
    }

    /// What is compared; the table's foot and the reasons name the versions.
    fn name(&self) -> String {
        if self.is_of_versions() {
            "CPython, each".to_owned()
        } else {
            format::runtime(&self.runtime)
        }
    }
}

impl Agreement {
    /// The mark before a row.
    fn mark(self) -> char {
        match self {
            Agreement::Contradicts => '✗',
            Agreement::Changed => '≠',
            Agreement::Apart => '~',
            Agreement::Same | Agreement::Alone => ' ',
        }
    }
}

fn labels(sides: &[Side]) -> impl Iterator<Item = String> {
    sides.iter().map(|side| side.label.clone())
}

fn cell(row: &VerdictRow, with_range: bool) -> String {
    let range = if with_range { words::in_brackets(row) } else { String::new() };
    words::said(Some(row.verdict), words::estimate(row)) + &range
}

fn indented(text: &str, blanks: &str) -> String {
    text.lines().map(|line| format!("{blanks}{line}\n")).collect()
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
    table.to_string().lines().map(|line| format!("{}\n", line.trim_end())).collect()
}
