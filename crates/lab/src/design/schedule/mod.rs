//! What is measured, and what side by side: it follows from the claims.
//!
//! - A group runs side by side, in shuffled order: the arms of a runtime and case, and those that a
//!   claim compares. Arms that are compared are best measured within a second, since machines change
//!   their speed.
//! - Controls and replicates join a group, and never connect two.
//! - What is repeated runs once more in each round, in its own group.
//! - Rows of jobs and spans are kept of all blocks if a claim reads them, and of the first judged
//!   block for the figures.

mod control;
mod groups;
mod planned;
mod replicates;

use super::Design;
use super::claim::Part;
use super::quantity::{Comparison, Rows};
use crate::arms::arm::Arm;
pub(crate) use control::Control;
use groups::{groups, join};
pub(crate) use planned::Planned;
use planned::{planned, twin};
pub(crate) use replicates::{replicate_for, replicates};

/// The arms of a run, by what runs side by side.
#[derive(Clone, Debug)]
pub(crate) struct Schedule {
    pub(crate) groups: Vec<Vec<Planned>>,
    /// How often a block runs all groups.
    pub(crate) rounds: u32,
    /// Which rows are kept of all blocks.
    pub(crate) keep: Rows,
}

impl Schedule {
    /// What follows from these designs.
    pub(crate) fn of(designs: &[Design]) -> Schedule {
        let control = Control::of(designs);
        let mut schedule = Schedule {
            groups: Vec::new(),
            rounds: designs.iter().map(|design| design.rounds).max().unwrap_or(1),
            keep: designs.iter().flat_map(Design::parts).map(rows).max().unwrap_or(Rows::Trial),
        };
        let planned = planned(designs, control.iter().flat_map(Control::planned));
        schedule.groups = groups(&planned, comparisons(designs));
        for replicate in replicates(designs) {
            schedule.add_replicate(&replicate.arm, designs);
        }
        schedule.repeat(designs, control.as_ref());
        schedule
    }

    /// Every arm as often as a round runs it.
    pub(crate) fn arms(&self) -> impl Iterator<Item = &Planned> {
        self.groups.iter().flatten()
    }

    /// Adds the arm once more, beside itself; and itself where no runtime that is measured has it.
    fn add_replicate(&mut self, arm: &Arm, designs: &[Design]) {
        let own = self.arms().find(|planned| planned.arm == *arm).cloned();
        let Some(own) = own.or_else(|| twin(arm, designs)) else {
            return;
        };
        let replicate = Planned { arm: arm.replicate(), is_control: false, ..own.clone() };
        let is_near = |group: &&mut Vec<Planned>| {
            let near = |planned: &Planned| {
                planned.arm.runtime == arm.runtime && planned.arm.case == arm.case
            };
            group.iter().any(near)
        };
        match self.groups.iter_mut().find(is_near) {
            Some(group) => {
                if !group.iter().any(|planned| planned.arm == own.arm) {
                    group.push(own);
                }
                group.push(replicate);
            }
            None => self.groups.push(vec![own, replicate]),
        }
    }

    /// Groups of what is repeated, once for each time.
    fn repeat(&mut self, designs: &[Design], control: Option<&Control>) {
        let all: Vec<Planned> = self.arms().cloned().collect();
        let find = |arm: &Arm| all.iter().find(|planned| planned.arm == *arm).cloned();
        // What the control measures is measured once.
        let repeated: Vec<&Comparison> = comparisons(designs)
            .filter(|comparison| {
                let is_control = |arm| control.is_some_and(|control| control.includes(arm));
                !comparison.arms().iter().all(is_control)
            })
            .collect();
        let most = repeated.iter().map(|comparison| comparison.repeats).max();
        for time in 1..most.unwrap_or(1) {
            let again = repeated.iter().filter(|comparison| comparison.repeats > time);
            let mut components: Vec<Vec<Arm>> = Vec::new();
            for comparison in again {
                join(&mut components, comparison.arms());
            }
            let groups = components.iter().map(|arms| arms.iter().filter_map(find).collect());
            self.groups.extend(groups);
        }
        // The second measurement of an arm goes with it.
        for arms in designs.iter().flat_map(|design| &design.repeated) {
            let with_replicates = arms.iter().flat_map(|arm| [arm.clone(), arm.replicate()]);
            let group = with_replicates.filter_map(|arm| find(&arm)).collect();
            self.groups.push(group);
        }
        self.groups.retain(|group| !group.is_empty());
    }
}

/// What is compared, as far as it can be.
fn comparisons(designs: &[Design]) -> impl Iterator<Item = &Comparison> {
    designs.iter().flat_map(Design::parts).filter_map(|part| part.basis.as_ref().ok())
}

/// Which rows a part reads.
fn rows(part: &Part) -> Rows {
    let quantities = part.basis.iter().flat_map(Comparison::quantities);
    let own = quantities.map(|of| of.measure.rows).max();
    let calibrators = part.needs.calibrated.then_some(Rows::Spans);
    own.max(calibrators).unwrap_or(Rows::Trial)
}

#[cfg(test)]
mod tests;
