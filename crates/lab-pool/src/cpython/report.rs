//! What an interpreter says of a job, as the report that a worker in Rust would have made.

use super::message::Done;
use crate::jobs::{Amount, Job, JobError, Points, Report, readings_per_point};
use crate::trial::{JobReport, Trial};
use lab_data::burst::Recorder;
use lab_data::rows::Executor;

/// The report of one job of the trial: its answer checked, its samples reduced to spans. The error
/// says what is wrong with the message.
pub(super) fn job_report(trial: &Trial, done: Done, integers: &[u64]) -> Result<JobReport, String> {
    let number = done.job;
    let job = trial.job(number).ok_or_else(|| format!("there is no job {number}"))?;
    let recorder = recorder(trial, job, &done, integers)?;
    let is_task = trial.executor == Executor::Async && number < trial.jobs.len();
    if is_task == done.cpu_ns.is_some() {
        return Err(format!("job {number} has CPU time as a task, or none on a thread"));
    }
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
            cpu_ns: done.cpu_ns,
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
    check_times(done, times, calls)?;
    let core = |core: u64| u32::try_from(core).map_err(|_| format!("there is no core {core}"));
    let mut recorder = Recorder::new(trial.tracking.gap_ns);
    if trial.tracking.raw && job.amount() != Some(Amount::UntilStopped) {
        recorder = recorder.keep_samples(times.len());
    }
    let lot = match job {
        Job::Points(Points { additions, .. }) => readings_per_point(*additions) as usize,
        _ => usize::MAX,
    };
    for (reading, (&at_ns, &on)) in (1..).zip(times.iter().zip(cores)) {
        let on = core(on)?;
        if reading % lot == 0 {
            recorder.point(at_ns, || on);
        } else {
            recorder.sample(at_ns, || on);
        }
    }
    for &[start_ns, end_ns, on] in calls {
        if let Job::Echo(_) | Job::Beat(_) | Job::HandOver(_) = job {
            recorder.step(start_ns, end_ns, core(on)?);
        } else {
            recorder.call(start_ns, end_ns, core(on)?);
        }
    }
    Ok(recorder)
}

/// What a job did, it did after its start and before its end, one thing after another.
fn check_times(done: &Done, times: &[u64], calls: &[[u64; 3]]) -> Result<(), String> {
    let of_calls = calls.iter().flat_map(|&[start_ns, end_ns, _]| [start_ns, end_ns]);
    let in_order = |times: &mut dyn Iterator<Item = u64>| {
        [done.start_ns].into_iter().chain(times).chain([done.end_ns]).is_sorted()
    };
    if in_order(&mut times.iter().copied()) && in_order(&mut { of_calls }) {
        return Ok(());
    }
    Err(format!("job {} made progress backwards in time, or while it did not run", done.job))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Runtime;
    use crate::pool::tests::trial;

    fn done(samples: usize, calls: usize) -> Done {
        let (count, answer) = (Some(3), Some(3.into()));
        let cpu_ns = Some(0);
        Done { count, answer, samples, calls, cpu_ns, end_ns: 1_000_000, ..Done::default() }
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
        let timeless = Done { cpu_ns: None, ..done(0, 0) };
        for refused in [done(3, 0), done(usize::MAX, usize::MAX), neither, unknown, timeless] {
            assert!(report(Job::track(3), refused, &[1, 2, 3]).is_err());
        }
        // Backwards, before the start, after the end, and on a core that nobody has.
        for integers in [[10, 9, 11, 0, 0, 0], [1, 9, 11, 0, 0, 0], [7, 9, 21, 0, 0, 0]]
            .into_iter()
            .chain([[7, 9, 11, 0, 0, 1 << 32]])
        {
            let of_samples = Done { start_ns: 5, end_ns: 20, ..done(3, 0) };
            assert!(report(Job::track(3), of_samples, &integers).is_err(), "{integers:?}");
            let of_calls = Done { start_ns: 5, end_ns: 20, ..done(0, 2) };
            assert!(report(Job::hash(1, 2), of_calls, &integers).is_err(), "{integers:?}");
        }
        let wrong = Done { count: Some(2), ..done(0, 0) };
        let raised = Some("MemoryError: ".to_owned());
        let raised = Done { raised, answer: None, ..done(0, 0) };
        for (done, expected) in [
            (wrong, "wrong answer: expected 3 after 3 steps, got 3 after 2"),
            (raised, "it raised MemoryError: "),
        ] {
            let report = report(Job::track(3), done, &[]).unwrap();
            assert_eq!(report.error.as_deref(), Some(expected));
        }
    }
}
