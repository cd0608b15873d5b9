//! What is counted again besides the experiments: the study of how often verdicts are wrong, and the
//! benchmarks. They are libraries, so that no program is asked.

use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use validity::study::CONDITIONS;
use validity::{Study, worlds};

/// The marker of what broken worlds change.
const WORLDS: &str = "validity worlds";

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
        return Ok((vec![(name.to_owned(), lab_bench::table(&data)?)], Files::new()));
    }
    let study = Study::read(&data)?;
    let scratch = tempfile::tempdir().context("no scratch folder can be made")?;
    let figure = Path::new(name).with_extension("png");
    study.write_conditions(scratch.path())?;
    study.draw(&scratch.path().join(&figure))?;
    let read = |file: &Path| {
        let path = scratch.path().join(file);
        std::fs::read(&path).with_context(|| format!("{} is gone", path.display()))
    };
    let table = Path::new("data").join(name).join(CONDITIONS);
    let files =
        [(table, read(Path::new(CONDITIONS))?), (Path::new("plots").join(&figure), read(&figure)?)];
    let blocks =
        [(name.to_owned(), study.markdown()), (WORLDS.to_owned(), worlds::markdown(&study.worlds))];
    Ok((blocks.into(), files.into()))
}
