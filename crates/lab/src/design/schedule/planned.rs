//! Arms as they are measured.

use crate::arms::arm::{Arm, Setup};
use crate::arms::runtime::is_native;
use crate::arms::work::Work;
use crate::design::{Declared, Design};

/// An arm as it is measured.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Planned {
    pub(crate) arm: Arm,
    pub(crate) jobs: Vec<Work>,
    pub(crate) setup: Setup,
    /// Measured to know what the machine can give: no option leaves it out.
    pub(crate) is_control: bool,
}

impl Planned {
    /// This arm, run as another was declared to be.
    pub(super) fn of(declared: &Declared, arm: &Arm, is_control: bool) -> Planned {
        Planned {
            arm: arm.clone(),
            jobs: declared.jobs.clone(),
            setup: declared.setup.clone(),
            is_control,
        }
    }
}

/// Each arm once: the controls, and then what is declared.
pub(super) fn planned(designs: &[Design], controls: impl Iterator<Item = Planned>) -> Vec<Planned> {
    let mut all: Vec<Planned> = controls.collect();
    for declared in designs.iter().flat_map(|design| &design.arms) {
        if !all.iter().any(|planned| planned.arm == declared.arm) {
            all.push(Planned::of(declared, &declared.arm, false));
        }
    }
    for baseline in designs.iter().flat_map(|design| &design.baselines) {
        match all.iter_mut().find(|planned| planned.arm == *baseline) {
            Some(planned) => planned.is_control = true,
            None => all.extend(twin(baseline, designs)),
        }
    }
    all
}

/// The jobs of an arm's twin in another runtime, for a native arm that nobody declared.
pub(super) fn twin(arm: &Arm, designs: &[Design]) -> Option<Planned> {
    let declared = designs.iter().flat_map(|design| &design.arms);
    let is_twin = |declared: &&Declared| {
        let twin = &declared.arm;
        twin.executor == arm.executor && twin.workers == arm.workers && twin.case == arm.case
    };
    let is_native = is_native(&arm.runtime);
    declared.into_iter().find(is_twin).map(|declared| Planned::of(declared, arm, is_native))
}
