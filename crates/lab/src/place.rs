//! Where things stand: the folder that holds `data/` and `plots/`, and the commit of the code.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The folder that holds `data/` and `plots/`: what was asked for; else the workspace that the
/// program was built in; else the current folder.
///
/// # Errors
/// If there is no current folder any more.
pub fn out_folder(asked: Option<&Path>) -> Result<PathBuf> {
    if let Some(folder) = asked {
        return Ok(folder.to_owned());
    }
    if let Some(folder) = workspace() {
        return Ok(folder);
    }
    std::env::current_dir().context("the current folder is gone: change to another one")
}

/// The workspace, found from where cargo says the package is, or from where the program lies.
pub fn workspace() -> Option<PathBuf> {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let program = std::env::current_exe().ok();
    package
        .iter()
        .chain(&program)
        .flat_map(|path| path.ancestors())
        .find(|folder| folder.join("crates/lab/Cargo.toml").is_file())
        .map(Path::to_path_buf)
}

/// The commit of the code, and whether the code differs from it: `data/`, `plots/` and the README
/// aside, which a run is there to change. None without git or outside of a repository.
pub fn commit() -> Option<(String, bool)> {
    let folder = workspace()?;
    let commit = git(&folder, &["rev-parse", "--short=12", "HEAD"])?;
    let changes = git(
        &folder,
        &[
            "status",
            "--porcelain",
            "--",
            ".",
            ":!data",
            ":!plots",
            ":!README.md",
        ],
    )?;
    Some((commit, !changes.is_empty()))
}

fn git(folder: &Path, words: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(words)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
