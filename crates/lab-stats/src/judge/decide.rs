//! On which side of its edges an interval lies.

use crate::edges::Edges;
use crate::interval::Interval;
use crate::verdict::Decision;

/// The decision that an interval allows: it lies wholly on one side, wholly between the edges
/// (NEITHER), or it reaches over an edge or touches one (INCONCLUSIVE). Edges that are not sound
/// decide nothing.
///
/// An interval inside a decided interval is decided alike: more data of the same kind turn
/// INCONCLUSIVE into a decision, but never one decision into another.
pub fn decide(interval: &Interval, edges: &Edges) -> Decision {
    if !edges.are_sound() {
        return Decision::Inconclusive;
    }
    // Where there is no edge, every limit is on the right side of it, even an infinite one.
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
            for (low, high) in [(1.4, 1.6), (1.6, 1.7)] {
                assert_eq!(decided(low, high, &edges), Inconclusive, "{edges:?}");
            }
        }
        assert_eq!(decided(f64::NAN, f64::NAN, &PARALLEL), Inconclusive);
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
