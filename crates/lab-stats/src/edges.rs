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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interval::Scale;
    use crate::verdict::Decision::{False, Inconclusive, Neither, True};
    use proptest::prelude::*;

    const PARALLEL: Edges = Edges::TrueAbove {
        true_above: 0.5,
        false_below: 0.1,
    };
    const USELESS: Edges = Edges::TrueBelow {
        true_below: 1.05,
        false_above: 2.0,
    };
    const SAME: Edges = Edges::TrueInside {
        low: 1.0 / 1.25,
        high: 1.25,
    };

    fn interval(low: f64, high: f64) -> Interval {
        Interval {
            estimate: (low + high) / 2.0,
            low,
            high,
            level: 0.95,
            blocks: 7,
            scale: Scale::Linear { resolution: 0.0 },
        }
    }

    fn decided(low: f64, high: f64, edges: &Edges) -> Decision {
        decide(&interval(low, high), edges)
    }

    #[test]
    fn true_above_false_below() {
        assert_eq!(decided(0.97, 0.99, &PARALLEL), True);
        assert_eq!(decided(0.01, 0.03, &PARALLEL), False);
        assert_eq!(decided(0.2, 0.4, &PARALLEL), Neither);
        assert_eq!(decided(0.4, 0.6, &PARALLEL), Inconclusive);
        assert_eq!(decided(0.05, 0.2, &PARALLEL), Inconclusive);
        assert_eq!(decided(0.0, 1.0, &PARALLEL), Inconclusive);
    }

    #[test]
    fn true_below_false_above() {
        assert_eq!(decided(0.9, 1.04, &USELESS), True);
        assert_eq!(decided(10.1, 10.5, &USELESS), False);
        assert_eq!(decided(1.2, 1.9, &USELESS), Neither);
        assert_eq!(decided(1.0, 1.9, &USELESS), Inconclusive);
        assert_eq!(decided(1.9, 2.1, &USELESS), Inconclusive);
    }

    #[test]
    fn true_inside_false_on_either_side() {
        assert_eq!(decided(0.9, 1.1, &SAME), True);
        assert_eq!(decided(3.9, 4.2, &SAME), False);
        assert_eq!(decided(0.2, 0.3, &SAME), False);
        assert_eq!(decided(1.1, 1.3, &SAME), Inconclusive);
        assert_eq!(decided(0.5, 2.0, &SAME), Inconclusive);
    }

    #[test]
    fn one_edge_for_both_sides_leaves_no_neither() {
        let edges = Edges::TrueAbove {
            true_above: 2.0,
            false_below: 2.0,
        };
        assert_eq!(decided(2.1, 2.2, &edges), True);
        assert_eq!(decided(1.8, 1.9, &edges), False);
        assert_eq!(decided(2.0, 2.0, &edges), Inconclusive);
    }

    #[test]
    fn edges_that_cross_and_numbers_that_are_none_decide_nothing() {
        let crossed = Edges::TrueBelow {
            true_below: 2.0,
            false_above: 1.0,
        };
        assert_eq!(decided(1.4, 1.6, &crossed), Inconclusive);
        let nan = Edges::TrueAbove {
            true_above: f64::NAN,
            false_below: 0.0,
        };
        assert_eq!(decided(1.4, 1.6, &nan), Inconclusive);
        assert_eq!(decided(f64::NAN, f64::NAN, &PARALLEL), Inconclusive);
    }

    #[test]
    fn edges_in_words() {
        assert_eq!(PARALLEL.to_string(), "TRUE above 0.5, FALSE below 0.1");
        assert_eq!(USELESS.to_string(), "TRUE below 1.05, FALSE above 2");
        assert_eq!(
            SAME.to_string(),
            "TRUE inside 0.8 to 1.25, FALSE outside 0.8 to 1.25"
        );
    }

    fn any_edges() -> impl Strategy<Value = Edges> {
        (-2.0..2.0, 0.0..1.0, 0..3).prop_map(|(low, gap, kind)| match kind {
            0 => Edges::TrueAbove {
                true_above: low + gap,
                false_below: low,
            },
            1 => Edges::TrueBelow {
                true_below: low,
                false_above: low + gap,
            },
            _ => Edges::TrueInside {
                low,
                high: low + gap,
            },
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn a_narrower_interval_never_changes_a_decision(
            edges in any_edges(), low in -3.0..3.0, width in 0.0..2.0, cut in 0.0..0.5,
        ) {
            let wide = decided(low, low + width, &edges);
            let narrow = decided(low + cut * width, low + width - cut * width, &edges);
            prop_assert!(wide == Inconclusive || wide == narrow);
        }

        #[test]
        fn a_larger_measure_never_makes_true_above_less_true(
            false_below in -2.0..2.0, gap in 0.0..1.0, low in -3.0..3.0, width in 0.0..1.0,
            up in 0.0..3.0,
        ) {
            let above = Edges::TrueAbove { true_above: false_below + gap, false_below };
            let below = Edges::TrueBelow { true_below: false_below, false_above: false_below + gap };
            let (before, after) = (low, low + up);
            if decided(before, before + width, &above) == True {
                prop_assert_eq!(decided(after, after + width, &above), True);
            }
            if decided(before, before + width, &below) == False {
                prop_assert_eq!(decided(after, after + width, &below), False);
            }
        }
    }
}
