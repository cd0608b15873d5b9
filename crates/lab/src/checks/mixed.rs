//! Whether the files of a run are all of it: rows of two runs can fit one another by number and
//! name, and their times do not.

use super::REMEDY;
use super::compared::{ALL, Compared, EDITED, HALF};
use crate::noise::noise_of;
use anyhow::{Result, ensure};
use lab_record::rows::{JobRow, TrialRow};
use lab_record::run::{Noise, RunInfo};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What `run.json` says of others' share is what the judged trials give; else what to say of it.
pub(crate) fn check_noise(folder: &Path, info: &RunInfo, trials: &[TrialRow]) -> Option<String> {
    let said = info.noise?;
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
    let is_alike =
        alike(said.others_share, found.others_share) && alike(said.steal_share, found.steal_share);
    (!is_alike).then(|| {
        format!(
            "{} says that other programs and the hypervisor had {} of the machine, and trials.csv \
             gives {}; {EDITED}",
            folder.join("run.json").display(),
            words(said),
            words(found)
        )
    })
}

/// From the first start to the last end of each trial's jobs, those in the background aside.
pub(super) fn windows(jobs: &[JobRow], trials: &[TrialRow]) -> BTreeMap<u32, (u64, u64)> {
    let mut windows: BTreeMap<u32, (u64, u64)> = BTreeMap::new();
    for job in jobs {
        let is_measured = |trial: &&TrialRow| job.job < trial.jobs;
        let trial = trials.get(job.trial as usize).filter(is_measured);
        if let Some(((_, start), end)) = trial.zip(job.start_ns).zip(job.end_ns) {
            let (first, last) = windows.entry(job.trial).or_insert((start, end));
            (*first, *last) = (start.min(*first), end.max(*last));
        }
    }
    windows
}

/// A trial's jobs are as long as the trial says. No job stands twice. Where most are not and some end
/// after their pool was closed, the files are of two runs; times that somebody made up do not.
pub(crate) fn check_windows(
    folder: &Path,
    jobs: &[JobRow],
    trials: &[TrialRow],
) -> Result<Option<String>> {
    let path = folder.join("jobs.csv");
    let mut seen = BTreeSet::new();
    for (job, line) in jobs.iter().zip(2..) {
        ensure!(
            seen.insert((job.trial, job.job)),
            "{}, line {line}: job {} of trial {} stands twice; {REMEDY}",
            path.display(),
            job.job,
            job.trial
        );
    }
    let mut compared = Compared::default();
    let mut ends_too_late = false;
    for (number, (first, last)) in windows(jobs, trials) {
        let trial = trials.get(number as usize);
        if let Some(ns) = trial.and_then(|trial| trial.window_ns) {
            compared.add(number, ns == last.saturating_sub(first));
        }
        let closed = trial.and_then(|trial| trial.closed_ns);
        ends_too_late |= closed.is_some_and(|closed| last > closed);
    }
    let most = if ends_too_late { HALF } else { ALL };
    compared.check(most, |of| {
        format!(
            "{}: the jobs of {of}, last longer or shorter than trials.csv says",
            path.display()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::tests::empty;
    use crate::test_rows::{self, trial};

    fn job(trial: u32, start_ns: u64, end_ns: u64) -> JobRow {
        let of = TrialRow {
            trial,
            ..test_rows::trial()
        };
        test_rows::job(&of, 0, start_ns, end_ns)
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

    fn jobs(ends: [u64; 3]) -> Vec<JobRow> {
        (0..).zip(ends).map(|(t, end)| job(t, 5, end)).collect()
    }

    #[test]
    fn jobs_of_another_run_do_not_last_as_long_as_the_trials_say() {
        let check = |ends: [u64; 3]| check_windows(Path::new("data/x"), &jobs(ends), &trials());
        assert_eq!(check([15, 25, 35]).unwrap(), None);
        let told = check([15, 25, 36]).unwrap().unwrap();
        assert!(
            told.starts_with("data/x/jobs.csv: the jobs of 1 of 3 trials, of trial 2 first"),
            "{told}"
        );
        assert!(told.ends_with("was edited, or is of another run"), "{told}");
        let made_up = check([16, 26, 36]).unwrap().unwrap();
        assert!(made_up.contains("the jobs of 3 of 3 trials"), "{made_up}");
        let refused = check([15, 26, 1_000_000_001]).unwrap_err().to_string();
        assert!(
            refused.starts_with("data/x/jobs.csv: the jobs of 2 of 3 trials, of trial 1 first"),
            "{refused}"
        );
        assert!(refused.contains("of different runs"), "{refused}");
    }

    #[test]
    fn a_job_that_stands_twice_is_refused_with_its_line() {
        let twice = [job(0, 5, 15), job(1, 5, 25), job(0, 5, 15)];
        let refused = check_windows(Path::new("data/x"), &twice, &trials()).unwrap_err();
        let refused = refused.to_string();
        assert!(
            refused.starts_with("data/x/jobs.csv, line 4: job 0 of trial 0 stands twice"),
            "{refused}"
        );
    }

    #[test]
    fn jobs_in_the_background_are_not_of_the_window() {
        let beside = JobRow {
            job: 1,
            ..job(0, 0, 99)
        };
        let jobs = [job(0, 5, 15), beside];
        let told = check_windows(Path::new("x"), &jobs, &trials()).unwrap();
        assert_eq!(told, None);
    }

    #[test]
    fn others_had_what_the_trials_say_they_had() {
        let check = |others_share: Option<f64>, steal: f64| {
            let mut info = empty().info;
            info.machine.cores.logical = 2;
            info.noise = Some(Noise {
                others_share,
                steal_share: Some(steal),
            });
            check_noise(Path::new("data/x"), &info, &trials())
        };
        // 300 ms of one second, since the three began at once.
        assert_eq!(check(Some(0.15), 0.0), None);
        assert!(check(None, 0.0).is_some());
        assert!(check(Some(0.15), 0.1).is_some());
        let told = check(Some(0.02), 0.0).unwrap();
        assert!(
            told.contains("had 2.00 % and 0.00 % of the machine"),
            "{told}"
        );
        assert!(
            told.contains("gives 15.00 % and 0.00 %; one of the two was edited"),
            "{told}"
        );
    }
}
