//! Whether the files of a run are all of it: rows of two runs can fit one another by number and
//! name, and their times do not.

use super::REMEDY;
use crate::noise::noise_of;
use anyhow::{Result, ensure};
use lab_record::rows::{JobRow, RequestRow, TrialRow};
use lab_record::run::{Noise, RunInfo};
use std::collections::BTreeMap;
use std::path::Path;

/// What `run.json` says of others' share is what the judged trials give.
pub(crate) fn check_noise(folder: &Path, info: &RunInfo, trials: &[TrialRow]) -> Result<()> {
    let Some(said) = info.noise else {
        return Ok(());
    };
    let found = noise_of(trials, info.machine.cores.logical);
    let alike = |a: Option<f64>, b: Option<f64>| match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() < 1e-6,
        (a, b) => a == b,
    };
    let words = |noise: Noise| {
        let percent = |share: Option<f64>| {
            share.map_or("unknown".to_owned(), |share| {
                format!("{:.2} %", 100.0 * share)
            })
        };
        let [others, steal] = [noise.others_share, noise.steal_share].map(percent);
        format!("{others} and {steal}")
    };
    ensure!(
        alike(said.others_share, found.others_share) && alike(said.steal_share, found.steal_share),
        "{} says that other programs and the hypervisor had {} of the machine, and trials.csv gives \
         {}; {REMEDY}",
        folder.join("run.json").display(),
        words(said),
        words(found)
    );
    Ok(())
}

/// From the first start to the last end of a trial's jobs, it is as long as the trial says. Where it
/// is not, rows are of another run with the same seed, or somebody edited them, as one may to see
/// how a rule works: what to say of it.
pub(crate) fn check_windows(folder: &Path, jobs: &[JobRow], trials: &[TrialRow]) -> Option<String> {
    let mut windows: BTreeMap<u32, (u64, u64)> = BTreeMap::new();
    for job in jobs {
        let is_measured = |trial: &&TrialRow| job.job < trial.jobs;
        let trial = trials.get(job.trial as usize).filter(is_measured);
        if let Some(((_, start), end)) = trial.zip(job.start_ns).zip(job.end_ns) {
            let (first, last) = windows.entry(job.trial).or_insert((start, end));
            (*first, *last) = (start.min(*first), end.max(*last));
        }
    }
    let differs = |(number, (first, last)): &(&u32, &(u64, u64))| {
        let trial = trials.get(**number as usize);
        trial
            .and_then(|trial| trial.window_ns)
            .is_some_and(|ns| ns != last.saturating_sub(*first))
    };
    let differing: Vec<u32> = windows
        .iter()
        .filter(differs)
        .map(|(trial, _)| *trial)
        .collect();
    let first = differing.first()?;
    Some(format!(
        "{}: the jobs of {} of {} trials last longer or shorter than trials.csv says, those of trial \
         {first} first; one of the two was edited, or is of another run",
        folder.join("jobs.csv").display(),
        differing.len(),
        windows.len()
    ))
}

/// Every request belongs to a trial, and to its block.
pub(crate) fn check_requests(
    path: &Path,
    requests: &[RequestRow],
    trials: &[TrialRow],
) -> Result<()> {
    for (number, request) in requests.iter().enumerate() {
        let trial = trials.get(request.trial as usize);
        ensure!(
            trial.is_some_and(|trial| trial.block == request.block),
            "{}, line {}: trials.csv has no trial {} in block {}; {REMEDY}",
            path.display(),
            number + 2,
            request.trial,
            request.block
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::tests::{empty, trial};
    use lab_record::rows::Executor;

    fn job(trial: u32, start_ns: u64, end_ns: u64) -> JobRow {
        JobRow {
            trial,
            block: 1,
            runtime: "rust".to_owned(),
            executor: Executor::Serial,
            workers: 1,
            case: String::new(),
            job: 0,
            worker: Some(0),
            submitted_ns: 0,
            start_ns: Some(start_ns),
            end_ns: Some(end_ns),
            cpu_ns: None,
            count: None,
            answer: String::new(),
            outcome: "ok".to_owned(),
        }
    }

    /// Three trials whose windows are 10, 20 and 30 long.
    fn trials() -> Vec<TrialRow> {
        let windows = [10, 20, 30].map(|ns| TrialRow {
            window_ns: Some(ns),
            closed_ns: Some(1_000_000_000),
            others_cpu_ns: Some(100_000_000),
            steal_ns: Some(0),
            ..trial()
        });
        windows.into()
    }

    #[test]
    fn jobs_of_another_run_do_not_last_as_long_as_the_trials_say() {
        let check = |ends: [u64; 3]| {
            let jobs: Vec<JobRow> = (0..).zip(ends).map(|(t, end)| job(t, 5, end)).collect();
            check_windows(Path::new("data/x"), &jobs, &trials())
        };
        assert_eq!(check([15, 25, 35]), None);
        let told = check([15, 26, 36]).unwrap();
        assert!(
            told.starts_with("data/x/jobs.csv: the jobs of 2 of 3 trials"),
            "{told}"
        );
        assert!(told.contains("those of trial 1 first"), "{told}");
    }

    #[test]
    fn jobs_in_the_background_are_not_of_the_window() {
        let beside = JobRow {
            job: 1,
            ..job(0, 0, 99)
        };
        let jobs = [job(0, 5, 15), beside];
        assert_eq!(check_windows(Path::new("x"), &jobs, &trials()), None);
    }

    #[test]
    fn others_had_what_the_trials_say_they_had() {
        let check = |others_share: Option<f64>| {
            let mut info = empty().info;
            info.machine.cores.logical = 2;
            info.noise = Some(Noise {
                others_share,
                steal_share: Some(0.0),
            });
            check_noise(Path::new("data/x"), &info, &trials())
        };
        // 300 ms of one second, since the three began at once.
        assert!(check(Some(0.15)).is_ok());
        assert!(check(None).is_err());
        let error = check(Some(0.02)).unwrap_err().to_string();
        assert!(
            error.contains("had 2.00 % and 0.00 % of the machine"),
            "{error}"
        );
        assert!(error.contains("gives 15.00 % and 0.00 %"), "{error}");
    }

    #[test]
    fn a_request_of_a_trial_that_is_not_there_is_named_with_its_line() {
        let request = |trial: u32, block: u32| RequestRow {
            trial,
            block,
            path: "/0".to_owned(),
            accepted_ns: 1,
            service_ns: 1,
            status: Some(200),
            bytes: 1,
            aborted: false,
        };
        let check = |rows: &[RequestRow]| check_requests(Path::new("r.csv"), rows, &trials());
        assert!(check(&[request(2, 1)]).is_ok());
        for wrong in [request(3, 1), request(0, 2)] {
            let error = check(&[request(0, 1), wrong]).unwrap_err().to_string();
            assert!(
                error.starts_with("r.csv, line 3: trials.csv has no trial"),
                "{error}"
            );
        }
    }
}
