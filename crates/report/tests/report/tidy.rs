//! The invariants of the house that a test can keep: who may depend on what, what an experiment
//! leaves to others, and how large a thing may become.

use crate::imports::Imports;
use std::path::{Path, PathBuf};

/// One concept per file: what grows beyond this holds more.
const MOST_LINES: usize = 400;
/// More files than this beside one another are no list that a reader takes in.
const MOST_FILES: usize = 15;
/// What the README may hold: more nobody reads.
const MOST_WORDS: usize = 1500;
/// The longest experiment, and the one in the middle of all.
const EXPERIMENT_LINES: [usize; 2] = [220, 120];

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A file's code without its tests.
fn code(path: &Path) -> String {
    let text = text(path);
    text.split("#[cfg(test)]\nmod tests").next().unwrap_or(&text).to_owned()
}

/// What a folder holds, sorted.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

/// The packages in a folder, by name.
fn packages(folder: &str) -> Vec<(String, PathBuf)> {
    let folders = entries(&workspace().join(folder)).into_iter();
    let packages = folders.filter(|folder| folder.join("Cargo.toml").is_file());
    packages.map(|folder| (name(&folder), folder)).collect()
}

fn experiments() -> Vec<(String, PathBuf)> {
    let experiments = packages("crates/experiments");
    assert!(experiments.len() >= 14, "{experiments:?}");
    experiments
}

/// Every package, experiments too.
fn crates() -> Vec<(String, PathBuf)> {
    [packages("crates"), experiments()].concat()
}

fn is_source(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "rs")
}

/// All Rust files below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    if !folder.is_dir() {
        return Vec::new();
    }
    let of = |path: PathBuf| {
        if path.is_dir() { sources(&path) } else { vec![path] }
    };
    entries(folder).into_iter().flat_map(of).filter(|path| is_source(path)).collect()
}

/// The lines of a section of a manifest such as `[dependencies]`.
fn section(folder: &Path, name: &str) -> Vec<String> {
    let manifest = text(&folder.join("Cargo.toml"));
    let lines = manifest.lines().skip_while(|line| *line != format!("[{name}]")).skip(1);
    let lines = lines.take_while(|line| !line.starts_with('['));
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(str::to_owned).collect()
}

fn dependencies(folder: &Path) -> Vec<String> {
    let lines = section(folder, "dependencies");
    lines.iter().map(|line| line.split(['.', ' ', '=']).next().unwrap().to_owned()).collect()
}

fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn an_experiment_leaves_files_flags_printing_and_threads_to_others() {
    let words = [
        "std::fs",
        "std::env",
        "std::io",
        "std::net",
        "thread::",
        "process::Command",
        "println!",
        "print!",
        "clap",
        ".unwrap()",
        "panic!",
    ];
    for (name, folder) in experiments() {
        assert_eq!(dependencies(&folder), ["lab"], "{name}");
        for file in sources(&folder.join("src")) {
            for word in words {
                assert!(!code(&file).contains(word), "{name} has {word}");
            }
        }
    }
}

#[test]
fn an_experiment_says_what_a_reader_needs() {
    for (name, folder) in experiments() {
        let source = text(&folder.join("src/main.rs"));
        for heading in [
            "//! # Experiment",
            "//! # Predict first",
            "//! # When it is true",
            "//! # What this does not show",
        ] {
            assert!(source.contains(heading), "{name} lacks '{heading}'");
        }
        assert!(source.contains(&format!("cargo run -p {name}")), "{name}");
    }
}

#[test]
fn an_experiment_is_short() {
    let lines = |(name, folder): (String, PathBuf)| {
        let files = sources(&folder.join("src"));
        (files.iter().map(|file| text(file).lines().count()).sum::<usize>(), name)
    };
    let mut all: Vec<(usize, String)> = experiments().into_iter().map(lines).collect();
    all.sort();
    let [most, median] = EXPERIMENT_LINES;
    assert!(all.iter().all(|(lines, _)| *lines <= most), "{all:?}");
    assert!(all[(all.len() - 1) / 2].0 <= median, "{all:?}");
}

#[test]
fn an_experiment_has_a_section_and_a_column_is_explained() {
    let readme = text(&workspace().join("crates/experiments/README.md"));
    let has = |marker: &str| readme.contains(&format!("<!-- report: {marker} -->"));
    for (name, _) in experiments() {
        assert!(has("others") || has(&format!("{name} section")), "{name} has no section");
    }
    let explained = text(&workspace().join("data/README.md"));
    for table in ["trials", "jobs", "spans", "requests", "verdicts"] {
        let header = text(&workspace().join(format!("data/io-threads/{table}.csv")));
        for column in header.lines().next().unwrap_or_default().split(',') {
            assert!(explained.contains(&format!("`{column}`")), "{table}.csv: {column}");
        }
    }
}

