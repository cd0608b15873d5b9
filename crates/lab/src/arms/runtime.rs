//! In what the jobs run, and what follows from what it is.

use lab_data::rows::Executor;
use lab_data::run::{Python, RunInfo};
use lab_pool::StartMethod;
use serde::{Deserialize, Serialize};

/// In what the jobs of an arm run. What is expected of it follows from what it *is*, not from its
/// name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Runtime {
    pub(crate) name: String,
    pub(crate) has_gil: bool,
    /// How CPython starts processes if nobody says how.
    pub(crate) default_start: Option<StartMethod>,
    /// Whether it has pools of interpreters, as it said itself.
    pub(crate) has_interpreters: bool,
}

impl Runtime {
    /// Native Rust.
    pub fn rust() -> Runtime {
        Runtime { name: lab_pool::Runtime::Rust.name().to_owned(), ..Runtime::default() }
    }

    /// The model of CPython's lock.
    pub fn model() -> Runtime {
        let name = lab_pool::Runtime::Gil.name().to_owned();
        Runtime { name, has_gil: true, ..Runtime::default() }
    }

    /// Its name in the tables: `rust`, `gil`, `cpython-3.11`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its name in prose: `Rust`, `modelled GIL`, `CPython 3.11`.
    pub fn title(&self) -> String {
        lab_stats::format::runtime(&self.name)
    }

    /// Whether its threads share a global interpreter lock.
    pub fn has_gil(&self) -> bool {
        self.has_gil
    }

    /// Native Rust beside a runtime of this name: simulated where that is.
    pub(crate) fn native_beside(name: &str) -> Runtime {
        if is_simulated(name) { Runtime::native_simulated() } else { Runtime::rust() }
    }

    /// All that are simulated.
    pub(crate) fn simulated() -> Vec<Runtime> {
        let names = lab_pool::Runtime::SIMULATED.iter();
        names.map(|name| simulated(name)).collect()
    }

    /// The simulated runtime that stands for it in a run: for native code, and for the newest interpreter
    /// with a lock.
    pub(crate) fn model_in(&self, info: &RunInfo) -> Option<Runtime> {
        let is_newest = newest_with_lock(info).is_some_and(|python| python.runtime == self.name);
        let is_one = |model: &Runtime| match self.is_native() {
            true => model.is_native(),
            false => is_newest && model.has_gil,
        };
        let model = Runtime::simulated().into_iter().find(is_one)?;
        Some(Runtime { default_start: self.default_start, ..model })
    }

    /// Native Rust, simulated.
    pub(crate) fn native_simulated() -> Runtime {
        simulated(RUST_SIMULATED)
    }

    /// Whether it is native Rust.
    pub fn is_native(&self) -> bool {
        is_native(&self.name)
    }

    /// Whether it is the model of CPython's lock.
    pub fn is_model(&self) -> bool {
        self.name == lab_pool::Runtime::Gil.name()
    }

    /// Whether it is a CPython.
    pub fn is_cpython(&self) -> bool {
        !self.is_native() && !self.is_model()
    }

    /// The version of an interpreter: `(3, 11)`; none of the others.
    pub fn version(&self) -> Option<(u32, u32)> {
        let (major, rest) = self.name.strip_prefix("cpython-")?.split_once('.')?;
        let minor = rest.split(|c: char| !c.is_ascii_digit()).next()?;
        Some((major.parse().ok()?, minor.parse().ok()?))
    }

    /// What shows the price of doing without a lock: of a free-threaded CPython its own build with the lock on,
    /// and the ordinary build of the same version, else the newest.
    pub fn locked_twins<'r>(&self, all: &'r [Runtime]) -> impl Iterator<Item = &'r Runtime> {
        let is_pair = |one: &&Runtime| one.name.ends_with("+gil");
        let is_own = |one: &&Runtime| is_pair(one) && one.name.starts_with(&self.name);
        let is_other = |one: &&Runtime| one.is_cpython() && one.has_gil && !is_pair(one);
        let likeness = |one: &&Runtime| (one.version() == self.version(), one.version());
        let is_free = self.is_cpython() && !self.has_gil;
        let both = [all.iter().find(is_own), all.iter().filter(is_other).max_by_key(likeness)];
        both.into_iter().flatten().filter(move |_| is_free)
    }

    /// Whether it has workers of this kind.
    pub fn supports(&self, executor: Executor) -> bool {
        self.name.parse().is_ok_and(|runtime: lab_pool::Runtime| runtime.supports(executor))
            && (executor != Executor::Interpreters || self.has_interpreters)
    }

    /// Whether its processes, started as it does by itself, are there at once: native ones, and copies of
    /// their parent. Others first import what they run.
    pub fn forks(&self) -> bool {
        !matches!(self.default_start, Some(StartMethod::Spawn | StartMethod::Forkserver))
    }

    /// In how many ways it can start a process: CPython has three, the others one.
    pub fn start_methods(&self) -> Vec<Option<StartMethod>> {
        if self.is_cpython() { StartMethod::ALL.map(Some).to_vec() } else { vec![None] }
    }
}

