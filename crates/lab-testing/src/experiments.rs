//! Which experiments there are, their programs, and a run of each that many tests look at.

use crate::{Described, Tree, workspace};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};

/// The seed of every recorded run.
pub const SEED: &str = "7";

/// An experiment as its user has it.
pub struct Experiment {
    /// The name of its folder, its package, its program and its data.
    pub name: String,
    /// The file of the program.
    pub program: PathBuf,
    /// What it says of itself.
    pub described: Described,
    /// Options for a run of all its arms, in about a second.
    pub short: String,
    pub(crate) recorded: OnceLock<Tree>,
}

/// All experiments, by name; their programs are brought up to date first.
pub fn experiments() -> &'static [Experiment] {
    static ALL: OnceLock<Vec<Experiment>> = OnceLock::new();
    ALL.get_or_init(|| {
        let names = names();
        let programs = match std::env::var_os("LAB_PROGRAMS") {
            Some(folder) => {
                let path = |name: &String| (name.clone(), Path::new(&folder).join(name));
                names.iter().map(path).collect()
            }
            None => build(&names),
        };
        let experiment = |name: String| {
            let program = programs[&name].clone();
            let described = Described::of(&program, &name);
            Experiment {
                short: short(&described),
                described,
                name,
                program,
                recorded: OnceLock::new(),
            }
        };
        names.into_iter().map(experiment).collect()
    })
}

/// The experiment of this name.
pub fn experiment(name: &str) -> &'static Experiment {
    let mut all = experiments().iter();
    all.find(|experiment| experiment.name == name)
        .unwrap_or_else(|| panic!("there is no experiment {name}"))
}

fn short(described: &Described) -> String {
    let mut short = format!("--quick --blocks 2 --runtimes {}", described.runtimes().join(","));
    // Numbers of workers are only different ones with more jobs than two.
    let jobs = if described.has("--workers") { 4 } else { 2 };
    if described.has("--jobs") {
        short += &format!(" --jobs {jobs}");
    }
    if described.has("--job-time") {
        short += " --job-time 1ms";
    }
    short
}

/// Holds every experiment against the same test, two at a time, and fails with the names of all that
/// do not pass it.
pub fn each(check: impl Fn(&'static Experiment) + Sync) {
    let all = experiments();
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(Vec::new());
    let check_on = || {
        while let Some(experiment) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
            if catch_unwind(AssertUnwindSafe(|| check(experiment))).is_err() {
                eprintln!("the above is of {}", experiment.name);
                failed.lock().unwrap().push(experiment.name.as_str());
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(check_on);
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "of {}: {failed:?}", all.len());
}

/// The folders whose `main.rs` hands an experiment over to the laboratory.
fn names() -> Vec<String> {
    let crates = workspace().join("crates");
    let folders = [crates.join("experiments"), crates];
    let entries = folders.iter().filter_map(|folder| fs::read_dir(folder).ok());
    let mut names: Vec<String> = entries
        .flatten()
        .map(|entry| entry.unwrap())
        .filter(|entry| {
            let source = fs::read_to_string(entry.path().join("src/main.rs"));
            source.is_ok_and(|source| source.contains("lab::run(experiment!"))
        })
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert!(!names.is_empty(), "no experiment in {folders:?}");
    names
}

/// Builds the programs as this test was built: same cargo, same target folder, same profile.
fn build(names: &[String]) -> BTreeMap<String, PathBuf> {
    let own = std::env::current_exe().unwrap();
    // target/debug/deps/user-0123456789abcdef
    let profile = own.ancestors().nth(2).unwrap();
    let profile_name = match profile.file_name().unwrap().to_str().unwrap() {
        "debug" => "dev",
        name => name,
    };
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["build", "--bins", "--quiet", "--profile", profile_name])
        .arg("--message-format=json-render-diagnostics")
        .arg("--manifest-path")
        .arg(workspace().join("Cargo.toml"))
        .arg("--target-dir")
        .arg(profile.parent().unwrap())
        .stderr(Stdio::inherit());
    for name in names {
        command.args(["-p", name]);
    }
    // What cargo says to this program about its package must not reach another cargo: build scripts
    // that look at it would run again, and everything after them.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "the experiments cannot be built");
    let messages = String::from_utf8(output.stdout).unwrap();
    let artifacts = messages.lines().filter_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        let name = message["target"]["name"].as_str()?.to_owned();
        Some((name, PathBuf::from(message["executable"].as_str()?)))
    });
    artifacts.collect()
}
