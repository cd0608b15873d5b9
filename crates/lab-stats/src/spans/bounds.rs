//! Makespans that a measurement can be held against.

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

/// No schedule on `workers` workers is shorter: the longest job, or all of them shared out evenly.
/// For jobs that wait, whose workers do not get into each other's way.
///
/// Nanoseconds, rounded up; 0 for no jobs. `None` without workers.
pub fn io_floor(durations: &[u64], workers: usize) -> Option<u64> {
    if workers == 0 {
        return None;
    }
    let total: u128 = durations.iter().map(|&d| u128::from(d)).sum();
    let even = u64::try_from(total.div_ceil(workers as u128)).unwrap_or(u64::MAX);
    Some(durations.iter().copied().max().unwrap_or(0).max(even))
}

/// No run on this machine is shorter: the longest job, or all CPU time shared out evenly over the
/// cores that the workers can use.
///
/// `cpu_times` in nanoseconds of CPU time per job, `cores` the usable ones. Nanoseconds, rounded up;
/// 0 for no jobs. `None` without workers or cores.
pub fn cpu_bound(cpu_times: &[u64], workers: usize, cores: usize) -> Option<u64> {
    io_floor(cpu_times, workers.min(cores))
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
        assert_eq!(io_floor(&pages, 4), Some(100));
    }

    #[test]
    fn bounds_round_up_do_not_overflow_and_need_workers_and_cores() {
        assert_eq!(io_floor(&[5, 3, 4, 2, 6], 2), Some(10));
        assert_eq!(io_floor(&[1, 1, 1], 2), Some(2));
        assert_eq!(io_floor(&[u64::MAX; 4], 2), Some(u64::MAX));
        assert_eq!(cpu_bound(&[10; 8], 8, 2), Some(40));
        assert_eq!(cpu_bound(&[10; 8], 2, 8), Some(40));
        assert_eq!(cpu_bound(&[70, 10], 2, 2), Some(70));
        assert_eq!(end(&[], 3), 0);
        assert_eq!(io_floor(&[], 3), Some(0));
        assert_eq!(list_scheduling(&[1], 0), None);
        assert_eq!(io_floor(&[1], 0), None);
        assert_eq!(cpu_bound(&[1], 4, 0), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn a_schedule_lies_between_the_floor_and_serial(
            durations in prop::collection::vec(0u64..1000, 1..40), workers in 1usize..10,
        ) {
            let schedule = list_scheduling(&durations, workers).unwrap();
            let makespan = makespan(&schedule);
            let floor = io_floor(&durations, workers).unwrap();
            prop_assert!(floor <= makespan);
            prop_assert!(makespan <= durations.iter().sum());
            // Graham's guarantee.
            prop_assert!(makespan < 2 * floor + 1);
            prop_assert!(schedule.iter().all(|job| job.end - job.start == durations[job.job]));
            prop_assert!(schedule.windows(2).all(|pair| pair[0].start <= pair[1].start));
        }
    }
}
