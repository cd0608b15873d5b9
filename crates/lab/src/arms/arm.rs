//! Arms: what is compared. A runtime × an executor × a number of workers × a case.

use super::runtime::Runtime;
use super::work::Work;
use lab_data::rows::{Executor, Role, TrialRow};
pub use lab_pool::StartMethod;
use lab_pool::limits::Limit;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;

/// An arm that a design declared. As text it is what a sentence needs: `16 threads`, `2 processes`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Arm {
    pub(crate) runtime: String,
    pub(crate) executor: Executor,
    pub(crate) start_method: Option<StartMethod>,
    pub(crate) workers: u32,
    pub(crate) case: String,
    pub(crate) is_replicate: bool,
}

impl Arm {
    /// How many workers it has.
    pub fn workers(&self) -> u32 {
        self.workers
    }

    /// What sets it apart from others besides its workers; mostly nothing.
    pub fn case(&self) -> &str {
        &self.case
    }

    /// How its workers run.
    pub fn executor(&self) -> Executor {
        self.executor
    }

    /// How its processes are started, where there is a choice.
    pub fn start_method(&self) -> Option<StartMethod> {
        self.start_method
    }

    /// The arm that has the same workers and case in another runtime.
    pub fn in_runtime(&self, runtime: &Runtime) -> Arm {
        let starts = self.executor == Executor::Processes;
        Arm {
            runtime: runtime.name.clone(),
            start_method: runtime.default_start.filter(|_| starts),
            ..self.clone()
        }
    }

    /// The same arm in native Rust.
    pub(crate) fn natively(&self) -> Arm {
        self.in_runtime(&Runtime::native_beside(&self.runtime))
    }

    /// The same arm, measured a second time (the A/A arm).
    pub(crate) fn replicate(&self) -> Arm {
        Arm { is_replicate: true, ..self.clone() }
    }

    /// The arm that a trial is of.
    pub fn of(trial: &TrialRow) -> Arm {
        Arm {
            runtime: trial.runtime.clone(),
            executor: trial.executor,
            start_method: trial.start_method.as_deref().and_then(StartMethod::named),
            workers: trial.workers,
            case: trial.case.clone(),
            is_replicate: trial.role == Role::Replicate,
        }
    }

    /// Whether the trial is one of this arm; without a start method, whatever the trial's.
    pub(crate) fn includes(&self, trial: &TrialRow) -> bool {
        let method = self.start_method.map(StartMethod::name);
        self.executor == trial.executor
            && (method.is_none() || method == trial.start_method.as_deref())
            && self.workers == trial.workers
            && self.is_replicate == (trial.role == Role::Replicate)
            && self.runtime == trial.runtime
            && self.case == trial.case
    }

    /// Its name in the tables: `threads 16`, `cpython-3.14 processes 4 by forkserver (tiny)`.
    pub fn key(&self) -> String {
        let mut key = String::new();
        if self.runtime != lab_pool::Runtime::Rust.name() {
            key = format!("{} ", self.runtime);
        }
        key += &match self.executor {
            Executor::Serial => "serial".to_owned(),
            executor => format!("{executor} {}", self.workers),
        };
        if let Some(method) = self.start_method {
            key += &format!(" by {method}");
        }
        if !self.case.is_empty() {
            key += &format!(" ({})", self.case);
        }
        if self.is_replicate {
            key += ", again";
        }
        key
    }
}

impl fmt::Display for Arm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (one, many) = match self.executor {
            Executor::Serial => return f.write_str("serial"),
            Executor::Threads => ("thread", "threads"),
            Executor::Rayon => ("rayon thread", "rayon threads"),
            Executor::Async => ("task", "tasks"),
            Executor::Interpreters => ("interpreter", "interpreters"),
            Executor::Processes => ("process", "processes"),
        };
        let word = if self.workers == 1 { one } else { many };
        write!(f, "{} {word}", self.workers)
    }
}

/// How an arm's workers run: made by [`serial`], [`threads`] and their like, and given to
/// [`Design::arm`](crate::design::Design::arm) or [`Case::arm`](crate::design::Case::arm).
#[derive(Clone, Debug)]
pub struct Workers {
    pub(crate) executor: Executor,
    pub(crate) workers: u32,
    pub(crate) start_method: Option<StartMethod>,
    pub(crate) setup: Setup,
    pub(crate) jobs: Option<Vec<Work>>,
}

