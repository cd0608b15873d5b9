//! What cannot fit into memory is refused before anything is measured, with what it would take and
//! what there is.

use crate::measure::rig::ready::Ready;
use anyhow::{Result, ensure};
use lab_data::machine::free_memory_bytes;
use lab_data::rows::Executor;
use lab_pool::{Job, JobReport, Runtime};

/// A job's report with the worker and in order.
const BYTES_PER_REPORT: u64 = 2 * size_of::<JobReport>() as u64;
/// A thread has a stack of 2 MiB, of which it touches next to nothing: 1024 that did a small job
/// were seen to hold 10 kB each.
const BYTES_PER_THREAD: u64 = 16 << 10;
/// A worker process that has done a small job was seen to hold 3.6 MB.
const BYTES_PER_PROCESS: u64 = 4 << 20;
/// One of CPython 3.11 that was started by `spawn` was seen to hold 16.4 MB, by `fork` 12.8 MB.
const BYTES_PER_PYTHON_PROCESS: u64 = 16 << 20;
/// One of CPython 3.14, with its modules, was seen to hold 7.4 MB.
const BYTES_PER_INTERPRETER: u64 = 8 << 20;
/// A sample in the worker that took it, on its way through the pool, and in the report.
const BYTES_PER_SAMPLE: u64 = 8 + 16 + 8;

/// Refuses arms whose jobs, reports, workers and, if they are kept, samples would take more than half
/// of what is free.
pub(in crate::measure) fn check(arms: &[&Ready], keeps_samples: bool) -> Result<()> {
    check_against(arms, keeps_samples, free_memory_bytes().unwrap_or(u64::MAX))
}

fn check_against(arms: &[&Ready], keeps_samples: bool, free: u64) -> Result<()> {
    let jobs: u64 = arms.iter().map(|ready| ready.jobs.len() as u64).sum();
    // One trial at a time, while the jobs of all arms wait for theirs.
    let Some(most) = arms.iter().max_by_key(|ready| of_trial(ready)) else {
        return Ok(());
    };
    let needed = jobs.saturating_mul(size_of::<Job>() as u64).saturating_add(of_trial(most));
    // A job that is about memory is as large as it must be.
    let remedy = match of_jobs(most) > needed / 2 {
        true => "close other programs, or run it where more is free",
        false => "ask for fewer with --jobs or --workers",
    };
    ensure!(
        needed < free / 2,
        "{} with {} jobs, beside the jobs of all other arms, would take about {:.1} GB of memory, and \
         this machine has {:.1} GB free: {remedy}",
        most.arm.key(),
        most.jobs.len(),
        gigabytes(needed),
        gigabytes(free)
    );
    let samples = |ready: &&&Ready| {
        let readings = ready.jobs.iter().map(Job::readings);
        readings.fold(0, u64::saturating_add)
    };
    let samples = arms.iter().map(|ready| samples(&ready)).max().unwrap_or_default();
    let needed = samples.saturating_mul(BYTES_PER_SAMPLE);
    ensure!(
        !keeps_samples || needed < free / 2,
        "--raw would keep {samples} samples of a trial in memory, about {:.1} GB, and this machine \
         has {:.1} GB free: ask for less with --work or --job-time",
        gigabytes(needed),
        gigabytes(free)
    );
    Ok(())
}

fn of_trial(ready: &Ready) -> u64 {
    let per_worker = match (ready.arm.executor, ready.arm.runtime.parse()) {
        (Executor::Serial | Executor::Async, _) => 0,
        (Executor::Threads | Executor::Rayon, _) => BYTES_PER_THREAD,
        (Executor::Interpreters, _) => BYTES_PER_INTERPRETER,
        (Executor::Processes, Ok(Runtime::CPython(_))) => BYTES_PER_PYTHON_PROCESS,
        (Executor::Processes, _) => BYTES_PER_PROCESS,
    };
    let reports = (ready.jobs.len() as u64).saturating_mul(BYTES_PER_REPORT);
    let workers = u64::from(ready.arm.workers) * per_worker;
    reports.saturating_add(workers).saturating_add(of_jobs(ready))
}

/// What its jobs themselves take: those that run at the same time, each as much as the largest.
fn of_jobs(ready: &Ready) -> u64 {
    let largest = ready.jobs.iter().map(Job::bytes).max().unwrap_or_default();
    u64::from(ready.arm.workers).saturating_mul(largest)
}

fn gigabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e9
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arms::arm::{Setup, Workers, processes, serial};
    use crate::arms::runtime::Runtime;
    use lab_data::rows::Role;
    use lab_pool::jobs::costs::{Fork, Held};

    fn ready(workers: Workers, runtime: &str, job: Job) -> Ready {
        Ready {
            arm: workers.of_case(&Runtime { name: runtime.to_owned(), ..Runtime::rust() }, ""),
            jobs: vec![job; 1000],
            setup: Setup::default(),
            role: Role::Arm,
            has_gil: false,
        }
    }

    #[test]
    fn arms_are_refused_where_they_do_not_fit_and_only_there() {
        let small = ready(serial(), "rust", Job::add(0));
        let large = ready(processes(1000), "rust", Job::add(0));
        let python = ready(processes(1000), "cpython-3.11", Job::add(0));
        let raw = ready(serial(), "rust", Job::track(1_000_000));
        let held = Fork { held: Held::Bytes, bytes: 1 << 30 };
        let forking = ready(processes(1), "rust", Job::Fork(held));
        for (arms, raw, free, refusal) in [
            (vec![&small, &forking], false, 4e9, Some("2.2 GB of memory")),
            (vec![&small, &forking], false, 4e9, Some("run it where more is free")),
            (vec![&small, &forking], false, 5e9, None),
            (vec![&small, &large], false, 8e9, Some("4.2 GB of memory")),
            (vec![&small, &large], false, 10e9, None),
            (vec![&python], false, 30e9, Some("ask for fewer")),
            (vec![&python], false, 40e9, None),
            (vec![&raw], true, 30e9, Some("--raw would keep 1000000000 samples")),
            (vec![&raw], false, 30e9, None),
            (vec![], true, 0.0, None),
        ] {
            let result = check_against(&arms, raw, free as u64);
            match refusal {
                None => assert!(result.is_ok(), "{result:?}"),
                Some(text) => {
                    let error = result.unwrap_err().to_string();
                    assert!(error.contains(text), "{error}");
                }
            }
        }
    }
}
