//! What is counted and drawn again besides the experiments: the study of how often verdicts are
//! wrong, and the benchmarks. They are libraries, so no program is asked.

use crate::redraw::{Files, Redrawn};
use anyhow::{Context, Result, ensure};
use lab_bench::RESULTS;
use lab_bench::saved::Saved;
use std::path::{Path, PathBuf};
use validity::Study;
use validity::study::CONDITIONS;

/// The names of all of them: of their folders, their markers and their figures.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    [validity::NAME, lab_bench::NAME].into_iter()
}

impl Redrawn {
    /// Adds what the data of these studies below `out` give. Missing data are a problem only where
    /// they are `wanted`, damaged ones always.
    pub(crate) fn add_studies(
        &mut self,
        out: &Path,
        names: impl Iterator<Item = &'static str>,
        wanted: impl Fn(&str) -> bool,
    ) {
        for name in names {
            let data = out.join("data").join(name);
            if !wanted(name) && !data.exists() {
                continue;
            }
            match again(name, &data) {
                Ok((text, files)) => {
                    self.studies.insert(name, text);
                    self.files.extend(files);
                }
                Err(error) => self
                    .problems
                    .push((name.to_owned(), format!("{name}: {error:#}"))),
            }
        }
    }
}

/// The text and the files that the data of a study give.
fn again(name: &str, data: &Path) -> Result<(String, Files)> {
    let command = match name {
        lab_bench::NAME => "scripts/bench",
        _ => "cargo run -p validity",
    };
    ensure!(
        data.is_dir(),
        "{} is missing: run `{command}`",
        data.display()
    );
    let scratch = tempfile::tempdir().context("no scratch folder can be made")?;
    let (text, table, figures) = match name {
        lab_bench::NAME => benchmarks(data, scratch.path())?,
        _ => verdicts(data, scratch.path())?,
    };
    let read = |file: &Path| {
        let path = scratch.path().join(file);
        std::fs::read(&path).with_context(|| format!("{} is gone", path.display()))
    };
    let mut files = Files::from([(
        Path::new("data").join(name).join(table),
        read(Path::new(table))?,
    )]);
    for figure in figures {
        files.insert(Path::new("plots").join(&figure), read(&figure)?);
    }
    Ok((text, files))
}

/// What is made of a study in the scratch folder: its text, its table, its figures.
type Made = (String, &'static str, Vec<PathBuf>);

fn verdicts(data: &Path, scratch: &Path) -> Result<Made> {
    let study = Study::read(data)?;
    study.write_conditions(scratch)?;
    let figure = Path::new(validity::NAME).with_extension("png");
    study.draw(&scratch.join(&figure))?;
    Ok((study.markdown(), CONDITIONS, vec![figure]))
}

fn benchmarks(data: &Path, scratch: &Path) -> Result<Made> {
    let saved = Saved::read(data)?;
    lab_record::tables::write(&scratch.join(RESULTS), saved.results())?;
    let figures = saved.draw(scratch)?;
    let figures = figures.into_iter().map(PathBuf::from).collect();
    Ok((saved.text(), RESULTS, figures))
}
