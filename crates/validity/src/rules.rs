//! The rules by which the experiments judge, with the edges that they have, on simulated blocks.

use crate::machine::Arm;
use lab_stats::control;
use lab_stats::edges::{Edges, decide};
use lab_stats::faster::against_half;
use lab_stats::interval::{Interval, RESOLUTION, Scale, StatsError, level as mean, ratio};
use lab_stats::null::{NULL_LEVEL, vetoes};
use lab_stats::sizing::{Size, best_elsewhere};
use lab_stats::verdict::{Decision, all_of, any_level, any_of};

/// What two native processes gain on the simulated machine, of two cores.
const CONTROL: f64 = 1.9;
/// The times of the other sizes; the judged one is a size as well, and measured once more for that.
const OTHERS: [f64; 4] = [1.0, 1.1, 1.2, 1.5];

/// How a claim is judged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// One time over another.
    Ratio,
    /// A share of the time.
    Share,
    /// The speed-up over half of the control's log speed-up, if the control passes.
    Faster,
    /// True if all of so many ratios are, each at the ordinary level; false if one is, at a level
    /// that they share.
    All(usize),
    /// True if all of so many ratios are; each is judged at a level that they share.
    AllShared(usize),
    /// True if any of so many ratios to the best of several sizes is, at a level that they share.
    AnyBest(usize),
}

/// A rule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// In words, for the tables.
    pub name: &'static str,
    /// How it is judged.
    pub kind: Kind,
    /// From where on it is true, and false.
    pub edges: Edges,
    /// Whether an arm that is measured twice can veto.
    pub has_null: bool,
}

const fn above(true_above: f64, false_below: f64) -> Edges {
    Edges::TrueAbove {
        true_above,
        false_below,
    }
}

const fn below(true_below: f64, false_above: f64) -> Edges {
    Edges::TrueBelow {
        true_below,
        false_above,
    }
}

const fn inside(factor: f64) -> Edges {
    Edges::TrueInside {
        low: 1.0 / factor,
        high: factor,
    }
}

const fn rule(name: &'static str, kind: Kind, edges: Edges, has_null: bool) -> Rule {
    Rule {
        name,
        kind,
        edges,
        has_null,
    }
}

/// Faster or slower: what the real runs are judged by, too.
pub const FASTER_OR_SLOWER: Rule =
    rule("ratio above 1, below 1", Kind::Ratio, above(1.0, 1.0), true);

/// Equal times, as threads and processes are to be for CPU work.
pub const AS_FAST: Rule = rule(
    "ratio inside 1/1.25 to 1.25",
    Kind::Ratio,
    inside(1.25),
    true,
);

/// Each rule with the true effects, beside its edges, at which its power is looked at.
pub const RULES: [(Rule, &[f64]); 11] = [
    (FASTER_OR_SLOWER, &[1.02, 1.05, 1.1, 1.15, 1.25, 1.5]),
    (
        rule(
            "ratio below 1.05, above 2",
            Kind::Ratio,
            below(1.05, 2.0),
            true,
        ),
        &[1.0, 10.0],
    ),
    (
        rule(
            "ratio above 1.1, below 1.05",
            Kind::Ratio,
            above(1.1, 1.05),
            true,
        ),
        &[1.0, 1.25],
    ),
    (AS_FAST, &[1.0, 2.0]),
    (
        rule("ratio inside 1/1.1 to 1.1", Kind::Ratio, inside(1.1), false),
        &[1.0, 2.0],
    ),
    (
        rule(
            "share above 50 %, below 10 %",
            Kind::Share,
            above(0.5, 0.1),
            true,
        ),
        &[0.02, 0.95],
    ),
    (
        rule(
            "faster by half of the control",
            Kind::Faster,
            above(1.0, 1.0),
            true,
        ),
        &[0.72, 1.35],
    ),
    (
        rule(
            "all of 2 steps above 1.1",
            Kind::All(2),
            above(1.1, 1.1),
            false,
        ),
        &[1.0, 1.7],
    ),
    (
        rule(
            "all of 6 above 2, below 1.25",
            Kind::All(6),
            above(2.0, 1.25),
            true,
        ),
        &[1.0, 10.0],
    ),
    (
        rule(
            "all of 9 sizes above 1",
            Kind::AllShared(9),
            above(1.0, 1.0),
            false,
        ),
        &[0.6, 1.6],
    ),
    (
        rule(
            "any of 3 above 1.25, below 1.05 of the best",
            Kind::AnyBest(3),
            above(1.25, 1.05),
            true,
        ),
        &[1.0, 1.6],
    ),
];

