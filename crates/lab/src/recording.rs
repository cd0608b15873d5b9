//! A run as it was recorded: what judges and figures look at, and nothing else.

use crate::arm::ArmId;
use crate::checks::{
    check_noise, check_requests, check_rows, check_samples, check_spans, check_trials,
    check_windows,
};
use anyhow::{Result, ensure};
use lab_pool::Runtime;
use lab_record::burst::Samples;
use lab_record::rows::{JobRow, RequestRow, SpanRow, TrialRow, VerdictRow};
use lab_record::run::{Mode, RunInfo};
use lab_record::samples::{self, JobSamples};
use lab_record::tables;
use lab_stats::timeline::Stretch;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// The setting in `run.json` that lists the runtimes that were measured.
pub(crate) const RUNTIMES: &str = "runtimes";

/// The setting that says that jobs of the run recorded when they made progress.
pub(crate) const TRACKS: &str = "tracks";

/// The setting that lists the paths of the origin's pages, in the order of the jobs.
pub(crate) const PAGE_PATHS: &str = "page_paths";

/// A run as it was recorded.
#[derive(Debug)]
pub struct Recording {
    pub(crate) info: RunInfo,
    trials: Vec<TrialRow>,
    jobs: HashMap<u32, Vec<JobRow>>,
    spans: HashMap<u32, Vec<SpanRow>>,
    samples: HashMap<(u32, u32), Samples>,
    requests: HashMap<u32, Vec<RequestRow>>,
    /// What of the files contradicts, in sentences.
    pub(crate) damage: Vec<String>,
}

impl Recording {
    /// Reads a run's folder.
    ///
    /// # Errors
    /// If a file is missing or damaged, or does not belong to the run; with file, line and column.
    pub(crate) fn read(folder: &Path, experiment: &str) -> Result<Recording> {
        let run = Recording::of(folder, RunInfo::read(&folder.join("run.json"))?)?;
        ensure!(
            run.info.experiment == experiment,
            "{} holds a run of {}, not of {experiment}",
            folder.display(),
            run.info.experiment
        );
        Ok(run)
    }

    /// Reads the tables of a run that may still go on.
    pub(crate) fn of(folder: &Path, info: RunInfo) -> Result<Recording> {
        let trials: Vec<TrialRow> = tables::read(&folder.join("trials.csv"))?;
        check_trials(folder, &trials, &info)?;
        let noise = check_noise(folder, &info, &trials);
        let jobs: Vec<JobRow> = tables::read(&folder.join("jobs.csv"))?;
        let spans: Vec<SpanRow> = tables::read(&folder.join("spans.csv"))?;
        ensure!(
            !(spans.is_empty() && info.settings.contains_key(TRACKS)),
            "{} holds no span, and the run has recorded progress: restore the file, or measure again",
            folder.join("spans.csv").display()
        );
        let samples = match folder.join("samples.csv") {
            path if path.exists() => samples::read(&path)?,
            _ => Vec::new(),
        };
        let requests: Vec<RequestRow> = match info.settings.contains_key(PAGE_PATHS) {
            true => tables::read(&folder.join("requests.csv"))?,
            false => Vec::new(),
        };
        check_rows(&folder.join("jobs.csv"), &jobs, &trials)?;
        check_rows(&folder.join("spans.csv"), &spans, &trials)?;
        let contradictions = [
            noise,
            check_windows(folder, &jobs, &trials)?,
            check_spans(&folder.join("spans.csv"), &spans, &jobs)?,
            check_samples(&folder.join("samples.csv"), &samples, &jobs)?,
            check_requests(&folder.join("requests.csv"), &requests, &jobs, &trials)?,
        ];
        Ok(Recording {
            info,
            trials,
            jobs: by_trial(jobs, |row| row.trial),
            spans: by_trial(spans, |row| row.trial),
            samples: by_job(samples),
            requests: by_trial(requests, |row| row.trial),
            damage: contradictions.into_iter().flatten().collect(),
        })
    }

    /// How, when and where the run was made.
    pub fn info(&self) -> &RunInfo {
        &self.info
    }

    /// How long the run was to take.
    pub fn mode(&self) -> Mode {
        self.info.mode
    }

    /// How many cores could be used at once.
    pub fn cores(&self) -> u32 {
        self.info.machine.cores.usable
    }

    /// All trials, warm-ups too.
    pub fn all_trials(&self) -> &[TrialRow] {
        &self.trials
    }

