//! Machines in virtual time: broken on purpose, and as this one is.

pub mod arms;
pub mod shown;
pub mod worlds;

use anyhow::{Context, Result, bail};
use lab::programs::Programs;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// CPython, what differs from it by the lock alone, and native code.
const WITH_LOCK: &str = "sim-cpython";
const WITHOUT_LOCK: &str = "sim-cpython-t";
const NATIVE: &str = "sim-rust";
/// An experiment exits with this if it refuses what was asked.
const REFUSED: i32 = 2;

/// Simulates an experiment on so many cores, from one seed, into the folder `out`, where `run` is the name
/// of its data. Gives their folder; none if nobody knows how long its jobs take on another machine.
fn simulate(
    programs: &Programs,
    (name, cores, run): (&str, &str, &str),
    args: &[impl AsRef<OsStr>],
    out: &Path,
) -> Result<Option<PathBuf>> {
    let mut command = Command::new(programs.path(name));
    command.args(["--seed", "1", "--no-plot", "--simulate", cores]).args(args);
    let output = command.arg("--out").arg(out).stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("{name} cannot be started"))?;
    match output.status.code() {
        Some(0) => Ok(Some(out.join("data").join(run))),
        Some(REFUSED) => Ok(None),
        _ => bail!("{run}: {}", String::from_utf8_lossy(&output.stderr).trim()),
    }
}
