//! The rules by which the experiments judge, with the edges that they have, on simulated blocks.

mod all;
mod judge;

pub use all::{AS_FAST, FASTER_OR_SLOWER, RULES};

use lab_stats::edges::{Edges, decide};
use lab_stats::interval::{Interval, Scale};
use lab_stats::verdict::{Decision, all_of, any_of};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// One time over another.
    Ratio,
    /// A share of the time.
    Share,
    /// The speed-up over half of the control's log speed-up, if the control passes.
    Faster,
    /// A time over that of the best of several sizes.
    OverBest,
}

/// Something that is measured, against which edges, and how many alike a claim has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// What, in a word that tells it from what else a claim needs.
    pub what: &'static str,
    /// How.
    pub kind: Kind,
    /// How many that are alike.
    pub number: usize,
    /// From where on it is true, and false. With several, each makes a part of the claim.
    pub edges: &'static [Edges],
    /// Where it is plainly true, and plainly false.
    pub plainly: (f64, f64),
}

/// How a claim follows from its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sum {
    /// True if all parts are, each at the ordinary level; false if one is, at a level that they
    /// share. Of one part, that is the part.
    All,
    /// True if all parts are, each at a level that they share.
    AllShared,
    /// True if any part is, at a level that they share; false if all are, each at the ordinary one.
    Any,
}

/// A rule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// In words, for the tables.
    pub name: &'static str,
    /// The experiments that have it.
    pub experiments: &'static [&'static str],
    /// What is measured.
    pub measured: &'static [Measured],
    /// How the claim follows from that.
    pub sum: Sum,
    /// Whether an arm that is measured twice can veto.
    pub has_null: bool,
    /// More true effects at which its power is looked at.
    pub effects: &'static [f64],
}

/// What is true of a simulated run.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The rule in words, and what of it lies on an edge while all else is plain.
    pub name: String,
    /// The true ratio or share of what lies on an edge, else of what is measured first.
    pub effect: f64,
    /// The true ratio or share of everything that is measured, in the order of the rule.
    pub truth: Vec<f64>,
}

impl Measured {
    /// From which values on it is `decision`.
    fn edges_of(&self, decision: Decision) -> Vec<f64> {
        let of = |edges: &Edges| match (*edges, decision) {
            (Edges::TrueInside { low, high }, _) => vec![low, high],
            (Edges::TrueAbove { true_above, .. }, Decision::True) => vec![true_above],
            (Edges::TrueAbove { false_below, .. }, _) => vec![false_below],
            (Edges::TrueBelow { true_below, .. }, Decision::True) => vec![true_below],
            (Edges::TrueBelow { false_above, .. }, _) => vec![false_above],
        };
        self.edges.iter().flat_map(of).collect()
    }

    fn plainly(&self, decision: Decision) -> f64 {
        match decision {
            Decision::True => self.plainly.0,
            _ => self.plainly.1,
        }
    }
}

impl Rule {
    /// Everything that is measured, one by one.
    fn all(&self) -> impl Iterator<Item = &'static Measured> {
        let groups = self.measured.iter();
        groups.flat_map(|one| std::iter::repeat_n(one, one.number))
    }

    /// How many parts the claim has.
    pub fn parts(&self) -> usize {
        self.all().map(|one| one.edges.len()).sum()
    }

    /// The decision that one part makes for the claim, and the one that takes all of them.
    fn alone_and_together(&self) -> (Decision, Decision) {
        match self.sum {
            Sum::Any => (Decision::True, Decision::False),
            Sum::All | Sum::AllShared => (Decision::False, Decision::True),
        }
    }

    /// Where every verdict says too much, and is said most easily: all parts on an edge at which one
    /// would decide; or one on an edge at which it takes all, and the others plain.
    pub fn at_edges(&self) -> Vec<Case> {
        let (alone, together) = self.alone_and_together();
        let edges: Vec<Vec<f64>> = self.all().map(|one| one.edges_of(alone)).collect();
        let most = edges.iter().map(Vec::len).max().unwrap_or_default();
        let mut cases: Vec<Case> = (0..most)
            .filter_map(|which| {
                let at = edges.iter().filter_map(|of| of.iter().cycle().nth(which));
                self.case("", at.copied().collect(), 0)
            })
            .collect();
        let plain: Vec<f64> = self.all().map(|one| one.plainly(together)).collect();
        let mut first = 0;
        for one in self.measured {
            for edge in one.edges_of(together) {
                let mut truth = plain.clone();
                truth
                    .iter_mut()
                    .skip(first)
                    .take(1)
                    .for_each(|at| *at = edge);
                let of = format!(", one ({}) at an edge", one.what);
                cases.extend(self.case(&of, truth, first));
            }
            first += one.number;
        }
        let mut distinct: Vec<Case> = Vec::new();
        for case in cases {
            if !distinct.contains(&case) {
                distinct.push(case);
            }
        }
        distinct
    }

    /// Where the answer is plain, and what else its power is looked at.
    pub fn off_edges(&self) -> Vec<Case> {
        let plain = |decision| self.all().map(|one| one.plainly(decision)).collect();
        let [yes, no]: [Vec<f64>; 2] = [Decision::True, Decision::False].map(plain);
        let more = self.effects.iter().map(|effect| vec![*effect]);
        let truths = more.chain([yes, no]);
        truths.filter_map(|truth| self.case("", truth, 0)).collect()
    }

    /// The case of these true values; none without values. `of` tells it from others of a claim with
    /// several parts.
    fn case(&self, of: &str, truth: Vec<f64>, shown: usize) -> Option<Case> {
        let of = if truth.len() > 1 { of } else { "" };
        Some(Case {
            name: format!("{}{of}", self.name),
            effect: *truth.get(shown)?,
            truth,
        })
    }

    /// The verdict that is right; INCONCLUSIVE on an edge, where none is.
    pub fn right(&self, truth: &[f64]) -> Decision {
        let known = |value: f64| Interval {
            estimate: value,
            low: value,
            high: value,
            level: 1.0,
            blocks: 0,
            scale: Scale::Linear { resolution: 0.0 },
        };
        let each = self.all().zip(truth).flat_map(|(one, value)| {
            let edges = one.edges.iter();
            edges.map(|edges| decide(&known(*value), edges))
        });
        self.sum.of(&each.collect::<Vec<Decision>>())
    }
}

impl Sum {
    fn of(self, parts: &[Decision]) -> Decision {
        match self {
            Sum::All | Sum::AllShared => all_of(parts),
            Sum::Any => any_of(parts),
        }
    }
}