    /// The judged trials of an arm, in order of time.
    pub fn trials(&self, arm: &ArmId) -> impl Iterator<Item = &TrialRow> {
        let arm = self.settled(arm);
        self.trials
            .iter()
            .filter(move |trial| trial.judged && arm.is_of(trial))
    }

    /// The arm as it was measured: see [`ArmId::settled`].
    pub(crate) fn settled(&self, arm: &ArmId) -> ArmId {
        arm.clone().settled(&self.info)
    }

    /// The runtimes that were measured, controls aside: Rust, the model, CPythons.
    pub fn runtimes(&self) -> Vec<String> {
        let listed = self
            .info
            .settings
            .get(RUNTIMES)
            .and_then(|list| list.as_array());
        listed
            .into_iter()
            .flatten()
            .filter_map(|name| Some(name.as_str()?.to_owned()))
            .collect()
    }

    /// The rows that `judge` gives for each runtime that was measured.
    pub fn each_runtime(&self, judge: impl Fn(&str) -> Vec<VerdictRow>) -> Vec<VerdictRow> {
        let runtimes = self.runtimes();
        runtimes.iter().flat_map(|runtime| judge(runtime)).collect()
    }

    /// Whether threads of a runtime shared a global interpreter lock.
    pub fn has_gil(&self, runtime: &str) -> bool {
        has_gil(&self.info, runtime)
    }

    /// How many jobs the trials of an arm have; 0 if it was not measured.
    pub fn jobs_of(&self, arm: &ArmId) -> u32 {
        self.trials(arm).next().map_or(0, |trial| trial.jobs)
    }

    /// How long the first job of a trial took for each of its steps, on average over the work window,
    /// in nanoseconds.
    pub fn step_ns(&self, trial: &TrialRow) -> Option<f64> {
        let steps = self.jobs(trial).first()?.count?;
        Some(trial.window_ns? as f64 / steps as f64)
    }

    /// The switch interval of the run, in milliseconds.
    pub fn switch_interval_ms(&self) -> Option<f64> {
        let ns = self.info.settings.get("switch_interval_ns")?.as_f64()?;
        Some(ns / 1e6)
    }

    /// The numbers of workers for which an arm like this one was measured, in order.
    pub fn workers(&self, like: &ArmId) -> Vec<u32> {
        let like = self.settled(like);
        let mut workers: Vec<u32> = self
            .trials
            .iter()
            .filter(|trial| trial.judged && like.clone().with(trial.workers).is_of(trial))
            .map(|trial| trial.workers)
            .collect();
        workers.sort_unstable();
        workers.dedup();
        workers
    }

    /// What `value` says of the arm in each block: the median over the block's rounds.
    pub(crate) fn blocks(
        &self,
        arm: &ArmId,
        value: impl Fn(&TrialRow) -> Option<f64>,
    ) -> BTreeMap<u32, f64> {
        let mut rounds: BTreeMap<u32, Vec<Option<f64>>> = BTreeMap::new();
        for trial in self.trials(arm) {
            let value = if trial.errors == 0 {
                value(trial)
            } else {
                None
            };
            rounds.entry(trial.block).or_default().push(value);
        }
        // One round that failed, or is missing, leaves its block without a value: a median over the
        // others would be a median over the lucky ones.
        let most = rounds.values().map(Vec::len).max();
        rounds
            .into_iter()
            .filter(|(_, values)| Some(values.len()) == most)
            .filter_map(|(block, values)| {
                let values: Option<Vec<f64>> = values.into_iter().collect();
                Some((block, lab_stats::summary::median(&values?)?))
            })
            .collect()
    }

    /// The jobs of a trial, in order of submission; none if they were not kept.
    pub fn jobs(&self, trial: &TrialRow) -> &[JobRow] {
        self.jobs.get(&trial.trial).map_or(&[], Vec::as_slice)
    }

    /// When the measured jobs of a trial made progress.
    pub fn spans(&self, trial: &TrialRow) -> Vec<Stretch> {
        self.span_rows(trial)
            .filter(|span| span.job < trial.jobs)
            .map(|span| Stretch {
                job: span.job,
                start: span.start_ns,
                end: span.end_ns,
            })
            .collect()
    }

    /// The spans of all jobs of a trial.
    pub fn span_rows(&self, trial: &TrialRow) -> impl Iterator<Item = &SpanRow> {
        self.spans.get(&trial.trial).into_iter().flatten()
    }

