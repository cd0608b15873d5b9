//! The positive control: could this machine have shown the effect at all?
//!
//! If native Rust processes gain nothing over serial in the same blocks, then "threads are no
//! faster" says something about the machine and nothing about threads (assay sensitivity, ICH
//! E10). A verdict about parallelism has to pass every check here that applies; otherwise it is
//! INCONCLUSIVE, and the failure is the reason that is printed.

use crate::interval::Interval;

/// The lower limit of native processes' speed-up over serial must be above this.
pub const MIN_CONTROL_SPEED_UP: f64 = 1.15;

/// What a measure of parallelism may read at most for serial, which is 1.
pub const MAX_SERIAL_LEVEL: f64 = 1.05;

/// The share of min(workers, cores) that a measure of parallelism must read at least for native
/// processes.
pub const MIN_PROCESSES_SHARE: f64 = 0.9;

/// Checks the speed-up of native processes, T(serial) / T(processes) in the same blocks.
///
/// # Errors
/// The failure as a sentence, as of all checks here.
pub fn speed_up(control: &Interval) -> Result<(), String> {
    let Interval { estimate, low, high, .. } = control;
    control.is_above(MIN_CONTROL_SPEED_UP).then_some(()).ok_or_else(|| {
        format!(
            "this machine did not run two jobs at once: native processes were {estimate:.2}× as fast \
             as serial ({low:.2}–{high:.2}), and the lower limit must be above \
             {MIN_CONTROL_SPEED_UP}; close other programs, or use a machine with two free cores"
        )
    })
}

/// Checks what the measure of parallelism reads for serial, in jobs running at once.
///
/// # Errors
/// The failure.
pub fn serial_level(reading: f64) -> Result<(), String> {
    (reading <= MAX_SERIAL_LEVEL).then_some(()).ok_or_else(|| {
        format!(
            "the measure is wrong: it reads {reading:.2} jobs at once for serial, and at most \
             {MAX_SERIAL_LEVEL} is right; look at the recorded spans"
        )
    })
}

/// Checks what the measure of parallelism reads for native processes, in jobs running at once;
/// `cores` are the usable ones or, where that is less, the quota of CPU time.
///
/// # Errors
/// The failure.
pub fn processes_level(reading: f64, workers: u32, cores: f64) -> Result<(), String> {
    let possible = f64::from(workers).min(cores);
    let needed = MIN_PROCESSES_SHARE * possible;
    (reading >= needed).then_some(()).ok_or_else(|| {
        format!(
            "this machine did not run {possible} jobs at once: native processes read {reading:.2}, and \
             at least {needed:.2} is needed; close other programs and run again"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interval::Scale;

    fn interval(low: f64, estimate: f64, high: f64) -> Interval {
        Interval { estimate, low, high, level: 0.95, blocks: 7, scale: Scale::Log }
    }

    #[test]
    fn the_lower_limit_counts_not_the_estimate() {
        assert_eq!(speed_up(&interval(1.16, 1.9, 2.1)), Ok(()));
        assert!(speed_up(&interval(1.15, 1.9, 2.1)).is_err());
        assert!(speed_up(&interval(f64::NAN, 1.9, 2.1)).is_err());
        let failure = speed_up(&interval(0.85, 0.91, 0.98)).unwrap_err();
        assert_eq!(
            failure,
            "this machine did not run two jobs at once: native processes were 0.91× as fast as \
             serial (0.85–0.98), and the lower limit must be above 1.15; close other programs, or \
             use a machine with two free cores"
        );
    }

    #[test]
    fn a_level_is_calibrated_from_both_ends() {
        assert_eq!(serial_level(1.05), Ok(()));
        assert!(serial_level(1.06).is_err());
        assert!(serial_level(f64::NAN).is_err());
        assert_eq!(processes_level(1.8, 4, 2.0), Ok(()));
        assert_eq!(processes_level(0.9, 1, 2.0), Ok(()));
        assert_eq!(processes_level(1.36, 2, 1.5), Ok(()), "a quota");
        assert!(processes_level(f64::NAN, 4, 2.0).is_err());
        assert_eq!(
            processes_level(1.79, 2, 8.0).unwrap_err(),
            "this machine did not run 2 jobs at once: native processes read 1.79, and at least \
             1.80 is needed; close other programs and run again"
        );
    }
}
