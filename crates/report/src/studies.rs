//! What is counted again besides the experiments: the study of how often verdicts are wrong, and the
//! benchmarks. They are libraries, so that no program is asked.

use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use validity::Study;
use validity::machines::{shown, worlds};
use validity::study::CONDITIONS;

/// The bytes that belong in each file, by its path below the folder of `data/` and `plots/`.
pub(crate) type Files = BTreeMap<PathBuf, Vec<u8>>;

/// The names of all of them: of their folders, their markers and their figures.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    [validity::NAME, lab_bench::NAME].into_iter()
}

/// Whether this is one of them.
pub(crate) fn has(name: &str) -> bool {
    names().any(|study| study == name)
}

/// What the data of a study below `out` give: the README's texts by their markers, and files.
///
/// # Errors
/// If its data are missing or damaged.
pub(crate) fn again(out: &Path, name: &str) -> Result<(Vec<(String, String)>, Files)> {
    let data = out.join("data").join(name);
    let is_bench = name == lab_bench::NAME;
    let remedy = if is_bench { "scripts/bench" } else { "cargo run -p validity" };
    ensure!(data.is_dir(), "{} is missing: run `{remedy}`", data.display());
    if is_bench {
        let figure = lab_bench::figure(&data)?.map(|figure| figure.png()).transpose()?;
        let files = figure.map(|png| (format!("plots/{name}-simulation.png").into(), png));
        let table = (name.to_owned(), lab_bench::table(&data)?);
        return Ok((vec![table], files.into_iter().collect()));
    }
    let study = Study::read(&data)?;
    let scratch = tempfile::tempdir().context("no scratch folder can be made")?;
    study.write_conditions(scratch.path())?;
    let table = scratch.path().join(CONDITIONS);
    let table = std::fs::read(&table).with_context(|| format!("{} is gone", table.display()))?;
    let plots =
        study.figures()?.into_iter().map(|(file, png)| (Path::new("plots").join(file), png));
    let files = plots.chain([(Path::new("data").join(name).join(CONDITIONS), table)]).collect();
    let blocks = [
        (name.to_owned(), study.markdown()),
        (format!("{name} worlds"), worlds::markdown(&study.worlds)),
        (format!("{name} arms"), shown::markdown(&study.arms)),
    ];
    Ok((blocks.into(), files))
}
