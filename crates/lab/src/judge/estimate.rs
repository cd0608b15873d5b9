//! From the blocks of a recording to an estimate with its interval, or to why there is none.

use super::reason::Missing;
use crate::arms::arm::Arm;
use crate::design::quantity::{Comparison, Measure, Quantity, What};
use crate::record::{Recording, Trial};
use lab_stats::interval::{self, Interval};
use lab_stats::sizing::{Size, best_elsewhere};
use std::collections::BTreeMap;

/// Something for each block.
pub(crate) type Blocks = BTreeMap<u32, f64>;

/// What was estimated, in words, and the estimate.
#[derive(Clone, Debug)]
pub(crate) struct Estimate {
    pub(crate) measure: String,
    pub(crate) arm_a: String,
    pub(crate) arm_b: String,
    pub(crate) blocks: u32,
    pub(crate) interval: Result<Interval, Missing>,
}

impl Estimate {
    /// No estimate, and why.
    pub(crate) fn none(why: Missing) -> Estimate {
        let (measure, arm_a, arm_b) = Default::default();
        Estimate { measure, arm_a, arm_b, blocks: 0, interval: Err(why) }
    }
}

impl Recording {
    /// What a measure gives for an arm in each block: the median over the block's rounds. One round
    /// that failed, or is missing, leaves its block without a value: a median over the others would be
    /// a median over the lucky ones.
    pub(crate) fn blocks(&self, of: &Quantity) -> Blocks {
        self.blocks_of(&of.arm, &of.measure)
    }

    fn blocks_of(&self, arm: &Arm, measure: &Measure) -> Blocks {
        if let Some(drawn) = self.drawn() {
            let numbers = drawn.get(arm).and_then(|of| of.get(&*measure.name));
            return numbers.cloned().unwrap_or_default();
        }
        let Some(value) = measure.of else {
            return Blocks::new();
        };
        self.blocks_by(arm, value)
    }

    fn blocks_by(&self, arm: &Arm, value: impl Fn(&Trial) -> Option<f64>) -> Blocks {
        let mut rounds: BTreeMap<u32, Vec<Option<f64>>> = BTreeMap::new();
        for trial in self.trials(arm) {
            let value = if trial.row.errors == 0 { value(&trial) } else { None };
            rounds.entry(trial.row.block).or_default().push(value);
        }
        let most = rounds.values().map(Vec::len).max();
        rounds
            .into_iter()
            .filter(|(_, values)| Some(values.len()) == most)
            .filter_map(|(block, values)| {
                let values: Option<Vec<f64>> = values.into_iter().collect();
                Some((block, lab_stats::summary::median(&values?)?))
            })
            .collect()
    }

    /// The values of a comparison in each block that has all of its arms.
    pub(crate) fn values(&self, comparison: &Comparison) -> Blocks {
        match &comparison.what {
            What::Ratio { over, under } => self
                .ratio_blocks(over, under)
                .into_iter()
                .map(|(block, (a, b))| (block, a / b))
                .collect(),
            What::Mean { of, .. } | What::OverBest { of, .. } => self.blocks(of),
        }
    }

    /// Both sides of a ratio, block by block. Of one arm the ratio is that of each trial.
    fn ratio_blocks(&self, over: &Quantity, under: &Quantity) -> BTreeMap<u32, (f64, f64)> {
        if let (true, Some(a), Some(b)) = (over.arm == under.arm, over.measure.of, under.measure.of)
            && self.drawn().is_none()
        {
            let ratio = self.blocks_by(&over.arm, |trial| Some(a(trial)? / b(trial)?));
            return ratio.into_iter().map(|(block, ratio)| (block, (ratio, 1.0))).collect();
        }
        let under = self.blocks(under);
        let over = self.blocks(over).into_iter();
        over.filter_map(|(block, a)| Some((block, (a, *under.get(&block)?)))).collect()
    }

