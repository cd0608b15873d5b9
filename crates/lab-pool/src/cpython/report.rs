//! What an interpreter says of a job, as the report that a worker in Rust would have made.

use super::message::Done;
use crate::jobs::{Amount, Job, JobError, Points, Report, readings_per_point};
use crate::trial::{JobReport, Trial};
use lab_data::burst::Recorder;

/// The report of one job of the trial: its answer checked, its samples reduced to spans. The error
/// says what is wrong with the message.
pub(super) fn job_report(trial: &Trial, done: Done, integers: &[u64]) -> Result<JobReport, String> {
    let number = done.job;
    let job = trial.job(number).ok_or_else(|| format!("there is no job {number}"))?;
    let recorder = recorder(trial, job, &done, integers)?;
    let outcome = match (job, done.count, done.answer, done.fault, done.raised) {
        // A page is compared with what is known of it, as a loader in Rust does before it answers.
        (Job::Page(request), Some(count), Some(answer), None, None) => {
            let got = answer.to_string().parse();
            let got = got.map_err(|error| format!("{error}"))?;
            let checked = request.check_answer(got);
            let checked = checked.map_err(|cause| JobError::new(request.error(cause)));
            checked.map(|_| (count, answer))
        }
        (_, Some(count), Some(answer), None, None) => Ok((count, answer)),
        (Job::Page(request), _, _, Some(cause), _) => Err(JobError::new(request.error(cause))),
        (_, _, _, None, Some(what)) => Err(JobError::new(format_args!("it raised {what}"))),
        _ => return Err(format!("job {number} has neither answer nor fault")),
    };
    Ok(JobReport {
        job: number,
        worker: done.worker,
        submitted_ns: done.submitted_ns,
        report: Report {
            cpu_ns: Some(done.cpu_ns),
            ..Report::new(job, done.start_ns, done.end_ns, outcome, recorder)
        },
    })
}

/// All that the job recorded, through the same recorder as everywhere.
fn recorder(trial: &Trial, job: &Job, done: &Done, integers: &[u64]) -> Result<Recorder, String> {
    let parts = integers
        .split_at_checked(done.samples)
        .and_then(|(times, rest)| Some((times, rest.split_at_checked(done.samples)?)));
    let parts = parts.map(|(times, (cores, calls))| (times, cores, calls.as_chunks::<3>()));
    let Some((times, cores, (calls, []))) = parts.filter(|(_, _, (c, _))| c.len() == done.calls)
    else {
        return Err(format!(
            "it announced {} samples and {} calls and sent {} integers",
            done.samples,
            done.calls,
            integers.len()
        ));
    };
    let mut recorder = Recorder::new(trial.tracking.gap_ns);
    if trial.tracking.raw && job.amount() != Some(Amount::UntilStopped) {
        recorder = recorder.keep_samples(times.len());
    }
    let lot = match job {
        Job::Points(Points { additions, .. }) => readings_per_point(*additions) as usize,
        _ => usize::MAX,
    };
    for (reading, (&at_ns, &core)) in (1..).zip(times.iter().zip(cores)) {
        if reading % lot == 0 {
            recorder.point(at_ns, || core as u32);
        } else {
            recorder.sample(at_ns, || core as u32);
        }
    }
    for &[start_ns, end_ns, core] in calls {
        if let Job::Echo(_) = job {
            recorder.step(start_ns, end_ns, core as u32);
        } else {
            recorder.call(start_ns, end_ns, core as u32);
        }
    }
    Ok(recorder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Runtime;
    use crate::pool::tests::trial;
    use lab_data::rows::Executor;

    fn done(samples: usize, calls: usize) -> Done {
        Done { count: Some(3), answer: Some(3.into()), samples, calls, ..Done::default() }
    }

    fn report(job: Job, done: Done, integers: &[u64]) -> Result<Report, String> {
        let runtime = Runtime::CPython("cpython-3.8".to_owned());
        let trial = trial(runtime, Executor::Threads, 1, vec![job]);
        job_report(&trial, done, integers).map(|report| report.report)
    }

    #[test]
    fn samples_and_calls_become_spans() {
        for (job, samples, calls, integers, expected) in [
            (
                Job::track(3),
                3,
                0,
                &[10, 11, 100_000, 1, 1, 0][..],
                &[(10, 11, 1), (100_000, 100_000, 0)][..],
            ),
            // A span ends at every point.
            (Job::points(2, 6), 4, 0, &[10, 20, 21, 30, 0, 0, 0, 0], &[(10, 20, 0), (21, 30, 0)]),
            (
                Job::hash(1, 2),
                0,
                2,
                &[10, 500_000, 1, 600_000, 700_000, 0],
                &[(10, 500_000, 1), (600_000, 700_000, 0)],
            ),
        ] {
            let report = report(job, done(samples, calls), integers).unwrap();
            let spans = report.spans.iter();
            let spans: Vec<_> = spans.map(|s| (s.start_ns, s.end_ns, s.core)).collect();
            assert_eq!(spans, expected);
        }
    }

    #[test]
    fn what_does_not_add_up_is_refused_and_what_is_wrong_is_an_error_of_the_job() {
        let neither = Done { answer: None, ..done(0, 0) };
        let unknown = Done { job: 9, ..done(0, 0) };
        for refused in [done(3, 0), done(usize::MAX, usize::MAX), neither, unknown] {
            assert!(report(Job::track(3), refused, &[1, 2, 3]).is_err());
        }
        let wrong = Done { count: Some(2), ..done(0, 0) };
        let raised = Done { raised: Some("MemoryError: ".to_owned()), ..Done::default() };
        for (done, expected) in [
            (wrong, "wrong answer: expected 3 after 3 steps, got 3 after 2"),
            (raised, "it raised MemoryError: "),
        ] {
            let report = report(Job::track(3), done, &[]).unwrap();
            assert_eq!(report.error.as_deref(), Some(expected));
        }
    }
}
