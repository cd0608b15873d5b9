//! All figures of the committed data, drawn again.

use crate::bench::Bench;
use crate::goals::{comparison, subject};
use crate::process;
use crate::rounds::Subject;
use crate::rows::NAME;
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(60);
const BUDGET: Duration = Duration::from_secs(30);

pub(super) fn measure(bench: &mut Bench) -> Result<()> {
    let rounds = bench.pick(3, 5);
    let prepared = prepare(bench);
    let (report, copy) = match prepared {
        Ok(both) => both,
        Err(why) => {
            let why = format!("{why:#}");
            bench.record.skip(comparison::FIGURES, subject::OURS, why);
            return Ok(());
        }
    };
    let out = copy.to_string_lossy();
    let draw = || process::run(&report, &["figures", "--out", &out], TIMEOUT);
    // Once, to know how many there are.
    if let Err(why) = draw() {
        let why = format!("{why:#}");
        bench.record.skip(comparison::FIGURES, subject::OURS, why);
        return Ok(());
    }
    let figures = std::fs::read_dir(copy.join("plots"))?.count() as u64;
    let mut subjects = [Subject::new(subject::OURS, figures, rounds, || {
        Ok(draw()?.measured)
    })];
    bench.compare(comparison::FIGURES, &mut subjects, &[], BUDGET);
    Ok(())
}

/// The program that draws, and a copy of the data: what is saved is not touched.
fn prepare(bench: &Bench) -> Result<(PathBuf, PathBuf)> {
    let own = std::env::current_exe().context("where this program lies is unknown")?;
    let report = own.with_file_name("report");
    ensure!(
        report.is_file(),
        "{} is missing: run `cargo build --workspace`",
        report.display()
    );
    let data = bench.out.join("data");
    let copy = bench.scratch.join("redrawn");
    copy_tree(&data, &copy.join("data"))?;
    Ok((report, copy))
}

/// Copies the tables of all experiments.
fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    let read = || format!("{} cannot be read", from.display());
    std::fs::create_dir_all(to).with_context(|| format!("{} cannot be made", to.display()))?;
    for entry in std::fs::read_dir(from).with_context(read)? {
        let entry = entry.with_context(read)?;
        let (name, path) = (entry.file_name(), entry.path());
        let is_ours = name == NAME || name.to_string_lossy().starts_with('.');
        match path.is_dir() {
            true if is_ours => {}
            true => copy_tree(&path, &to.join(name))?,
            false => {
                std::fs::copy(&path, to.join(name))
                    .with_context(|| format!("{} cannot be copied", path.display()))?;
            }
        }
    }
    Ok(())
}
