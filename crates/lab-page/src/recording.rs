//! The recordings that the timeline shows: of each arm the first judged trial that was kept.

use lab::design::arm::Arm;
use lab::design::runtime::{drawn, place};
use lab::show::words::colour;
use lab_data::rows::{Executor, JobRow, Role, SpanRow, TrialRow, VerdictRow};
use lab_data::run::RunInfo;
use lab_stats::format;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The model of CPython's lock, in the tables.
const MODEL: &str = "gil";

/// What was recorded of an experiment: one trial of each arm.
#[derive(Clone, Debug, Default)]
pub struct Recording {
    pub(crate) arms: Vec<Shown>,
    /// How many arms are in the tables alone.
    pub(crate) left: usize,
}

/// One trial. Times are nanoseconds from the trial's zero.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Shown {
    pub(crate) name: String,
    pub(crate) colour: &'static str,
    /// How many cores the machine could use.
    pub(crate) cores: u32,
    /// Of what is simulated: where the sliders of cores and of the interval stand for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) at: Option<[Option<usize>; 2]>,
    /// Whether spans were recorded; else it is only known when jobs began and ended.
    pub(crate) spans: bool,
    pub(crate) makespan: u64,
    /// Only what began before this is here; nothing if all is.
    pub(crate) cut: Option<u64>,
    pub(crate) jobs: Vec<Job>,
    /// Whether a claim rests on it.
    #[serde(skip)]
    pub(crate) is_judged: bool,
}

/// A job of that trial.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Job {
    pub(crate) job: u32,
    pub(crate) worker: Option<u32>,
    pub(crate) start: u64,
    pub(crate) end: u64,
    /// Of each span the pause before it and its length, one after another.
    pub(crate) t: Vec<u64>,
    /// Of each span its core, -1 where the kernel did not say.
    pub(crate) c: Vec<i64>,
}

impl Recording {
    /// From the tables of one run: its arms in the runtimes that figures show, which are the newest CPython
    /// with a lock, the newest without one, and Rust; the model where there is no CPython, or where a
    /// claim is about it.
    pub fn of(
        info: &RunInfo,
        verdicts: &[VerdictRow],
        trials: &[TrialRow],
        jobs: &[JobRow],
        spans: &[SpanRow],
    ) -> Recording {
        let mut jobs_of: BTreeMap<u32, Vec<&JobRow>> = BTreeMap::new();
        jobs.iter().for_each(|job| jobs_of.entry(job.trial).or_default().push(job));
        let mut spans_of: BTreeMap<u32, Vec<&SpanRow>> = BTreeMap::new();
        spans.iter().for_each(|span| spans_of.entry(span.trial).or_default().push(span));
        let kept = |trial: &&TrialRow| {
            let is_there = if spans.is_empty() {
                jobs_of.contains_key(&trial.trial)
            } else {
                spans_of.contains_key(&trial.trial)
            };
            trial.judged && trial.role != Role::Replicate && is_there
        };
        let order = |trial: &TrialRow| {
            let arm = (trial.executor, trial.workers, trial.start_method.clone());
            (trial.case.clone(), place(&trial.runtime), arm)
        };
        let mut first = BTreeMap::new();
        for trial in trials.iter().filter(kept) {
            first.entry(order(trial)).or_insert(trial);
        }
        let runtimes = runtimes(info, trials);
        let own = verdicts.iter().filter(|row| runtimes.contains(&row.runtime.as_str()));
        let judged: BTreeSet<&str> =
            own.flat_map(|row| [row.arm_a.as_str(), row.arm_b.as_str()]).collect();
        let all = first.len();
        let arm = |trial: &TrialRow| {
            let is_judged = judged.contains(Arm::of(trial).key().as_str());
            let is_shown = is_judged || runtimes.contains(&trial.runtime.as_str());
            is_shown.then(|| Shown {
                name: name(trial),
                colour: colour(trial.executor).hex(),
                cores: info.machine.cores.usable,
                at: None,
                spans: !spans.is_empty(),
                makespan: trial.makespan_ns.unwrap_or_default(),
                cut: None,
                jobs: self::jobs(
                    jobs_of.get(&trial.trial).map_or(&[][..], Vec::as_slice),
                    spans_of.get(&trial.trial).map_or(&[][..], Vec::as_slice),
                ),
                is_judged,
            })
        };
        let arms = first.into_values().filter_map(arm);
        let arms: Vec<Shown> = arms.filter(|arm| !arm.jobs.is_empty()).collect();
        Recording { left: all - arms.len(), arms }
    }

    /// Whether there is nothing to show.
    pub(crate) fn is_empty(&self) -> bool {
        self.arms.is_empty()
    }
}

/// The runtimes of these trials that are shown: as in figures, without the model where a CPython is.
fn runtimes<'a>(info: &RunInfo, trials: &'a [TrialRow]) -> Vec<&'a str> {
    let names: BTreeSet<&str> = trials.iter().map(|trial| trial.runtime.as_str()).collect();
    let lock = |name: &str| info.pythons.iter().find(|one| one.runtime == name)?.gil;
    let mut shown = drawn(names.into_iter().map(|name| (name, lock(name).unwrap_or(true))));
    if shown.iter().any(|name| name.starts_with("cpython")) {
        shown.retain(|name| *name != MODEL);
    }
    shown
}

/// The jobs of a trial with their spans in order of time. A job that failed before it began has none.
fn jobs(jobs: &[&JobRow], spans: &[&SpanRow]) -> Vec<Job> {
    let mut of: BTreeMap<u32, Vec<&SpanRow>> = BTreeMap::new();
    spans.iter().for_each(|span| of.entry(span.job).or_default().push(span));
    let job = |row: &&JobRow| {
        let (start, end) = (row.start_ns?, row.end_ns?);
        let mut spans = of.remove(&row.job).unwrap_or_default();
        spans.sort_by_key(|span| span.start_ns);
        let mut job =
            Job { job: row.job, worker: row.worker, start, end, t: Vec::new(), c: Vec::new() };
        let mut at = 0;
        for span in spans {
            // One that overlaps the one before would run backwards here.
            let from = span.start_ns.max(at);
            let to = span.end_ns.max(from);
            job.t.extend([from - at, to - from]);
            job.c.push(span.core.map_or(-1, i64::from));
            at = to;
        }
        Some(job)
    };
    jobs.iter().filter_map(job).collect()
}

/// An arm in words: `CPython 3.11, 2 processes by fork, heavy`.
fn name(trial: &TrialRow) -> String {
    let workers = match trial.executor {
        Executor::Serial => "one after another".to_owned(),
        _ => Arm::of(trial).to_string(),
    };
    let by = trial.start_method.as_ref().map_or(String::new(), |by| format!(" by {by}"));
    let case = if trial.case.is_empty() { String::new() } else { format!(", {}", trial.case) };
    format!("{}, {workers}{by}{case}", format::runtime(&trial.runtime))
}
