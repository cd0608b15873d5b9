//! What one interpreter is: it is asked.

use crate::process::{Child, ChildCommand};
use crate::trial::StartMethod;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Older ones lack what `worker.py` needs, such as `os.memfd_create`.
const OLDEST: [u16; 2] = [3, 8];
/// What a name ends with where a free-threaded build has its lock on.
pub(super) const WITH_GIL: &str = "+gil";

/// What an interpreter is, as it says itself while it runs.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Identity {
    /// `3.11.7`.
    pub version: String,
    /// Whether it was built so that it can run without its lock.
    pub free_threaded: bool,
    /// Whether its lock is on. A free-threaded build may have one all the same, if it was asked to or
    /// if a module asked for it.
    pub gil: bool,
    /// How it starts processes if nobody says how: with fork up to 3.13, with forkserver since.
    pub start_method: Option<StartMethod>,
    /// Whether it has pools of interpreters.
    #[serde(default)]
    pub interpreters: bool,
    /// How many threads its pools have on this machine if nobody says how many.
    pub default_workers: Option<u32>,
    /// How many cores it counts.
    #[serde(default)]
    pub cores: Option<u32>,
}

impl Identity {
    /// What differs, in words. How many cores it counts is no part of what it is: that follows from
    /// where it may run, which a trial limits.
    pub(super) fn differs_from(&self, other: &Identity) -> Option<String> {
        let (is, was) = (self.in_words(), other.in_words());
        match (self.gil, other.gil) {
            (true, false) => Some("its GIL was switched on".to_owned()),
            (false, true) => Some("its GIL was switched off".to_owned()),
            _ => (is != was).then(|| format!("it was {was} and is {is}")),
        }
    }

    fn in_words(&self) -> String {
        let build = if self.free_threaded { "free-threaded" } else { "ordinary" };
        let start = self.start_method.map_or("nothing known", StartMethod::name);
        let pools = if self.interpreters { "with" } else { "without" };
        format!("{} ({build}, starts by {start}, {pools} interpreters)", self.version)
    }
}

/// An interpreter that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interpreter {
    /// Its name in files and flags: `cpython-3.11`, `cpython-3.13t`, `cpython-3.13t+gil` where a
    /// free-threaded build has its lock on, or `cpython-3.11.7` where there are several of one minor
    /// version.
    pub runtime: String,
    /// The real executable, behind links and shims.
    pub executable: PathBuf,
    /// Whether it is told to run with its lock or without: `-X gil=1`, `-X gil=0`.
    pub gil_option: Option<bool>,
    /// What it is.
    pub is: Identity,
}

impl Interpreter {
    /// The option that it is started with, and that its processes inherit.
    pub(super) fn options(gil: Option<bool>) -> Vec<String> {
        let option = gil.map(|gil| ["-X".to_owned(), format!("gil={}", u8::from(gil))]);
        option.into_iter().flatten().collect()
    }
}

/// What `probe.py` says.
#[derive(Debug, Deserialize)]
pub(super) struct Known {
    implementation: String,
    /// Whether it was built to find faults in itself, which takes several times as long.
    #[serde(default)]
    debug: bool,
    pub(super) numbers: [u16; 3],
    pub(super) executable: PathBuf,
    /// Whether it is told by its options or its environment to run with its lock.
    #[serde(default)]
    asked_gil: Option<bool>,
    lacks: Option<String>,
    #[serde(flatten)]
    pub(super) is: Identity,
}

impl Known {
    pub(super) fn name(&self) -> String {
        let [major, minor, _] = self.numbers;
        format!("cpython-{major}.{minor}{}", self.suffix())
    }

    pub(super) fn full_name(&self) -> String {
        let [major, minor, patch] = self.numbers;
        format!("cpython-{major}.{minor}.{patch}{}", self.suffix())
    }

    fn suffix(&self) -> String {
        let free = if self.is.free_threaded { "t" } else { "" };
        let gil = if self.is.free_threaded && self.is.gil { WITH_GIL } else { "" };
        format!("{free}{gil}")
    }

    /// Under a name that no other of `all` has.
    pub(super) fn among(&self, all: &[Known]) -> Interpreter {
        let same = all.iter().filter(|one| one.name() == self.name()).count();
        Interpreter {
            runtime: if same > 1 { self.full_name() } else { self.name() },
            executable: self.executable.clone(),
            gil_option: self.asked_gil,
            is: self.is.clone(),
        }
    }
}

/// Tries before it believes: starts the interpreter, and then the executable that it says is the
/// real one, with the lock that it was told to have. The error is a sentence.
pub(super) fn look_at(
    python: &Path,
    gil: Option<bool>,
    patience: Duration,
) -> Result<Known, String> {
    let known = probe(python, gil, patience)?;
    let is_real = python.canonicalize().is_ok_and(|real| real == known.executable);
    if is_real && known.asked_gil == gil {
        return Ok(known);
    }
    probe(&known.executable, gil.or(known.asked_gil), patience)
}

/// `gil` goes to a free-threaded build alone: others refuse it or cannot do without.
pub(super) fn probe(python: &Path, gil: Option<bool>, patience: Duration) -> Result<Known, String> {
    const REMEDY: &str = "name another with --python PATH";
    // Known to every Python: no variables of the environment, no packages of the user.
    let command = ChildCommand::new("it", python).args(Interpreter::options(gil)).args([
        "-E",
        "-s",
        "-c",
        include_str!("probe.py"),
    ]);
    let known: Known = Child::start(&command)
        .and_then(|mut child| child.receive(Instant::now() + patience)?.parse())
        .map_err(|error| format!("{error}; {REMEDY}"))?;
    let (implementation, version) = (&known.implementation, &known.is.version);
    if implementation != "CPython" {
        return Err(format!(
            "it is {implementation} {version} and not CPython, whose lock is in question; {REMEDY}"
        ));
    }
    if known.debug {
        return Err(format!(
            "it is a debug build of Python {version}, whose own checks would be measured; {REMEDY}"
        ));
    }
    if known.numbers[..2] < OLDEST[..] {
        let [major, minor] = OLDEST;
        return Err(format!(
            "it is Python {version}, and the laboratory needs {major}.{minor} or later; {REMEDY}"
        ));
    }
    match &known.lacks {
        None => Ok(known),
        Some(module) => Err(format!(
            "Python {version} was built without the module {module}; install what it needs and \
             build it again, or {REMEDY}"
        )),
    }
}
