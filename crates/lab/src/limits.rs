//! What cannot fit into memory is refused before anything is measured, with what it would take and
//! what there is.

use crate::arm::Arm;
use anyhow::{Result, ensure};
use lab_jobs::Job;
use lab_pool::{JobReport, Runtime};
use lab_record::machine::free_memory_bytes;
use lab_record::rows::Executor;

/// The most workers that can be asked for.
const MOST_WORKERS: u32 = 1024;
/// The most jobs that can be asked for.
const MOST_JOBS: u32 = 1_000_000;
/// A job as it stands in an arm, and its report with the worker and in order.
const BYTES_A_JOB: u64 = size_of::<Job>() as u64 + BYTES_A_REPORT;
const BYTES_A_REPORT: u64 = 2 * size_of::<JobReport>() as u64;
/// A thread has a stack of 2 MiB, of which it touches next to nothing: 1024 that did a small job
/// were seen to hold 10 kB each.
const BYTES_A_THREAD: u64 = 16 << 10;
/// A worker process that has done a small job was seen to hold 3.6 MB.
const BYTES_A_PROCESS: u64 = 4 << 20;
/// One of CPython 3.11 that was started by `spawn` was seen to hold 16.4 MB, by `fork` 12.8 MB.
const BYTES_A_PYTHON_PROCESS: u64 = 16 << 20;

/// Reads a number of jobs.
pub(crate) fn parse_jobs(text: &str) -> Result<u32, String> {
    at_most(MOST_JOBS, "jobs", "their reports", text, BYTES_A_JOB)
}

/// Reads a number of workers.
pub(crate) fn parse_workers(text: &str) -> Result<u32, String> {
    at_most(
        MOST_WORKERS,
        "workers",
        "as processes they",
        text,
        BYTES_A_PROCESS,
    )
}

fn at_most(
    most: u32,
    things: &str,
    what: &str,
    text: &str,
    bytes_each: u64,
) -> Result<u32, String> {
    let number: u128 = text.parse().map_err(|_| {
        format!("it is no whole number; the number of {things} must be in 1..={most}")
    })?;
    match u32::try_from(number) {
        Ok(number) if (1..=most).contains(&number) => return Ok(number),
        Ok(0) => return Err(format!("0 is not in 1..={most}")),
        _ => {}
    }
    let free = match free_memory_bytes() {
        Some(free) => format!(", and this machine has {:.1} GB free", gigabytes(free)),
        None => String::new(),
    };
    Err(format!(
        "{number} is not in 1..={most}; {what} would take about {:.1} GB of memory{free}",
        number as f64 * bytes_each as f64 / 1e9
    ))
}

/// Refuses arms whose jobs, reports and workers would take more than half of what is free.
pub(crate) fn check(arms: &[Arm]) -> Result<()> {
    check_against(arms, free_memory_bytes().unwrap_or(u64::MAX))
}

fn check_against(arms: &[Arm], free: u64) -> Result<()> {
    let jobs: u64 = arms.iter().map(|arm| arm.jobs.len() as u64).sum();
    // One trial at a time, while the jobs of all arms wait for theirs.
    let most = arms.iter().max_by_key(|arm| of_a_trial(arm));
    let Some(most) = most else {
        return Ok(());
    };
    let needed = jobs
        .saturating_mul(size_of::<Job>() as u64)
        .saturating_add(of_a_trial(most));
    ensure!(
        needed < free / 2,
        "{} with {} jobs, beside the jobs of all other arms, would take about {:.1} GB of memory, and \
         this machine has {:.1} GB free: ask for fewer with --jobs or --workers",
        most.id,
        most.jobs.len(),
        gigabytes(needed),
        gigabytes(free)
    );
    Ok(())
}

fn of_a_trial(arm: &Arm) -> u64 {
    let a_worker = match (arm.id.executor, arm.id.runtime.parse()) {
        (Executor::Serial | Executor::Async, _) => 0,
        (Executor::Threads | Executor::Rayon, _) => BYTES_A_THREAD,
        (Executor::Processes, Ok(Runtime::CPython(_))) => BYTES_A_PYTHON_PROCESS,
        (Executor::Processes, _) => BYTES_A_PROCESS,
    };
    let reports = (arm.jobs.len() as u64).saturating_mul(BYTES_A_REPORT);
    reports.saturating_add(u64::from(arm.id.workers) * a_worker)
}

fn gigabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e9
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arm::{processes, serial};

    #[test]
    fn what_no_machine_could_hold_is_refused_with_an_estimate() {
        let jobs = |text| parse_jobs(text).unwrap_err();
        let estimate = "is not in 1..=1000000; their reports would take about";
        assert!(jobs("10000000000").contains(estimate));
        assert!(jobs("99999999999999999999999").contains(estimate));
        assert!(jobs("many").starts_with("it is no whole number"));
        let workers = parse_workers("1000000").unwrap_err();
        assert!(workers.contains("is not in 1..=1024; as processes they would take about"));
        assert_eq!(parse_workers("0").unwrap_err(), "0 is not in 1..=1024");
        assert_eq!(parse_jobs("1000000"), Ok(1_000_000));
        assert_eq!(parse_workers("1024"), Ok(1024));
    }

    #[test]
    fn arms_are_refused_where_they_do_not_fit_and_only_there() {
        let jobs = vec![Job::add(0); 1000];
        let small = Arm::new(serial(), &jobs);
        let large = Arm::new(processes(1000), &jobs);
        let both = [small.clone(), large];
        let error = check_against(&both, 8_000_000_000).unwrap_err().to_string();
        assert!(error.contains("1000 jobs"), "{error}");
        assert!(error.contains("4.2 GB of memory"), "{error}");
        assert!(error.contains("8.0 GB free"), "{error}");
        assert!(check_against(&both, 10_000_000_000).is_ok());
        let python = [Arm::new(processes(1000).under("cpython-3.11"), &jobs)];
        assert!(check_against(&python, 30_000_000_000).is_err());
        assert!(check_against(&python, 40_000_000_000).is_ok());
        assert!(check_against(std::slice::from_ref(&small), 8_000_000_000).is_ok());
        assert!(check_against(&[], 0).is_ok());
    }

    #[test]
    fn the_jobs_of_all_arms_count_together() {
        let jobs = vec![Job::add(0); 1000];
        let arm = Arm::new(serial(), &jobs);
        let one = 1000 * (size_of::<Job>() as u64 + BYTES_A_REPORT);
        assert!(check_against(std::slice::from_ref(&arm), 2 * one + 2).is_ok());
        assert!(check_against(&[arm.clone(), arm.clone()], 2 * one + 2).is_err());
    }
}
