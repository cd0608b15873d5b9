//! What the parts of a claim compare, and where the truth lies on an edge of theirs or is plain.

use lab::design::claim::{Claim, Part};
use lab::design::quantity::{Comparison, What};
use lab_data::rows::Kind;
use lab_stats::edges::Edges;
use lab_stats::verdict::Decision;

/// This many times beyond its edge the truth is plain.
const PLAINLY: f64 = 1.5;
/// A share has no room for that: it is this many times nearer to 0 or to 1 than its edge.
const SHARE_PLAINLY: f64 = 10.0;

/// A comparison with the edges of all parts that rest on it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Measured {
    /// The first of those parts.
    pub(super) part: String,
    pub(crate) comparison: Comparison,
    /// Whether it is judged over half of the control's log speed-up.
    pub(crate) over_half: bool,
    pub(super) edges: Vec<Edges>,
}

/// What a claim's parts compare.
pub(super) fn measured(claim: &Claim) -> Vec<Measured> {
    let mut all: Vec<Measured> = Vec::new();
    for part in &claim.parts {
        let (Ok(comparison), Some(edges)) = (&part.basis, edges(part)) else {
            continue;
        };
        match all.iter_mut().find(|one| one.comparison == *comparison) {
            Some(one) => one.edges.push(edges),
            None => all.push(Measured {
                part: part.name.clone(),
                comparison: comparison.clone(),
                over_half: part.over_half_of_control,
                edges: vec![edges],
            }),
        }
    }
    all
}

/// The edges by which a part is judged: what is over half of the control's is held against that half.
pub(super) fn edges(part: &Part) -> Option<Edges> {
    if part.over_half_of_control { Some(Edges::true_above(1.0)) } else { part.edges }
}

impl Measured {
    /// From which values on it is `decision`.
    pub(super) fn edges_of(&self, decision: Decision) -> Vec<f64> {
        let of = |edges: &Edges| match decision {
            Decision::True => [edges.true_low, edges.true_high],
            _ => [edges.false_low, edges.false_high],
        };
        let all = self.edges.iter().flat_map(of);
        all.filter(|edge| edge.is_finite()).collect()
    }

    /// A value at which it plainly is `decision`.
    pub(super) fn plainly(&self, decision: Decision) -> f64 {
        let low =
            |of: fn(&Edges) -> f64| self.edges.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
        let high = |of: fn(&Edges) -> f64| self.edges.iter().map(of).fold(f64::INFINITY, f64::min);
        let finite = |edge: f64| edge.is_finite().then_some(edge);
        let (above, below) = match decision {
            Decision::True => (low(|edges| edges.true_low), high(|edges| edges.true_high)),
            // What is false on either side is so above.
            _ => {
                let above = self.edges.iter().filter_map(|edges| finite(edges.false_high));
                let below = self.edges.iter().filter_map(|edges| finite(edges.false_low));
                match above.reduce(f64::max) {
                    Some(above) => (above, f64::INFINITY),
                    None => (f64::NEG_INFINITY, below.fold(f64::INFINITY, f64::min)),
                }
            }
        };
        let is_share = self.comparison.kind() == Kind::Share;
        let plain = match (finite(above), finite(below)) {
            (Some(above), Some(below)) => (above * below).sqrt(),
            (Some(above), None) if is_share => 1.0 - (1.0 - above) / SHARE_PLAINLY,
            (Some(above), None) => above * PLAINLY,
            (None, Some(below)) if is_share => below / SHARE_PLAINLY,
            (None, Some(below)) => below / PLAINLY,
            (None, None) => 1.0,
        };
        match self.comparison.what() {
            // Nothing is faster than the best.
            What::OverBest { .. } => plain.max(1.0),
            _ => plain,
        }
    }

    pub(super) fn is_like(&self, other: &Measured) -> bool {
        self.comparison.kind() == other.comparison.kind() && self.edges == other.edges
    }
}