#[test]
fn the_readme_fits_on_a_few_screens() {
    let readme = text(&workspace().join("README.md"));
    let is_word = |word: &&str| word.chars().any(char::is_alphabetic);
    let words = readme.split_whitespace().filter(is_word).count();
    assert!(words < MOST_WORDS, "{words} words");
}

#[test]
fn folder_and_package_have_one_name() {
    for (name, folder) in crates() {
        let manifest = text(&folder.join("Cargo.toml"));
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
    }
}

/// The floors of the house: a crate depends on those below it.
const FLOORS: [&[&str]; 7] = [
    &["lab-stats"],
    &["lab-data", "lab-plot"],
    &["lab-gil", "lab-sim"],
    &["lab-pool"],
    &["lab"],
    &["lab-testing", "validity", "lab-bench"],
    &["report"],
];

#[test]
fn a_crate_depends_on_floors_below_and_only_programs_read_a_command_line() {
    let floor = |name: &str| FLOORS.iter().position(|floor| floor.contains(&name));
    for (name, folder) in packages("crates") {
        let own = floor(&name).unwrap_or_else(|| panic!("{name} has no floor"));
        let dependencies = dependencies(&folder);
        for other in dependencies.iter().filter_map(|other| Some((floor(other)?, other))) {
            assert!(other.0 < own, "{name} depends on {}", other.1);
        }
        let has = |other: &str| dependencies.iter().any(|name| name.starts_with(other));
        assert!(own > 3 || !has("clap"), "{name} reads a command line");
        for library in ["plotters", "resvg"] {
            assert_eq!(has(library), name == "lab-plot", "{name}: {library}");
        }
    }
}

#[test]
fn what_judges_records_and_draws_starts_no_thread_and_no_process() {
    let mut wrong = Vec::new();
    for name in ["lab-stats", "lab-plot", "lab-data"] {
        let folder = workspace().join("crates").join(name);
        for other in ["rayon", "tokio", "lab-pool"] {
            assert!(!dependencies(&folder).iter().any(|name| name == other), "{name}: {other}");
        }
        for file in sources(&folder.join("src")) {
            let code = code(&file);
            let words = ["thread::spawn", "thread::scope", "thread::Builder", "process::Command"];
            let found = words.iter().filter(|word| code.contains(**word));
            wrong.extend(found.map(|word| format!("{}: {word}", file.display())));
        }
    }
    assert_none(&wrong);
}

#[test]
fn every_version_is_written_once() {
    for (name, folder) in crates() {
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for line in section(&folder, kind) {
                assert!(line.contains("workspace = true"), "{name}, [{kind}]: {line}");
            }
        }
    }
}

#[test]
fn no_file_is_too_long_and_no_folder_too_full() {
    let mut wrong = Vec::new();
    let files: Vec<PathBuf> = crates().iter().flat_map(|(_, folder)| sources(folder)).collect();
    assert!(files.len() > 100, "{files:?}");
    for file in &files {
        let lines = text(file).lines().count();
        if lines > MOST_LINES {
            wrong.push(format!("{} has {lines} lines", file.display()));
        }
    }
    let mut folders: Vec<&Path> = files.iter().filter_map(|file| file.parent()).collect();
    folders.sort();
    for same in folders.chunk_by(|a, b| a == b).filter(|same| same.len() > MOST_FILES) {
        wrong.push(format!("{} holds {} files", same[0].display(), same.len()));
    }
    assert_none(&wrong);
}

/// Crates whose files still import each other in circles; no further one may.
const KNOTS: [&str; 6] = ["lab", "lab-bench", "lab-plot", "lab-pool", "lab-testing", "validity"];

#[test]
fn no_files_of_a_crate_import_each_other_in_a_circle() {
    let mut wrong = Vec::new();
    for (name, folder) in packages("crates") {
        if KNOTS.contains(&name.as_str()) {
            continue;
        }
        let src = folder.join("src");
        let circles = Imports::of(&src, &sources(&src)).circles();
        wrong.extend(circles.into_iter().map(|arrow| format!("{name}: {arrow}")));
    }
    assert_none(&wrong);
}
