//! What was set for a run, and for each of its cases: fields of `run.json`.
//!
//! Nothing here decides anything: a field says what was done, so that saved data can be judged and
//! drawn without the machine. A field that a run does not need is left out of the file.

pub mod costs;

use crate::machine::Machine;
use costs::{Costs, SimulatedRun};
use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// What held for the whole run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The runtimes that were measured, in the order in which they are shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub runtimes: Vec<String>,
    /// Why others were left out, a sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skipped_runtimes: Vec<String>,
    /// The numbers of workers that were asked for; empty if nobody asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub workers: Vec<u32>,
    /// How many threads a pool of CPython's has if nobody says how many, as an interpreter said that
    /// counted the cores of this machine; none where there was no interpreter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub python_default: Option<u32>,
    /// The number of jobs that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jobs: Option<u32>,
    /// After how many judged blocks the record is looked at: the looks share the chance of a wrong
    /// verdict.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub looks: Vec<u32>,
    /// How often each arm runs in a block.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rounds: Option<u32>,
    /// After how long a thread that waits for a GIL asks for it, in nanoseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub switch_interval_ns: Option<u64>,
    /// Whether jobs recorded when they made progress.
    #[serde(skip_serializing_if = "is_false")]
    pub tracks: bool,
    /// Two samples that are further apart belong to two spans, in nanoseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap_ns: Option<u64>,
    /// How fast each runtime makes the steps of each kind of job that was calibrated: steps per
    /// second, by runtime (`cpython-3.11`), then by kind of job (`add`).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub steps_per_second: BTreeMap<String, BTreeMap<String, f64>>,
    /// Paths of the origin's pages in the order of the jobs: those of the largest set.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub page_paths: Vec<String>,
    /// The sets of pages, in the order in which they were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub page_sets: Vec<PageSet>,
    /// When the last trial began, from the run's zero, in nanoseconds: it differs from run to run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_trial_ns: Option<u64>,
    /// The reader's own work, where that was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own_work: Option<OwnWork>,
    /// On what the run was simulated; none of a run that was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub simulated: Option<SimulatedRun>,
    /// Versions of programs and libraries that took part besides the interpreters, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub versions: BTreeMap<String, String>,
    /// The parts of a study that is not measured in one run, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub parts: BTreeMap<String, StudyPart>,
}

/// Where a set of pages came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "lowercase", deny_unknown_fields)]
pub enum PageSet {
    /// An origin with pages of the article's shape.
    Article {
        /// How many.
        pages: u32,
        /// How long they take, times the article's.
        scale: f64,
        /// What their bodies and their order follow from.
        seed: u64,
    },
    /// An origin whose pages take given times.
    Delays {
        /// How long each takes, in nanoseconds.
        delays_ns: Vec<u64>,
    },
    /// The addresses in a file.
    Urls {
        /// How many.
        pages: u32,
        /// The file.
        file: PathBuf,
    },
}

impl PageSet {
    /// How many pages it has.
    pub fn pages(&self) -> u32 {
        match self {
            PageSet::Article { pages, .. } | PageSet::Urls { pages, .. } => *pages,
            PageSet::Delays { delays_ns } => u32::try_from(delays_ns.len()).unwrap_or(u32::MAX),
        }
    }
}

/// The reader's own work.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnWork {
    /// What the jobs are.
    pub kind: WorkKind,
    /// How many jobs there are.
    pub jobs: u32,
    /// How long measuring may take, in milliseconds.
    pub budget_ms: u64,
    /// The command that is run for each input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The file that the inputs come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inputs: Option<PathBuf>,
    /// Whether a shell runs the command.
    #[serde(default, skip_serializing_if = "is_false")]
    pub shell: bool,
    /// On which other machines it is simulated; none if nobody asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<OtherMachines>,
}

/// Machines that do not exist, on which somebody's own work is simulated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherMachines {
    /// Their numbers of cores.
    pub cores: Vec<u32>,
    /// What they cost.
    pub costs: Costs,
    /// From how many times the measured time a simulation was found to give, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// … to how many times; none if that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
}

/// What the jobs of somebody's own work are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WorkKind {
    /// A command with an input each.
    #[default]
    Command,
    /// A page each.
    Page,
}

/// A part of a study: when and with what it was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudyPart {
    /// Names the run in which it was made.
    pub run_id: String,
    /// When that began, RFC 3339 in UTC.
    pub date: String,
    /// The commit that was built, if it is known.
    pub commit: Option<String>,
    /// Whether files differed from that commit.
    pub dirty: Option<bool>,
    /// Where; none in a study that did not say it of each part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<Machine>,
    /// From which all shuffling and simulating follows.
    pub seed: u64,
    /// Whether it was a first look only.
    pub quick: bool,
    /// How long it took.
    pub seconds: f64,
}

/// What a value of the tables' column `case` stands for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Case {
    /// Kind of the measured jobs: `add`, `page`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
    /// Whether the pool's start counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<StartUp>,
    /// Jobs that ran beside the measured ones until those were done: `add on threads`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<String>,
    /// After how long a thread that waits for a GIL asks for it, where that is not the run's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub switch_interval_ns: Option<u64>,
    /// The gap beyond which samples belong to two spans, where that is not the run's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap_ns: Option<u64>,
    /// How long pages take, times the article's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_scale: Option<f64>,
    /// Number of the page that is slower than the others, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slow_page: Option<u32>,
    /// Number of jobs, where the work is divided in more than one way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tasks: Option<u32>,
}

/// Whether a makespan contains the pool's start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StartUp {
    /// Jobs are there before the workers: it does.
    Counted,
    /// Jobs are submitted when all workers are there: it does not.
    Before,
}

fn is_false(value: &bool) -> bool {
    !value
}
