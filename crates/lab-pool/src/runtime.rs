//! In what the jobs run.

use lab_data::rows::Executor;
use std::fmt;
use std::str::FromStr;

/// In what the jobs run.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Runtime {
    /// Native Rust: threads and processes as the operating system runs them.
    Rust,
    /// The same code and the same threads under the modelled GIL; each process has its own.
    Gil,
    /// An interpreter of this machine, by its name: `cpython-3.11`, `cpython-3.13t` for a
    /// free-threaded build and `cpython-3.13t+gil` for one with its lock on, `cpython-3.11.7` where there are several of one minor version.
    CPython(String),
    /// One that is simulated in virtual time, by its name: no pool runs it.
    Simulated(&'static str),
}

impl Runtime {
    /// The names of those that are simulated: native code, CPython with its lock, and without.
    pub const SIMULATED: [&str; 3] = ["sim-rust", "sim-cpython", "sim-cpython-t"];

    /// The word in files and flags.
    pub fn name(&self) -> &str {
        match self {
            Runtime::Rust => "rust",
            Runtime::Gil => "gil",
            Runtime::CPython(name) => name,
            Runtime::Simulated(name) => name,
        }
    }

    /// Whether it can have workers of this kind. Not every CPython has interpreters: see
    /// [`crate::Pool::supports`].
    pub fn supports(&self, executor: Executor) -> bool {
        match executor {
            Executor::Serial | Executor::Threads | Executor::Processes => true,
            Executor::Rayon => *self == Runtime::Rust,
            Executor::Async => *self != Runtime::Gil,
            Executor::Interpreters => matches!(self, Runtime::CPython(_)),
        }
    }

    /// The kinds of workers that it can have.
    pub fn executors(&self) -> impl Iterator<Item = Executor> {
        Executor::ALL.into_iter().filter(|executor| self.supports(*executor))
    }
}

impl fmt::Display for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(self.name())
    }
}

/// There is no such runtime.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no runtime '{0}'; there are: rust, gil, cpython (every one found) and a single \
     one such as cpython-3.11 or cpython-3.13t"
)]
pub struct UnknownRuntime(String);

impl FromStr for Runtime {
    type Err = UnknownRuntime;

    /// The exact name of one.
    fn from_str(word: &str) -> Result<Runtime, UnknownRuntime> {
        match word {
            "rust" => Ok(Runtime::Rust),
            "gil" => Ok(Runtime::Gil),
            _ if is_interpreter(word) => Ok(Runtime::CPython(word.to_owned())),
            _ => Runtime::SIMULATED
                .into_iter()
                .find(|name| *name == word)
                .map(Runtime::Simulated)
                .ok_or_else(|| UnknownRuntime(word.to_owned())),
        }
    }
}

/// `cpython-`, two or three numbers, and perhaps a `t`, and then perhaps `+gil`.
fn is_interpreter(word: &str) -> bool {
    version_and_build(word).is_some()
}

/// The numbers of an interpreter's version, and how it was built and told to run.
fn version_and_build(word: &str) -> Option<(Vec<u16>, &str)> {
    let version = word.strip_prefix(CPYTHON)?.strip_prefix('-')?;
    let (numbers, build) = version.split_at(version.find('t').unwrap_or(version.len()));
    let numbers: Vec<u16> = numbers.split('.').map(|n| n.parse().ok()).collect::<Option<_>>()?;
    (matches!(numbers.len(), 2 | 3) && matches!(build, "" | "t" | "t+gil"))
        .then_some((numbers, build))
}

const CPYTHON: &str = "cpython";

/// Which runtimes somebody wants: one by its name, or `cpython` for every interpreter that was
/// found. `cpython-3.11` also means `cpython-3.11.7`, and never `cpython-3.11t`, nor does this mean
/// `cpython-3.11t+gil`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted(String);

impl Wanted {
    /// Whether the runtime is among them.
    pub fn includes(&self, runtime: &Runtime) -> bool {
        if matches!(runtime, Runtime::Simulated(_)) {
            return runtime.name() == self.0;
        }
        let name = runtime.name();
        match (version_and_build(&self.0), version_and_build(name)) {
            (Some((wanted, build)), Some((numbers, own))) => {
                build == own && numbers.starts_with(&wanted)
            }
            (None, Some(_)) => self.0 == CPYTHON,
            _ => self.0 == name,
        }
    }

    /// Whether an interpreter is needed.
    pub fn is_python(&self) -> bool {
        self.0.starts_with(CPYTHON)
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Wanted {
    type Err = UnknownRuntime;

    fn from_str(word: &str) -> Result<Wanted, UnknownRuntime> {
        if word != CPYTHON {
            word.parse::<Runtime>()?;
        }
        Ok(Wanted(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runtime_is_read_as_it_is_written() {
        let measured = "rust gil cpython-3.11 cpython-3.13t cpython-3.11.7 cpython-3.13.1t+gil";
        for word in measured.split(' ').chain(Runtime::SIMULATED) {
            assert_eq!(word.parse::<Runtime>().unwrap().name(), word);
        }
        let others =
            "java sim- cpython cpython- cpython-3 cpython-3.x cpython-3.1.1.1 cpython-3.13+gil";
        for word in others.split(' ').chain([""]) {
            assert!(word.parse::<Runtime>().is_err(), "{word}");
        }
    }

    #[test]
    fn cpython_means_every_interpreter_and_a_minor_version_all_its_patches() {
        for (wanted, included, others) in [
            ("cpython", "cpython-3.8 cpython-3.13t+gil", "rust"),
            ("cpython-3.11", "cpython-3.11 cpython-3.11.7", "rust"),
            ("cpython-3.1", "cpython-3.1", "cpython-3.11"),
            ("cpython-3.13", "cpython-3.13", "cpython-3.13t"),
            ("cpython-3.13.1", "cpython-3.13.1", "cpython-3.13.15"),
            ("cpython-3.13t", "cpython-3.13.15t", "cpython-3.13t+gil"),
            ("cpython-3.13t+gil", "cpython-3.13.15t+gil", "cpython-3.13t"),
            ("rust", "rust", "gil"),
            ("sim-cpython", "sim-cpython", "sim-cpython-t"),
        ] {
            let wanted: Wanted = wanted.parse().unwrap();
            let includes = |name: &str| wanted.includes(&name.parse().unwrap());
            assert!(included.split(' ').all(includes), "{wanted}");
            assert!(!includes(others), "{wanted}");
        }
        assert!("java".parse::<Wanted>().is_err());
    }
}
