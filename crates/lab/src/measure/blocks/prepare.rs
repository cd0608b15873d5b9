//! From what is scheduled to arms that can be run.

use super::order::Group;
use crate::arms::runtime::{Runtime, is_simulated};
use crate::console;
use crate::design::schedule::{Planned, Schedule};
use crate::measure::costs::memory;
use crate::measure::rig::Rig;
use crate::measure::rig::ready::Ready;
use crate::measure::simulate::profile::unprofiled;
use anyhow::{Result, bail};
use lab_data::rows::{Executor, Role};

impl Rig {
    /// The arms that are left by the options, with their jobs, and notes of what they are and how they
    /// are run.
    pub(super) fn prepare(&mut self, schedule: &Schedule) -> Result<Vec<Group>> {
        let mut groups: Vec<Group> = Vec::new();
        for group in &schedule.groups {
            let mut ready = Vec::new();
            for planned in group {
                let arm = &planned.arm;
                if !self.is_wanted(planned) || !self.is_possible(planned) || self.is_lost(arm) {
                    continue;
                }
                match self.ready(planned.clone()) {
                    Ok(one) => ready.push(one),
                    Err(error) => console::err(&self.lose(&arm.runtime, arm.executor, error)?),
                }
            }
            groups.push(ready);
        }
        for group in &mut groups {
            group.retain(|ready: &Ready| !self.is_lost(&ready.arm));
        }
        groups.retain(|group| !group.is_empty());
        let arms: Vec<&Ready> = groups.iter().flatten().collect();
        if arms.iter().all(|ready| ready.role == Role::Control) {
            let names = Executor::ALL.map(Executor::name).join(", ");
            bail!(
                "nothing is left to measure: --executors and --runtimes leave out every arm of \
                 this experiment (there are {names})"
            );
        }
        memory::check(&arms, self.options.track.raw)?;
        self.note(&arms, schedule.rounds)?;
        Ok(groups)
    }

    fn ready(&mut self, planned: Planned) -> Result<Ready> {
        let mut runtimes = self.runtimes.iter();
        let own = runtimes.find(|runtime| runtime.name == planned.arm.runtime);
        let has_gil = own.is_some_and(|runtime| runtime.has_gil);
        // A twin in virtual time does the same jobs, not as many as it would in the same time.
        let is_model = |runtime: &&Runtime| {
            let model = runtime.model_in(&self.info);
            model.is_some_and(|model| model.name == planned.arm.runtime)
        };
        let paced_by = self.runtimes.iter().find(is_model).or(own);
        let paced_by = paced_by.map_or(&planned.arm.runtime, |runtime| &runtime.name).clone();
        Ok(Ready {
            has_gil,
            jobs: self.resolve(&paced_by, &planned.jobs)?,
            role: match (planned.is_control, planned.arm.is_replicate) {
                (_, true) => Role::Replicate,
                (true, false) => Role::Control,
                (false, false) => Role::Arm,
            },
            arm: planned.arm,
            setup: planned.setup,
        })
    }

    /// On a simulated machine only what has a profile runs.
    fn is_possible(&self, planned: &Planned) -> bool {
        let has_profile = || {
            let executor = planned.arm.executor;
            is_simulated(&planned.arm.runtime)
                && !matches!(executor, Executor::Rayon | Executor::Interpreters)
                && unprofiled(&planned.jobs).is_none()
        };
        !self.info.is_simulated() || has_profile()
    }

    fn is_wanted(&self, planned: &Planned) -> bool {
        let executors = &self.options.common.executors;
        planned.is_control || executors.is_empty() || executors.contains(&planned.arm.executor)
    }
}
