//! The invariants of the house that a test can keep: who may depend on what, and what an
//! experiment leaves to others.

use std::path::{Path, PathBuf};

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every crate's name and folder.
fn crates() -> Vec<(String, PathBuf)> {
    let mut crates: Vec<(String, PathBuf)> = std::fs::read_dir(workspace().join("crates"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.path()))
        .collect();
    crates.sort();
    crates
}

/// All Rust files below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let of = |path: PathBuf| match path.is_dir() {
        true => sources(&path),
        false => vec![path],
    };
    paths
        .flat_map(of)
        .filter(|path| path.extension().is_some_and(|end| end == "rs"))
        .collect()
}

fn experiments() -> Vec<(String, PathBuf)> {
    let experiments: Vec<_> = crates()
        .into_iter()
        .filter(|(_, folder)| {
            let main = folder.join("src/main.rs");
            main.is_file() && text(&main).contains("lab::run(experiment!")
        })
        .collect();
    assert!(experiments.len() >= 3, "{experiments:?}");
    experiments
}

/// The names in a section of a manifest such as `[dependencies]`.
fn section(folder: &Path, name: &str) -> Vec<String> {
    text(&folder.join("Cargo.toml"))
        .lines()
        .skip_while(|line| *line != format!("[{name}]"))
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| Some(line.split(['.', ' ', '=']).next()?.to_owned()))
        .filter(|name| !name.is_empty() && !name.starts_with('#'))
        .collect()
}

#[test]
fn an_experiment_depends_on_lab_only() {
    for (name, folder) in experiments() {
        assert_eq!(section(&folder, "dependencies"), ["lab"], "{name}");
    }
}

#[test]
fn an_experiment_leaves_files_flags_printing_and_threads_to_others() {
    for (name, folder) in experiments() {
        let source = text(&folder.join("src/main.rs"));
        for word in [
            "std::fs",
            "std::env",
            "std::net",
            "std::thread",
            "std::process::Command",
            "println!",
            "eprintln!",
            "print!",
            ".unwrap()",
            ".expect(",
            "panic!",
        ] {
            assert!(!source.contains(word), "{name} has {word}");
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
fn folder_and_package_have_one_name() {
    for (name, folder) in crates() {
        let manifest = text(&folder.join("Cargo.toml"));
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
    }
}

#[test]
fn only_lab_plot_names_plotters() {
    for (name, folder) in crates() {
        let names = section(&folder, "dependencies");
        let has = names.iter().any(|name| name.starts_with("plotters"));
        assert_eq!(has, name == "lab-plot", "{name}");
    }
}

#[test]
fn what_judges_records_and_draws_starts_no_thread_and_no_process() {
    for (name, folder) in crates() {
        if !["lab-stats", "lab-plot", "lab-record"].contains(&name.as_str()) {
            continue;
        }
        let names = section(&folder, "dependencies");
        for stranger in ["lab-pool", "lab-child", "rayon", "tokio"] {
            assert!(
                !names.iter().any(|name| name == stranger),
                "{name}: {stranger}"
            );
        }
        for file in sources(&folder.join("src")) {
            let source = text(&file);
            let code = source.split("#[cfg(test)]").next().unwrap_or_default();
            for word in [
                "thread::spawn",
                "thread::scope",
                "thread::Builder",
                "process::Command",
            ] {
                assert!(!code.contains(word), "{}: {word}", file.display());
            }
        }
    }
}

#[test]
fn every_version_stands_once() {
    for (name, folder) in crates() {
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for line in text(&folder.join("Cargo.toml"))
                .lines()
                .skip_while(|line| *line != format!("[{kind}]"))
                .skip(1)
                .take_while(|line| !line.starts_with('['))
                .filter(|line| !line.is_empty() && !line.starts_with('#'))
            {
                let whole = line.contains("workspace = true");
                assert!(whole, "{name}, [{kind}]: {line}");
            }
        }
    }
}

/// One concept a module: what grows beyond this holds more.
const MOST_LINES: usize = 400;

#[test]
fn no_file_is_too_long_to_read() {
    let files: Vec<PathBuf> = crates()
        .iter()
        .flat_map(|(_, folder)| sources(folder))
        .collect();
    assert!(files.len() > 100, "{files:?}");
    for file in files {
        let lines = text(&file).lines().count();
        assert!(lines <= MOST_LINES, "{} has {lines} lines", file.display());
    }
}
