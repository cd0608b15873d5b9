//! The switch interval: how long a waiter is patient before it asks (`sys.setswitchinterval`).

use std::time::Duration;

/// A switch interval from 1 µs to 10 s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Interval(Duration);

/// A switch interval that nobody can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a switch interval of {given:?} is refused: give one from {:?} to {:?}",
    Interval::MIN,
    Interval::MAX
)]
pub struct IntervalOutOfRange {
    /// What was asked for.
    pub given: Duration,
}

impl Interval {
    /// The shortest, 1 µs: CPython counts in microseconds and takes 0 for 1.
    pub const MIN: Duration = Duration::from_micros(1);

    /// The longest, 10 s: beyond it threads no longer take turns within an experiment.
    pub const MAX: Duration = Duration::from_secs(10);

    /// CPython's own, 5 ms (`DEFAULT_INTERVAL` in `Python/ceval_gil.c`).
    pub const DEFAULT: Interval = Interval(Duration::from_millis(5));

    /// Refuses what lies outside [`Interval::MIN`] … [`Interval::MAX`].
    pub fn new(given: Duration) -> Result<Interval, IntervalOutOfRange> {
        if (Interval::MIN..=Interval::MAX).contains(&given) {
            Ok(Interval(given))
        } else {
            Err(IntervalOutOfRange { given })
        }
    }

    /// As a duration.
    pub fn duration(self) -> Duration {
        self.0
    }

    /// In nanoseconds.
    pub fn ns(self) -> u64 {
        self.0.as_nanos() as u64
    }
}

impl Default for Interval {
    fn default() -> Interval {
        Interval::DEFAULT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_includes_its_ends() {
        assert_eq!(Interval::new(Interval::MIN).unwrap().ns(), 1_000);
        assert_eq!(Interval::new(Interval::MAX).unwrap().ns(), 10_000_000_000);
        assert_eq!(Interval::default().ns(), 5_000_000);
    }

    #[test]
    fn outside_it_the_range_is_named() {
        for given in [Duration::ZERO, Duration::from_secs(11)] {
            let refusal = Interval::new(given).unwrap_err().to_string();
            assert!(refusal.contains("from 1µs to 10s"), "{refusal}");
        }
    }
}
