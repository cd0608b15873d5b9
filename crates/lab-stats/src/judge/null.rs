//! The null arm's veto: one arm runs twice in each block, and should not differ from itself.
//!
//! A plain "it differs from itself" would fire in some perfect runs and spoil most suites. So a veto
//! takes both: the difference is beyond chance, *and* a difference as large would carry the
//! verdict to its edge.

use crate::edges::Edges;
use crate::interval::Interval;

/// The level at which an arm is compared with itself: one in a hundred perfect runs looks unequal.
pub const NULL_LEVEL: f64 = 0.99;

/// Whether an arm's ratio to itself forbids the verdict on `judged`: the `null` interval excludes 1,
/// and its far end is further from 1 than `judged` is from the nearest edge, both in factors. That
/// holds for shares and levels as well: what is asked is by which factor the machine may have been
/// unfair. An interval that reaches over an edge decides nothing and needs no veto.
pub fn vetoes(null: &Interval, judged: &Interval, edges: &Edges) -> bool {
    let differs = null.is_above(1.0) || null.is_below(1.0);
    let far = null.low.ln().abs().max(null.high.ln().abs());
    differs && gap(judged, edges).is_some_and(|gap| gap < far)
}

/// From the nearest end of the interval to the nearest edge, as the log of a factor; none if no
/// factor leads there, as from a share of 0.
fn gap(judged: &Interval, edges: &Edges) -> Option<f64> {
    edges
        .finite()
        .filter_map(|edge| {
            let end = if judged.is_above(edge) { judged.low } else { judged.high };
            let factor = (end / edge).ln().abs();
            factor.is_finite().then_some(factor)
        })
        .reduce(f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interval::Scale;

    const SAME: Edges = Edges::true_within(1.25);

    fn interval(low: f64, high: f64) -> Interval {
        Interval {
            estimate: (low * high).sqrt(),
            low,
            high,
            level: NULL_LEVEL,
            blocks: 7,
            scale: Scale::Log,
        }
    }

    #[test]
    fn a_difference_beyond_chance_vetoes_verdicts_that_are_nearer_to_their_edge() {
        let barely = interval(1.26, 1.3);
        assert!(!vetoes(&interval(0.5, 2.0), &barely, &SAME), "however wide");
        assert!(!vetoes(&interval(1.0, 1.3), &barely, &SAME));
        // By a factor of 1.2 at the most, in either direction.
        for null in [interval(1.05, 1.2), interval(1.0 / 1.2, 0.95)] {
            for (low, high, is_vetoed) in [
                (1.3, 1.4, true),
                (0.9, 1.06, true),
                (0.6, 0.7, true),
                (1.6, 1.7, false),
                (0.97, 1.03, false),
                (0.4, 0.6, false),
            ] {
                assert_eq!(vetoes(&null, &interval(low, high), &SAME), is_vetoed, "{low}");
            }
        }
    }

    #[test]
    fn a_share_is_as_far_from_its_edge_as_the_factor_between_them() {
        let parallel = Edges::true_above(0.5).false_below(0.1);
        let null = interval(1.05, 1.2);
        assert!(vetoes(&null, &interval(0.55, 0.7), &parallel));
        assert!(!vetoes(&null, &interval(0.9, 1.01), &parallel));
        // No factor makes something of nothing.
        let nothing = Interval { low: -0.01, high: 0.0, ..interval(1.0, 1.0) };
        assert!(!vetoes(&null, &nothing, &parallel));
        // It may be as far off as the verdict is from its edge, and no further.
        let twice = interval(2.0, 2.1);
        assert!(!vetoes(&interval(1.5, 2.0), &twice, &Edges::true_above(1.0)));
        // An edge at infinity is never reached.
        let above = Edges::true_above(f64::INFINITY).false_below(1.5);
        assert!(!vetoes(&interval(1.1, 9.0), &interval(0.01, 0.02), &above));
        assert!(vetoes(&interval(1.1, 9.0), &interval(0.9, 1.1), &above));
    }
}
