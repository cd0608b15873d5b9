//! Jobs that run at the same instant, counted only while enough of them could.
//!
//! Jobs start one after another and end one after another, so near both ends fewer can run at once
//! than in the middle. Counting over the whole time therefore understates: four processes on two
//! cores read 1.90 from the first start to the last end, and 1.95 while all four are in flight. So
//! everything here looks only at the time in which at least a given number of jobs is *in flight*,
//! which means begun and not yet ended.

use crate::timeline::{Span, running};

/// Of the time in which at least `while_in_flight` jobs are in flight, the share in which at least
/// `running_at_once` make progress; between 0 and 1.
///
/// `spans` are the times at which the jobs make progress, `in_flight` those from each job's start to
/// its end. To ask
/// whether threads run in parallel: `running_at_once` 2, `while_in_flight` min(workers, cores).
/// `None` if there is no such time: serial never has two jobs in flight.
pub fn share_with(
    spans: &[Span],
    in_flight: &[Span],
    running_at_once: u32,
    while_in_flight: u32,
) -> Option<f64> {
    mean(spans, in_flight, while_in_flight, |running| f64::from(running >= running_at_once))
}

/// The mean number of jobs that run at once, over the time in which at least `while_in_flight`
/// jobs are in flight: with the number of workers, over the time in which the pool is full. Serial
/// (1) reads 1 if nothing disturbed it. `None` if there is no such time.
pub fn parallelism_while(spans: &[Span], in_flight: &[Span], while_in_flight: u32) -> Option<f64> {
    mean(spans, in_flight, while_in_flight, f64::from)
}

/// The mean over that time of what `of` makes of the number of jobs that run.
fn mean(
    spans: &[Span],
    in_flight: &[Span],
    while_in_flight: u32,
    of: impl Fn(u32) -> f64,
) -> Option<f64> {
    let (mut sum, mut all) = (0.0, 0u64);
    for (length, running, in_flight) in both(spans, in_flight) {
        if in_flight >= while_in_flight {
            all += length;
            sum += length as f64 * of(running);
        }
    }
    (all > 0).then(|| sum / all as f64)
}

/// Cuts the time in which a job is in flight at every change of either count: (length, running,
/// in flight).
fn both(spans: &[Span], in_flight: &[Span]) -> Vec<(u64, u32, u32)> {
    let spans = running(spans);
    let mut spans = spans.iter().copied().peekable();
    let in_flight = running(in_flight);
    let mut pieces = Vec::new();
    let mut now_running = 0;
    for pair in in_flight.windows(2) {
        let &[(mut from, now_in_flight), (until, _)] = pair else {
            continue;
        };
        while let Some((at, count)) = spans.next_if(|&(at, _)| at < until) {
            let at = at.max(from);
            pieces.push((at - from, now_running, now_in_flight));
            from = at;
            now_running = count;
        }
        pieces.push((until - from, now_running, now_in_flight));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(job: u32, start: u64, end: u64) -> Span {
        Span { job, start, end }
    }

    /// `turns` turns of 10, job after job, `cores` at once, and all jobs in flight from the first turn
    /// to the last.
    fn in_turns(jobs: u32, turns: u32, cores: u32) -> (Vec<Span>, Vec<Span>) {
        let end = u64::from(turns / cores) * 10;
        let turn = |turn: u32| (turn % jobs, u64::from(turn / cores) * 10);
        let spans = (0..turns).map(turn).map(|(job, at)| span(job, at, at + 10));
        (spans.collect(), (0..jobs).map(|job| span(job, 0, end)).collect())
    }

    #[test]
    fn jobs_that_take_turns_are_in_flight_together_and_run_as_many_at_once_as_there_are_cores() {
        let native = [span(0, 0, 100), span(1, 0, 100)];
        for ((spans, in_flight), parallelism, shares) in [
            (in_turns(2, 20, 1), 1.0, [1.0, 0.0, 0.0]),
            (in_turns(4, 8, 2), 2.0, [1.0, 1.0, 0.0]),
            ((native.to_vec(), native.to_vec()), 2.0, [1.0, 1.0, 0.0]),
            // A job in flight that makes no progress counts as waiting.
            ((vec![], native.to_vec()), 0.0, [0.0, 0.0, 0.0]),
        ] {
            assert_eq!(parallelism_while(&spans, &in_flight, 2), Some(parallelism));
            for (at_once, share) in (1..).zip(shares) {
                assert_eq!(share_with(&spans, &in_flight, at_once, 2), Some(share));
            }
        }
    }

    #[test]
    fn the_staggered_ends_do_not_count() {
        // Job 1 starts at 10 and job 0 ends at 100; in between, both run but for a gap of 9.
        let in_flight = [span(0, 0, 100), span(1, 10, 130)];
        let spans = [span(0, 0, 50), span(0, 59, 100), span(1, 10, 130)];
        assert_eq!(share_with(&spans, &in_flight, 2, 2), Some(0.9));
        assert_eq!(parallelism_while(&spans, &in_flight, 2), Some(1.9));
        // Over everything: job 0 runs for 50 + 41, job 1 for 120, in 130.
        let everything = parallelism_while(&spans, &in_flight, 1).unwrap();
        assert!((everything - 211.0 / 130.0).abs() < 1e-12);
    }

    #[test]
    fn serial_and_more_jobs_than_workers_are_read_while_the_pool_is_full() {
        let serial = [span(0, 0, 10), span(1, 12, 20), span(2, 20, 30)];
        assert_eq!(share_with(&serial, &serial, 2, 2), None);
        assert_eq!(parallelism_while(&serial, &serial, 3), None);
        // What the calibrator reads: the gap between two jobs is no time in flight.
        assert_eq!(parallelism_while(&serial, &serial, 1), Some(1.0));
        let jobs = [span(0, 0, 10), span(1, 0, 12), span(2, 10, 20), span(3, 12, 24)];
        assert_eq!(parallelism_while(&jobs, &jobs, 4), None);
        assert_eq!(parallelism_while(&jobs, &jobs, 2), Some(2.0));
    }

    #[test]
    fn nothing_recorded_has_no_parallelism() {
        assert_eq!(parallelism_while(&[], &[], 0), None);
        assert_eq!(share_with(&[], &[], 0, 0), None);
        let instant = [span(0, 5, 5)];
        assert_eq!(parallelism_while(&instant, &instant, 1), None);
    }
}
