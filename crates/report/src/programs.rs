//! Which experiments there are, and where their programs lie.

use crate::studies;
use anyhow::{Context, Result, bail, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the `main.rs` of an experiment calls.
const CALL: &str = "lab::run(experiment!";

/// The programs of all experiments.
#[derive(Debug)]
pub(crate) struct Programs {
    folder: PathBuf,
    names: Vec<String>,
    /// Where they can be built; none if they are used as they are.
    workspace: Option<PathBuf>,
}

impl Programs {
    /// Those of this workspace, beside this program; or all that lie in `folder` but for those of studies.
    ///
    /// # Errors
    /// If there is no workspace, or a folder cannot be read.
    pub(crate) fn find(folder: Option<&Path>) -> Result<Programs> {
        if let Some(folder) = folder {
            let is_study = |path: &Path| studies::names().any(|study| path.ends_with(study));
            return Ok(Programs {
                names: names_in(folder, |path| path.is_file() && !is_study(path))?,
                folder: folder.to_owned(),
                workspace: None,
            });
        }
        let workspace = lab::workspace().context(
            "there is no workspace around here: change to it, or name the folder of the \
             experiments' programs with --programs",
        )?;
        let is_experiment = |path: &Path| {
            std::fs::read_to_string(path.join("src/main.rs"))
                .is_ok_and(|source| source.contains(CALL))
        };
        let own = std::env::current_exe().context("where this program lies is unknown")?;
        Ok(Programs {
            names: names_in(&workspace.join("crates"), is_experiment)?,
            folder: own.parent().unwrap_or(Path::new(".")).to_owned(),
            workspace: Some(workspace),
        })
    }

    /// The names of all experiments, in alphabetical order.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Brings the programs of these experiments up to date, if cargo runs this program; else they
    /// are used as they are.
    ///
    /// # Errors
    /// If they cannot be built, or one is missing.
    pub(crate) fn build(&self, names: &[String]) -> Result<()> {
        if let (Some(workspace), Some(cargo)) = (&self.workspace, std::env::var_os("CARGO")) {
            let mut command = Command::new(cargo);
            command.args(["build", "--quiet", "--manifest-path"]);
            command.arg(workspace.join("Cargo.toml"));
            // What cargo tells this program of its own package must not reach another cargo: build
            // scripts that look at it would run again, and everything after them.
            for (name, _) in std::env::vars_os() {
                let of_a_package = ["CARGO_PKG_", "CARGO_MANIFEST_"];
                if of_a_package
                    .iter()
                    .any(|start| name.to_string_lossy().starts_with(start))
                {
                    command.env_remove(name);
                }
            }
            for name in names {
                command.args(["-p", name]);
            }
            let status = command.status().context("cargo cannot be started")?;
            ensure!(status.success(), "the experiments cannot be built");
        }
        if let Some(name) = names.iter().find(|name| !self.path(name).is_file()) {
            bail!(
                "{} is missing: run `cargo build -p {name}`",
                self.path(name).display()
            );
        }
        Ok(())
    }

    /// The program of an experiment.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// A number that changes with any of these programs.
    ///
    /// # Errors
    /// If one cannot be read.
    pub(crate) fn fingerprint(&self, names: &[String]) -> Result<u32> {
        let mut sum = crc32fast::Hasher::new();
        for name in names {
            let path = self.path(name);
            let bytes = std::fs::read(&path)
                .with_context(|| format!("{} cannot be read", path.display()))?;
            sum.update(&bytes);
        }
        Ok(sum.finalize())
    }
}

fn names_in(folder: &Path, is_one: impl Fn(&Path) -> bool) -> Result<Vec<String>> {
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut names: Vec<String> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| is_one(path))
        .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    Ok(names)
}
