//! How an estimate is made of quantities.

use super::measure::Quantity;
use crate::arms::arm::Arm;
use lab_data::rows::Kind;
use serde::{Deserialize, Serialize};
use std::ops::Div;

/// What a claim rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    pub(crate) what: What,
    /// How often a round measures what is compared.
    pub(crate) repeats: u32,
}

/// How an estimate is made of the blocks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each variant says what its fields are")]
pub enum What {
    /// How many times `over` is `under`, block by block; of one arm, trial by trial.
    Ratio { over: Quantity, under: Quantity },
    /// The mean over the blocks: a share or a level.
    Mean { kind: Kind, of: Quantity },
    /// How many times the time of the best of several arms the A/A arm of `of` takes. The best of
    /// the even blocks is the measure of the odd ones, and the other way round.
    OverBest { of: Quantity, all: Vec<Arm> },
}

impl Comparison {
    fn new(what: What) -> Comparison {
        Comparison { what, repeats: 1 }
    }

    /// Measures what is compared `times` times in each round, right after one another: where a few
    /// per cent decide.
    pub fn repeated(mut self, times: u32) -> Comparison {
        self.repeats = times.max(1);
        self
    }

    /// What is compared with what.
    pub fn what(&self) -> &What {
        &self.what
    }

    /// Whether it is a ratio, a share or a level.
    pub fn kind(&self) -> Kind {
        match &self.what {
            What::Mean { kind, .. } => *kind,
            _ => Kind::Ratio,
        }
    }

    /// The quantities that it reads, the one above the line first.
    pub(crate) fn quantities(&self) -> Vec<&Quantity> {
        match &self.what {
            What::Ratio { over, under } => vec![over, under],
            What::Mean { of, .. } | What::OverBest { of, .. } => vec![of],
        }
    }

    /// All arms whose trials it reads.
    pub(crate) fn arms(&self) -> Vec<Arm> {
        let mut arms: Vec<Arm> = self.quantities().iter().map(|of| of.arm.clone()).collect();
        if let What::OverBest { of, all } = &self.what {
            arms.push(of.arm.replicate());
            arms.extend(all.iter().cloned());
        }
        arms.dedup();
        arms
    }

    /// Whether both sides are one and the same, so that nothing is compared.
    pub(crate) fn is_of_one_side(&self) -> bool {
        match &self.what {
            What::Ratio { over, under } => over == under,
            What::Mean { .. } => false,
            What::OverBest { all, .. } => all.len() < 2,
        }
    }
}

impl Div for Quantity {
    type Output = Comparison;

    /// How many times one quantity is the other.
    fn div(self, under: Quantity) -> Comparison {
        Comparison::new(What::Ratio { over: self, under })
    }
}

impl Quantity {
    /// The mean share, from 0 to 1, over the blocks.
    pub fn as_share(self) -> Comparison {
        Comparison::new(What::Mean { kind: Kind::Share, of: self })
    }

    /// The mean number over the blocks, in the unit of its kind.
    pub fn as_level(self, kind: Kind) -> Comparison {
        Comparison::new(What::Mean { kind, of: self })
    }

    /// How many times the time of the best of `all` this arm takes when it is measured a second time.
    pub fn over_best(self, all: &[Arm]) -> Comparison {
        Comparison::new(What::OverBest { of: self, all: all.to_vec() })
    }
}
