//! From the sources to the first figure: a cold build of one experiment, and its first run. The
//! crates' own sources are there already; how fast a network is does not belong to us.

use crate::bench::Bench;
use crate::goals::{comparison, subject};
use crate::limits::check_disk;
use crate::process;
use crate::rounds::Subject;
use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// The experiment that the README runs first.
const EXPERIMENT: &str = "io-threads";
/// What a build leaves behind, in bytes.
const BUILT: u64 = 1_500_000_000;
const BUILDING: Duration = Duration::from_secs(900);
const RUNNING: Duration = Duration::from_secs(120);

pub(super) fn measure(bench: &mut Bench) -> Result<()> {
    if let Err(why) = measure_all(bench) {
        let why = format!("{why:#}");
        eprintln!("bench: {}: {why}", comparison::FIRST);
        bench.record.skip(comparison::FIRST, "", why);
    }
    Ok(())
}

fn measure_all(bench: &mut Bench) -> Result<()> {
    let workspace = lab::workspace().context("there is no workspace around here")?;
    let manifest = workspace.join("Cargo.toml").to_string_lossy().into_owned();
    let target = bench.scratch.join("first-target");
    check_disk("a cold build", BUILT, &bench.scratch)?;
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let crates = crates(&cargo, &manifest)?;
    let (cargo, target_text) = (Path::new(&cargo), target.to_string_lossy().into_owned());
    let words = [
        "build",
        "--quiet",
        "--locked",
        "--offline",
        "--manifest-path",
        &manifest,
        "--target-dir",
        &target_text,
        "-p",
        EXPERIMENT,
    ];
    let program = target.join("debug").join(EXPERIMENT);
    let out = bench.scratch.join("first").to_string_lossy().into_owned();
    let mut subjects = [Subject::new(subject::COLD_BUILD, crates, 1, || {
        // Cold, also if the machine was disturbed and it is built once more.
        if target.exists() {
            std::fs::remove_dir_all(&target).context("the last build cannot be removed")?;
        }
        Ok(process::run(cargo, &words, BUILDING)?.measured)
    })];
    bench.compare(comparison::FIRST, &mut subjects, &[], BUILDING);
    if !program.is_file() {
        bail!("{EXPERIMENT} was not built");
    }
    let mut subjects = [Subject::new(subject::QUICK_RUN, 1, 1, || {
        Ok(process::run(&program, &["--quick", "--out", &out], RUNNING)?.measured)
    })];
    bench.compare(comparison::FIRST, &mut subjects, &[], RUNNING);
    Ok(())
}

/// How many crates are compiled, those of the workspace and those for build scripts included.
fn crates(cargo: &str, manifest: &str) -> Result<u64> {
    let output = Command::new(cargo)
        .args(["tree", "--offline", "--locked", "--manifest-path", manifest])
        .args(["-p", EXPERIMENT, "-e", "normal,build", "--prefix", "none"])
        .output()
        .context("cargo cannot be started")?;
    ensure!(
        output.status.success(),
        "cargo tree: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    let crates = count(&String::from_utf8_lossy(&output.stdout));
    ensure!(crates > 0, "cargo tree names no crate");
    Ok(crates)
}

/// Different crates in a listing with one a line, in which some stand several times.
fn count(listing: &str) -> u64 {
    let names = listing.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        Some((words.next()?, words.next()?))
    });
    names.collect::<BTreeSet<_>>().len() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_that_stands_several_times_counts_once() {
        let listing = "lab v0.1.0 (/x)\nlibc v0.2.1\ncsv v1.4.0\nlibc v0.2.1\nlibc v0.3.0\ncsv v1.4.0 (*)\n\n";
        assert_eq!(count(listing), 4);
    }
}
