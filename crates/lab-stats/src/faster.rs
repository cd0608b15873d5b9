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

/// Times of `serial`, of the arm in question and of the control (native processes), one value a
/// block in the same order of blocks, in one unit, above zero; at least two blocks.
pub fn against_half(
    serial: &[f64],
    arm: &[f64],
    control: &[f64],
    level: f64,
) -> Result<Faster, StatsError> {
    let of_arm = interval::log_ratios(("serial", serial), ("the arm", arm))?;
    let of_control = interval::log_ratios(("serial", serial), ("the control", control))?;
    let differences: Vec<f64> = of_arm
        .iter()
        .zip(&of_control)
        .map(|(arm, control)| arm - control / 2.0)
        .collect();
    Ok(Faster {
        speed_up: interval::exponentiated(interval::t_interval(&of_arm, level)?),
        control: interval::exponentiated(interval::t_interval(&of_control, level)?),
        difference: interval::t_interval(&differences, level)?,
    })
}
