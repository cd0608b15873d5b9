//! "Faster for CPU work", compared with what the machine can give at this moment.
//!
//! How much faster counts as "faster" depends on the number of cores and on who else uses them. So
//! the edge is not a constant: it is half of the log speed-up that native Rust processes reach in
//! the same blocks. An arm above that edge got most of what there was to get, an arm below it did
//! not.

use crate::interval::{Interval, StatsError, exponentiated, log_ratios, t_interval};

/// An arm's speed-up over serial, divided by the square root of the control's: above 1 if the arm
/// reaches more than half of the control's log speed-up, block by block.
///
/// Times of `serial`, of the arm in question and of the control (native processes), one value per
/// block in the same order of blocks, in one unit, above zero; at least two blocks.
pub fn over_half(
    serial: &[f64],
    arm: &[f64],
    control: &[f64],
    level: f64,
) -> Result<Interval, StatsError> {
    let of_arm = log_ratios(("serial", serial), ("the arm", arm))?;
    let of_control = log_ratios(("serial", serial), ("the control", control))?;
    let differences: Vec<f64> =
        of_arm.iter().zip(&of_control).map(|(arm, control)| arm - control / 2.0).collect();
    Ok(exponentiated(t_interval(&differences, level)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interval::LEVEL;

    const SERIAL: [f64; 3] = [100.0, 104.0, 98.0];
    const CONTROL: [f64; 3] = [52.0, 54.0, 51.0];

    fn compared(arm: &[f64]) -> Interval {
        over_half(&SERIAL, arm, &CONTROL, LEVEL).unwrap()
    }

    /// Expected digits come from an independent computation with 30 digits.
    #[test]
    fn the_speed_up_is_compared_with_the_root_of_the_controls() {
        let faster = compared(&[60.0, 61.0, 59.0]);
        for (got, expected) in [
            (faster.estimate, 0.190_178_370_178),
            (faster.low, 0.156_335_658_057),
            (faster.high, 0.224_021_082_299),
        ] {
            assert!((got.ln() - expected).abs() < 1e-9, "{got} is not e^{expected}");
        }
        assert!(faster.is_above(1.0));
        assert!(compared(&[100.0, 103.0, 99.0]).is_below(1.0), "as fast as serial");
        assert!(compared(&[180.0, 190.0, 178.0]).is_below(1.0), "slower than serial");
        let middle = compared(&[60.0, 90.0, 70.0]);
        assert!(!middle.is_above(1.0) && !middle.is_below(1.0));
    }

    #[test]
    fn an_error_names_the_arm() {
        let error = over_half(&[1.0, 1.0], &[1.0, 1.0], &[1.0, 0.0], LEVEL).unwrap_err();
        assert_eq!(error, StatsError::NotPositive { arm: "the control", block: 1, value: 0.0 });
        let error = over_half(&[1.0, 1.0], &[1.0], &[1.0, 1.0], LEVEL).unwrap_err();
        assert_eq!(error, StatsError::UnequalLengths { first: 2, second: 1 });
    }
}
