//! One trial: run, and written to the tables.

use super::ready::Ready;
use super::store::Keep;
use super::{Rig, rows};
use crate::arms::arm::{Setup, serial};
use crate::arms::runtime::{Runtime, is_simulated};
use crate::arms::work::{WaitCompute, Work};
use anyhow::{Context, Result};
use lab_data::clock;
use lab_data::rows::{Role, TrialRow};
use lab_pool::{Job, Start, Trial, TrialReport};

impl Rig {
    /// Runs jobs one after another, outside of all blocks, to know how long they wait and compute.
    pub(in crate::measure) fn pilot(
        &mut self,
        runtime: &Runtime,
        case: &str,
        jobs: &[Work],
    ) -> Result<Option<WaitCompute>> {
        let jobs = self.resolve(&runtime.name, jobs)?;
        self.run_pilot(runtime, case, jobs)?;
        Ok(self.so_far()?.piloted(&runtime.name, case))
    }

    /// The same, for jobs that are known already. The record has them at once.
    pub(crate) fn run_pilot(
        &mut self,
        runtime: &Runtime,
        case: &str,
        jobs: Vec<Job>,
    ) -> Result<()> {
        let pilot = Ready {
            arm: serial().of_case(runtime, case),
            jobs,
            setup: Setup::default(),
            role: Role::Pilot,
            has_gil: runtime.has_gil,
        };
        let keep = Keep { jobs: true, spans: false };
        self.run_trial(&pilot, 0, 0, keep)
            .with_context(|| format!("one after another, {}", pilot.arm.key()))?;
        self.tables.end_block()
    }

    /// Runs a trial and writes it to the tables.
    pub(in crate::measure) fn run_trial(
        &mut self,
        ready: &Ready,
        block: u32,
        round: u32,
        keep: Keep,
    ) -> Result<TrialReport> {
        let arm = &ready.arm;
        let trial = self.trial(ready, ready.jobs.clone())?;
        let before = self.origins_cpu_ns();
        let is_simulated = is_simulated(&arm.runtime);
        if is_simulated && !self.info.is_simulated() {
            self.bench.begin_simulated_at(clock::now_ns());
        }
        let report = self.bench.run(&trial)?;
        let origin_cpu_ns =
            self.origins_cpu_ns().zip(before).map(|(after, before)| after.saturating_sub(before));
        let row = TrialRow {
            trial: self.trials,
            block,
            round,
            start_ns: report.zero_ns.saturating_sub(self.zero_ns) + self.virtual_ns,
            ..rows::trial(ready, &report, origin_cpu_ns, block == 0)
        };
        self.trials += 1;
        if is_simulated && !self.info.is_simulated() {
            self.virtual_ns += report.closed_ns.saturating_sub(report.zero_ns);
        }
        self.last_trial_ns = Some(row.start_ns);
        let mut requests = Vec::new();
        for pages in &mut self.pages {
            requests.extend(pages.take_requests(&ready.jobs, &report, is_simulated)?);
        }
        self.tables.write_trial(row, &report, &requests, keep)?;
        Ok(report)
    }

    /// A trial of an arm with these jobs.
    pub(in crate::measure) fn trial(&self, ready: &Ready, jobs: Vec<Job>) -> Result<Trial> {
        let switch_interval = self.interval_of(&ready.setup)?;
        Ok(Trial {
            runtime: ready.arm.runtime.parse()?,
            executor: ready.arm.executor,
            workers: ready.arm.workers as usize,
            start: if ready.setup.is_warm { Start::Warm } else { Start::Cold },
            jobs,
            background: ready.background().collect(),
            tracking: self.tracking(switch_interval),
            switch_interval,
            limit: ready.setup.limit,
            loops: ready.setup.loops.max(1),
            start_method: ready.arm.start_method,
        })
    }

    /// CPU time that the origins have used so far; none if one cannot be asked.
    fn origins_cpu_ns(&self) -> Option<u64> {
        self.pages.iter().map(|pages| pages.origin_cpu_ns()).sum()
    }
}
