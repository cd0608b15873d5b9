//! Which interpreters there are.

use crate::process::{Child, ChildCommand};
use crate::trial::StartMethod;
use serde::Deserialize;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// An interpreter says what it is within this time, or is passed by.
const PATIENCE: Duration = Duration::from_secs(10);
/// Older ones lack what `worker.py` needs, such as `os.memfd_create`.
const OLDEST: [u16; 2] = [3, 8];

/// An interpreter that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interpreter {
    /// Its name in files and flags: `cpython-3.11`, `cpython-3.13t`, or `cpython-3.11.7` where
    /// there are several of one minor version.
    pub runtime: String,
    /// The real executable, behind links and shims.
    pub executable: PathBuf,
    /// `3.11.7`.
    pub version: String,
    /// Whether its GIL is on. A free-threaded build may have one all the same, if it was asked to or
    /// if a module asked for it.
    pub gil: bool,
    /// How it starts processes if nobody says how: with fork up to 3.13, with forkserver since.
    pub start_method: Option<StartMethod>,
    /// How many threads its pools have on this machine if nobody says how many.
    pub default_workers: Option<u32>,
}

/// An interpreter that was passed by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The interpreter, as it was named; `cpython` if there is none at all.
    pub what: String,
    /// Why, and what to do.
    pub reason: String,
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} is skipped: {}", self.what, self.reason)
    }
}

/// What [`find`] found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Those that run, in order of search, under different names.
    pub interpreters: Vec<Interpreter>,
    /// Those that do not.
    pub skipped: Vec<Skipped>,
}

/// The first `python3` on `PATH` that runs, and those of `extra`; each is started to see what it
/// is. This takes some 30 ms per interpreter.
///
/// A `python3` that does not run is only spoken of if no other does: version managers leave such
/// everywhere.
pub fn find(extra: &[PathBuf]) -> Found {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path: Vec<PathBuf> = std::env::split_paths(&path)
        .map(|folder| folder.join("python3"))
        .filter(|python| python.is_file())
        .collect();
    find_among(&on_path, extra, PATIENCE)
}

pub(super) fn find_among(on_path: &[PathBuf], extra: &[PathBuf], patience: Duration) -> Found {
    let mut known: Vec<Known> = Vec::new();
    let mut skipped = Vec::new();
    for python in on_path {
        match look_at(python, patience) {
            Ok(one) => {
                known.push(one);
                skipped.clear();
                break;
            }
            Err(reason) => skipped.push(Skipped { what: python.display().to_string(), reason }),
        }
    }
    if on_path.is_empty() && extra.is_empty() {
        skipped.push(Skipped {
            what: "cpython".to_owned(),
            reason: "there is no python3 on PATH; install it (on Debian and Ubuntu: `apt install \
                     python3`) or name one with --python PATH"
                .to_owned(),
        });
    }
    for python in extra {
        let what = python.display().to_string();
        match look_at(python, patience) {
            Ok(one) if known.iter().any(|k| k.executable == one.executable) => {}
            Ok(one) => match known.iter().find(|k| k.full_name() == one.full_name()) {
                None => known.push(one),
                Some(other) => skipped.push(Skipped {
                    what,
                    reason: format!(
                        "{} has the same version, and their results could not be told apart; \
                         measure one after the other",
                        other.executable.display()
                    ),
                }),
            },
            Err(reason) => skipped.push(Skipped { what, reason }),
        }
    }
    let interpreters = known.iter().map(|one| one.among(&known)).collect();
    Found { interpreters, skipped }
}

/// What `probe.py` says.
#[derive(Debug, Deserialize)]
struct Known {
    implementation: String,
    version: String,
    numbers: [u16; 3],
    executable: PathBuf,
    free_threaded: bool,
    gil: bool,
    start_method: Option<StartMethod>,
    default_workers: Option<u32>,
    lacks: Option<String>,
}

impl Known {
    fn name(&self) -> String {
        let [major, minor, _] = self.numbers;
        format!("cpython-{major}.{minor}{}", self.suffix())
    }

    fn full_name(&self) -> String {
        let [major, minor, patch] = self.numbers;
        format!("cpython-{major}.{minor}.{patch}{}", self.suffix())
    }

    fn suffix(&self) -> &'static str {
        if self.free_threaded { "t" } else { "" }
    }

    /// Under a name that no other of `all` has.
    fn among(&self, all: &[Known]) -> Interpreter {
        let same = all.iter().filter(|one| one.name() == self.name()).count();
        Interpreter {
            runtime: if same > 1 { self.full_name() } else { self.name() },
            executable: self.executable.clone(),
            version: self.version.clone(),
            gil: self.gil,
            start_method: self.start_method,
            default_workers: self.default_workers,
        }
    }
}

/// Tries before it believes: starts the interpreter, and then the executable that it says is the
/// real one. The error is a sentence.
fn look_at(python: &Path, patience: Duration) -> Result<Known, String> {
    let known = probe(python, patience)?;
    if python.canonicalize().is_ok_and(|real| real == known.executable) {
        return Ok(known);
    }
    probe(&known.executable, patience)
}

fn probe(python: &Path, patience: Duration) -> Result<Known, String> {
    const REMEDY: &str = "name another with --python PATH";
    // Known to every Python: no variables of the environment, no packages of the user.
    let command =
        ChildCommand::new("it", python).args(["-E", "-s", "-c", include_str!("probe.py")]);
    let known: Known = Child::start(&command)
        .and_then(|mut child| child.receive(Instant::now() + patience)?.parse())
        .map_err(|error| format!("{error}; {REMEDY}"))?;
    let Known { implementation, version, .. } = &known;
    if implementation != "CPython" {
        return Err(format!(
            "it is {implementation} {version} and not CPython, whose lock is in question; {REMEDY}"
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
