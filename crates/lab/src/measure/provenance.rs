//! How, when and from what a run is made: its folder, its commit, its command line.

use anyhow::{Context, Result};
use lab_data::run::{Mode, RunInfo};
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

/// The workspace, found from where cargo says the package is, from where the program is, or from the
/// current folder.
pub fn workspace() -> Option<PathBuf> {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let program = std::env::current_exe().ok();
    let current = std::env::current_dir().ok();
    [package, program, current]
        .iter()
        .flatten()
        .flat_map(|path| path.ancestors())
        .find(|folder| folder.join("crates/lab/Cargo.toml").is_file())
        .map(Path::to_path_buf)
}

/// The commit of the code, and whether the code differs from it: `data/`, `plots/` and the README
/// aside, which a run is there to change. None without git or outside of a repository.
pub fn commit() -> Option<(String, bool)> {
    let folder = workspace()?;
    let commit = git(&folder, &["rev-parse", "--short=12", "HEAD"])?;
    let changes =
        git(&folder, &["status", "--porcelain", "--", ".", ":!data", ":!plots", ":!README.md"])?;
    Some((commit, !changes.is_empty()))
}

/// What tells git of a repository, as a hook is told of its own: the one in question is that of the
/// folder.
const OF_ANOTHER_REPOSITORY: [&str; 8] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
];

fn git(folder: &Path, words: &[&str]) -> Option<String> {
    let mut git = Command::new("git");
    for variable in OF_ANOTHER_REPOSITORY {
        git.env_remove(variable);
    }
    let output = git
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

/// How, when and where a run that begins now is made, and what it cannot know.
pub fn provenance(name: &str, mode: Mode, seed: u64) -> RunInfo {
    let mut info = RunInfo::begin(name, mode, command_line(), seed);
    if let Some((commit, dirty)) = commit() {
        info.commit = Some(commit);
        info.dirty = Some(dirty);
    } else if workspace().is_some() {
        // Of a program that was installed nobody can know it.
        info.warnings.push(
            "the commit of the code is unknown: run it with cargo, in a git repository".to_owned(),
        );
    }
    let unseen = lab_data::machine::unseen();
    if !unseen.is_empty() {
        info.warnings.push(format!(
            "this system does not show {}: what depends on it is empty in the data, and verdicts \
             go on without",
            unseen.join(", ")
        ));
    }
    info
}

/// The command line without the folder of the program.
fn command_line() -> Vec<String> {
    let mut words = std::env::args_os();
    let program = words.next().map(PathBuf::from);
    let name = program.as_deref().and_then(Path::file_name).unwrap_or_default();
    std::iter::once(name.to_owned())
        .chain(words)
        .map(|word| word.to_string_lossy().into_owned())
        .collect()
}
