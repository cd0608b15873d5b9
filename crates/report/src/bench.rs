//! The benchmarks' table and figures, from `data/bench`: no experiment, so no program is asked.

use crate::redraw::Redrawn;
use anyhow::{Context, Result, ensure};
use lab_bench::saved::Saved;
use lab_bench::{NAME, RESULTS};
use std::path::Path;

impl Redrawn {
    /// Adds what the data of the benchmarks below `out` give. Data that are missing are a problem
    /// only where they are `wanted`; damaged ones always are.
    pub(crate) fn add_bench(&mut self, out: &Path, wanted: bool) {
        let data = out.join("data").join(NAME);
        if !wanted && !data.exists() {
            return;
        }
        if let Err(error) = self.try_add_bench(&data) {
            let sentence = format!("{NAME}: {error:#}");
            self.problems.push((NAME.to_owned(), sentence));
        }
    }

    fn try_add_bench(&mut self, data: &Path) -> Result<()> {
        ensure!(
            data.is_dir(),
            "{} is missing: run `scripts/bench`",
            data.display()
        );
        let saved = Saved::read(data)?;
        let scratch = tempfile::tempdir().context("no scratch folder can be made")?;
        let results = scratch.path().join(RESULTS);
        lab_record::tables::write(&results, saved.results())?;
        let read = |path: &Path| {
            std::fs::read(path).with_context(|| format!("{} is gone", path.display()))
        };
        let mut files = vec![(Path::new("data").join(NAME).join(RESULTS), read(&results)?)];
        for name in saved.draw(scratch.path())? {
            let bytes = read(&scratch.path().join(name))?;
            files.push((Path::new("plots").join(name), bytes));
        }
        self.files.extend(files);
        self.bench = Some(saved.text());
        Ok(())
    }
}
