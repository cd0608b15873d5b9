//! A run as it was recorded: its rows, and how to find them. All that judges and figures see.

use crate::arms::arm::Arm;
use anyhow::{Result, ensure};
use lab_data::burst::Samples;
use lab_data::rows::{JobRow, RequestRow, Role, SpanRow, TrialRow};
use lab_data::run::{Mode, RunInfo};
use lab_data::saved::Saved;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// A run as it was recorded.
#[derive(Debug)]
pub struct Recording {
    pub(crate) info: RunInfo,
    trials: Vec<TrialRow>,
    jobs: HashMap<u32, Vec<JobRow>>,
    spans: HashMap<u32, Vec<SpanRow>>,
    samples: HashMap<(u32, u32), Samples>,
    requests: HashMap<u32, Vec<RequestRow>>,
    simulated: Option<Simulated>,
}

/// What measures give for an arm, by the measure's name and block by block: in place of trials, where
/// a verdict is judged on numbers that were drawn.
pub type Simulated = HashMap<Arm, HashMap<String, BTreeMap<u32, f64>>>;

impl Recording {
    /// Reads a run's folder; gives also which of its tables were changed since, a sentence each.
    ///
    /// # Errors
    /// If a file is missing or damaged, or belongs to another run or experiment; with file, line and
    /// column.
    pub fn read(folder: &Path, experiment: &str) -> Result<(Recording, Vec<String>)> {
        let saved = Saved::read(folder)?;
        ensure!(
            saved.info.experiment == experiment,
            "{} holds a run of {}, not of {experiment}",
            folder.display(),
            saved.info.experiment
        );
        let changed = saved.changed.iter().map(ToString::to_string).collect();
        Ok((Recording::of(saved), changed))
    }

    /// The recording of what was saved.
    pub(crate) fn of(saved: Saved) -> Recording {
        Recording {
            trials: saved.trials,
            jobs: by_trial(saved.jobs, |row| row.trial),
            spans: by_trial(saved.spans, |row| row.trial),
            samples: saved.samples.into_iter().map(|of| ((of.trial, of.job), of.samples)).collect(),
            requests: by_trial(saved.requests, |row| row.trial),
            info: saved.info,
            simulated: None,
        }
    }

    /// A run of which only these numbers are known, for a study of the verdicts themselves.
    pub fn simulated(info: RunInfo, values: Simulated) -> Recording {
        let saved = Saved { info, ..Saved::default() };
        Recording { simulated: Some(values), ..Recording::of(saved) }
    }

    /// How a run of drawn numbers was made (with its looks, from which the level follows), and the
    /// numbers, to draw more; none of a run that was measured.
    pub fn simulated_mut(&mut self) -> Option<(&mut RunInfo, &mut Simulated)> {
        let numbers = self.simulated.as_mut()?;
        Some((&mut self.info, numbers))
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

    /// How many cores' worth of time this process may have: its quota, where that is less than the
    /// cores that it can use. The bound of CPU jobs.
    pub fn granted_cores(&self) -> f64 {
        self.info.machine.cores.granted()
    }

    /// How many threads a pool of CPython's has there if nobody says how many.
    pub(crate) fn python_default(&self) -> u32 {
        super::python_default(&self.info)
    }

    /// The numbers that take the place of trials; none in a run that was measured.
    pub(crate) fn drawn(&self) -> Option<&Simulated> {
        self.simulated.as_ref()
    }

    /// The rows of all trials, warm-ups too.
    pub fn all_trials(&self) -> &[TrialRow] {
        &self.trials
    }

    pub(crate) fn jobs(&self, trial: &TrialRow) -> &[JobRow] {
        self.jobs.get(&trial.trial).map_or(&[], Vec::as_slice)
    }

    /// What the first job says that failed, if all of them did, those of controls aside: then nothing
    /// was measured.
    pub(crate) fn only_failures(&self) -> Option<&str> {
        let is_of_work = |trial: &&TrialRow| !matches!(trial.role, Role::Warmup | Role::Control);
        let trials = || self.trials.iter().filter(is_of_work);
        let is_nothing =
            trials().next().is_some() && trials().all(|trial| trial.errors >= trial.jobs);
        let jobs = trials().flat_map(|trial| self.jobs(trial));
        let cause = jobs.map(|job| job.outcome.as_str()).find(|outcome| *outcome != "ok");
        is_nothing.then(|| cause.unwrap_or("no cause was kept"))
    }

    pub(crate) fn span_rows(&self, trial: &TrialRow) -> &[SpanRow] {
        self.spans.get(&trial.trial).map_or(&[], Vec::as_slice)
    }

    /// Every reading of the clock of a job, in nanoseconds from the trial's zero; empty if they were
    /// not kept.
    pub(crate) fn samples(&self, trial: &TrialRow, job: u32) -> &[u64] {
        self.samples.get(&(trial.trial, job)).map_or(&[], Samples::times_ns)
    }

    pub(crate) fn requests(&self, trial: &TrialRow) -> &[RequestRow] {
        self.requests.get(&trial.trial).map_or(&[], Vec::as_slice)
    }
}

fn by_trial<T>(rows: Vec<T>, trial: impl Fn(&T) -> u32) -> HashMap<u32, Vec<T>> {
    let mut map: HashMap<u32, Vec<T>> = HashMap::new();
    for row in rows {
        map.entry(trial(&row)).or_default().push(row);
    }
    map
}

#[cfg(test)]
mod tests {
    use crate::record::test_rows::{job, recorded, trial};
    use lab_data::rows::{JobRow, Role, TrialRow};

    #[test]
    fn a_run_in_which_every_job_failed_says_why() {
        let of = |role, errors| TrialRow { role, jobs: 2, errors, ..trial() };
        let failed = JobRow { outcome: "no such page".to_owned(), ..job(&trial(), 0, 1, 2) };
        for (trials, cause) in [
            (
                &[of(Role::Arm, 2), of(Role::Control, 0), of(Role::Warmup, 0)][..],
                Some("no such page"),
            ),
            (&[of(Role::Pilot, 2)], Some("no such page")),
            (&[of(Role::Arm, 2), of(Role::Arm, 1)], None),
            (&[of(Role::Control, 2)], None),
            (&[], None),
        ] {
            let run = recorded(trials, std::slice::from_ref(&failed), &[]);
            assert_eq!(run.only_failures(), cause, "{trials:?}");
        }
    }

    #[test]
    fn under_a_quota_the_bound_is_the_quota() {
        let mut run = recorded(&[], &[], &[]);
        for (quota, granted) in [(None, 2.0), (Some(1.5), 1.5), (Some(64.0), 2.0)] {
            run.info.machine.cores.quota = quota;
            assert_eq!(run.granted_cores(), granted);
        }
    }
}
