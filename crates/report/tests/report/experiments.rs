//! What an experiment leaves to others, what it says, and how long it is.

use crate::house::{code, dependencies, experiments, sources, text, workspace};
use std::path::PathBuf;

/// The longest experiment, and the one in the middle of all.
const EXPERIMENT_LINES: [usize; 2] = [220, 120];

#[test]
fn an_experiment_leaves_files_flags_printing_and_threads_to_others() {
    let words = "std::fs std::env std::io std::net thread:: process::Command println! print! clap \
                 .unwrap() panic!";
    for (name, folder) in experiments() {
        assert_eq!(dependencies(&folder), ["lab"], "{name}");
        for file in sources(&folder.join("src")) {
            for word in words.split(' ') {
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

/// What is copied from another experiment keeps none of its names.
#[test]
fn an_experiment_has_one_name_in_its_manifest() {
    for (name, folder) in experiments() {
        let manifest = text(&folder.join("Cargo.toml"));
        let mut names = manifest.lines().filter_map(|line| line.strip_prefix("name = "));
        assert!(names.all(|own| own == format!("\"{name}\"")), "{name}:\n{manifest}");
    }
}
