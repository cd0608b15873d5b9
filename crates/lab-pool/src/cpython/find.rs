//! Which interpreters there are.

use super::places::{Meant, Named, Places, pythons_below};
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
    /// What differs, in words.
    pub(super) fn differs_from(&self, other: &Identity) -> Option<String> {
        match (self == other, self.gil, other.gil) {
            (true, ..) => None,
            (_, true, false) => Some("its GIL was switched on".to_owned()),
            (_, false, true) => Some("its GIL was switched off".to_owned()),
            _ => Some(format!("it was {other:?} and is {self:?}")),
        }
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

/// An interpreter that was passed by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The interpreter, as it was named; `cpython` if there is none at all.
    pub what: String,
    /// Why, and what to do.
    pub reason: String,
    /// Whether somebody named it, and not just all that can be found.
    pub is_asked: bool,
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

/// The first `python3` on `PATH` that runs, and those that are asked for; each is started to see what
/// it is. This takes some 30 ms per interpreter.
///
/// A `python3` that does not run is only spoken of if no other does: version managers leave such
/// everywhere.
pub fn find(asked: &[Named]) -> Found {
    find_among(&Places::of_user(), asked, PATIENCE)
}

/// The same; and each free-threaded build twice, with its lock off and on, so that in the pair nothing
/// but the lock differs.
pub fn find_with_pairs(asked: &[Named]) -> Found {
    let mut found = find(asked);
    let names: Vec<String> = found.interpreters.iter().map(|one| one.runtime.clone()).collect();
    let free = found.interpreters.clone().into_iter().filter(|one| one.is.free_threaded);
    for one in free {
        let plain = one.runtime.trim_end_matches(WITH_GIL);
        let gil = !one.is.gil;
        let runtime = format!("{plain}{}", if gil { WITH_GIL } else { "" });
        if names.contains(&runtime) {
            continue;
        }
        let reason = match probe(&one.executable, Some(gil), PATIENCE) {
            Ok(known) if known.is.gil == gil => {
                let gil_option = Some(gil);
                let is = known.is;
                found.interpreters.push(Interpreter { runtime, gil_option, is, ..one });
                continue;
            }
            Ok(_) => format!("-X gil={} did not switch its lock", u8::from(gil)),
            Err(reason) => reason,
        };
        found.skipped.push(Skipped { what: runtime, reason, is_asked: true });
    }
    found
}

pub(super) fn find_among(places: &Places, asked: &[Named], patience: Duration) -> Found {
    let mut search = Search { patience, known: Vec::new(), skipped: Vec::new() };
    let on_path = places.path.iter().map(|folder| folder.join("python3"));
    let on_path: Vec<PathBuf> = on_path.filter(|python| python.is_file()).collect();
    for python in &on_path {
        match look_at(python, None, patience) {
            Ok(one) => {
                search.known.push(one);
                search.skipped.clear();
                break;
            }
            Err(reason) => search.skip(python.display(), reason, false),
        }
    }
    if on_path.is_empty() && asked.is_empty() {
        let reason = "there is no python3 on PATH; install it (on Debian and Ubuntu: `apt install \
                      python3`) or name one with --python PATH";
        search.skip("cpython", reason.to_owned(), false);
    }
    for named in asked {
        match named {
            Named::All => search.add_all(&places.all()),
            Named::Path(path) if path.is_dir() => {
                let pythons = pythons_below(path);
                if pythons.is_empty() {
                    let reason = "there is no python3 in this folder, in its bin, or in the bin of a \
                                  folder in it";
                    search.skip(named, reason.to_owned(), true);
                }
                search.add_all(&pythons);
            }
            Named::Path(path) => match look_at(path, None, patience) {
                Ok(one) => search.add(one, path, true),
                Err(reason) => search.skip(named, reason, true),
            },
            Named::Name(name) => search.add_named(name, places),
        }
    }
    let Search { known, skipped, .. } = search;
    let interpreters = known.iter().map(|one| one.among(&known)).collect();
    Found { interpreters, skipped }
}

/// What was found so far.
struct Search {
    patience: Duration,
    known: Vec<Known>,
    skipped: Vec<Skipped>,
}

impl Search {
    fn skip(&mut self, what: impl fmt::Display, reason: String, is_asked: bool) {
        self.skipped.push(Skipped { what: what.to_string(), reason, is_asked });
    }

    /// Adds one that is not there yet. One that was named by its path is another even if it is the same
    /// by all that it says.
    fn add(&mut self, one: Known, python: &Path, is_path: bool) {
        let is_same = |other: &&Known| other.full_name() == one.full_name();
        match self.known.iter().find(is_same) {
            None => self.known.push(one),
            Some(other) if is_path && other.executable != one.executable => {
                let reason = format!(
                    "{} has the same version, and their results could not be told apart; measure one \
                     after the other",
                    other.executable.display()
                );
                self.skip(python.display(), reason, true);
            }
            Some(_) => {}
        }
    }

    /// Adds all of these that can run trials; each executable is looked at once, whatever it is called.
    fn add_all(&mut self, pythons: &[PathBuf]) {
        let mut seen: Vec<PathBuf> = Vec::new();
        for python in pythons {
            let real = python.canonicalize().unwrap_or_else(|_| python.clone());
            if seen.contains(&real) {
                continue;
            }
            seen.push(real);
            match look_at(python, None, self.patience) {
                Ok(one) => self.add(one, python, false),
                Err(reason) => self.skip(python.display(), reason, false),
            }
        }
    }

    /// Adds the first of this name that runs and is what the name says.
    fn add_named(&mut self, name: &str, places: &Places) {
        let meant = Meant::of(name);
        let mut others = Vec::new();
        for python in places.called(&meant.executable) {
            let reason = match look_at(&python, meant.gil, self.patience) {
                Ok(one) if meant.is(one.numbers, one.is.free_threaded) => {
                    return self.add(one, &python, false);
                }
                Ok(one) => format!("it is {}", one.full_name()),
                Err(reason) => reason,
            };
            others.push(format!("{} is none: {reason}", python.display()));
        }
        let mut reason = format!(
            "there is no such interpreter: {} was looked for {}",
            meant.executable,
            places.in_words()
        );
        if !others.is_empty() {
            reason = format!("{reason} ({})", others.join("; "));
        }
        let rest = "; `report pythons` lists those that there are, and any other goes by its path";
        self.skip(name, reason + rest, true);
    }
}

/// What a name ends with where a free-threaded build has its lock on.
const WITH_GIL: &str = "+gil";

/// What `probe.py` says.
#[derive(Debug, Deserialize)]
struct Known {
    implementation: String,
    numbers: [u16; 3],
    executable: PathBuf,
    /// Whether it is told by its options or its environment to run with its lock.
    #[serde(default)]
    asked_gil: Option<bool>,
    lacks: Option<String>,
    #[serde(flatten)]
    is: Identity,
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

    fn suffix(&self) -> String {
        let free = if self.is.free_threaded { "t" } else { "" };
        let gil = if self.is.free_threaded && self.is.gil { WITH_GIL } else { "" };
        format!("{free}{gil}")
    }

    /// Under a name that no other of `all` has.
    fn among(&self, all: &[Known]) -> Interpreter {
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
fn look_at(python: &Path, gil: Option<bool>, patience: Duration) -> Result<Known, String> {
    let known = probe(python, gil, patience)?;
    let is_real = python.canonicalize().is_ok_and(|real| real == known.executable);
    if is_real && known.asked_gil == gil {
        return Ok(known);
    }
    probe(&known.executable, gil.or(known.asked_gil), patience)
}

/// `gil` goes to a free-threaded build alone: others refuse it or cannot do without.
fn probe(python: &Path, gil: Option<bool>, patience: Duration) -> Result<Known, String> {
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
