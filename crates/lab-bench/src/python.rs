//! The Python that is measured beside: an environment of its own, with the usual tools.

use crate::rows::NAME;
use anyhow::{Context, Result, bail, ensure};
use lab_child::run_outside;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The articles' pipeline in Python.
const PIPELINE: &str = include_str!("../python/pipeline.py");
/// Single tools at the end of a pipe.
const DESK: &str = include_str!("../python/desk.py");
/// What the scripts import.
const PACKAGES: [&str; 6] = [
    "numpy",
    "pandas",
    "polars",
    "pyarrow",
    "matplotlib",
    "datashader",
];
/// To find or make the environment.
const SHORT: Duration = Duration::from_secs(60);
/// To load and install the packages.
const INSTALLING: Duration = Duration::from_secs(300);
/// Prints Python's version and those of the packages in its arguments, `-` for one that is missing.
const VERSIONS: &str = "\
import importlib.metadata, platform, sys
def version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return '-'
print(platform.python_version(), *map(version, sys.argv[1:]))";

/// An environment and what it holds.
#[derive(Debug)]
pub(crate) struct Python {
    program: PathBuf,
    versions: BTreeMap<String, String>,
    /// Why packages are missing, if some are.
    trouble: String,
    scripts: PathBuf,
}

impl Python {
    /// The environment in `folder`, made and filled where it is not there yet; the scripts are put
    /// into `scratch`.
    ///
    /// # Errors
    /// If there is no `python3`, or it makes no environment. Packages that cannot be had are no
    /// error yet: see [`Python::with`].
    pub(crate) fn prepare(folder: &Path, scratch: &Path) -> Result<Python> {
        let program = folder.join("bin/python");
        if !program.is_file() {
            let words = ["-m", "venv", &folder.to_string_lossy()].map(str::to_owned);
            if let Err(error) = run("python3", &words, SHORT) {
                // Half an environment would be taken for a whole one at the next start.
                let _ = std::fs::remove_dir_all(folder);
                return Err(error.context("no Python environment can be made"));
            }
        }
        let again = format!("remove {} and run again", folder.display());
        let mut python = Python {
            program,
            versions: BTreeMap::new(),
            trouble: String::new(),
            scripts: scratch.to_owned(),
        };
        for (name, text) in [("pipeline.py", PIPELINE), ("desk.py", DESK)] {
            let path = scratch.join(name);
            std::fs::write(&path, text)
                .with_context(|| format!("{} cannot be written", path.display()))?;
        }
        python.look().context(again.clone())?;
        if !PACKAGES
            .iter()
            .all(|name| python.versions.contains_key(*name))
        {
            eprintln!("{NAME}: installing {} …", PACKAGES.join(", "));
            let words = ["-m", "pip", "install", "--quiet", "--retries", "1"];
            let words: Vec<String> = words
                .into_iter()
                .chain(PACKAGES)
                .map(str::to_owned)
                .collect();
            if let Err(error) = run(&python.program.to_string_lossy(), &words, INSTALLING) {
                python.trouble = format!("{error:#}; {again}");
            }
            python.look().context(again)?;
        }
        Ok(python)
    }

    /// Python's own version, and those of the packages that are there.
    pub(crate) fn versions(&self) -> &BTreeMap<String, String> {
        &self.versions
    }

    /// The program, if it has all these packages.
    ///
    /// # Errors
    /// Which is missing, and why.
    pub(crate) fn with(&self, packages: &[&str]) -> Result<&Path> {
        for name in packages {
            ensure!(
                self.versions.contains_key(*name),
                "{name} cannot be installed ({})",
                self.trouble
            );
        }
        Ok(&self.program)
    }

    /// Where a script lies: `pipeline.py` or `desk.py`.
    pub(crate) fn script(&self, name: &str) -> PathBuf {
        self.scripts.join(name)
    }

    fn look(&mut self) -> Result<()> {
        let words = ["-c", VERSIONS].into_iter().chain(PACKAGES);
        let words: Vec<String> = words.map(str::to_owned).collect();
        let line = run(&self.program.to_string_lossy(), &words, SHORT)?;
        self.versions = versions(&line);
        Ok(())
    }
}

/// What [`VERSIONS`] prints.
fn versions(line: &str) -> BTreeMap<String, String> {
    let names = std::iter::once("python").chain(PACKAGES);
    names
        .zip(line.split_whitespace())
        .filter(|(_, version)| *version != "-")
        .map(|(name, version)| (name.to_owned(), version.to_owned()))
        .collect()
}

/// The last line that a program writes.
fn run(program: &str, words: &[String], timeout: Duration) -> Result<String> {
    let used = run_outside(program, words, timeout).with_context(|| program.to_owned())?;
    match used.status {
        Some(status) if status.success() => Ok(used.last_output),
        Some(_) => bail!("{program}: {}", used.last_error),
        None => bail!("{program} took longer than {timeout:?} and was ended"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_package_is_named_with_the_reason() {
        let python = Python {
            program: "python".into(),
            versions: BTreeMap::from([("numpy".to_owned(), "2.0".to_owned())]),
            trouble: "no network".to_owned(),
            scripts: PathBuf::new(),
        };
        assert!(python.with(&["numpy"]).is_ok());
        let error = python.with(&["numpy", "polars"]).unwrap_err().to_string();
        assert_eq!(error, "polars cannot be installed (no network)");
    }

    #[test]
    fn versions_stand_in_the_order_of_the_packages() {
        let found = versions("3.11.2 2.4.6 - 2.1.0");
        assert_eq!(found.len(), 3);
        assert_eq!((&*found["python"], &*found["polars"]), ("3.11.2", "2.1.0"));
        assert!(versions("").is_empty());
    }

    #[test]
    fn an_environment_that_cannot_be_made_is_an_error() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = Path::new("/dev/null/venv");
        let error = Python::prepare(folder, scratch.path()).unwrap_err();
        assert!(
            error.to_string().contains("no Python environment"),
            "{error}"
        );
    }

    #[test]
    fn half_an_environment_goes_again_and_a_broken_one_is_named() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path().join("venv");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("bin"), "no folder").unwrap();
        Python::prepare(&folder, scratch.path()).unwrap_err();
        assert!(!folder.exists());

        std::fs::create_dir_all(folder.join("bin")).unwrap();
        std::fs::write(folder.join("bin/python"), "no program").unwrap();
        let error = Python::prepare(&folder, scratch.path()).unwrap_err();
        let advice = format!("remove {} and run again", folder.display());
        assert!(format!("{error:#}").contains(&advice), "{error:#}");
    }
}
