//! The makespan that a measurement can be compared with.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Where list scheduling puts a job. Times in nanoseconds from the start of the schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assigned {
    /// The job's index in submission order.
    pub job: usize,
    /// Which worker, counted from 0.
    pub worker: usize,
    /// When it starts.
    pub start: u64,
    /// When it ends.
    pub end: u64,
}

/// Jobs in submission order, each given to the worker that is idle first, and of several idle
/// ones to the first (Graham 1969): what a pool with one shared queue does if starting a job costs
/// nothing. The last end is the makespan: [`makespan`].
///
/// `durations` in nanoseconds. `None` without workers.
pub fn list_scheduling(durations: &[u64], workers: usize) -> Option<Vec<Assigned>> {
    if workers == 0 {
        return None;
    }
    let used = workers.min(durations.len());
    let mut idle: BinaryHeap<Reverse<(u64, usize)>> = (0..used).map(|w| Reverse((0, w))).collect();
    let mut schedule = Vec::with_capacity(durations.len());
    for (job, &duration) in durations.iter().enumerate() {
        let Reverse((start, worker)) = idle.pop()?;
        let end = start.saturating_add(duration);
        idle.push(Reverse((end, worker)));
        schedule.push(Assigned { job, worker, start, end });
    }
    Some(schedule)
}

/// The end of the last job in nanoseconds; 0 for no jobs.
pub fn makespan(schedule: &[Assigned]) -> u64 {
    schedule.iter().map(|job| job.end).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn end(durations: &[u64], workers: usize) -> u64 {
        makespan(&list_scheduling(durations, workers).unwrap())
    }

    #[test]
    fn jobs_go_to_the_next_idle_worker() {
        // Worker 1 is idle first, at 3; worker 0 at 5; both at 7, and then the first is taken.
        let schedule = list_scheduling(&[5, 3, 4, 2, 6], 2).unwrap();
        let rows = schedule.iter().map(|j| (j.job, j.worker, j.start, j.end));
        let expected = [(0, 0, 0, 5), (1, 1, 0, 3), (2, 1, 3, 7), (3, 0, 5, 7), (4, 0, 7, 13)];
        assert!(rows.eq(expected));
        assert_eq!(makespan(&schedule), 13);
        assert_eq!(end(&[5, 3, 4], 1), 12);
        assert_eq!(end(&[5, 3, 4], usize::MAX), 5);
        assert_eq!(end(&[u64::MAX; 4], 2), u64::MAX);
        assert_eq!(end(&[], 3), 0);
        assert_eq!(list_scheduling(&[1], 0), None);
    }

    #[test]
    fn what_order_costs() {
        // One page ten times as long as fifteen others, on four workers: first it hides the
        // others, last it comes on top of three full rounds.
        let mut pages = [10; 16];
        pages[0] = 100;
        assert_eq!(end(&pages, 4), 100);
        pages.reverse();
        assert_eq!(end(&pages, 4), 130);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn a_schedule_lies_between_the_floor_and_serial(
            durations in prop::collection::vec(0u64..1000, 1..40), workers in 1usize..10,
        ) {
            let schedule = list_scheduling(&durations, workers).unwrap();
            let makespan = makespan(&schedule);
            // The longest job, or all of them shared out evenly.
            let total: u64 = durations.iter().sum();
            let floor = total.div_ceil(workers as u64).max(*durations.iter().max().unwrap());
            prop_assert!(floor <= makespan);
            prop_assert!(makespan <= total);
            // Graham's guarantee.
            prop_assert!(makespan < 2 * floor + 1);
            prop_assert!(schedule.iter().all(|job| job.end - job.start == durations[job.job]));
            prop_assert!(schedule.windows(2).all(|pair| pair[0].start <= pair[1].start));
        }
    }
}
