//! An arm against the best of several, which is chosen on other blocks than it is judged on.

use crate::arm::ArmId;
use crate::estimate::{Estimate, Kind, Measure};
use crate::recording::Recording;
use lab_stats::interval;
use lab_stats::sizing::{Size, best, best_elsewhere, shown_as_good};

impl Recording {
    /// How many times the time of `arm` is that of the best of `arms`, block by block, at a level of
    /// confidence: on odd blocks the best of the even ones, on even blocks the best of the odd ones.
    pub fn ratio_to_best(
        &self,
        level: f64,
        measure: Measure,
        arm: &ArmId,
        arms: &[ArmId],
    ) -> Estimate {
        let best_name = format!("the best of {} numbers of workers", arms.len());
        let mut estimate = Estimate {
            kind: Kind::Ratio,
            measure: format!("{} of {arm} / {best_name}", measure.words()),
            arm_a: arm.to_string(),
            arm_b: best_name,
            blocks: 0,
            interval: Err("no block has all numbers of workers: measure more".to_owned()),
        };
        if let Some(failure) = arms.iter().chain([arm]).find_map(|arm| self.failure(arm)) {
            estimate.interval = Err(failure);
            return estimate;
        }
        let own = self.blocks(arm, |trial| measure.of(trial));
        if let Some((blocks, sizes)) = self.sizes(measure, arms) {
            let own: Vec<f64> = blocks.iter().filter_map(|b| own.get(b).copied()).collect();
            estimate.blocks = own.len() as u32;
            estimate.interval = interval::ratio(&own, &best_elsewhere(&sizes), level)
                .map_err(|error| error.to_string());
        }
        estimate
    }

    /// The number of workers whose time is least over all blocks: for a title, not for a verdict.
    pub fn best_of(&self, measure: Measure, arms: &[ArmId]) -> Option<ArmId> {
        let (_, sizes) = self.sizes(measure, arms)?;
        arms.get(best(&sizes, |_| true)?).cloned()
    }

    /// The smallest number of workers shown to take at most [`lab_stats::sizing::SAME`] times as long
    /// as any other; none if the machine was too noisy.
    pub fn smallest_as_good(&self, measure: Measure, arms: &[ArmId]) -> Option<u32> {
        let (_, sizes) = self.sizes(measure, arms)?;
        let shown = shown_as_good(&sizes);
        let good = sizes.iter().zip(shown).filter(|(_, shown)| *shown);
        good.map(|(size, _)| size.workers).min()
    }

    /// The blocks that all arms have, and the times in them.
    fn sizes(&self, measure: Measure, arms: &[ArmId]) -> Option<(Vec<u32>, Vec<Size>)> {
        let times: Vec<_> = arms
            .iter()
            .map(|arm| self.blocks(arm, |trial| measure.of(trial)))
            .collect();
        let in_all = |block: &&u32| times.iter().all(|times| times.contains_key(block));
        let blocks: Vec<u32> = times.first()?.keys().filter(in_all).copied().collect();
        let sizes = arms.iter().zip(&times).map(|(arm, times)| Size {
            workers: arm.workers,
            times: blocks
                .iter()
                .filter_map(|block| times.get(block).copied())
                .collect(),
        });
        let sizes = sizes.collect();
        (!blocks.is_empty()).then_some((blocks, sizes))
    }
}