    /// When the measured jobs of a trial were in flight.
    pub fn in_flight(&self, trial: &TrialRow) -> Vec<Stretch> {
        self.jobs(trial)
            .iter()
            .filter(|job| job.job < trial.jobs)
            .filter_map(|job| {
                Some(Stretch {
                    job: job.job,
                    start: job.start_ns?,
                    end: job.end_ns?,
                })
            })
            .collect()
    }

    /// Every reading of the clock of a job; empty if they were not kept.
    pub fn samples(&self, trial: &TrialRow, job: u32) -> &[u64] {
        self.samples
            .get(&(trial.trial, job))
            .map_or(&[], Samples::times_ns)
    }

    /// What the origin saw of a trial; empty without an origin.
    pub fn requests(&self, trial: &TrialRow) -> &[RequestRow] {
        self.requests.get(&trial.trial).map_or(&[], Vec::as_slice)
    }

    /// Why jobs of an arm failed, as its first failed job says; none if none failed.
    pub(crate) fn failure(&self, arm: &ArmId) -> Option<String> {
        let arm = &self.settled(arm);
        let trial = self.trials(arm).find(|trial| trial.errors > 0)?;
        let cause = self
            .jobs(trial)
            .iter()
            .find(|job| job.outcome != "ok")
            .map_or("the cause was not kept", |job| job.outcome.as_str());
        Some(format!(
            "{} of {} jobs failed on {arm} in block {}: {cause}",
            trial.errors, trial.jobs, trial.block
        ))
    }
}

/// Whether threads of a runtime share a global interpreter lock: in the model they do; an interpreter
/// was asked itself.
pub(crate) fn has_gil(info: &RunInfo, runtime: &str) -> bool {
    let python = info.pythons.iter().find(|one| one.runtime == runtime);
    match python {
        // One too old to be asked has a lock.
        Some(python) => python.gil.unwrap_or(true),
        None => runtime == Runtime::Gil.name(),
    }
}

fn by_trial<T>(rows: Vec<T>, trial: impl Fn(&T) -> u32) -> HashMap<u32, Vec<T>> {
    let mut map: HashMap<u32, Vec<T>> = HashMap::new();
    for row in rows {
        map.entry(trial(&row)).or_default().push(row);
    }
    map
}

fn by_job(samples: impl IntoIterator<Item = JobSamples>) -> HashMap<(u32, u32), Samples> {
    let samples = samples.into_iter();
    samples.map(|of| ((of.trial, of.job), of.samples)).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    pub(crate) use crate::test_rows::trial;
    use lab_record::run::Python;

    /// A run in which nothing was measured.
    pub(crate) fn empty() -> Recording {
        Recording {
            info: RunInfo::begin("test", Mode::Quick, Vec::new(), 1),
            trials: Vec::new(),
            jobs: HashMap::new(),
            spans: HashMap::new(),
            samples: HashMap::new(),
            requests: HashMap::new(),
            damage: Vec::new(),
        }
    }

    /// A run of these trials.
    pub(crate) fn with(trials: &[TrialRow], jobs: &[JobRow], spans: &[SpanRow]) -> Recording {
        Recording {
            trials: trials.to_vec(),
            jobs: by_trial(jobs.to_vec(), |row| row.trial),
            spans: by_trial(spans.to_vec(), |row| row.trial),
            ..empty()
        }
    }

    impl Recording {
        /// The same run with these readings.
        pub(crate) fn keep_samples(&mut self, samples: impl IntoIterator<Item = JobSamples>) {
            self.samples = by_job(samples);
        }
    }

    #[test]
    fn an_interpreter_has_the_lock_that_it_says_it_has() {
        let mut run = empty();
        for (runtime, gil) in [
            ("cpython-3.8", None),
            ("cpython-3.13t", Some(true)),
            ("cpython-3.14t", Some(false)),
        ] {
            run.info.pythons.push(Python {
                runtime: runtime.to_owned(),
                version: runtime.replace("cpython-", ""),
                gil,
                start_method: None,
            });
        }
        let with: Vec<&str> = [
            "rust",
            "gil",
            "cpython-3.8",
            "cpython-3.13t",
            "cpython-3.14t",
        ]
        .into_iter()
        .filter(|runtime| run.has_gil(runtime))
        .collect();
        assert_eq!(with, ["gil", "cpython-3.8", "cpython-3.13t"]);
    }
}
