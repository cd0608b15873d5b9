//! "Faster for CPU work", held against what the machine can give at this moment.
//!
//! How much faster "faster" is depends on the number of cores and on who else uses them. So the
//! edge is not a constant: it is half of the log speed-up that native Rust processes reach in the
//! same blocks. An arm above that edge got most of what there was to get, an arm below it did not.

use crate::interval::{self, Interval, StatsError};
use crate::verdict::Decision;

/// An arm's speed-up over serial against half of the control's log speed-up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Faster {
    /// T(serial) / T(arm).
    pub speed_up: Interval,
    /// T(serial) / T(control). Whether it is good enough for a verdict says
    /// [`crate::control::speed_up`].
    pub control: Interval,
    /// ln(speed-up of the arm) − ½ ln(speed-up of the control), block by block; the claim is true
    /// above 0. On a linear scale.
    pub difference: Interval,
}

/// What came of the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// More than half of the control's log speed-up.
    Faster,
    /// Less than half of it.
    NotFaster,
    /// Less than half of it, and slower than serial: the speed-up lies wholly below 1.
    Slower,
    /// The interval reaches over the edge.
    Undecided,
}

impl Outcome {
    /// The verdict on "is faster".
    pub fn decision(self) -> Decision {
        match self {
            Outcome::Faster => Decision::True,
            Outcome::NotFaster | Outcome::Slower => Decision::False,
            Outcome::Undecided => Decision::Inconclusive,
        }
    }
}

impl Faster {
    /// The outcome, if the control passed; this function does not look at that.
    pub fn outcome(&self) -> Outcome {
        if self.speed_up.is_below(1.0) {
            Outcome::Slower
        } else if self.difference.is_above(0.0) {
            Outcome::Faster
        } else if self.difference.is_below(0.0) {
            Outcome::NotFaster
        } else {
            Outcome::Undecided
        }
    }

    /// The edge as a speed-up, to be shown beside the arm's: the root of the control's.
    pub fn edge(&self) -> f64 {
        self.control.estimate.sqrt()
    }
}

/// Times of `serial`, of the arm in question and of the control (native processes), one value per
/// block in the same order of blocks, in one unit, above zero; at least two blocks.
pub fn against_half(
    serial: &[f64],
    arm: &[f64],
    control: &[f64],
    level: f64,
) -> Result<Faster, StatsError> {
    let of_arm = interval::log_ratios(("serial", serial), ("the arm", arm))?;
    let of_control = interval::log_ratios(("serial", serial), ("the control", control))?;
    let differences: Vec<f64> =
        of_arm.iter().zip(&of_control).map(|(arm, control)| arm - control / 2.0).collect();
    Ok(Faster {
        speed_up: interval::exponentiated(interval::t_interval(&of_arm, level)?),
        control: interval::exponentiated(interval::t_interval(&of_control, level)?),
        difference: interval::t_interval(&differences, level)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interval::LEVEL;

    fn compared(serial: &[f64], arm: &[f64], control: &[f64]) -> Faster {
        against_half(serial, arm, control, LEVEL).unwrap()
    }

    /// Expected digits come from an independent computation with 30 digits.
    #[test]
    fn speed_ups_and_their_difference() {
        let faster = compared(&[100.0, 104.0, 98.0], &[60.0, 61.0, 59.0], &[52.0, 54.0, 51.0]);
        for (got, expected) in [
            (faster.speed_up.estimate, 1.677_421_116_81),
            (faster.speed_up.low, 1.619_349_934_87),
            (faster.speed_up.high, 1.737_574_777_7),
            (faster.control.estimate, 1.923_522_977_18),
            (faster.control.low, 1.918_034_940_75),
            (faster.difference.estimate, 0.190_178_370_178),
            (faster.difference.low, 0.156_335_658_057),
            (faster.difference.high, 0.224_021_082_299),
        ] {
            assert!((got - expected).abs() < 1e-9, "{got} is not {expected}");
        }
        assert_eq!(faster.outcome(), Outcome::Faster);
        // The edge lies at the root of 1.9235, and the arm above it.
        assert!((faster.edge() - 1.386_911_308_3).abs() < 1e-6);
    }

    #[test]
    fn each_outcome_has_its_verdict() {
        let serial = [100.0, 104.0, 98.0];
        let control = [52.0, 54.0, 51.0];
        let same = compared(&serial, &[100.0, 103.0, 99.0], &control);
        assert_eq!(same.outcome(), Outcome::NotFaster);
        let slower = compared(&serial, &[180.0, 190.0, 178.0], &control);
        assert_eq!(slower.outcome(), Outcome::Slower);
        let middle = compared(&serial, &[60.0, 90.0, 70.0], &control);
        assert_eq!(middle.outcome(), Outcome::Undecided);
        assert_eq!(
            [Outcome::Faster, Outcome::NotFaster, Outcome::Slower, Outcome::Undecided]
                .map(Outcome::decision),
            [Decision::True, Decision::False, Decision::False, Decision::Inconclusive]
        );
    }

    #[test]
    fn an_error_names_the_arm() {
        let error = against_half(&[1.0, 1.0], &[1.0, 1.0], &[1.0, 0.0], LEVEL).unwrap_err();
        assert!(
            error.to_string().starts_with("0 of the control in block 1 (counted from 0)"),
            "{error}"
        );
        let error = against_half(&[1.0, 1.0], &[1.0], &[1.0, 1.0], LEVEL).unwrap_err();
        assert!(matches!(error, StatsError::UnequalLengths { .. }));
    }
}
