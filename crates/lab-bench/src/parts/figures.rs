//! All figures of the committed data, drawn again.

use crate::bench::Bench;
use crate::goals::{comparison, subject};
use crate::process;
use crate::rounds::{Measured, Subject};
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(60);
const BUDGET: Duration = Duration::from_secs(30);

pub(super) fn measure(bench: &mut Bench) -> Result<()> {
    let rounds = bench.pick(3, 5);
    match Redraw::prepare(bench) {
        Ok((redraw, figures)) => {
            let mut subjects = [Subject::new(subject::OURS, figures, rounds, || {
                redraw.draw()
            })];
            bench.compare(comparison::FIGURES, &mut subjects, &[], BUDGET);
        }
        Err(why) => {
            let why = format!("{why:#}");
            bench.record.skip(comparison::FIGURES, subject::OURS, why);
        }
    }
    Ok(())
}

/// The program that draws, and a copy of the data: what is saved is not touched.
struct Redraw {
    report: PathBuf,
    copy: PathBuf,
}

impl Redraw {
    /// Copies, and draws once, to know how many figures there are.
    fn prepare(bench: &Bench) -> Result<(Redraw, u64)> {
        let own = std::env::current_exe().context("where this program lies is unknown")?;
        let redraw = Redraw {
            report: own.with_file_name("report"),
            copy: bench.scratch.join("redrawn"),
        };
        ensure!(
            redraw.report.is_file(),
            "{} is missing: run `cargo build --workspace`",
            redraw.report.display()
        );
        let data = bench.out.join("data");
        copy_tree(&data, &redraw.copy.join("data"))?;
        redraw.draw()?;
        let plots = redraw.copy.join("plots");
        let figures = std::fs::read_dir(&plots).map_or(0, Iterator::count);
        ensure!(figures > 0, "{} holds no experiment's data", data.display());
        Ok((redraw, figures as u64))
    }

    fn draw(&self) -> Result<Measured> {
        let out = self.copy.to_string_lossy();
        // The experiments' programs as they are: nothing is built while it is measured.
        let programs = self
            .report
            .parent()
            .unwrap_or(Path::new("."))
            .to_string_lossy();
        let words = ["figures", "--programs", &programs, "--out", &out];
        Ok(process::run(&self.report, &words, TIMEOUT)?.measured)
    }
}

/// Copies the tables of everything that has figures. What is hidden is not saved yet.
fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    let read = || format!("{} cannot be read", from.display());
    std::fs::create_dir_all(to).with_context(|| format!("{} cannot be made", to.display()))?;
    for entry in std::fs::read_dir(from).with_context(read)? {
        let entry = entry.with_context(read)?;
        let (name, path) = (entry.file_name(), entry.path());
        let is_hidden = name.to_string_lossy().starts_with('.');
        match path.is_dir() {
            true if is_hidden => {}
            true => copy_tree(&path, &to.join(name))?,
            false => {
                std::fs::copy(&path, to.join(name))
                    .with_context(|| format!("{} cannot be copied", path.display()))?;
            }
        }
    }
    Ok(())
}
