//! What sentences and figures ask of a recording.

use crate::arms::arm::Arm;
use crate::design::quantity::{Comparison, Measure, Quantity};
use crate::record::Recording;
use lab_stats::format;
use lab_stats::interval::Interval;
use lab_stats::sizing::{best, shown_as_good};
use lab_stats::summary::median;

impl Recording {
    /// The arm whose time is least over all blocks: for a title, not for a verdict.
    pub fn best_of(&self, measure: &Measure, arms: &[Arm]) -> Option<Arm> {
        let (_, sizes) = self.sizes(measure, arms)?;
        arms.get(best(&sizes, |_| true)?).cloned()
    }

    /// The smallest number of workers shown to take at most [`lab_stats::sizing::SAME`] times as long
    /// as any other; none if the machine was too noisy.
    pub fn smallest_as_good(&self, measure: &Measure, arms: &[Arm]) -> Option<u32> {
        let (_, sizes) = self.sizes(measure, arms)?;
        let shown = shown_as_good(&sizes);
        let good = sizes.iter().zip(shown).filter(|(_, shown)| *shown);
        good.map(|(size, _)| size.workers).min()
    }

    /// By how many nanoseconds one time exceeds another: the median over the blocks; none without
    /// blocks that have both. For sentences: a verdict needs a ratio.
    pub fn excess_ns(&self, over: &Quantity, under: &Quantity) -> Option<f64> {
        let under = self.blocks(under);
        let differences: Vec<f64> = self
            .blocks(over)
            .iter()
            .filter_map(|(block, time)| Some(time - under.get(block)?))
            .collect();
        median(&differences)
    }

    /// The median of a quantity over all judged trials without errors.
    pub fn median(&self, of: &Quantity) -> Option<f64> {
        let value = of.measure.of?;
        let trials = self.trials(&of.arm).filter(|trial| trial.row.errors == 0);
        let values: Vec<f64> = trials.filter_map(|trial| value(&trial)).collect();
        median(&values)
    }

    /// The interval of a comparison at the level that decides; none if it cannot be judged.
    pub fn interval(&self, comparison: &Comparison) -> Option<Interval> {
        self.estimate(comparison, self.confidence()).interval.ok()
    }

    /// The estimate with its unit: `10.3×`, `97 %`; `?` where there is none.
    pub fn shown(&self, comparison: &Comparison) -> String {
        let found = self.interval(comparison);
        found.map_or("?".to_owned(), |found| format::found(comparison.kind(), &found))
    }
}
