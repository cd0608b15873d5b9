//! The programs of the experiments: which there are, where they are, and what they declare.
//!
//! An experiment is a folder in `crates/experiments`; nothing else lists them.

use crate::measure::provenance::workspace;
use crate::show::describe::Described;
use anyhow::{Context, Result, bail, ensure};
use std::ffi::{OsStr, OsString};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where a workspace has its experiments.
const EXPERIMENTS: &str = "crates/experiments";
/// The laboratory's programs that are no experiments: needed where there is no workspace to ask.
const NO_EXPERIMENTS: [&str; 4] = ["bench", "lab-bench", "report", "validity"];

/// The programs of all experiments.
#[derive(Clone, Debug)]
pub struct Programs {
    folder: PathBuf,
    names: Vec<String>,
    /// Where they can be built; none if they are used as they are.
    workspace: Option<PathBuf>,
}

impl Programs {
    /// The experiments of this workspace whose programs are in `folder`, or where there is no
    /// workspace all programs in it; without a folder those of this workspace, or else all that are
    /// beside this program.
    ///
    /// # Errors
    /// If a folder cannot be read.
    pub fn find(folder: Option<&Path>) -> Result<Programs> {
        let own = std::env::current_exe().context("where this program is, is unknown")?;
        // Cargo puts tests one folder deeper.
        let mut above = own.ancestors().skip(1).skip_while(|folder| folder.ends_with("deps"));
        let beside = folder.or(above.next()).unwrap_or(Path::new("."));
        let workspace = workspace();
        let mut names = match &workspace {
            Some(workspace) => {
                let is_experiment = |path: &Path| path.join("Cargo.toml").is_file();
                names_in(&workspace.join(EXPERIMENTS), is_experiment)?
            }
            None => names_in(beside, is_program)?,
        };
        if folder.is_some() {
            names.retain(|name| beside.join(name).is_file());
        }
        Ok(Programs {
            folder: beside.to_owned(),
            names,
            workspace: workspace.filter(|_| folder.is_none()),
        })
    }

    /// The names of all experiments, in alphabetical order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The program of an experiment, or of another package of the workspace.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Brings the programs of these packages up to date, in the profile and the folder of this
    /// program, if cargo runs it; else they are used as they are.
    ///
    /// # Errors
    /// If they cannot be built, or one is missing.
    pub fn build(&self, names: &[impl AsRef<str>]) -> Result<()> {
        let names = || names.iter().map(AsRef::as_ref);
        if let (Some(workspace), Some(cargo)) = (&self.workspace, std::env::var_os("CARGO")) {
            let mut command = Command::new(cargo);
            command.args(["build", "--quiet", "--manifest-path"]);
            command.arg(workspace.join("Cargo.toml"));
            command.args(self.place(workspace)).env_remove("CARGO_BUILD_TARGET");
            // What cargo says of this program's package must not reach another cargo: build
            // scripts that look at it would run again, and everything after them.
            for (name, _) in std::env::vars_os() {
                let text = name.to_string_lossy();
                if ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|start| text.starts_with(start)) {
                    command.env_remove(&name);
                }
            }
            command.args(names().flat_map(|name| ["-p", name]));
            let status = command.status().context("cargo cannot be started")?;
            ensure!(status.success(), "the programs cannot be built");
        }
        if let Some(name) = names().find(|name| !self.path(name).is_file()) {
            let path = self.path(name);
            match &self.workspace {
                Some(workspace) => bail!(
                    "{} is missing: run `cargo build -p {name} {}`",
                    path.display(),
                    self.place(workspace).map(|word| word.display().to_string()).join(" ")
                ),
                None => {
                    bail!("{} is missing: put it there, or name another folder", path.display())
                }
            }
        }
        Ok(())
    }

    /// The words with which cargo builds into this folder, whatever it would do by itself.
    fn place(&self, workspace: &Path) -> [OsString; 4] {
        // Cargo calls the folder of one profile by another name.
        let profile = match self.folder.file_name() {
            Some(profile) if profile != "debug" => profile,
            _ => OsStr::new("dev"),
        };
        let target = self.folder.parent().map_or(workspace.join("target"), Path::to_owned);
        ["--profile".into(), profile.to_owned(), "--target-dir".into(), target.into()]
    }

    /// What an experiment declares for these runtimes, such as `rust,gil`: they need not be on this
    /// machine.
    ///
    /// # Errors
    /// If its program cannot be run, or says nothing that can be read.
    pub fn describe(&self, name: &str, runtimes: &str) -> Result<Described> {
        let path = self.path(name);
        let output = Command::new(&path)
            .args(["--describe", "--runtimes", runtimes])
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("{} cannot be started", path.display()))?;
        ensure!(
            output.status.success(),
            "{name} does not describe itself: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
        serde_json::from_slice(&output.stdout)
            .with_context(|| format!("what {name} says of itself cannot be read: rebuild it"))
    }
}

fn is_program(path: &Path) -> bool {
    let is_executable = path
        .metadata()
        .is_ok_and(|entry| entry.is_file() && entry.permissions().mode() & 0o111 != 0);
    // On some file systems every file is executable, also what cargo leaves beside the programs.
    let is_named = path.file_name().is_some_and(|name| !name.as_encoded_bytes().contains(&b'.'));
    is_executable && is_named && !NO_EXPERIMENTS.iter().any(|name| path.ends_with(name))
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const FIRST: &str = "io-threads";

    /// A folder with a program that prints this, and files that are no experiments.
    fn folder(prints: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in [FIRST, "report", "pool-fixture", "io-threads.d", ".cargo-lock"] {
            let path = folder.path().join(name);
            fs::write(&path, format!("#!/bin/sh\necho '{prints}'\n")).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        folder
    }

    #[test]
    fn a_folder_holds_the_experiments_and_other_files() {
        let folder = folder(r#"{"experiment": "io-threads", "text": "", "designs": []}"#);
        let programs = Programs::find(Some(folder.path())).unwrap();
        assert_eq!(programs.names(), [FIRST]);
        programs.build(programs.names()).unwrap();
        assert_eq!(programs.describe(FIRST, "rust").unwrap().experiment, FIRST);
        let error = programs.build(&["second"]).unwrap_err().to_string();
        assert!(
            error.ends_with("second is missing: put it there, or name another folder"),
            "{error}"
        );
        fs::write(programs.path(FIRST), "#!/bin/sh\necho nonsense\n").unwrap();
        let error = programs.describe(FIRST, "rust").unwrap_err().to_string();
        assert_eq!(error, "what io-threads says of itself cannot be read: rebuild it");
    }

    #[test]
    fn without_a_workspace_what_cargo_leaves_is_no_program() {
        let folder = folder("");
        let names = names_in(folder.path(), is_program).unwrap();
        assert_eq!(names, [FIRST, "pool-fixture"]);
    }

    #[test]
    fn the_workspace_holds_an_experiment_per_folder() {
        let names = Programs::find(None).unwrap().names;
        assert!(names.contains(&FIRST.to_owned()) && names.len() >= 14, "{names:?}");
    }
}
