//! What an interpreter says of a job, as the report that a worker in Rust would have made.

use super::message::{Done, Fault};
use crate::trial::{JobReport, Trial};
use lab_jobs::{Amount, Job, JobError, Report, readings_a_point};
use lab_record::burst::Recorder;

const CALL_INTEGERS: usize = 3;

/// The report of one job of the trial: its answer checked, its samples reduced to spans. The error
/// says what is wrong with the message.
pub(super) fn job_report(trial: &Trial, done: Done, integers: &[u64]) -> Result<JobReport, String> {
    let job = trial
        .job(done.job)
        .ok_or_else(|| format!("there is no job {}", done.job))?;
    let recorder = recorder(trial, job, &done, integers)?;
    let checked = match (done.count, done.answer, done.fault) {
        (Some(count), Some(answer), None) => {
            page_as_expected(job, &answer).map(|()| (count, answer.into()))
        }
        (_, _, Some(fault)) => Err(failure(job, fault)),
        _ => return Err(format!("job {} has neither answer nor fault", done.job)),
    };
    Ok(JobReport {
        job: done.job,
        worker: done.worker,
        submitted_ns: done.submitted_ns,
        report: Report {
            cpu_ns: Some(done.cpu_ns),
            ..Report::new(job, done.start_ns, done.end_ns, checked, recorder)
        },
    })
}

/// All that the job recorded, through the same recorder as everywhere.
fn recorder(trial: &Trial, job: &Job, done: &Done, integers: &[u64]) -> Result<Recorder, String> {
    let sent = || {
        format!(
            "it announced {} samples and {} calls and sent {} integers",
            done.samples,
            done.calls,
            integers.len()
        )
    };
    let calls = done.calls.checked_mul(CALL_INTEGERS).ok_or_else(sent)?;
    let expected = done
        .samples
        .checked_mul(2)
        .and_then(|n| n.checked_add(calls));
    if expected != Some(integers.len()) {
        return Err(sent());
    }
    let (times, rest) = integers.split_at(done.samples);
    let (cores, calls) = rest.split_at(done.samples);
    let mut recorder = Recorder::new(trial.tracking.gap_ns);
    if trial.tracking.raw && job.amount() != Some(Amount::UntilStopped) {
        recorder = recorder.keep_samples(times.len());
    }
    let lot = match job {
        Job::Points { additions, .. } => readings_a_point(*additions) as usize,
        _ => usize::MAX,
    };
    for (reading, (&at_ns, &core)) in (1..).zip(times.iter().zip(cores)) {
        match reading % lot {
            0 => recorder.point(at_ns, || core as u32),
            _ => recorder.sample(at_ns, || core as u32),
        }
    }
    let (calls, _) = calls.as_chunks::<CALL_INTEGERS>();
    for &[start_ns, end_ns, core] in calls {
        match job {
            Job::Echo { .. } => recorder.step(start_ns, end_ns, core as u32),
            _ => recorder.call(start_ns, end_ns, core as u32),
        }
    }
    Ok(recorder)
}

/// A page is compared with what is known of it, as a loader in Rust does before it answers.
fn page_as_expected(job: &Job, answer: &str) -> Result<(), JobError> {
    let Job::Page(request) = job else {
        return Ok(());
    };
    let got = answer.parse().map_err(|_| JobError::WrongAnswer {
        expected: "status, length and sum of a page".to_owned(),
        got: answer.to_owned(),
    })?;
    match request.check_answer(got) {
        Ok(_) => Ok(()),
        Err(cause) => Err(request.error(cause).into()),
    }
}

fn failure(job: &Job, fault: Fault) -> JobError {
    let raised = match (job, fault) {
        (Job::Page(request), fault) => match fault.cause(request) {
            Ok(cause) => return request.error(cause).into(),
            Err(what) => what,
        },
        (_, Fault::Raised(what)) => what,
        (_, fault) => format!("{fault:?}"),
    };
    JobError::Raised(raised)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Runtime;
    use crate::pool::tests::trial;
    use lab_record::rows::Executor;

    fn done(samples: usize, calls: usize) -> Done {
        Done {
            job: 0,
            worker: 1,
            submitted_ns: 5,
            start_ns: 10,
            end_ns: 20,
            cpu_ns: 7,
            count: Some(3),
            answer: Some("3".to_owned()),
            fault: None,
            samples,
            calls,
        }
    }

    fn report(done: Done, integers: &[u64]) -> Result<JobReport, String> {
        let runtime = Runtime::CPython("cpython-3.8".to_owned());
        let trial = trial(runtime, Executor::Threads, 1, vec![Job::track(3)]);
        job_report(&trial, done, integers)
    }

    #[test]
    fn samples_become_spans() {
        let report = report(done(3, 0), &[10, 11, 100_000, 0, 0, 0]).unwrap();
        assert_eq!(report.report.error, None);
        assert_eq!(report.report.spans.len(), 2);
        assert_eq!(report.report.spans[0].samples, 2);
    }

    #[test]
    fn a_span_ends_at_every_point() {
        let runtime = Runtime::CPython("cpython-3.8".to_owned());
        let points = Job::Points {
            points: 2,
            additions: 3,
        };
        let trial = trial(runtime, Executor::Threads, 1, vec![points]);
        let report = job_report(&trial, done(4, 0), &[10, 20, 21, 30, 0, 0, 0, 0]).unwrap();
        let spans = report.report.spans.iter();
        let ends: Vec<_> = spans.map(|span| (span.start_ns, span.end_ns)).collect();
        assert_eq!(ends, [(10, 20), (21, 30)]);
    }

    #[test]
    fn calls_become_spans_with_their_core() {
        let report = report(done(0, 2), &[10, 500_000, 1, 600_000, 700_000, 0]).unwrap();
        let spans: Vec<_> = report
            .report
            .spans
            .iter()
            .map(|span| (span.start_ns, span.end_ns, span.core))
            .collect();
        assert_eq!(spans, [(10, 500_000, 1), (600_000, 700_000, 0)]);
    }

    #[test]
    fn what_does_not_add_up_is_refused() {
        assert!(report(done(3, 0), &[1, 2, 3]).is_err());
        assert!(report(done(usize::MAX, usize::MAX), &[]).is_err());
        let neither = Done {
            answer: None,
            ..done(0, 0)
        };
        assert!(report(neither, &[]).is_err());
        assert!(
            report(
                Done {
                    job: 9,
                    ..done(0, 0)
                },
                &[]
            )
            .is_err()
        );
    }

    #[test]
    fn a_wrong_answer_and_a_fault_are_errors_of_the_job() {
        let wrong = Done {
            count: Some(2),
            answer: Some("2".to_owned()),
            ..done(0, 0)
        };
        assert!(report(wrong, &[]).unwrap().report.error.is_some());
        let failed = Done {
            count: None,
            answer: None,
            fault: Some(Fault::Raised("MemoryError: ".to_owned())),
            ..done(0, 0)
        };
        assert_eq!(
            report(failed, &[]).unwrap().report.error.as_deref(),
            Some("it raised MemoryError: ")
        );
    }
}
