//! The invariants of the house that a test can keep: who may depend on what, and how large a thing
//! may become.

use crate::house::{code, crates, dependencies, packages, section, sources, text, workspace};
use crate::imports::Imports;
use std::path::{Path, PathBuf};
use std::process::Command;

/// One concept per file: what grows beyond this holds more.
const MOST_LINES: usize = 400;
/// More files than this beside one another are no list that a reader takes in.
const MOST_FILES: usize = 12;
/// What the README may hold: more nobody reads.
const MOST_WORDS: usize = 1500;

fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_readme_fits_on_a_few_screens() {
    let readme = text(&workspace().join("README.md"));
    // What programs print is looked at, not read.
    let mut parts = readme.split("<!-- report: output ");
    let first = parts.next().unwrap_or_default();
    let after = parts.map(|part| part.split_once("<!-- end -->").expect("an end").1);
    let readme = first.to_owned() + &after.collect::<String>();
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
const FLOORS: [&[&str]; 8] = [
    &["lab-stats"],
    &["lab-data", "lab-plot"],
    &["lab-gil"],
    &["lab-sim"],
    &["lab-pool"],
    &["lab"],
    &["lab-testing", "validity", "lab-bench", "lab-page"],
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
        assert!(own > 4 || !has("clap"), "{name} reads a command line");
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

/// Some gits write CRLF where the user asked for it: then no script runs, and no table is the saved one.
#[test]
fn a_clone_has_the_same_bytes_on_every_machine() {
    let attributes = |file: &str| {
        let output = Command::new("git")
            .args(["check-attr", "text", "eol", "--", file])
            .current_dir(workspace())
            .output();
        let output = output.unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    for file in ["scripts/check", "data/same-core/trials.csv", "README.md"] {
        let said = attributes(file);
        assert!(said.contains("text: auto") && said.contains("eol: lf"), "{said}");
    }
    for file in ["plots/same-core.png", "font.ttf", "font.woff2"] {
        assert!(attributes(file).contains("text: unset"), "{file}");
    }
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

#[test]
fn no_files_of_a_crate_import_each_other_in_a_circle() {
    let mut wrong = Vec::new();
    for (name, folder) in packages("crates") {
        let src = folder.join("src");
        let circles = Imports::of(&src, &sources(&src)).circles();
        wrong.extend(circles.into_iter().map(|arrow| format!("{name}: {arrow}")));
    }
    assert_none(&wrong);
}
