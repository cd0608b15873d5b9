//! Work for the CPU: additions, private or on a counter that everybody shares.

use crate::host::{Host, Native, TURN_ADDITIONS};
use crate::job::Amount;
use std::hint::black_box;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// The sum of 0, 1, 2, …, `additions` of them, for callers that have no desk.
pub fn additions(additions: u64) -> u64 {
    let (_, sum) = add(
        Amount::Steps(additions),
        &mut Native,
        &AtomicBool::new(false),
    );
    sum
}

/// Adds 0, 1, 2, …; returns the number of additions and their sum modulo 2^64.
///
/// The summand is hidden from the optimiser (a third of a nanosecond), which could otherwise
/// replace the loop by the closed form.
///
/// Never inlined, so that every kind of job that adds runs the same machine code: inlined into two
/// of them, one loop was seen to take twice as long as the other, and as long as calibrated no more.
#[inline(never)]
pub(crate) fn add(amount: Amount, host: &mut impl Host, stop: &AtomicBool) -> (u64, u64) {
    let mut sum = 0u64;
    let done = in_turns(amount, host, stop, |from, to| {
        for summand in from..to {
            sum = sum.wrapping_add(black_box(summand));
        }
    });
    (done, sum)
}

/// Adds `from` and all that follow, below `to`; modulo 2^64.
pub(crate) fn add_range(from: u64, to: u64, host: &mut impl Host) -> u64 {
    let mut sum = 0u64;
    let rest = Amount::Steps(to - from);
    in_turns(rest, host, &AtomicBool::new(false), |start, end| {
        for summand in from + start..from + end {
            sum = sum.wrapping_add(black_box(summand));
        }
    });
    sum
}

/// Increments the shared counter; returns the number of increments.
pub(crate) fn count(
    amount: Amount,
    host: &mut impl Host,
    stop: &AtomicBool,
    counter: &AtomicU64,
) -> u64 {
    in_turns(amount, host, stop, |from, to| {
        for _ in from..to {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    })
}

/// Runs `steps(from, to)` over consecutive ranges with a turn after each; returns the end.
#[inline(always)]
fn in_turns(
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

#[cfg(test)]
mod tests {
    use super::*;

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
    fn the_loop_adds_what_the_closed_form_says() {
        for n in [0, 1, 63, 64, 65, 1000] {
            let (done, sum) = add(Amount::Steps(n), &mut Native, &AtomicBool::new(false));
            assert_eq!((done, sum), (n, n * n.saturating_sub(1) / 2));
        }
    }

    #[test]
    fn a_turn_comes_once_in_64_additions() {
        let mut host = CountTurns::default();
        add(Amount::Steps(6400), &mut host, &AtomicBool::new(false));
        assert_eq!(host.0, 100);
    }

    #[test]
    fn a_job_until_told_ends_when_it_is_told_and_has_made_a_step() {
        let stop = AtomicBool::new(true);
        let (done, _) = add(Amount::UntilStopped, &mut Native, &stop);
        assert_eq!(done, TURN_ADDITIONS);
    }

    #[test]
    fn no_increment_of_the_shared_counter_is_lost() {
        let counter = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    count(
                        Amount::Steps(10_000),
                        &mut Native,
                        &AtomicBool::new(false),
                        &counter,
                    )
                });
            }
        });
        assert_eq!(counter.into_inner(), 40_000);
    }
}
