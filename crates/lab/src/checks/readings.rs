//! Whether the readings of the clock are those of the jobs.

use super::REMEDY;
use super::compared::{Compared, HALF};
use anyhow::{Result, ensure};
use lab_record::rows::JobRow;
use lab_record::samples::JobSamples;
use std::collections::HashMap;
use std::path::Path;

/// Readings belong to a job, and were made while it ran. Where those of most trials were not, the files
/// are of two runs.
pub(crate) fn check_samples(
    path: &Path,
    samples: &[JobSamples],
    jobs: &[JobRow],
) -> Result<Option<String>> {
    let jobs: HashMap<(u32, u32), &JobRow> =
        jobs.iter().map(|job| ((job.trial, job.job), job)).collect();
    let mut compared = Compared::default();
    for of in samples {
        let job = jobs.get(&(of.trial, of.job));
        ensure!(
            job.is_some(),
            "{}: has readings of job {} of trial {}, and jobs.csv has no such job; {REMEDY}",
            path.display(),
            of.job,
            of.trial
        );
        let times = of.samples.times_ns();
        let is_within = times
            .first()
            .zip(times.last())
            .zip(job)
            .is_none_or(|(ends, job)| {
                let (first, last) = ends;
                job.start_ns.is_none_or(|start| start <= *first)
                    && job.end_ns.is_none_or(|end| *last <= end)
            });
        compared.add(of.trial, is_within);
    }
    compared.check(HALF, |of| {
        format!(
            "{}: readings of {of}, were not made while the jobs in jobs.csv ran",
            path.display()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_rows::{self, trial};
    use lab_record::burst::Sample;
    use lab_record::rows::TrialRow;

    /// A job of each of three trials, from 5 to 15.
    fn jobs() -> Vec<JobRow> {
        let of = |number| TrialRow {
            trial: number,
            ..trial()
        };
        (0..3).map(|t| test_rows::job(&of(t), 0, 5, 15)).collect()
    }

    /// Their readings, two each.
    fn check(number: u32, ends: [u64; 3]) -> Result<Option<String>> {
        let of = |(trial, last): (u32, u64)| JobSamples {
            trial,
            job: number,
            samples: [5, last]
                .map(|at_ns| Sample { at_ns, core: 0 })
                .into_iter()
                .collect(),
        };
        let samples: Vec<JobSamples> = (0..).zip(ends).map(of).collect();
        check_samples(Path::new("data/x/samples.csv"), &samples, &jobs())
    }

    #[test]
    fn readings_of_another_run_were_not_made_while_the_jobs_ran() {
        assert_eq!(check(0, [15, 14, 5]).unwrap(), None);
        let told = check(0, [15, 14, 16]).unwrap().unwrap();
        assert!(
            told.starts_with("data/x/samples.csv: readings of 1 of 3 trials, of trial 2 first"),
            "{told}"
        );
        let refused = check(0, [15, 16, 16]).unwrap_err().to_string();
        assert!(refused.contains("readings of 2 of 3 trials"), "{refused}");
        assert!(refused.contains("of different runs"), "{refused}");
    }

    #[test]
    fn readings_of_a_job_that_is_not_there_are_refused() {
        let refused = check(1, [15, 15, 15]).unwrap_err().to_string();
        assert!(
            refused.contains("readings of job 1 of trial 0, and jobs.csv has no such job"),
            "{refused}"
        );
    }
}
