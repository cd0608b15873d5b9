//! Where a claim is true, where it is false, and on which side an interval lies.

use crate::interval::Interval;
use crate::verdict::Decision;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Where a claim is TRUE and where it is FALSE, written down before the run: TRUE between
/// `true_low` and `true_high`, FALSE below `false_low` and above `false_high`, NEITHER between the
/// two. An infinite edge is none. The edges themselves belong to neither side.
///
/// In files an infinite edge is left out, or is an empty cell.
///
/// ```
/// use lab_stats::edges::Edges;
///
/// /// Twice as fast, and nobody calls threads useless; a twentieth faster, and everybody may.
/// const USELESS: Edges = Edges::true_below(1.05).false_above(2.0);
/// assert_eq!(USELESS.to_string(), "TRUE below 1.05, FALSE above 2");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "Finite", into = "Finite")]
pub struct Edges {
    /// TRUE above this, …
    pub true_low: f64,
    /// … and below this.
    pub true_high: f64,
    /// FALSE below this, …
    pub false_low: f64,
    /// … and above this.
    pub false_high: f64,
}

impl Edges {
    /// The larger the measure, the truer: TRUE above `edge`, FALSE below it.
    pub const fn true_above(edge: f64) -> Edges {
        Edges {
            true_low: edge,
            true_high: f64::INFINITY,
            false_low: edge,
            false_high: f64::INFINITY,
        }
    }

    /// The smaller the measure, the truer: TRUE below `edge`, FALSE above it.
    pub const fn true_below(edge: f64) -> Edges {
        Edges {
            true_low: f64::NEG_INFINITY,
            true_high: edge,
            false_low: f64::NEG_INFINITY,
            false_high: edge,
        }
    }

    /// TRUE between the two, FALSE on either side. Which side it was, "slower" or "faster", is
    /// what [`Interval::is_above`] says.
    pub const fn true_between(low: f64, high: f64) -> Edges {
        Edges { true_low: low, true_high: high, false_low: low, false_high: high }
    }

    /// TRUE between 1/`factor` and `factor`, FALSE on either side.
    pub const fn true_within(factor: f64) -> Edges {
        Edges::true_between(1.0 / factor, factor)
    }

    /// FALSE only below this.
    pub const fn false_below(mut self, edge: f64) -> Edges {
        self.false_low = edge;
        self
    }

    /// FALSE only above this.
    pub const fn false_above(mut self, edge: f64) -> Edges {
        self.false_high = edge;
        self
    }

    /// Whether no value is on both sides, and no edge is NaN. [`decide`] answers INCONCLUSIVE to
    /// edges that are not sound.
    pub fn are_sound(&self) -> bool {
        let has_room = if self.true_low.is_finite() && self.true_high.is_finite() {
            self.true_low < self.true_high
        } else {
            self.true_low <= self.true_high
        };
        has_room && self.false_low <= self.true_low && self.true_high <= self.false_high
    }

    /// The edges that are not at infinity; each is where a verdict may change.
    pub fn finite(&self) -> impl Iterator<Item = f64> {
        self.cells().into_iter().flatten()
    }

    /// `true_low`, `true_high`, `false_low` and `false_high` as cells of a table: what is at infinity
    /// is empty.
    pub fn cells(&self) -> [Option<f64>; 4] {
        [self.true_low, self.true_high, self.false_low, self.false_high]
            .map(|edge| edge.is_finite().then_some(edge))
    }

    /// The edges that [`Edges::cells`] gave.
    pub fn from_cells([true_low, true_high, false_low, false_high]: [Option<f64>; 4]) -> Edges {
        Edges {
            true_low: true_low.unwrap_or(f64::NEG_INFINITY),
            true_high: true_high.unwrap_or(f64::INFINITY),
            false_low: false_low.unwrap_or(f64::NEG_INFINITY),
            false_high: false_high.unwrap_or(f64::INFINITY),
        }
    }
}

impl fmt::Display for Edges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.true_low.is_finite(), self.true_high.is_finite()) {
            (true, true) => write!(f, "TRUE between {} and {}", self.true_low, self.true_high)?,
            (true, false) => write!(f, "TRUE above {}", self.true_low)?,
            _ => write!(f, "TRUE below {}", self.true_high)?,
        }
        match (self.false_low.is_finite(), self.false_high.is_finite()) {
            (true, true) => write!(f, ", FALSE outside {} to {}", self.false_low, self.false_high),
            (true, false) => write!(f, ", FALSE below {}", self.false_low),
            _ => write!(f, ", FALSE above {}", self.false_high),
        }
    }
}

/// Edges as JSON has them: one that is at infinity is missing.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Finite {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    true_low: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    true_high: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    false_low: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    false_high: Option<f64>,
}

impl From<Finite> for Edges {
    fn from(edges: Finite) -> Edges {
        Edges::from_cells([edges.true_low, edges.true_high, edges.false_low, edges.false_high])
    }
}

impl From<Edges> for Finite {
    fn from(edges: Edges) -> Finite {
        let [true_low, true_high, false_low, false_high] = edges.cells();
        Finite { true_low, true_high, false_low, false_high }
    }
}

