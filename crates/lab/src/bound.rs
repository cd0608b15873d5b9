//! A measurement held against what the known service times allow.

use crate::recording::{PAGE_PATHS, Recording};
use lab_record::rows::TrialRow;
use lab_stats::bounds::{list_scheduling, makespan};

impl Recording {
    /// Whether the pages came from the laboratory's own origin.
    pub fn has_origin(&self) -> bool {
        self.info.settings.contains_key(PAGE_PATHS)
    }

    /// When the origin accepted the connection of a job, and how long it served it, in nanoseconds;
    /// none without an origin. Job i loads page i of its set.
    pub fn served(&self, trial: &TrialRow, job: u32) -> Option<(u64, u64)> {
        let paths = self.info.settings.get(PAGE_PATHS)?;
        let path = paths.get(job as usize)?.as_str()?;
        self.requests(trial)
            .iter()
            .find(|request| request.path == path && !request.aborted)
            .map(|request| (request.accepted_ns, request.service_ns))
    }

    /// How long the origin served each job of a trial, in nanoseconds, in order of submission; none
    /// without an origin, or if a page was not served.
    pub fn service_times(&self, trial: &TrialRow) -> Option<Vec<u64>> {
        (0..trial.jobs)
            .map(|job| Some(self.served(trial, job)?.1))
            .collect()
    }

    /// The makespan of list scheduling: the trial's jobs in order of submission, each as long as
    /// the origin says it served it, on the trial's workers. None without an origin.
    pub fn scheduled(&self, trial: &TrialRow) -> Option<u64> {
        let times = self.service_times(trial)?;
        Some(makespan(&list_scheduling(&times, trial.workers as usize)?))
    }
}
