//! What the arms took: a table.

use super::page::Page;
use super::quantities::{candidates, columns};
use super::subject::Summary;
use crate::arms::arm::Arm;
use crate::show::arms::arms;
use crate::show::words;
use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets::NOTHING,
};
use lab_data::rows::{Executor, Role, TrialRow};
use lab_stats::summary::{median, quantile};
use std::collections::BTreeSet;

/// Times shorter than this are too short for a share of CPU time: what starts the pool is no part of
/// them, and would make more than all cores of it.
const SHORTEST_SHARE_NS: f64 = 200e3;

/// A share that is no more than all cores, when it is rounded.
const MOST_SHARE: f64 = 1.005;

/// Which arms are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    /// All, with all that is known.
    All,
    /// Those that the claims' own verdicts compare, and what is compared.
    OfClaims,
}

/// A table of arms, each compared with serial in the same case; none if there are none.
pub(super) fn table(summary: &Summary, rows: Rows, page: Page) -> Option<String> {
    let run = summary.run;
    let all = arms(run, |trial| trial.judged);
    let order: Vec<&str> = summary
        .designs
        .iter()
        .flat_map(|design| design.arms.iter().map(|declared| declared.arm.case.as_str()))
        .collect();
    let case = |arm: &Arm| order.iter().position(|case| *case == arm.case);
    let runtime = |arm: &Arm| all.iter().position(|(other, _)| other.runtime == arm.runtime);
    let whole = summary.verdicts.iter().filter(|verdict| verdict.is_whole());
    let compared = whole.flat_map(|verdict| [&verdict.arm_a, &verdict.arm_b]);
    let compared = compared.flat_map(|key| match candidates(summary.designs, key) {
        Some(arms) => arms.iter().map(Arm::key).collect(),
        None => vec![key.clone()],
    });
    let compared: BTreeSet<String> = compared.collect();
    let is_shown = |arm: &Arm| rows == Rows::All || compared.contains(&arm.key());
    let mut shown: Vec<_> = all.iter().filter(|(arm, _)| is_shown(arm)).collect();
    shown.sort_by_key(|(arm, _)| (runtime(arm), case(arm)));
    if shown.is_empty() {
        return None;
    }
    let arms: Vec<&Arm> = shown.iter().map(|(arm, _)| arm).collect();
    let quantities = columns(summary.designs, &arms);
    let mut lines: Vec<Vec<(String, String)>> = Vec::new();
    for (arm, trials) in shown {
        let Some(first) = trials.first() else { continue };
        let serial = all.iter().find(|(other, trials)| {
            other.executor == Executor::Serial
                && (&other.runtime, &other.case) == (&arm.runtime, &arm.case)
                && trials.first().is_some_and(|trial| trial.jobs == first.jobs)
        });
        let serial = serial.and_then(|(_, trials)| median(&values(trials, makespan)));
        let cells = cells(first, trials, serial, run.granted_cores());
        let is_wanted = |index: &usize| rows == Rows::All || OF_CLAIMS.contains(index);
        let cells = cells.into_iter().enumerate().filter(|(index, _)| is_wanted(index));
        let cells = cells.map(|(_, (name, cell))| (name.to_owned(), cell));
        let asked = quantities.iter().map(|of| (of.name.clone(), of.cell(run, arm)));
        lines.push(cells.chain(asked).collect());
    }
    Some(in_columns(&lines, rows, page))
}