const RUST_SIMULATED: &str = lab_pool::Runtime::SIMULATED[0];
/// CPython with its lock, simulated.
pub const CPYTHON_SIMULATED: &str = lab_pool::Runtime::SIMULATED[1];

/// Whether a runtime of this name is native Rust, on this machine or a simulated one.
pub(crate) fn is_native(name: &str) -> bool {
    name == lab_pool::Runtime::Rust.name() || name == RUST_SIMULATED
}

/// Whether a runtime of this name is simulated.
pub fn is_simulated(name: &str) -> bool {
    lab_pool::Runtime::SIMULATED.contains(&name)
}

/// Unless its costs say how it starts processes, what is simulated is CPython on Linux as most know it: they
/// are forked.
fn simulated(name: &str) -> Runtime {
    Runtime {
        name: name.to_owned(),
        has_gil: name == CPYTHON_SIMULATED,
        default_start: (!is_native(name)).then_some(StartMethod::Fork),
        ..Runtime::default()
    }
}

/// Where a runtime of this name is shown, in every table and figure: CPythons by version, then the
/// free-threaded ones, then the model, then Rust.
pub fn place(name: &str) -> impl Ord + use<> {
    let kind = match name {
        "rust" => 2,
        "gil" => 1,
        RUST_SIMULATED => 4,
        _ if is_simulated(name) => 3,
        _ => 0,
    };
    let is_free_threaded = kind == 0 && name.trim_end_matches("+gil").ends_with('t');
    (kind, is_free_threaded, numbers(name), name.to_owned())
}

/// The numbers of a version.
fn numbers(name: &str) -> Vec<u32> {
    let digits = name.split(|c: char| !c.is_ascii_digit());
    digits.filter_map(|number| number.parse().ok()).collect()
}

/// Of runtimes with whether their threads share a lock, those that figures and short tables show, in
/// order: of the CPythons the newest with a lock and the newest without, and all others.
pub fn drawn<'a>(all: impl IntoIterator<Item = (&'a str, bool)>) -> Vec<&'a str> {
    let mut all: Vec<(&str, bool)> = all.into_iter().collect();
    all.sort_by_key(|(name, _)| place(name));
    let is_cpython = |name: &str| name.starts_with("cpython");
    // Of one version the ordinary build comes before a free-threaded one whose lock is on.
    let is_outdone = |(name, lock): &(&str, bool)| {
        let mut others = all.iter().filter(|other| is_cpython(other.0) && other.1 == *lock);
        let first = all.iter().position(|other| other.0 == *name);
        others.any(|other| {
            let is_before = all.iter().position(|one| one.0 == other.0) < first;
            let (own, others) = (numbers(name), numbers(other.0));
            others > own || (others == own && is_before)
        })
    };
    let kept = all.iter().filter(|one| !is_cpython(one.0) || !is_outdone(one));
    kept.map(|(name, _)| *name).collect()
}

/// Whether a runtime of this name is an interpreter: `cpython-3.14`, `cpython-3.13.1t`, `cpython-3.13t+gil`.
pub fn is_interpreter(name: &str) -> bool {
    matches!(name.parse(), Ok(lab_pool::Runtime::CPython(_)))
}

/// The interpreter that stands for CPython in a run: the newest with a lock, of one version the ordinary
/// build.
pub fn newest_with_lock(info: &RunInfo) -> Option<&Python> {
    let with_lock = info.pythons.iter().filter(|python| python.gil != Some(false));
    with_lock.max_by_key(|python| (numbers(&python.version), python.free_threaded != Some(true)))
}

/// The runtimes of a run, by what it noted of them.
pub(crate) fn of_run(info: &RunInfo) -> Vec<Runtime> {
    let names = info.settings.runtimes.iter();
    names.map(|name| of_name(info, name)).collect()
}