impl Rule {
    /// The values at which every verdict says too much.
    pub fn at_edges(&self) -> Vec<f64> {
        let mut edges = match self.edges {
            Edges::TrueAbove {
                true_above,
                false_below,
            } => vec![false_below, true_above],
            Edges::TrueBelow {
                true_below,
                false_above,
            } => vec![true_below, false_above],
            Edges::TrueInside { low, high } => vec![low, high],
        };
        edges.dedup();
        edges
    }

    /// The verdict that is right; INCONCLUSIVE on an edge, where none is.
    pub fn right(&self, truth: f64) -> Decision {
        let known = Interval {
            estimate: truth,
            low: truth,
            high: truth,
            level: 1.0,
            blocks: 0,
            scale: Scale::Linear { resolution: 0.0 },
        };
        decide(&known, &self.edges)
    }

    /// The arms of a block: first what is judged, last the arm that is measured twice.
    pub(crate) fn arms(&self, truth: f64) -> Vec<Arm> {
        let pairs = |parts: usize| [truth, 1.0].repeat(parts);
        let times = match self.kind {
            Kind::Ratio => pairs(1),
            Kind::All(parts) | Kind::AllShared(parts) => pairs(parts),
            Kind::Share => return vec![Arm::Share(truth), Arm::Time(1.0), Arm::Time(1.0)],
            // Serial, the arm, and serial and processes of the control.
            Kind::Faster => vec![1.0, 1.0 / (truth * CONTROL.sqrt()), 1.0, 1.0 / CONTROL],
            Kind::AnyBest(parts) => [&[truth, truth], &OTHERS[..]].concat().repeat(parts),
        };
        let again = times.first().copied();
        times.into_iter().chain(again).map(Arm::Time).collect()
    }

    /// The verdict on blocks, a column an arm in the order of [`Rule::arms`].
    pub(crate) fn judge(&self, columns: &[Vec<f64>], level: f64) -> Result<Decision, StatsError> {
        let [.., before, again] = columns else {
            return Ok(Decision::Inconclusive);
        };
        let arm = match (self.kind, columns) {
            (Kind::Share, _) | (_, []) => before,
            (_, [first, ..]) => first,
        };
        let null = match self.has_null {
            true => Some(ratio(again, arm, NULL_LEVEL)?),
            false => None,
        };
        let judged = |interval: Interval| {
            let decision = decide(&interval, &self.edges);
            let is_vetoed = |null: &Interval| vetoes(null, &interval, &self.edges);
            match decision != Decision::Inconclusive && null.as_ref().is_some_and(is_vetoed) {
                true => Decision::Inconclusive,
                false => decision,
            }
        };
        // To say more because of any part, a part must be surer of that.
        let part = |arm: &[f64], other: &[f64], parts: usize, alone: Decision| {
            let decision = judged(ratio(arm, other, level)?);
            match decision == alone {
                true => Ok(judged(ratio(arm, other, any_level(level, parts))?)),
                false => Ok(decision),
            }
        };
        let pairs = |parts: usize, alone: Option<Decision>| -> Result<Vec<Decision>, StatsError> {
            let pairs = columns.chunks_exact(2);
            pairs
                .map(|pair| match alone {
                    Some(alone) => part(&pair[0], &pair[1], parts, alone),
                    None => Ok(judged(ratio(&pair[0], &pair[1], any_level(level, parts))?)),
                })
                .collect()
        };
        Ok(match (self.kind, columns) {
            (Kind::Ratio, [a, b, ..]) => judged(ratio(a, b, level)?),
            (Kind::Share, [share, ..]) => judged(mean(share, RESOLUTION, level)?),
            (Kind::Faster, [serial, arm, alone, together, ..]) => {
                faster(serial, arm, alone, together, level)?.map_or(Decision::Inconclusive, judged)
            }
            (Kind::All(parts), _) => all_of(&pairs(parts, Some(Decision::False))?),
            (Kind::AllShared(parts), _) => all_of(&pairs(parts, None)?),
            (Kind::AnyBest(parts), _) => {
                let all = columns.chunks_exact(2 + OTHERS.len());
                let all = all.map(|one| part(&one[0], &best_of(one), parts, Decision::True));
                any_of(&all.collect::<Result<Vec<_>, StatsError>>()?)
            }
            _ => Decision::Inconclusive,
        })
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

/// The times of the best of the sizes, which follow the arm that is held against them.
fn best_of(columns: &[Vec<f64>]) -> Vec<f64> {
    let sizes = (1..).zip(columns.iter().skip(1));
    let sizes: Vec<Size> = sizes
        .map(|(workers, times)| Size {
            workers,
            times: times.clone(),
        })
        .collect();
    best_elsewhere(&sizes)
}
