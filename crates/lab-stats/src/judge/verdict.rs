//! What can be said about a claim, and about several together.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What a measurement says about a claim.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Decision {
    /// The interval lies wholly on the true side.
    True,
    /// The interval lies wholly on the false side.
    False,
    /// The interval lies wholly between the two edges: measured well, and neither true nor false.
    Neither,
    /// The interval reaches over an edge, or the control did not pass: not measured well enough.
    #[default]
    Inconclusive,
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Decision::True => "TRUE",
            Decision::False => "FALSE",
            Decision::Neither => "NEITHER",
            Decision::Inconclusive => "INCONCLUSIVE",
        })
    }
}

/// "At all sizes": the first of these that occurs among the decisions is the answer.
///
/// | occurs | all of them |
/// |---|---|
/// | FALSE | FALSE: one counter-example is enough |
/// | INCONCLUSIVE | INCONCLUSIVE: it may hide a counter-example |
/// | NEITHER | NEITHER |
/// | only TRUE | TRUE |
///
/// No decision at all is INCONCLUSIVE: nothing was measured.
///
/// For TRUE, each part may be judged at the ordinary level, without correction (intersection–union
/// test, Berger 1982). FALSE, which may rest on *any* part, takes [`any_level`].
pub fn all_of(decisions: &[Decision]) -> Decision {
    use Decision::{False, Inconclusive, Neither, True};
    first_found(decisions, [False, Inconclusive, Neither, True])
}

/// "At any size": the first of these that occurs among the decisions is the answer.
///
/// | occurs | any of them |
/// |---|---|
/// | TRUE | TRUE: one example is enough |
/// | INCONCLUSIVE | INCONCLUSIVE: it may hide an example |
/// | NEITHER | NEITHER |
/// | only FALSE | FALSE |
///
/// No decision at all is INCONCLUSIVE: nothing was measured. Each part is to be judged at
/// [`any_level`].
pub fn any_of(decisions: &[Decision]) -> Decision {
    use Decision::{False, Inconclusive, Neither, True};
    first_found(decisions, [True, Inconclusive, Neither, False])
}

fn first_found(decisions: &[Decision], order: [Decision; 4]) -> Decision {
    order.into_iter().find(|wanted| decisions.contains(wanted)).unwrap_or(Decision::Inconclusive)
}

/// The level for each of `parts` intervals if a verdict may rest on any one of them, so that the
/// whole keeps `level` (Bonferroni): 1 − (1 − level) / parts. Looks at data that still grow are
/// such parts too. Zero parts count as one.
pub fn any_level(level: f64, parts: usize) -> f64 {
    1.0 - (1.0 - level) / parts.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::Decision::{False, Inconclusive, Neither, True};
    use super::*;

    const ALL: [Decision; 4] = [True, False, Neither, Inconclusive];

    #[test]
    fn a_decision_is_read_back_as_it_was_written() {
        for decision in ALL {
            let json = format!("\"{decision}\"");
            assert_eq!(serde_json::to_string(&decision).unwrap(), json);
            assert_eq!(serde_json::from_str::<Decision>(&json).unwrap(), decision);
        }
        assert_eq!(format!("{True:<6}|"), "TRUE  |");
        assert!(serde_json::from_str::<Decision>("\"true\"").is_err());
    }

    #[test]
    fn pairs_follow_the_truth_table() {
        // Rows and columns in the order of ALL.
        let all = [
            [True, False, Neither, Inconclusive],
            [False, False, False, False],
            [Neither, False, Neither, Inconclusive],
            [Inconclusive, False, Inconclusive, Inconclusive],
        ];
        let any = [
            [True, True, True, True],
            [True, False, Neither, Inconclusive],
            [True, Neither, Neither, Inconclusive],
            [True, Inconclusive, Inconclusive, Inconclusive],
        ];
        for (row, a) in ALL.into_iter().enumerate() {
            for (column, b) in ALL.into_iter().enumerate() {
                assert_eq!(all_of(&[a, b]), all[row][column], "all of {a}, {b}");
                assert_eq!(any_of(&[a, b]), any[row][column], "any of {a}, {b}");
            }
        }
    }

    #[test]
    fn nothing_measured_decides_nothing_and_the_error_is_shared_out() {
        assert_eq!((all_of(&[]), any_of(&[])), (Inconclusive, Inconclusive));
        for (parts, level) in [(3, 0.983_333_333_333), (1, 0.95), (0, 0.95)] {
            assert!((any_level(0.95, parts) - level).abs() < 1e-12);
        }
    }
}
