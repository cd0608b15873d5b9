//! What was measured of one or two arms: an estimate with its interval, or why there is none.

use crate::arm::ArmId;
use crate::recording::Recording;
use lab_record::rows::TrialRow;
use lab_stats::interval::{self, Interval, RESOLUTION};
use std::collections::BTreeMap;

/// What of a trial is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// From just before the pool is made to the last answer in hand: "is it faster?".
    Makespan,
    /// From the moment at which the pool was ready to the last answer in hand.
    MakespanWhenReady,
    /// From the first job's start to the last job's end: "how do jobs run?".
    Window,
}

impl Measure {
    /// Its value in a trial, in nanoseconds.
    pub fn of(self, trial: &TrialRow) -> Option<f64> {
        let ns = match self {
            Measure::Makespan => trial.makespan_ns,
            Measure::MakespanWhenReady => trial.makespan_ns?.checked_sub(trial.ready_ns?),
            Measure::Window => trial.window_ns,
        };
        ns.map(|ns| ns as f64)
    }

    pub(crate) fn words(self) -> &'static str {
        match self {
            Measure::Makespan => "makespan",
            Measure::MakespanWhenReady => "makespan from a ready pool",
            Measure::Window => "work window",
        }
    }
}

/// Of what kind an estimate is; says how it is computed and how it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// How many times one time is another.
    Ratio,
    /// A share, from 0 to 1.
    Share,
    /// A mean number, such as of jobs at once.
    Level,
}

impl Kind {
    /// The word in `verdicts.csv`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Ratio => "ratio",
            Kind::Share => "share",
            Kind::Level => "level",
        }
    }
}

/// What was measured of one or two arms.
#[derive(Clone, Debug)]
pub struct Estimate {
    pub(crate) kind: Kind,
    pub(crate) measure: String,
    pub(crate) arm_a: String,
    pub(crate) arm_b: String,
    pub(crate) blocks: u32,
    pub(crate) interval: Result<Interval, String>,
}

impl Estimate {
    /// Nothing was measured, for this reason.
    pub fn none(measure: &str, reason: &str) -> Estimate {
        Estimate {
            kind: Kind::Ratio,
            measure: measure.to_owned(),
            arm_a: String::new(),
            arm_b: String::new(),
            blocks: 0,
            interval: Err(reason.to_owned()),
        }
    }

    /// The best single number; none if there is no interval.
    pub fn value(&self) -> Option<f64> {
        self.interval.as_ref().ok().map(|i| i.estimate)
    }

    /// The interval, or why there is none.
    pub fn interval(&self) -> Result<&Interval, &str> {
        self.interval.as_ref().map_err(String::as_str)
    }
}

impl Recording {
    /// How many times the time of `a` is the time of `b`, block by block.
    pub fn ratio(&self, measure: Measure, a: &ArmId, b: &ArmId) -> Estimate {
        self.ratio_at(self.confidence(), measure, a, b)
    }

    /// How many times what `value` gives for a trial of `a` is what it gives for `b`, block by block.
    /// `what` says what it gives; it must be above zero.
    pub fn ratio_of(
        &self,
        what: &str,
        a: &ArmId,
        b: &ArmId,
        value: impl Fn(&TrialRow) -> Option<f64>,
    ) -> Estimate {
        self.ratio_between(self.confidence(), what, a, b, value)
    }

    /// The ratio of times with another level of confidence.
    pub fn ratio_at(&self, level: f64, measure: Measure, a: &ArmId, b: &ArmId) -> Estimate {
        self.ratio_between(level, measure.words(), a, b, |trial| measure.of(trial))
    }

