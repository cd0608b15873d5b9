//! What `run.json` says of the arms.

use super::Rig;
use super::ready::Ready;
use anyhow::Result;
use lab_data::run::{Case, StartUp};
use lab_pool::Job;

impl Rig {
    /// Notes what the arms are and how they are run.
    pub(in crate::measure) fn note(&mut self, arms: &[&Ready], rounds: u32) -> Result<()> {
        let interval = self.switch_interval();
        let gap_ns = self.tracking(interval).gap_ns;
        let settings = &mut self.info.settings;
        settings.rounds = Some(rounds);
        if arms.iter().any(|ready| ready.jobs.iter().any(tracks)) {
            settings.tracks = true;
            settings.gap_ns = Some(gap_ns);
        }
        for ready in arms {
            let own = self.interval_of(&ready.setup)?;
            let is_own = ready.setup.switch_interval.is_some();
            let beside = ready.background();
            let beside = beside.map(|one| format!("{} on {}", one.job.kind(), one.executor));
            let gap_ns = is_own.then(|| self.tracking(own).gap_ns);
            let case = self.info.cases.entry(ready.arm.case.clone()).or_default();
            if case.job.is_some() {
                continue;
            }
            *case = Case {
                job: ready.jobs.first().map(|job| job.kind().to_owned()),
                start: Some(if ready.setup.is_warm { StartUp::Before } else { StartUp::Counted }),
                beside: beside.collect(),
                switch_interval_ns: is_own.then(|| own.ns()),
                gap_ns,
                tasks: u32::try_from(ready.jobs.len()).ok(),
                ..case.clone()
            };
        }
        Ok(())
    }
}

/// Whether a job records when it makes progress.
fn tracks(job: &Job) -> bool {
    matches!(job, Job::Hash(_)) || job.readings() > 0
}