/// Names of columns above their cells, without columns that are empty; numbers at the right. Only what is
/// asked for with all that is known may be wider than the page.
fn in_columns(lines: &[Vec<(String, String)>], rows: Rows, page: Page) -> String {
    let is_used = |&column: &usize| {
        lines.iter().any(|line| line.get(column).is_some_and(|(_, cell)| !cell.is_empty()))
    };
    let used: Vec<usize> = (0..lines.first().map_or(0, Vec::len)).filter(is_used).collect();
    let mut table = Table::new();
    table.load_style(NOTHING);
    if rows == Rows::OfClaims {
        let width = u16::try_from(page.width).unwrap_or(u16::MAX);
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    for line in lines {
        let cells = used.iter().filter_map(|column| line.get(*column)).cloned();
        let (names, cells): (Vec<_>, Vec<_>) = cells.unzip();
        table.set_header(names);
        table.add_row(cells);
    }
    for (place, index) in used.into_iter().enumerate() {
        let Some(column) = table.column_mut(place) else { continue };
        if ![0, 1, 3].contains(&index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        // Words are not broken, with a space on either side.
        let cells = lines.iter().filter_map(|line| line.get(index));
        let words = cells.flat_map(|(name, cell)| name.split_whitespace().chain(cell.split(' ')));
        let longest = words.map(|word| word.chars().count()).max().unwrap_or(0);
        let least = Width::Fixed(u16::try_from(longest + 2).unwrap_or(u16::MAX));
        column.set_constraint(ColumnConstraint::LowerBoundary(least));
    }
    table.to_string()
}

/// Which of the cells are shown where the claims' arms alone are.
const OF_CLAIMS: [usize; 7] = [0, 1, 2, 3, 4, 6, 8];

/// The cells of an arm, each under its column's name.
fn cells(
    first: &TrialRow,
    trials: &[&TrialRow],
    serial: Option<f64>,
    cores: f64,
) -> [(&'static str, String); 11] {
    let typical = |of: &dyn Fn(&TrialRow) -> Option<f64>| median(&values(trials, of));
    let or_empty = |text: Option<String>| text.unwrap_or_default();
    let makespans = values(trials, makespan);
    let range = quantile(&makespans, 0.0).zip(quantile(&makespans, 1.0));
    let range = range.map(|(low, high)| format!("{} … {}", words::time(low), words::time(high)));
    let mine = median(&makespans);
    let used = typical(&|trial| {
        let took = makespan(trial).filter(|took| *took >= SHORTEST_SHARE_NS)?;
        Some(trial.cpu_ns? as f64 / (took * cores))
    });
    // What starts the workers may compute before the makespan begins.
    let used = used.filter(|share| *share < MOST_SHARE);
    let switches =
        typical(&|trial| Some((trial.voluntary_switches? + trial.involuntary_switches?) as f64));
    let memory = typical(&|trial| trial.peak_rss_bytes.map(|bytes| bytes as f64));
    let errors: u32 = trials.iter().map(|trial| trial.errors).sum();
    [
        ("runtime", words::runtime(&first.runtime)),
        ("executor", executor(first)),
        ("workers", first.workers.to_string()),
        ("case", first.case.clone()),
        (
            "makespan",
            match errors {
                0 => or_empty(mine.map(words::time)),
                errors => format!("{errors} errors"),
            },
        ),
        ("min … max", or_empty(range)),
        (
            "speed-up",
            or_empty(serial.zip(mine).map(|(serial, mine)| format!("{:.2}", serial / mine))),
        ),
        (
            "work window",
            or_empty(typical(&|trial| trial.window_ns.map(|ns| ns as f64)).map(words::time)),
        ),
        ("CPU use", or_empty(used.map(|share| format!("{:.0} %", 100.0 * share)))),
        ("switches", or_empty(switches.map(|number| format!("{number:.0}")))),
        ("memory", or_empty(memory.map(|bytes| format!("{:.0} MB", bytes / 1e6)))),
    ]
}

/// `threads, again`; `processes by fork`.
fn executor(trial: &TrialRow) -> String {
    let method = trial.start_method.as_ref().map(|method| format!(" by {method}"));
    let again = if trial.role == Role::Replicate { ", again" } else { "" };
    format!("{}{}{again}", trial.executor, method.unwrap_or_default())
}

/// The values of all trials without errors.
fn values(trials: &[&TrialRow], of: impl Fn(&TrialRow) -> Option<f64>) -> Vec<f64> {
    trials.iter().filter(|trial| trial.errors == 0).filter_map(|trial| of(trial)).collect()
}

fn makespan(trial: &TrialRow) -> Option<f64> {
    trial.makespan_ns.map(|ns| ns as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::test_rows::trial;

    #[test]
    fn no_share_of_the_cores_is_more_than_all_of_them() {
        let used = |makespan_ns, cpu_ns| {
            let row = TrialRow { makespan_ns: Some(makespan_ns), cpu_ns: Some(cpu_ns), ..trial() };
            let cells = cells(&row, &[&row], None, 2.0);
            cells.into_iter().find(|(name, _)| *name == "CPU use").map(|(_, cell)| cell).unwrap()
        };
        assert_eq!(used(1_000_000, 1_000_000), "50 %");
        assert_eq!(used(1_000_000, 2_000_000), "100 %");
        assert_eq!(used(1_000_000, 2_900_000), "", "what starts the pool computes before");
        assert_eq!(used(100_000, 100_000), "", "too short to tell");
    }
}