    /// The estimate of a comparison with an interval at this level of confidence.
    pub(crate) fn estimate(&self, comparison: &Comparison, level: f64) -> Estimate {
        let key = |of: &Quantity| of.arm.key();
        match &comparison.what {
            What::Ratio { over, under } if over.arm == under.arm => {
                let values: Vec<f64> = self.values(comparison).into_values().collect();
                Estimate {
                    measure: format!("{} over {}", over.name(), under.name()),
                    arm_a: key(over),
                    arm_b: String::new(),
                    blocks: values.len() as u32,
                    interval: self
                        .can_judge(&[over, under])
                        .and_then(|()| Ok(interval::distribution(&values, level)?)),
                }
            }
            What::Ratio { over, under } => {
                let blocks = self.ratio_blocks(over, under);
                let (first, second): (Vec<f64>, Vec<f64>) = blocks.into_values().unzip();
                Estimate {
                    measure: format!("{} of {} / {}", over.name(), key(over), key(under)),
                    arm_a: key(over),
                    arm_b: key(under),
                    blocks: first.len() as u32,
                    interval: self
                        .can_judge(&[over, under])
                        .and_then(|()| Ok(interval::ratio(&first, &second, level)?)),
                }
            }
            What::Mean { of, .. } => {
                let values: Vec<f64> = self.blocks(of).into_values().collect();
                Estimate {
                    measure: of.name().to_owned(),
                    arm_a: key(of),
                    arm_b: String::new(),
                    blocks: values.len() as u32,
                    interval: self
                        .can_judge(&[of])
                        .and_then(|()| Ok(interval::level(&values, level)?)),
                }
            }
            What::OverBest { of, all } => self.over_best(of, all, level),
        }
    }

    /// The arm's second measurement over the best of all arms, which is chosen on other blocks than it
    /// is judged on.
    fn over_best(&self, of: &Quantity, all: &[Arm], level: f64) -> Estimate {
        let again = of.again();
        let failed = all.iter().chain([&again.arm]).find_map(|arm| self.failure(arm));
        let (blocks, interval) = match (failed, self.sizes(&of.measure, all)) {
            (Some(failure), _) => (0, Err(failure)),
            (None, None) => (0, Err(Missing::NoCommonBlock)),
            (None, Some((blocks, sizes))) => {
                let own = self.blocks(&again);
                let own: Vec<f64> = blocks.iter().filter_map(|b| own.get(b).copied()).collect();
                let interval = interval::ratio(&own, &best_elsewhere(&sizes), level);
                (own.len() as u32, interval.map_err(Missing::from))
            }
        };
        let best = format!("the best of {} numbers of workers", all.len());
        Estimate {
            measure: format!("{} of {} / {best}", of.name(), again.arm.key()),
            arm_a: again.arm.key(),
            arm_b: best,
            blocks,
            interval,
        }
    }

    /// The blocks that all arms have, and the times in them.
    pub(super) fn sizes(&self, measure: &Measure, arms: &[Arm]) -> Option<(Vec<u32>, Vec<Size>)> {
        let times: Vec<Blocks> = arms.iter().map(|arm| self.blocks_of(arm, measure)).collect();
        let in_all = |block: &&u32| times.iter().all(|times| times.contains_key(block));
        let blocks: Vec<u32> = times.first()?.keys().filter(in_all).copied().collect();
        let sizes = arms.iter().zip(&times).map(|(arm, times)| Size {
            workers: arm.workers,
            times: blocks.iter().filter_map(|block| times.get(block).copied()).collect(),
        });
        let sizes = sizes.collect();
        (!blocks.is_empty()).then_some((blocks, sizes))
    }

    /// Arms that were not measured, or whose jobs failed, are not judged.
    fn can_judge(&self, all: &[&Quantity]) -> Result<(), Missing> {
        for of in all {
            if self.drawn().is_none() {
                if self.trials(&of.arm).next().is_none() {
                    return Err(Missing::NotMeasured(of.arm.key()));
                }
                if let Some(failure) = self.failure(&of.arm) {
                    return Err(failure);
                }
            }
            if self.blocks(of).is_empty() {
                return Err(Missing::NothingRecorded(of.arm.key()));
            }
        }
        Ok(())
    }

    /// Why jobs of an arm failed, as its first failed job says; none if none failed.
    pub(crate) fn failure(&self, arm: &Arm) -> Option<Missing> {
        let trial = self.trials(arm).find(|trial| trial.row.errors > 0)?;
        let failed = trial.jobs().iter().find(|job| job.outcome != "ok");
        Some(Missing::Failed {
            arm: arm.key(),
            errors: trial.row.errors,
            jobs: trial.row.jobs,
            block: trial.row.block,
            cause: failed.map(|job| job.outcome.clone()),
        })
    }
}