/// What else is set for the trials of an arm.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Setup {
    /// Whether the jobs are submitted only when all workers are there.
    pub(crate) is_warm: bool,
    /// What computes beside the measured jobs until those are done: one thread or process each.
    pub(crate) beside: Vec<Executor>,
    /// The switch interval, if not the run's.
    pub(crate) switch_interval: Option<Duration>,
    /// What of the machine they may use, if not all that this process may.
    pub(crate) limit: Option<Limit>,
    /// On how many event loops tasks are, if not on one.
    #[serde(default)]
    pub(crate) loops: u32,
}

fn workers(executor: Executor, workers: u32) -> Workers {
    Workers { executor, workers, start_method: None, setup: Setup::default(), jobs: None }
}

/// One job after another, on one thread.
pub fn serial() -> Workers {
    workers(Executor::Serial, 1)
}

/// A pool of `n` threads.
pub fn threads(n: u32) -> Workers {
    workers(Executor::Threads, n)
}

/// A pool of `n` processes.
pub fn processes(n: u32) -> Workers {
    workers(Executor::Processes, n)
}

/// A rayon pool of `n` threads.
pub fn rayon(n: u32) -> Workers {
    workers(Executor::Rayon, n)
}

/// A pool of `n` interpreters of one process.
pub fn interpreters(n: u32) -> Workers {
    workers(Executor::Interpreters, n)
}

/// Pools of `n` threads, of `n` processes and, where the runtime has them, of `n` interpreters.
pub fn pools(runtime: &Runtime, n: u32) -> impl Iterator<Item = Workers> + use<> {
    let of_interpreters = runtime.supports(Executor::Interpreters).then(|| interpreters(n));
    [threads(n), processes(n)].into_iter().chain(of_interpreters)
}

/// `n` asynchronous tasks on one thread.
pub fn async_tasks(n: u32) -> Workers {
    workers(Executor::Async, n)
}

impl Workers {
    /// The arm of these workers in a runtime and case.
    pub(crate) fn of_case(&self, runtime: &Runtime, case: &str) -> Arm {
        let starts = self.executor == Executor::Processes;
        Arm {
            runtime: runtime.name.clone(),
            executor: self.executor,
            start_method: self.start_method.or(runtime.default_start).filter(|_| starts),
            workers: self.workers,
            case: case.to_owned(),
            is_replicate: false,
        }
    }

    /// The jobs are submitted only when all workers are there.
    pub fn warm(mut self) -> Workers {
        self.setup.is_warm = true;
        self
    }

    /// Beside a thread or process that computes until the measured jobs are done.
    pub fn beside_busy(mut self, executor: Executor) -> Workers {
        self.setup.beside.push(executor);
        self
    }

    /// On so many event loops, each on its own thread; natively only.
    pub fn on_loops(mut self, loops: u32) -> Workers {
        self.setup.loops = loops;
        self
    }

    /// With this switch interval instead of the run's.
    pub fn switching_every(mut self, interval: Duration) -> Workers {
        self.setup.switch_interval = Some(interval);
        self
    }

    /// All of them on one core.
    pub fn on_one_core(mut self) -> Workers {
        self.setup.limit = Some(Limit::OneCore);
        self
    }

    /// With a quota of this many cores' worth of time for all of them together.
    pub fn with_quota(mut self, cores: f64) -> Workers {
        self.setup.limit = Some(Limit::Quota(cores));
        self
    }

    /// Its processes started in this way instead of the runtime's default.
    pub fn started_by(mut self, method: StartMethod) -> Workers {
        self.start_method = Some(method);
        self
    }

    /// With these jobs instead of the case's.
    pub fn doing(mut self, jobs: impl Into<Vec<Work>>) -> Workers {
        self.jobs = Some(jobs.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arm_reads_as_a_sentence_needs_it_and_has_a_key_for_the_tables() {
        let arm = |workers: Workers, runtime: &str, case: &str| {
            let runtime = Runtime { name: runtime.to_owned(), ..Runtime::rust() };
            workers.of_case(&runtime, case)
        };
        for (given, prose, key) in [
            (arm(threads(16), "rust", ""), "16 threads", "threads 16"),
            (arm(processes(1), "gil", "tiny"), "1 process", "gil processes 1 (tiny)"),
            (arm(serial(), "rust", ""), "serial", "serial"),
            (
                arm(processes(4).started_by(StartMethod::Forkserver), "cpython-3.14", ""),
                "4 processes",
                "cpython-3.14 processes 4 by forkserver",
            ),
        ] {
            assert_eq!((given.to_string().as_str(), given.key().as_str()), (prose, key));
            assert_eq!(given.replicate().key(), format!("{key}, again"));
        }
    }
}
