//! The recordings that the timeline shows: of each arm the first judged trial that was kept, packed
//! as JSON, gzip and base64.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::{Compression, GzBuilder};
use lab::design::arm::Arm;
use lab::design::runtime::place;
use lab::show::words::colour;
use lab_data::rows::{Executor, JobRow, SpanRow, TrialRow};
use lab_stats::format;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// What was recorded of an experiment: one trial of each arm.
#[derive(Clone, Debug, Default)]
pub struct Recording {
    arms: Vec<Shown>,
}

/// One trial. Times are nanoseconds from the trial's zero.
#[derive(Clone, Debug, Serialize)]
struct Shown {
    name: String,
    colour: &'static str,
    /// Number of the trial in the tables.
    trial: u32,
    /// Whether spans were recorded; else it is only known when jobs began and ended.
    spans: bool,
    makespan: u64,
    /// Only what began before this is here; nothing if all is.
    cut: Option<u64>,
    jobs: Vec<Job>,
}

/// A job of that trial.
#[derive(Clone, Debug, Serialize)]
struct Job {
    job: u32,
    worker: Option<u32>,
    start: u64,
    end: u64,
    /// Of each span the pause before it and its length, one after another.
    t: Vec<u64>,
    /// Of each span its core, -1 where the kernel did not say.
    c: Vec<i64>,
}

impl Recording {
    /// From the tables of one run.
    pub fn of(trials: &[TrialRow], jobs: &[JobRow], spans: &[SpanRow]) -> Recording {
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
            trial.judged && is_there
        };
        let key = |trial: &TrialRow| {
            let arm = (trial.executor, trial.workers, trial.start_method.clone());
            (trial.case.clone(), place(&trial.runtime), arm)
        };
        let mut first = BTreeMap::new();
        for trial in trials.iter().filter(kept) {
            first.entry(key(trial)).or_insert(trial);
        }
        let arm = |trial: &TrialRow| Shown {
            name: name(trial),
            colour: colour(trial.executor).hex(),
            trial: trial.trial,
            spans: !spans.is_empty(),
            makespan: trial.makespan_ns.unwrap_or_default(),
            cut: None,
            jobs: self::jobs(
                jobs_of.get(&trial.trial).map_or(&[][..], Vec::as_slice),
                spans_of.get(&trial.trial).map_or(&[][..], Vec::as_slice),
            ),
        };
        let arms = first.into_values().map(arm);
        Recording { arms: arms.filter(|arm| !arm.jobs.is_empty()).collect() }
    }

    /// Whether there is nothing to show.
    pub(crate) fn is_empty(&self) -> bool {
        self.arms.is_empty()
    }

    /// How many spans, or jobs without any, the arm with the most of them has.
    pub(crate) fn most(&self) -> usize {
        self.arms.iter().map(Shown::size).max().unwrap_or(0)
    }

    /// As it stands in the page. An arm with more than `most` spans (or jobs without any) is shown
    /// up to where it had that many, and says so.
    ///
    /// # Errors
    /// Of the packing, which writes into memory.
    pub(crate) fn packed(&self, most: usize) -> io::Result<String> {
        let arms: Vec<Shown> = self.arms.iter().map(|arm| arm.clone().cut(most)).collect();
        let json = serde_json::to_vec(&arms)?;
        // Without a name and a time, so that the same data give the same bytes.
        let mut gzip = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
        gzip.write_all(&json)?;
        Ok(BASE64_STANDARD.encode(gzip.finish()?))
    }
}

impl Shown {
    /// How many spans it has; of one without, how many jobs.
    fn size(&self) -> usize {
        let spans = self.jobs.iter().map(|job| job.c.len()).sum();
        if self.spans { spans } else { self.jobs.len() }
    }

    fn cut(mut self, most: usize) -> Shown {
        if self.size() <= most {
            return self;
        }
        let jobs = self.jobs.iter();
        let mut starts: Vec<u64> = match self.spans {
            true => jobs.flat_map(Job::starts).collect(),
            false => jobs.map(|job| job.start).collect(),
        };
        starts.sort_unstable();
        let cut = starts.get(most).copied().unwrap_or_default();
        self.jobs.retain(|job| job.start < cut);
        for job in &mut self.jobs {
            let kept = job.starts().filter(|start| *start < cut).count();
            job.c.truncate(kept);
            job.t.truncate(2 * kept);
        }
        self.cut = Some(cut);
        self
    }
}

impl Job {
    /// When each of its spans began.
    fn starts(&self) -> impl Iterator<Item = u64> {
        let mut at = 0u64;
        self.t.chunks_exact(2).map(move |pair| {
            let start = at.saturating_add(pair[0]);
            at = start.saturating_add(pair[1]);
            start
        })
    }
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
