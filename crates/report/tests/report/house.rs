//! The tree of this workspace, as far as tests look at it.

use std::path::{Path, PathBuf};

pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub(crate) fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A file's code without its tests.
pub(crate) fn code(path: &Path) -> String {
    let text = text(path);
    text.split("#[cfg(test)]\nmod tests").next().unwrap_or(&text).to_owned()
}

/// What a folder holds, sorted.
pub(crate) fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

pub(crate) fn name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

/// The packages in a folder, by name.
pub(crate) fn packages(folder: &str) -> Vec<(String, PathBuf)> {
    let folders = entries(&workspace().join(folder)).into_iter();
    let packages = folders.filter(|folder| folder.join("Cargo.toml").is_file());
    packages.map(|folder| (name(&folder), folder)).collect()
}

pub(crate) fn experiments() -> Vec<(String, PathBuf)> {
    let experiments = packages("crates/experiments");
    assert!(experiments.len() >= 14, "{experiments:?}");
    experiments
}

/// Every package, experiments too.
pub(crate) fn crates() -> Vec<(String, PathBuf)> {
    [packages("crates"), experiments()].concat()
}

pub(crate) fn is_source(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "rs")
}

/// All Rust files below a folder.
pub(crate) fn sources(folder: &Path) -> Vec<PathBuf> {
    if !folder.is_dir() {
        return Vec::new();
    }
    let of = |path: PathBuf| {
        if path.is_dir() { sources(&path) } else { vec![path] }
    };
    entries(folder).into_iter().flat_map(of).filter(|path| is_source(path)).collect()
}

/// The lines of a section of a manifest such as `[dependencies]`.
pub(crate) fn section(folder: &Path, name: &str) -> Vec<String> {
    let manifest = text(&folder.join("Cargo.toml"));
    let lines = manifest.lines().skip_while(|line| *line != format!("[{name}]")).skip(1);
    let lines = lines.take_while(|line| !line.starts_with('['));
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(str::to_owned).collect()
}

pub(crate) fn dependencies(folder: &Path) -> Vec<String> {
    let lines = section(folder, "dependencies");
    lines.iter().map(|line| line.split(['.', ' ', '=']).next().unwrap().to_owned()).collect()
}
