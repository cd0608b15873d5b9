//! Jobs that run at the same instant, counted only while enough of them could.
//!
//! Jobs start one after the other and end one after the other, and at both ends fewer can run at
//! once than in the middle. Counting over everything therefore understates: four processes on two
//! cores read 1.90 from the first start to the last end, and 1.95 while all four are in flight. So
//! everything here looks only at the time in which at least a given number of jobs is *in flight*,
//! which means begun and not yet ended.

use crate::timeline::{Span, merged, running};

/// Of the time in which at least `while_in_flight` jobs are in flight, the share in which at least
/// `running_at_once` make progress; between 0 and 1.
///
/// `spans` is when the jobs make progress, `in_flight` from each job's start to its end. To ask
/// whether threads run in parallel: `running_at_once` 2, `while_in_flight` min(workers, cores).
/// `None` if there is no such time: serial never has two jobs in flight.
pub fn share_with(
    spans: &[Span],
    in_flight: &[Span],
    running_at_once: u32,
    while_in_flight: u32,
) -> Option<f64> {
    let (mut with, mut all) = (0u64, 0u64);
    for (length, running, in_flight) in both(spans, in_flight) {
        if in_flight >= while_in_flight {
            all += length;
            if running >= running_at_once {
                with += length;
            }
        }
    }
    (all > 0).then(|| with as f64 / all as f64)
}

/// The mean number of jobs that run at once from the last job's start to the first job's end, while
/// all of them are in flight.
///
/// `None` if that window is empty: serial, or more jobs than workers, where a job waits until
/// another has ended. Then ask [`parallelism_while`] with the number of workers.
pub fn parallelism(spans: &[Span], in_flight: &[Span]) -> Option<f64> {
    let jobs = merged(in_flight).chunk_by(|a, b| a.job == b.job).count();
    parallelism_while(spans, in_flight, u32::try_from(jobs).ok()?)
}

/// The mean number of jobs that run at once, over the time in which at least `while_in_flight`
/// jobs are in flight: with the number of workers, over the time in which the pool is full. Serial
/// (1) reads 1 if nothing disturbed it. `None` if there is no such time.
pub fn parallelism_while(spans: &[Span], in_flight: &[Span], while_in_flight: u32) -> Option<f64> {
    let (mut busy, mut all) = (0.0, 0u64);
    for (length, running, in_flight) in both(spans, in_flight) {
        if in_flight >= while_in_flight {
            all += length;
            busy += length as f64 * f64::from(running);
        }
    }
    (all > 0).then(|| busy / all as f64)
}

/// The mean number of jobs in flight over the work window, from the first job's start to the last
/// job's end. `None` if nothing took any time.
pub fn concurrency(in_flight: &[Span]) -> Option<f64> {
    let steps = running(in_flight);
    let (first, last) = (steps.first()?.0, steps.last()?.0);
    let busy: f64 = steps
        .windows(2)
        .filter_map(|pair| match pair {
            [(from, count), (until, _)] => Some((until - from) as f64 * f64::from(*count)),
            _ => None,
        })
        .sum();
    Some(busy / (last - first) as f64)
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
            if at > from {
                pieces.push((at - from, now_running, now_in_flight));
                from = at;
            }
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

    /// Turns of 5, job after job, and all jobs in flight from the first turn to the last.
    fn in_turns(jobs: u32, turns: u32) -> (Vec<Span>, Vec<Span>) {
        let end = u64::from(turns) * 5;
        let spans = (0..turns)
            .map(|turn| span(turn % jobs, u64::from(turn) * 5, u64::from(turn + 1) * 5))
            .collect();
        (spans, (0..jobs).map(|job| span(job, 0, end)).collect())
    }

    #[test]
    fn threads_that_take_turns_are_concurrent_and_not_parallel() {
        let (spans, in_flight) = in_turns(2, 20);
        assert_eq!(share_with(&spans, &in_flight, 2, 2), Some(0.0));
        assert_eq!(parallelism(&spans, &in_flight), Some(1.0));
        assert_eq!(concurrency(&in_flight), Some(2.0));
        let both = [span(0, 0, 100), span(1, 0, 100)];
        assert_eq!(share_with(&both, &both, 2, 2), Some(1.0));
        assert_eq!(parallelism(&both, &both), Some(2.0));
        // A job in flight that makes no progress counts as waiting.
        assert_eq!(parallelism(&[], &both), Some(0.0));
        assert_eq!(share_with(&[], &both, 1, 2), Some(0.0));
    }

    #[test]
    fn the_staggered_ends_do_not_count() {
        // Job 1 starts at 10 and job 0 ends at 100; in between, both run but for a gap of 9.
        let in_flight = [span(0, 0, 100), span(1, 10, 130)];
        let spans = [span(0, 0, 50), span(0, 59, 100), span(1, 10, 130)];
        assert_eq!(share_with(&spans, &in_flight, 2, 2), Some(0.9));
        assert_eq!(parallelism(&spans, &in_flight), Some(1.9));
        // Over everything: job 0 runs for 50 + 41, job 1 for 120, in 130.
        let everything = parallelism_while(&spans, &in_flight, 1).unwrap();
        assert!((everything - 211.0 / 130.0).abs() < 1e-12);
        // In flight are job 0 for 100 and job 1 for 120, in 130.
        let begun = concurrency(&in_flight).unwrap();
        assert!((begun - 220.0 / 130.0).abs() < 1e-12);
    }

    #[test]
    fn four_jobs_on_two_cores_run_two_at_once() {
        let in_flight: Vec<Span> = (0..4).map(|job| span(job, 0, 40)).collect();
        let turn = |turn: u32| (turn % 4, u64::from(turn / 2) * 10);
        let spans = (0..8).map(turn).map(|(job, at)| span(job, at, at + 10));
        let spans: Vec<Span> = spans.collect();
        assert_eq!(parallelism(&spans, &in_flight), Some(2.0));
        assert_eq!(share_with(&spans, &in_flight, 2, 2), Some(1.0));
        assert_eq!(share_with(&spans, &in_flight, 3, 2), Some(0.0));
    }

    #[test]
    fn serial_and_more_jobs_than_workers_are_read_while_the_pool_is_full() {
        let serial = [span(0, 0, 10), span(1, 12, 20), span(2, 20, 30)];
        assert_eq!(share_with(&serial, &serial, 2, 2), None);
        assert_eq!(parallelism(&serial, &serial), None);
        // What the calibrator reads: the gap between two jobs is no time in flight.
        assert_eq!(parallelism_while(&serial, &serial, 1), Some(1.0));
        let jobs = [span(0, 0, 10), span(1, 0, 12), span(2, 10, 20), span(3, 12, 24)];
        assert_eq!(parallelism(&jobs, &jobs), None);
        assert_eq!(parallelism_while(&jobs, &jobs, 2), Some(2.0));
    }

    #[test]
    fn nothing_recorded_has_no_parallelism() {
        assert_eq!(parallelism(&[], &[]), None);
        assert_eq!(concurrency(&[]), None);
        assert_eq!(share_with(&[], &[], 0, 0), None);
        assert_eq!(concurrency(&[span(0, 5, 5)]), None);
    }
}
