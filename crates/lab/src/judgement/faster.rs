//! "Faster for CPU work", whose edge is what this machine can give.

use super::Judgement;
use crate::arm::ArmId;
use crate::claim::Claim;
use crate::control::Control;
use crate::estimate::{Estimate, Measure};
use crate::recording::Recording;
use lab_stats::edges::Edges;
use lab_stats::faster::against_half;
use lab_stats::interval::{Interval, Scale};

impl<'a> Judgement<'a> {
    /// "Faster for CPU work": TRUE above half of the log speed-up that native processes reach in
    /// the same blocks, so that no constant is needed for 2, 4 or 64 cores. `arms` are serial and
    /// the arm in question. What is judged is the speed-up over the square root of the control's,
    /// which is above 1 if the claim holds; the sentence is given the speed-up itself.
    pub fn faster(
        run: &'a Recording,
        claim: &'a Claim,
        runtime: &str,
        measure: Measure,
        arms: [&ArmId; 2],
        control: &Control,
    ) -> Judgement<'a> {
        let speed_up = run.ratio(measure, arms[0], arms[1]);
        let controls = [&control.serial, &control.processes];
        let possible = run.ratio(measure, controls[0], controls[1]);
        let beyond_half = speed_up.interval.clone().and_then(|_| {
            let [serial, arm, alone, together] =
                run.paired(measure, [arms[0], arms[1], controls[0], controls[1]]);
            // What the control would take for this runtime's serial work.
            let control: Vec<f64> = serial
                .iter()
                .zip(alone.iter().zip(&together))
                .map(|(serial, (alone, together))| serial * together / alone)
                .collect();
            let faster = against_half(&serial, &arm, &control, run.confidence());
            let difference = faster.map_err(|error| error.to_string())?.difference;
            Ok(Interval {
                estimate: difference.estimate.exp(),
                low: difference.low.exp(),
                high: difference.high.exp(),
                scale: Scale::Log,
                ..difference
            })
        });
        let judged = Estimate {
            measure: format!(
                "{}, over the square root of {}",
                speed_up.measure, possible.measure
            ),
            interval: beyond_half,
            ..speed_up.clone()
        };
        let at_half = Edges::TrueAbove {
            true_above: 1.0,
            false_below: 1.0,
        };
        let mut judgement = Judgement::new(run, claim, runtime, judged, at_half);
        judgement.said = speed_up.value();
        judgement.needs_control(measure, control)
    }
}

impl Recording {
    /// Block by block, the times of some arms; only blocks that have all of them.
    fn paired<const N: usize>(&self, measure: Measure, arms: [&ArmId; N]) -> [Vec<f64>; N] {
        let blocks = arms.map(|arm| self.blocks(arm, |trial| measure.of(trial)));
        let mut all = std::array::from_fn(|_| Vec::new());
        for block in blocks.iter().take(1).flat_map(|first| first.keys()) {
            let times: Option<Vec<f64>> =
                blocks.iter().map(|arm| arm.get(block).copied()).collect();
            for (values, time) in all.iter_mut().zip(times.into_iter().flatten()) {
                values.push(time);
            }
        }
        all
    }
}
