//! What forbids a verdict: the control, the A/A arm, a busy neighbour.

use super::decide::Judge;
use super::reason::{Missing, Reason};
use crate::design::Design;
use crate::design::claim::Part;
use crate::design::load::could_be_load;
use crate::design::quantity::{Comparison, running};
use crate::design::schedule::{Control, replicate_for};
use lab_data::rows::Kind;
use lab_stats::control::{MIN_CONTROL_SPEED_UP, processes_level, serial_level, speed_up};
use lab_stats::decide::decide;
use lab_stats::edges::Edges;
use lab_stats::interval::Interval;
use lab_stats::null::{NULL_LEVEL, vetoes};
use lab_stats::verdict::Decision;

/// Of this many judged blocks one may fail the control.
const BLOCKS_TO_A_FAILURE: usize = 7;

/// What is known of a part beside its own estimate.
pub(super) struct Beside {
    /// Lower limit of the control's speed-up.
    pub(super) control_low: Option<f64>,
    /// The A/A arm's ratio to itself.
    pub(super) replicate: Option<Interval>,
    /// Whether cores, control and calibrators allow a verdict.
    pub(super) allowed: Result<(), Reason>,
}

impl Judge<'_> {
    /// Controls, calibrators and the A/A arm.
    pub(super) fn beside(&self, design: &Design, part: &Part, decides: bool) -> Beside {
        let mut beside = Beside { control_low: None, replicate: None, allowed: Ok(()) };
        let needs = part.needs;
        let Ok(comparison) = &part.basis else {
            return beside;
        };
        let replicate = replicate_for(&self.replicates, comparison);
        if let Some((arm, measure)) = replicate.filter(|_| part.is_vetoed(decides)) {
            let again = measure.on(&arm.replicate()) / measure.on(&arm);
            beside.replicate = self.run.estimate(&again, NULL_LEVEL).interval.ok();
        }
        if (needs.two_cores || needs.parallel_cores) && self.run.cores() < 2 {
            beside.allowed = Err(Reason::OneCore);
        }
        let Some(control) = self.control.as_ref().filter(|_| needs.parallel_cores) else {
            return beside;
        };
        let (serial, processes) = control.times(&design.control_by_for(comparison));
        let ratio = serial / processes;
        let gained = self.run.estimate(&ratio, self.run.confidence()).interval;
        beside.control_low = gained.as_ref().ok().map(|interval| interval.low);
        beside.allowed = beside.allowed.and_then(|()| {
            if needs.calibrated {
                self.is_calibrated(control)?;
            }
            self.passes_control(&ratio, gained)
        });
        beside
    }

    /// Whether native processes are faster than serial, on average and in nearly all blocks.
    fn passes_control(
        &self,
        ratio: &Comparison,
        gained: Result<Interval, Missing>,
    ) -> Result<(), Reason> {
        speed_up(&gained?).map_err(|failure| Reason::Control(failure, self.hindrances(false)))?;
        // Twice as fast in half of the blocks and no faster in the others passes on average, and lies.
        let values = self.run.values(ratio);
        let failed = values.values().filter(|gain| **gain <= MIN_CONTROL_SPEED_UP).count();
        if failed * BLOCKS_TO_A_FAILURE > values.len() {
            let hindrances = self.hindrances(false);
            return Err(Reason::ControlInBlocks { failed, blocks: values.len(), hindrances });
        }
        Ok(())
    }

    /// Whether the measure of parallelism reads 1 for serial, and nearly all cores for processes.
    fn is_calibrated(&self, control: &Control) -> Result<(), Reason> {
        let reading = |arm| {
            let level = running(arm).as_level(Kind::Level);
            self.run.estimate(&level, self.run.confidence()).interval
        };
        let (one, all) = (reading(&control.serial)?, reading(&control.processes)?);
        let workers = control.processes.workers;
        serial_level(one.estimate)
            .and_then(|()| processes_level(all.estimate, workers, self.run.granted_cores()))
            .map_err(|failure| Reason::Control(failure, self.hindrances(false)))
    }

    /// Whether the A/A arm allows what the interval says.
    pub(super) fn is_steady(
        &self,
        judged: &Interval,
        edges: &Edges,
        replicate: Option<&Interval>,
    ) -> Result<(), Reason> {
        let is_decided = decide(judged, edges) != Decision::Inconclusive;
        match replicate.filter(|replicate| is_decided && vetoes(replicate, judged, edges)) {
            Some(&Interval { low, high, .. }) => {
                Err(Reason::Replicate { low, high, hindrances: self.hindrances(true) })
            }
            None => Ok(()),
        }
    }

    /// Whether what the interval says cannot be brought about by others' work, or there was little.
    pub(super) fn is_undisturbed(
        &self,
        part: &Part,
        judged: &Interval,
        edges: &Edges,
    ) -> Result<(), Reason> {
        let could_be = || could_be_load(self.designs, part, judged, edges, self.run.cores());
        match self.run.disturbance().filter(|_| could_be()) {
            Some(disturbance) => Err(Reason::Load {
                decision: decide(judged, edges),
                disturbance,
                why: part.load.as_ref().map(|load| load.why.clone()),
            }),
            None => Ok(()),
        }
    }
}
