//! Work for the CPU: additions.

use crate::work::{Amount, Answer, Done, Host, JobContext, Plan, TURN_ADDITIONS, Work};
use lab_data::burst::Recorder;
use serde::{Deserialize, Serialize};
use std::hint::black_box;
use std::sync::atomic::AtomicBool;

/// The slowest addition that is worth waiting for, in nanoseconds.
pub(super) const SLOW_ADDITION_NS: u64 = 20;

/// Adds 0, 1, 2, … modulo 2^64.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Add {
    /// Number of additions.
    pub amount: Amount,
}

impl Work for Add {
    const KIND: &'static str = "add";

    fn run<H: Host>(&self, context: &mut JobContext<H>, _: &mut Recorder) -> Done {
        let (count, sum) = add(self.amount, &mut context.host, context.stop);
        Ok((count, sum.into()))
    }

    fn plan(&self) -> Plan {
        Plan::of(self.amount).computing(SLOW_ADDITION_NS)
    }

    fn set_amount(&mut self, amount: Amount) {
        self.amount = amount;
    }

    fn expected(&self, steps: u64) -> Option<Answer> {
        Some(sum_below(steps).into())
    }
}

/// The sum of 0, 1, 2, …, `additions` of them.
pub(super) fn add_steps(additions: u64, host: &mut impl Host) -> u64 {
    let (_, sum) = add(Amount::Steps(additions), host, &AtomicBool::new(false));
    sum
}

/// Adds 0, 1, 2, …; returns the number of additions and their sum modulo 2^64.
///
/// The summand is hidden from the optimiser (a third of a nanosecond), which could otherwise
/// replace the loop by the closed form.
///
/// Never inlined, so that every kind of job that adds runs the same machine code: inlined into two
/// of them, one loop was seen to take twice as long as the other, and calibrated times were off.
#[inline(never)]
fn add(amount: Amount, host: &mut impl Host, stop: &AtomicBool) -> (u64, u64) {
    let mut sum = 0u64;
    let done = in_turns(amount, host, stop, |from, to| {
        for summand in from..to {
            sum = sum.wrapping_add(black_box(summand));
        }
    });
    (done, sum)
}

/// Adds `from` and all that follow, below `to`; modulo 2^64.
pub(super) fn add_range(from: u64, to: u64, host: &mut impl Host) -> u64 {
    let mut sum = 0u64;
    let rest = Amount::Steps(to - from);
    in_turns(rest, host, &AtomicBool::new(false), |start, end| {
        for summand in from + start..from + end {
            sum = sum.wrapping_add(black_box(summand));
        }
    });
    sum
}

/// Runs `steps(from, to)` over consecutive ranges with a turn after each; returns the end.
#[inline(always)]
pub(super) fn in_turns(
    amount: Amount,
    host: &mut impl Host,
    stop: &AtomicBool,
    mut steps: impl FnMut(u64, u64),
) -> u64 {
    let mut done = 0;
    while !amount.is_reached(done, stop) {
        let to = match amount {
            Amount::Steps(all) => all.min(done.saturating_add(TURN_ADDITIONS)),
            Amount::UntilStopped => done.wrapping_add(TURN_ADDITIONS),
        };
        steps(done, to);
        done = to;
        host.turn();
    }
    done
}

/// 0 + 1 + … + (n − 1) modulo 2^64, without the loop whose result it checks.
pub(super) fn sum_below(n: u64) -> u64 {
    let n = u128::from(n);
    (n * n.saturating_sub(1) / 2) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work::Native;

    #[derive(Default)]
    struct CountTurns(u64);

    impl Host for CountTurns {
        fn turn(&mut self) {
            self.0 += 1;
        }
        fn wait<T>(&mut self, blocking: impl FnOnce() -> T) -> T {
            blocking()
        }
    }

    #[test]
    fn the_loop_adds_what_the_closed_form_says_with_a_turn_per_64() {
        for (n, turns) in [(0, 0), (1, 1), (63, 1), (64, 1), (65, 2), (6400, 100)] {
            let mut host = CountTurns::default();
            assert_eq!(add_steps(n, &mut host), sum_below(n));
            assert_eq!(host.0, turns);
        }
        assert_eq!(sum_below(10_000_000_000), 49_999_999_995_000_000_000u128 as u64);
        assert_eq!(sum_below(u64::MAX), 9223372036854775809);
    }

    #[test]
    fn a_job_that_is_stopped_has_made_a_step() {
        let stop = AtomicBool::new(true);
        let (done, _) = add(Amount::UntilStopped, &mut Native, &stop);
        assert_eq!(done, TURN_ADDITIONS);
    }
}
