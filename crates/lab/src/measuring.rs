//! The laboratory while it measures: what was asked for, and what it has.

use crate::forecast::Forecast;
use crate::noise::Gate;
use crate::options::Options;
use crate::pages::{Pages, Urls};
use crate::recording::{Recording, has_gil};
use crate::writing::Tables;
use lab_jobs::Tracking;
use lab_pool::{Interval, Pool, Runtime};
use lab_record::clock;
use lab_record::rows::VerdictRow;
use lab_record::run::{Mode, RunInfo};
use serde_json::Value;
use std::path::PathBuf;
use std::time::Duration;

/// The laboratory while it measures.
#[derive(Debug)]
pub struct Lab {
    pub(crate) options: Options,
    pub(crate) info: RunInfo,
    pub(crate) tables: Tables,
    /// What was asked for with `--urls`.
    pub(crate) urls: Option<Urls>,
    pub(crate) pages: Vec<Pages>,
    pub(crate) forecast: Forecast,
    pub(crate) pool: Pool,
    pub(crate) runtimes: Vec<Runtime>,
    pub(crate) zero_ns: u64,
    pub(crate) trials: u32,
    pub(crate) gate: Gate,
    /// Where the run is written, and how it is judged: to look at it before its end.
    pub(crate) folder: PathBuf,
    pub(crate) judge: fn(&Recording) -> Vec<VerdictRow>,
    /// How long the looks at it took so far.
    pub(crate) judging: Duration,
    /// Whether nobody waits to be told how far it is.
    pub(crate) is_silent: bool,
}

impl Lab {
    /// How long the run may take.
    pub fn mode(&self) -> Mode {
        self.info.mode
    }

    /// How many cores this process may use at once.
    pub fn cores(&self) -> u32 {
        self.info.machine.cores.usable
    }

    /// The numbers of workers to measure: those asked for, else these.
    pub fn workers_or(&self, default: &[u32]) -> Vec<u32> {
        let asked = &self.options.workers.workers;
        let mut workers = if asked.is_empty() { default } else { asked }.to_vec();
        workers.sort_unstable();
        workers.dedup();
        workers
    }

    /// The number of jobs: the one asked for, else this.
    pub fn jobs_or(&self, default: usize) -> usize {
        self.options.jobs.jobs.map_or(default, |jobs| jobs as usize)
    }

    /// The runtimes to measure in: those asked for, else all that there are.
    pub fn runtimes(&self) -> Vec<String> {
        self.runtimes.iter().map(ToString::to_string).collect()
    }

    /// Whether threads of a runtime share a global interpreter lock.
    pub fn has_gil(&self, runtime: &str) -> bool {
        has_gil(&self.info, runtime)
    }

    /// Says what a case stands for, in `run.json`: how many jobs, say. Job, start, switch interval
    /// and background are noted by themselves.
    pub fn describe_case(&mut self, case: &str, what: &[(&str, Value)]) {
        let what = what
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        self.info.cases.insert(case.to_owned(), what);
    }

    /// Notes a setting of the whole run, in `run.json`.
    pub fn note(&mut self, name: &str, value: impl Into<Value>) {
        self.info.settings.insert(name.to_owned(), value.into());
    }

    /// How long a thread that waits for a GIL is patient: as long as asked for, else as CPython.
    pub fn switch_interval(&self) -> Interval {
        let asked = self.options.common.switch_interval;
        asked.unwrap_or(Interval::DEFAULT)
    }

    pub(crate) fn tracking(&self, switch_interval: Interval) -> Tracking {
        Tracking {
            raw: self.options.track.raw,
            ..Tracking::for_interval(switch_interval.ns())
        }
    }
}

/// The zero of a run: now.
pub(crate) fn zero_ns() -> u64 {
    clock::now_ns()
}
