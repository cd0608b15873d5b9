//! Jobs that run at the same instant, counted only while enough of them could.
//!
//! Jobs start one after the other and end one after the other, and at both ends fewer can run at
//! once than in the middle. Counting over everything therefore understates: four processes on two
//! cores read 1.90 from the first start to the last end, and 1.95 while all four are in flight. So
//! everything here looks only at the time in which at least a given number of jobs is *in flight*,
//! which means begun and not yet ended.

use crate::timeline::{Stretch, merged, running};

/// Of the time in which at least `while_in_flight` jobs are in flight, the share in which at least
/// `running_at_once` make progress; between 0 and 1.
///
/// `spans` is when the jobs make progress, `in_flight` from each job's start to its end. To ask
/// whether threads run in parallel: `running_at_once` 2, `while_in_flight` min(workers, cores).
/// `None` if there is no such time: serial never has two jobs in flight.
pub fn share_with(
    spans: &[Stretch],
    in_flight: &[Stretch],
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
pub fn parallelism(spans: &[Stretch], in_flight: &[Stretch]) -> Option<f64> {
    let jobs = merged(in_flight).chunk_by(|a, b| a.job == b.job).count();
    parallelism_while(spans, in_flight, u32::try_from(jobs).ok()?)
}

/// The mean number of jobs that run at once, over the time in which at least `while_in_flight`
/// jobs are in flight: with the number of workers, over the time in which the pool is full. Serial
/// (1) reads 1 if nothing disturbed it. `None` if there is no such time.
pub fn parallelism_while(
    spans: &[Stretch],
    in_flight: &[Stretch],
    while_in_flight: u32,
) -> Option<f64> {
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
pub fn concurrency(in_flight: &[Stretch]) -> Option<f64> {
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
fn both(spans: &[Stretch], in_flight: &[Stretch]) -> Vec<(u64, u32, u32)> {
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
