//! The positive control of a run.

use super::planned::Planned;
use crate::arms::arm::{Arm, serial};
use crate::design::quantity::{Comparison, Measure, Quantity, WINDOW};
use crate::design::{Declared, Design};
use lab_data::rows::{Executor, Kind};

/// The same jobs, natively, one after another and on processes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Control {
    pub(crate) serial: Arm,
    pub(crate) processes: Arm,
    /// The arm whose jobs they are.
    declared: Declared,
}

impl Control {
    /// The control of a run: with the jobs of the first comparison that needs it, on as many
    /// processes as that has workers. None if nothing needs one.
    pub(crate) fn of(designs: &[Design]) -> Option<Control> {
        designs.iter().find_map(|design| {
            let part = design.parts().find(|part| part.needs.parallel_cores)?;
            let comparison = part.basis.as_ref().ok()?;
            let arms = comparison.arms();
            let largest = arms.iter().max_by_key(|arm| arm.workers)?;
            let native = |executor, workers| Arm { executor, workers, ..largest.natively() };
            Some(Control {
                serial: native(Executor::Serial, serial().workers),
                processes: native(Executor::Processes, largest.workers),
                declared: design.declared(largest)?.clone(),
            })
        })
    }

    /// What serial and processes take, by this measure.
    pub(crate) fn times(&self, by: &Measure) -> (Quantity, Quantity) {
        (by.on(&self.serial), by.on(&self.processes))
    }

    pub(super) fn planned(&self) -> [Planned; 2] {
        [&self.serial, &self.processes].map(|arm| Planned::of(&self.declared, arm, true))
    }

    pub(super) fn includes(&self, arm: &Arm) -> bool {
        *arm == self.serial || *arm == self.processes
    }
}

impl Design {
    /// By which time the control is judged beside a comparison: by the work window where that is
    /// what is compared, and where it is asked what ran at once.
    pub(crate) fn control_by_for(&self, comparison: &Comparison) -> Measure {
        let measured = comparison.quantities().into_iter().next();
        let is_of_window =
            comparison.kind() != Kind::Ratio || measured.is_some_and(|of| of.measure == WINDOW);
        if is_of_window { WINDOW } else { self.control_by.clone() }
    }
}
