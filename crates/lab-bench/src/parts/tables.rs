//! Samples to CSV and back: ours, and the usual tools of Python.

use crate::DESK;
use crate::bench::Bench;
use crate::desk::{Desk, Do};
use crate::goals::{comparison, subject};
use crate::rounds::Subject;
use anyhow::Result;
use lab_child::ChildCommand;
use std::time::Duration;

const ROWS: u64 = 2_000_000;
const BUDGET: Duration = Duration::from_secs(35);

/// Our own desk.
pub(super) fn our_desk() -> Result<Desk> {
    Desk::start(&ChildCommand::this_executable("our desk", [DESK])?)
}

/// The desk in Python.
///
/// # Errors
/// If there is no Python, or it lacks a package.
pub(super) fn python_desk(bench: &Bench, packages: &[&str]) -> Result<Desk> {
    Desk::start(&python_desk_command(bench, packages)?)
}

/// How it is started.
///
/// # Errors
/// As [`python_desk`].
pub(super) fn python_desk_command(bench: &Bench, packages: &[&str]) -> Result<ChildCommand> {
    let python = bench.python(packages)?;
    let program = python.with(packages)?;
    Ok(ChildCommand::new("Python's desk", program).args([python.script("desk.py")]))
}

pub(super) fn measure(bench: &mut Bench) -> Result<()> {
    let writers = [
        (subject::CSV_WRITER, "numpy"),
        (subject::PANDAS, "pandas"),
        (subject::PYARROW, "pyarrow"),
        (subject::POLARS, "polars"),
    ];
    let readers = [
        (subject::CSV_READER, "numpy"),
        (subject::PANDAS, "pandas"),
        (subject::PYARROW, "pyarrow"),
        (subject::POLARS, "polars"),
    ];
    // What is written first is read afterwards by all.
    side(bench, Do::Write, comparison::WRITE, &writers)?;
    side(bench, Do::Read, comparison::READ, &readers)
}

fn side(
    bench: &mut Bench,
    what: Do,
    comparison: &'static str,
    tools: &[(&'static str, &str)],
) -> Result<()> {
    let rows = bench.pick(ROWS / 10, ROWS);
    let scratch = bench.scratch.clone();
    let (many, few) = (bench.pick(3, 5), bench.pick(2, 3));
    let written = scratch.join("ours.csv");
    let ours = our_desk()?;
    ours.ask(Do::Write, subject::OURS, rows, &written)?;
    let mut living = vec![ours.pid()];
    let mut subjects = vec![Subject::new(subject::OURS, rows, many, || {
        ours.ask(what, subject::OURS, rows, &written)
    })];
    let mut missing = Vec::new();
    for &(tool, package) in tools {
        let path = match what {
            Do::Read => written.clone(),
            _ => scratch.join(format!("{tool}.csv")),
        };
        let desk = python_desk(bench, &["numpy", package]).and_then(|desk| {
            // Whatever a tool prepares at its first use is not its speed.
            desk.ask(what, tool, rows, &path)?;
            Ok(desk)
        });
        match desk {
            Err(why) => missing.push((tool, format!("{why:#}"))),
            Ok(desk) => {
                living.push(desk.pid());
                let rounds = if package == "numpy" { few } else { many };
                subjects.push(Subject::new(tool, rows, rounds, move || {
                    desk.ask(what, tool, rows, &path)
                }));
            }
        }
    }
    bench.compare(comparison, &mut subjects, &living, BUDGET);
    for (tool, why) in missing {
        bench.record.skip(comparison, tool, why);
    }
    Ok(())
}