/// The decision that an interval allows: it lies wholly on one side, wholly between the edges
/// (NEITHER), or it reaches over an edge or touches one (INCONCLUSIVE).
///
/// An interval inside a decided interval is decided alike: more data of the same kind turn
/// INCONCLUSIVE into a decision and never one decision into another.
pub fn decide(interval: &Interval, edges: &Edges) -> Decision {
    if !edges.are_sound() {
        return Decision::Inconclusive;
    }
    // What has no edge on one side lies on the right side of it, even an infinite limit does.
    let above = |edge: f64| edge == f64::NEG_INFINITY || interval.is_above(edge);
    let below = |edge: f64| edge == f64::INFINITY || interval.is_below(edge);
    if interval.is_below(edges.false_low) || interval.is_above(edges.false_high) {
        Decision::False
    } else if above(edges.true_low) && below(edges.true_high) {
        Decision::True
    } else if above(edges.false_low) && interval.is_below(edges.true_low)
        || interval.is_above(edges.true_high) && below(edges.false_high)
    {
        Decision::Neither
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

    const PARALLEL: Edges = Edges::true_above(0.5).false_below(0.1);
    const USELESS: Edges = Edges::true_below(1.05).false_above(2.0);
    const SAME: Edges = Edges::true_within(1.25);

    fn decided(low: f64, high: f64, edges: &Edges) -> Decision {
        let interval = Interval {
            estimate: (low + high) / 2.0,
            low,
            high,
            level: 0.95,
            blocks: 7,
            scale: Scale::Linear { resolution: 0.0 },
        };
        decide(&interval, edges)
    }

    #[test]
    fn an_interval_decides_if_it_lies_on_one_side_of_every_edge() {
        let one_edge = Edges::true_above(2.0);
        let wide = Edges::true_within(1.25).false_below(0.5).false_above(2.0);
        for (edges, low, high, expected) in [
            (PARALLEL, 0.97, 0.99, True),
            (PARALLEL, 0.01, 0.03, False),
            (PARALLEL, 0.2, 0.4, Neither),
            (PARALLEL, 0.4, 0.6, Inconclusive),
            (PARALLEL, 0.05, 0.2, Inconclusive),
            (PARALLEL, 0.0, 1.0, Inconclusive),
            (PARALLEL, 0.6, f64::INFINITY, True),
            (USELESS, 0.9, 1.04, True),
            (USELESS, 10.1, 10.5, False),
            (USELESS, 1.2, 1.9, Neither),
            (USELESS, 1.0, 1.9, Inconclusive),
            (USELESS, 1.9, 2.1, Inconclusive),
            (SAME, 0.9, 1.1, True),
            (SAME, 3.9, 4.2, False),
            (SAME, 0.2, 0.3, False),
            (SAME, 1.1, 1.3, Inconclusive),
            (SAME, 0.5, 2.0, Inconclusive),
            // One edge for both sides leaves no NEITHER.
            (one_edge, 2.1, 2.2, True),
            (one_edge, 1.8, 1.9, False),
            (one_edge, 2.0, 2.0, Inconclusive),
            (wide, 0.9, 1.1, True),
            (wide, 0.6, 0.7, Neither),
            (wide, 1.3, 1.9, Neither),
            (wide, 0.4, 0.45, False),
            (wide, 2.1, 2.2, False),
            (wide, 0.7, 0.9, Inconclusive),
        ] {
            assert_eq!(decided(low, high, &edges), expected, "{low}–{high} {edges}");
        }
    }

    #[test]
    fn edges_that_cross_and_numbers_that_are_none_decide_nothing() {
        for edges in [
            Edges::true_below(2.0).false_above(1.0),
            Edges::true_above(f64::NAN).false_below(0.0),
            Edges::true_between(1.5, 1.5),
        ] {
            assert_eq!(decided(1.4, 1.6, &edges), Inconclusive, "{edges:?}");
        }
        assert_eq!(decided(f64::NAN, f64::NAN, &PARALLEL), Inconclusive);
    }

    #[test]
    fn edges_in_words() {
        for (edges, words) in [
            (PARALLEL, "TRUE above 0.5, FALSE below 0.1"),
            (USELESS, "TRUE below 1.05, FALSE above 2"),
            (SAME, "TRUE between 0.8 and 1.25, FALSE outside 0.8 to 1.25"),
        ] {
            assert_eq!(edges.to_string(), words);
        }
    }

    #[test]
    fn edges_at_infinity_are_missing_in_files() {
        for (edges, json) in [
            (PARALLEL, r#"{"true_low":0.5,"false_low":0.1}"#),
            (USELESS, r#"{"true_high":1.05,"false_high":2.0}"#),
        ] {
            assert_eq!(serde_json::to_string(&edges).unwrap(), json);
            assert_eq!(serde_json::from_str::<Edges>(json).unwrap(), edges);
        }
        assert!(serde_json::from_str::<Edges>(r#"{"true_edge":1.0}"#).is_err());
    }

    fn any_edges() -> impl Strategy<Value = Edges> {
        (-2.0..2.0, 0.0..1.0, 0.0..0.5, 0..4).prop_map(|(low, gap, margin, kind)| match kind {
            0 => Edges::true_above(low + gap).false_below(low),
            1 => Edges::true_below(low).false_above(low + gap),
            2 => Edges::true_between(low, low + gap),
            _ => Edges::true_between(low, low + gap)
                .false_below(low - margin)
                .false_above(low + gap + margin),
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
            let above = Edges::true_above(false_below + gap).false_below(false_below);
            let below = Edges::true_below(false_below).false_above(false_below + gap);
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
