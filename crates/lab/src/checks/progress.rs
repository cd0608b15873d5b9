//! Whether the progress of a run is that of its jobs: a job makes progress, and reads the clock, while
//! it runs. Where in most trials it does not, the files are of two runs.

use super::REMEDY;
use super::compared::{Compared, HALF};
use anyhow::{Result, ensure};
use lab_record::rows::{JobRow, SpanRow};
use lab_record::samples::JobSamples;
use std::collections::HashMap;
use std::path::Path;

/// No span begins before its job, or ends after it.
pub(crate) fn check_spans(
    path: &Path,
    spans: &[SpanRow],
    jobs: &[JobRow],
) -> Result<Option<String>> {
    let jobs = by_number(jobs);
    let mut compared = Compared::default();
    for span in spans {
        let job = jobs.get(&(span.trial, span.job));
        let is_within = job.is_some_and(|job| ran_during(job, span.start_ns, span.end_ns));
        compared.add(span.trial, is_within);
    }
    compared.check(HALF, |of| {
        format!(
            "{}: spans of {of}, lie outside of the jobs in jobs.csv",
            path.display()
        )
    })
}

/// Readings belong to a job, and were made while it ran.
pub(crate) fn check_samples(
    path: &Path,
    samples: &[JobSamples],
    jobs: &[JobRow],
) -> Result<Option<String>> {
    let jobs = by_number(jobs);
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
        let ends = times.first().zip(times.last());
        let is_within = ends
            .zip(job)
            .is_none_or(|((first, last), job)| ran_during(job, *first, *last));
        compared.add(of.trial, is_within);
    }
    compared.check(HALF, |of| {
        format!(
            "{}: readings of {of}, were not made while the jobs in jobs.csv ran",
            path.display()
        )
    })
}

/// The jobs by the numbers of their trial and their own.
fn by_number(jobs: &[JobRow]) -> HashMap<(u32, u32), &JobRow> {
    jobs.iter().map(|job| ((job.trial, job.job), job)).collect()
}

/// Whether the job had begun at the first of two times, and not ended before the second. One that
/// failed may have no times of its own.
fn ran_during(job: &JobRow, first_ns: u64, last_ns: u64) -> bool {
    job.start_ns.is_none_or(|start| start <= first_ns)
        && job.end_ns.is_none_or(|end| last_ns <= end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_rows;
    use lab_record::burst::Sample;
    use lab_record::rows::TrialRow;

    /// A job, its trial's first, from 5 on.
    fn job(trial: u32, end_ns: u64) -> JobRow {
        let of = TrialRow {
            trial,
            ..test_rows::trial()
        };
        test_rows::job(&of, 0, 5, end_ns)
    }

    /// One of each of three trials, from 5 to 15, 25 and 35.
    fn jobs() -> Vec<JobRow> {
        (0..)
            .zip([15, 25, 35])
            .map(|(t, end)| job(t, end))
            .collect()
    }

    #[test]
    fn spans_of_another_run_lie_outside_of_their_jobs() {
        let path = Path::new("data/x/spans.csv");
        let check = |ends: [u64; 3]| {
            let spans = jobs().into_iter().zip(ends);
            let spans: Vec<SpanRow> = spans
                .map(|(job, end)| test_rows::span(&job, 5, end))
                .collect();
            check_spans(path, &spans, &jobs())
        };
        assert_eq!(check([15, 24, 35]).unwrap(), None);
        assert!(check([15, 26, 35]).unwrap().is_some());
        let refused = check([16, 26, 35]).unwrap_err().to_string();
        assert!(
            refused.starts_with("data/x/spans.csv: spans of 2 of 3 trials, of trial 0 first"),
            "{refused}"
        );
        let orphan = test_rows::span(&job(1, 15), 5, 15);
        let told = check_spans(path, &[orphan], &[job(0, 15)]).unwrap();
        assert!(told.is_some());
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
        assert_eq!(check(0, [15, 24, 5]).unwrap(), None);
        let told = check(0, [15, 24, 36]).unwrap().unwrap();
        assert!(
            told.starts_with("data/x/samples.csv: readings of 1 of 3 trials, of trial 2 first"),
            "{told}"
        );
        let refused = check(0, [15, 26, 36]).unwrap_err().to_string();
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
