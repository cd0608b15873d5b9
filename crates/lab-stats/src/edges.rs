//! Where a claim is true, where it is false, and on which side an interval lies.

use crate::interval::Interval;
use crate::verdict::Decision;
use std::fmt;

/// Where a claim is TRUE and where it is FALSE, written down before the run. The edges themselves
/// belong to neither side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Edges {
    /// The larger the measure, the truer: `false_below` ≤ `true_above`.
    TrueAbove {
        /// TRUE from here on.
        true_above: f64,
        /// FALSE up to here.
        false_below: f64,
    },
    /// The smaller the measure, the truer: `true_below` ≤ `false_above`.
    TrueBelow {
        /// TRUE up to here.
        true_below: f64,
        /// FALSE from here on.
        false_above: f64,
    },
    /// TRUE between the two, FALSE on either side: `low` < `high`. Which side it was, "slower" or
    /// "faster", tells [`Interval::is_above`].
    TrueInside {
        /// FALSE below.
        low: f64,
        /// FALSE above.
        high: f64,
    },
}

impl Edges {
    /// Whether no value is on both sides, and no edge is NaN. [`decide`] answers INCONCLUSIVE to
    /// edges that are not sound.
    pub fn are_sound(&self) -> bool {
        match *self {
            Edges::TrueInside { low, high } => low < high,
            _ => self.lower() <= self.upper(),
        }
    }

    /// The true side in words, such as `above 0.5`.
    pub fn true_side(&self) -> String {
        match self {
            Edges::TrueAbove { true_above, .. } => format!("above {true_above}"),
            Edges::TrueBelow { true_below, .. } => format!("below {true_below}"),
            Edges::TrueInside { low, high } => format!("inside {low} to {high}"),
        }
    }

    /// The false side in words, such as `below 0.1`.
    pub fn false_side(&self) -> String {
        match self {
            Edges::TrueAbove { false_below, .. } => format!("below {false_below}"),
            Edges::TrueBelow { false_above, .. } => format!("above {false_above}"),
            Edges::TrueInside { low, high } => format!("outside {low} to {high}"),
        }
    }

    pub(crate) fn lower(&self) -> f64 {
        match *self {
            Edges::TrueAbove { false_below, .. } => false_below,
            Edges::TrueBelow { true_below, .. } => true_below,
            Edges::TrueInside { low, .. } => low,
        }
    }

    pub(crate) fn upper(&self) -> f64 {
        match *self {
            Edges::TrueAbove { true_above, .. } => true_above,
            Edges::TrueBelow { false_above, .. } => false_above,
            Edges::TrueInside { high, .. } => high,
        }
    }
}

impl fmt::Display for Edges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TRUE {}, FALSE {}", self.true_side(), self.false_side())
    }
}

/// The decision that an interval allows: it lies wholly on one side, wholly between the edges
/// (NEITHER), or it reaches over an edge or touches one (INCONCLUSIVE).
///
/// An interval inside of a decided interval is decided alike: more data of the same kind turn
/// INCONCLUSIVE into a decision and never one decision into another.
pub fn decide(interval: &Interval, edges: &Edges) -> Decision {
    if !edges.are_sound() {
        return Decision::Inconclusive;
    }
    let (below, between, above) = match edges {
        Edges::TrueAbove { .. } => (Decision::False, Decision::Neither, Decision::True),
        Edges::TrueBelow { .. } => (Decision::True, Decision::Neither, Decision::False),
        Edges::TrueInside { .. } => (Decision::False, Decision::True, Decision::False),
    };
    if interval.is_below(edges.lower()) {
        below
    } else if interval.is_above(edges.upper()) {
        above
    } else if interval.is_above(edges.lower()) && interval.is_below(edges.upper()) {
        between
    } else {
        Decision::Inconclusive
    }
}
