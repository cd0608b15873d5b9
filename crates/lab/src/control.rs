//! The positive control: what this machine can give at this moment.

use crate::arm::{Arm, ArmId, processes, serial};
use crate::estimate::{Estimate, Measure};
use crate::recording::Recording;
use lab_jobs::Job;

/// The same jobs one after another and on native processes, in the same blocks. Where those are not
/// faster, the machine did not run two jobs at once, and nothing about parallelism can be judged
/// (assay sensitivity, ICH E10).
#[derive(Clone, Debug)]
pub struct Control {
    pub(crate) serial: ArmId,
    pub(crate) processes: ArmId,
    group: String,
}

impl Control {
    /// Native serial, and so many native processes.
    pub fn of(workers: u32) -> Control {
        Control {
            serial: serial(),
            processes: processes(workers),
            group: String::new(),
        }
    }

    /// The same in a case.
    pub fn case(self, case: &str) -> Control {
        Control {
            serial: self.serial.case(case),
            processes: self.processes.case(case),
            ..self
        }
    }

    /// Its arms are measured near those of a group: see [`Arm::near`].
    pub fn near(mut self, group: &str) -> Control {
        group.clone_into(&mut self.group);
        self
    }

    /// The arms that must be measured for it.
    pub fn arms(&self, jobs: &[Job]) -> Vec<Arm> {
        [&self.serial, &self.processes]
            .map(|id| Arm::new(id.clone(), jobs).control().near(&self.group))
            .into()
    }

    /// How many times as fast the processes were.
    pub fn speed_up(&self, run: &Recording, measure: Measure) -> Estimate {
        run.ratio(measure, &self.serial, &self.processes)
    }
}