    pub(crate) fn ratio_between(
        &self,
        level: f64,
        what: &str,
        a: &ArmId,
        b: &ArmId,
        value: impl Fn(&TrialRow) -> Option<f64>,
    ) -> Estimate {
        let (a, b) = (&self.settled(a), &self.settled(b));
        let (of_a, of_b) = (self.blocks(a, &value), self.blocks(b, &value));
        let (first, second): (Vec<f64>, Vec<f64>) = of_a
            .iter()
            .filter_map(|(block, value)| Some((*value, *of_b.get(block)?)))
            .unzip();
        Estimate {
            kind: Kind::Ratio,
            measure: format!("{what} of {a} / {b}"),
            arm_a: a.to_string(),
            arm_b: b.to_string(),
            blocks: first.len() as u32,
            interval: self
                .can_judge(&[(a, &of_a), (b, &of_b)])
                .and_then(|()| interval::ratio(&first, &second, level).map_err(words)),
        }
    }

    /// By how many nanoseconds the time of `a` exceeds that of `b`: the median over the blocks; none
    /// without blocks that have both. For figures and sentences: a verdict needs a ratio.
    pub fn excess_ns(&self, measure: Measure, a: &ArmId, b: &ArmId) -> Option<f64> {
        let of_b = self.blocks(b, |trial| measure.of(trial));
        let differences: Vec<f64> = self
            .blocks(a, |trial| measure.of(trial))
            .iter()
            .filter_map(|(block, time)| Some(time - of_b.get(block)?))
            .collect();
        lab_stats::summary::median(&differences)
    }

    /// How many times something is something else within a trial: the geometric mean over the blocks
    /// of what `value` gives, which must be above zero. `what` says of what.
    pub fn factor(
        &self,
        what: &str,
        arm: &ArmId,
        value: impl Fn(&TrialRow) -> Option<f64>,
    ) -> Estimate {
        let arm = &self.settled(arm);
        let blocks = self.blocks(arm, value);
        let values: Vec<f64> = blocks.values().copied().collect();
        Estimate {
            kind: Kind::Ratio,
            measure: what.to_owned(),
            arm_a: arm.to_string(),
            arm_b: String::new(),
            blocks: values.len() as u32,
            interval: self
                .can_judge(&[(arm, &blocks)])
                .and_then(|()| interval::distribution(&values, self.confidence()).map_err(words)),
        }
    }

    /// The share that `value` gives for a trial, over the blocks of an arm. `what` says of what.
    pub fn share(
        &self,
        what: &str,
        arm: &ArmId,
        value: impl Fn(&TrialRow) -> Option<f64>,
    ) -> Estimate {
        self.mean(Kind::Share, what, arm, value)
    }

    /// The mean number that `value` gives for a trial, over the blocks of an arm.
    pub fn level(
        &self,
        what: &str,
        arm: &ArmId,
        value: impl Fn(&TrialRow) -> Option<f64>,
    ) -> Estimate {
        self.mean(Kind::Level, what, arm, value)
    }

    fn mean(
        &self,
        kind: Kind,
        what: &str,
        arm: &ArmId,
        value: impl Fn(&TrialRow) -> Option<f64>,
    ) -> Estimate {
        let arm = &self.settled(arm);
        let blocks = self.blocks(arm, value);
        let values: Vec<f64> = blocks.values().copied().collect();
        Estimate {
            kind,
            measure: what.to_owned(),
            arm_a: arm.to_string(),
            arm_b: String::new(),
            blocks: values.len() as u32,
            interval: self.can_judge(&[(arm, &blocks)]).and_then(|()| {
                interval::level(&values, RESOLUTION, self.confidence()).map_err(words)
            }),
        }
    }

    /// Arms that were not measured, or whose jobs failed, are not judged.
    fn can_judge(&self, arms: &[(&ArmId, &BTreeMap<u32, f64>)]) -> Result<(), String> {
        for (arm, values) in arms {
            if self.trials(arm).next().is_none() {
                return Err(format!(
                    "{arm} was not measured: leave it in to get a verdict"
                ));
            }
            if let Some(failure) = self.failure(arm) {
                return Err(failure);
            }
            if values.is_empty() {
                return Err(format!("nothing of the kind was recorded for {arm}"));
            }
        }
        Ok(())
    }
}

fn words(error: lab_stats::interval::StatsError) -> String {
    error.to_string()
}
