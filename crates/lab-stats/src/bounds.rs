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
        schedule.push(Assigned {
            job,
            worker,
            start,
            end,
        });
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
/// `cpu_times` in nanoseconds of CPU time a job, `cores` the usable ones. Nanoseconds, rounded up;
/// 0 for no jobs. `None` without workers or cores.
pub fn cpu_bound(cpu_times: &[u64], workers: usize, cores: usize) -> Option<u64> {
    io_floor(cpu_times, workers.min(cores))
}
