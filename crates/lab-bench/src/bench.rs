//! What all parts have at hand: how much is to be measured, the tools, and where rows go.

use crate::process::{self, Ended};
use crate::python::Python;
use crate::rounds::{Record, Subject, compare};
use crate::tasks::TASK;
use anyhow::{Context, Result, bail, ensure};
use std::path::PathBuf;
use std::time::Duration;

/// A run of the benchmarks.
#[derive(Debug)]
pub(crate) struct Bench {
    /// Whether it is a first look: fewer rounds of less.
    pub(crate) quick: bool,
    /// Samples of each job of the pipeline.
    pub(crate) samples: u64,
    /// For files that go again.
    pub(crate) scratch: PathBuf,
    /// The folder with `data/`, whose figures are drawn again.
    pub(crate) out: PathBuf,
    /// Python with its tools, or why there is none.
    pub(crate) python: Result<Python, String>,
    /// What was measured so far.
    pub(crate) record: Record,
    /// What a reader should know besides.
    pub(crate) warnings: Vec<String>,
}

impl Bench {
    /// One of two, as the run is to be short or long.
    pub(crate) fn pick<T>(&self, quick: T, default: T) -> T {
        match self.quick {
            true => quick,
            false => default,
        }
    }

    /// Measures subjects against each other; see [`compare`].
    pub(crate) fn compare(
        &mut self,
        comparison: &'static str,
        subjects: &mut [Subject],
        living: &[u32],
        budget: Duration,
    ) {
        match subjects {
            [one] => say(&format!("{comparison}: {one}")),
            _ => say(comparison),
        }
        compare(&mut self.record, comparison, subjects, living, budget);
    }

    /// The environment, if it has these packages.
    ///
    /// # Errors
    /// What is missing, and why.
    pub(crate) fn python(&self, packages: &[&str]) -> Result<&Python> {
        let python = self
            .python
            .as_ref()
            .map_err(|why| anyhow::anyhow!("{why}"))?;
        python.with(packages).map(|_| python)
    }
}

/// Says on stderr what goes on.
pub(crate) fn say(what: &str) {
    eprintln!("bench: {what} …");
}

/// Runs a task of [`crate::tasks`] in a process of its own.
///
/// # Errors
/// If it fails, or does not end in time.
pub(crate) fn task(words: [&str; 4], timeout: Duration) -> Result<Ended> {
    let own = std::env::current_exe().context("where this program lies is unknown")?;
    let words: Vec<&str> = std::iter::once(TASK).chain(words).collect();
    process::run(&own, &words, timeout)
}

/// What stands in the last line of a task: a number, and maybe a peak of memory in bytes.
///
/// # Errors
/// If there is no number.
pub(crate) fn found(ended: &Ended) -> Result<(u64, Option<u64>)> {
    let line = ended.last_output.trim();
    let mut words = line.split(' ').map(str::parse);
    match (words.next(), words.next()) {
        (Some(Ok(number)), peak) => Ok((number, peak.and_then(Result::ok))),
        _ => bail!("'{line}' is no number"),
    }
}

/// Makes sure that as many samples were done as were asked for.
///
/// # Errors
/// If it were others.
pub(crate) fn check_count(ended: &Ended, wanted: u64) -> Result<()> {
    let (count, _) = found(ended)?;
    ensure!(
        count == wanted,
        "{wanted} samples were asked for, and {count} came"
    );
    Ok(())
}
