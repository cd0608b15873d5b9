//! Which interpreters there are.

use super::identity::{Interpreter, Known, WITH_GIL, look_at, probe};
use super::places::{Meant, Named, Places, pythons_below};
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// An interpreter says what it is within this time, or is passed by.
const PATIENCE: Duration = Duration::from_secs(10);

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