/// A runtime of a run. In the model threads share a lock; an interpreter was asked itself, and one too
/// old to be asked has one.
fn of_name(info: &RunInfo, name: &str) -> Runtime {
    if is_simulated(name) {
        let noted = info.settings.simulated.as_ref();
        let noted = noted.and_then(|run| run.costs.cpython.start_method.as_deref());
        let start = |usual| noted.and_then(StartMethod::named).unwrap_or(usual);
        let runtime = simulated(name);
        return Runtime { default_start: runtime.default_start.map(start), ..runtime };
    }
    let python = info.pythons.iter().find(|one| one.runtime == name);
    let default = python.and_then(|python| python.start_method.as_deref());
    Runtime {
        has_gil: match python {
            Some(python) => python.gil.unwrap_or(true),
            None => name == lab_pool::Runtime::Gil.name(),
        },
        name: name.to_owned(),
        default_start: default.and_then(StartMethod::named),
        has_interpreters: python.is_some_and(|python| python.interpreters == Some(true)),
    }
}

/// In the order in which they are shown.
pub(crate) fn in_order(runtimes: &mut [Runtime]) {
    runtimes.sort_by_key(|runtime| place(&runtime.name));
}

#[cfg(test)]
mod tests {
    use super::*;
    use lab_data::run::Mode;
    use lab_data::settings::costs::{Costs, SimulatedRun};

    #[test]
    fn figures_show_the_newest_with_a_lock_and_the_newest_without() {
        let all = |names: &[(&'static str, bool)]| drawn(names.iter().copied());
        let (rust, gil) = (("rust", false), ("gil", true));
        let (old, new) = (("cpython-3.9", true), ("cpython-3.14", true));
        let (free, pair) = (("cpython-3.14t", false), ("cpython-3.14t+gil", true));
        let oldest = ("cpython-3.13.2t", false);
        assert_eq!(
            all(&[rust, gil, oldest, free, old, pair, new]),
            ["cpython-3.14", "cpython-3.14t", "gil", "rust"]
        );
        assert_eq!(all(&[old, free, pair]), ["cpython-3.14t", "cpython-3.14t+gil"]);
        assert_eq!(all(&[rust, old]), ["cpython-3.9", "rust"]);
    }

    #[test]
    fn what_is_simulated_starts_processes_as_what_was_calibrated() {
        let mut info = RunInfo::begin("test", Mode::Quick, Vec::new(), 1);
        let starts = |info: &RunInfo| of_name(info, CPYTHON_SIMULATED).default_start;
        assert_eq!(starts(&info), Some(StartMethod::Fork));
        let mut costs = Costs::default();
        costs.cpython.start_method = Some("forkserver".to_owned());
        let run = SimulatedRun { cores: 2, costs, pairs_percent: None, broken: None };
        info.settings.simulated = Some(run);
        assert_eq!(starts(&info), Some(StartMethod::Forkserver));
        assert_eq!(of_name(&info, RUST_SIMULATED).default_start, None);
    }

    #[test]
    fn an_interpreter_has_the_lock_that_it_says_it_has() {
        let mut info = RunInfo::begin("test", Mode::Quick, Vec::new(), 1);
        let names =
            ["rust", "gil", "cpython-3.8", "cpython-3.13t", "cpython-3.14t", "cpython-3.14"];
        info.settings.runtimes = names.map(str::to_owned).to_vec();
        for (runtime, gil) in [
            ("cpython-3.8", None),
            ("cpython-3.14", Some(true)),
            ("cpython-3.13t", Some(true)),
            ("cpython-3.14t", Some(false)),
        ] {
            info.pythons.push(Python {
                runtime: runtime.to_owned(),
                version: runtime.replace("cpython-", ""),
                gil,
                ..Python::default()
            });
        }
        assert_eq!(newest_with_lock(&info).unwrap().runtime, "cpython-3.14");
        let mut all = of_run(&info);
        let with: Vec<&str> =
            all.iter().filter(|one| one.has_gil).map(|one| one.name.as_str()).collect();
        assert_eq!(with, ["gil", "cpython-3.8", "cpython-3.13t", "cpython-3.14"]);
        in_order(&mut all);
        let order: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(
            order,
            ["cpython-3.8", "cpython-3.14", "cpython-3.13t", "cpython-3.14t", "gil", "rust"]
        );
    }
}
