//! What a simulated run measures, and the verdict on it.

use super::{Kind, Rule, Sum};
use crate::machine::Arm;
use lab_stats::control;
use lab_stats::edges::{Edges, decide};
use lab_stats::faster::against_half;
use lab_stats::interval::{Interval, RESOLUTION, Scale, StatsError, level as mean, ratio};
use lab_stats::null::{NULL_LEVEL, vetoes};
use lab_stats::sizing::{Size, best_elsewhere};
use lab_stats::verdict::{Decision, any_level};

/// What two native processes gain on the simulated machine, of two cores.
const CONTROL: f64 = 1.9;
/// The times of the other sizes; the judged one is a size as well, and measured once more for that.
const OTHERS: [f64; 4] = [1.0, 1.1, 1.2, 1.5];

impl Kind {
    /// The arms that it takes; first what is judged.
    fn arms(self, truth: f64) -> Vec<Arm> {
        let times = match self {
            Kind::Ratio => vec![truth, 1.0],
            Kind::Share => return vec![Arm::Share(truth)],
            // Serial, the arm, and serial and processes of the control.
            Kind::Faster => vec![1.0, 1.0 / (truth * CONTROL.sqrt()), 1.0, 1.0 / CONTROL],
            Kind::OverBest => [&[truth, truth], &OTHERS[..]].concat(),
        };
        times.into_iter().map(Arm::Time).collect()
    }

    /// What its arms give, which stand in the order of [`Kind::arms`]; none if the control did not
    /// pass, or arms are missing.
    fn interval(self, arms: &[Vec<f64>], level: f64) -> Result<Option<Interval>, StatsError> {
        match (self, arms) {
            (Kind::Ratio, [a, b]) => ratio(a, b, level).map(Some),
            (Kind::Share, [share]) => mean(share, RESOLUTION, level).map(Some),
            (Kind::Faster, [serial, arm, alone, together]) => {
                faster(serial, arm, alone, together, level)
            }
            (Kind::OverBest, [arm, sizes @ ..]) => {
                ratio(arm, &best_elsewhere(&sizes_of(sizes)), level).map(Some)
            }
            _ => Ok(None),
        }
    }
}

impl Rule {
    /// The arms of a block: what is measured, and last an arm and the same arm again. The former is
    /// what is measured first, if that is a time.
    pub(crate) fn arms(&self, truth: &[f64]) -> Vec<Arm> {
        let each = self.all().zip(truth);
        let mut arms: Vec<Arm> = each
            .flat_map(|(one, value)| one.kind.arms(*value))
            .collect();
        match arms.first().copied() {
            Some(first @ Arm::Time(_)) => arms.push(first),
            _ => arms.extend([Arm::Time(1.0), Arm::Time(1.0)]),
        }
        arms
    }

    /// The verdict on blocks, a column an arm in the order of [`Rule::arms`].
    pub(crate) fn judge(&self, columns: &[Vec<f64>], level: f64) -> Result<Decision, StatsError> {
        let null = self.null(columns)?;
        let shared = any_level(level, self.parts());
        let (alone, _) = self.alone_and_together();
        let mut decisions = Vec::new();
        let mut rest = columns;
        for one in self.all() {
            let arms = one.kind.arms(1.0).len().min(rest.len());
            let (own, others) = rest.split_at(arms);
            rest = others;
            for edges in one.edges {
                let at = |level| -> Result<Decision, StatsError> {
                    let interval = one.kind.interval(own, level)?;
                    Ok(interval.map_or(Decision::Inconclusive, |i| {
                        decided(&i, edges, null.as_ref())
                    }))
                };
                // To decide alone, a part must be surer.
                let decision = match self.sum {
                    Sum::AllShared => at(shared)?,
                    Sum::All | Sum::Any => match at(level)? {
                        decision if decision == alone => at(shared)?,
                        decision => decision,
                    },
                };
                decisions.push(decision);
            }
        }
        Ok(self.sum.of(&decisions))
    }

    /// An arm over itself, if that can veto.
    fn null(&self, columns: &[Vec<f64>]) -> Result<Option<Interval>, StatsError> {
        let [first, .., before, again] = columns else {
            return Ok(None);
        };
        let is_share = self.all().next().is_some_and(|one| one.kind == Kind::Share);
        let arm = if is_share { before } else { first };
        match self.has_null {
            true => ratio(again, arm, NULL_LEVEL).map(Some),
            false => Ok(None),
        }
    }
}

fn decided(interval: &Interval, edges: &Edges, null: Option<&Interval>) -> Decision {
    let decision = decide(interval, edges);
    let is_vetoed = |null: &Interval| vetoes(null, interval, edges);
    match decision != Decision::Inconclusive && null.is_some_and(is_vetoed) {
        true => Decision::Inconclusive,
        false => decision,
    }
}

/// The speed-up over the square root of the control's; none if the control did not pass.
fn faster(
    serial: &[f64],
    arm: &[f64],
    alone: &[f64],
    together: &[f64],
    level: f64,
) -> Result<Option<Interval>, StatsError> {
    if control::speed_up(&ratio(alone, together, level)?).is_err() {
        return Ok(None);
    }
    let scaled = serial.iter().zip(alone.iter().zip(together));
    let control: Vec<f64> = scaled
        .map(|(serial, (alone, together))| serial * together / alone)
        .collect();
    let difference = against_half(serial, arm, &control, level)?.difference;
    Ok(Some(Interval {
        estimate: difference.estimate.exp(),
        low: difference.low.exp(),
        high: difference.high.exp(),
        scale: Scale::Log,
        ..difference
    }))
}

/// The sizes among which the best is looked for.
fn sizes_of(columns: &[Vec<f64>]) -> Vec<Size> {
    let sizes = (1..).zip(columns);
    sizes
        .map(|(workers, times)| Size {
            workers,
            times: times.clone(),
        })
        .collect()
}
