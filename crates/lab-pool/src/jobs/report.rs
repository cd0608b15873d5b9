//! Doing a job, and what the worker reports of it.

use super::Job;
use crate::work::{Answer, Done, Host, JobContext};
use lab_data::burst::{Recorder, Samples, Span};
use serde::{Deserialize, Serialize};

/// What a worker reports of a job. Times are in nanoseconds of [`lab_data::clock::now_ns`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// When the worker began it; of an echo, when it sent the first byte.
    pub start_ns: u64,
    /// When the worker ended it; of an echo, when it had the last answer.
    pub end_ns: u64,
    /// CPU time of the worker's thread in between, and of the command that it ran; none where several
    /// jobs share the thread, and for a job of less than 20 µs.
    pub cpu_ns: Option<u64>,
    /// Steps that were made: additions, samples, digests, bytes, round trips, increments.
    pub count: u64,
    /// The answer.
    pub answer: Answer,
    /// What went wrong, if something did: a job whose answer is wrong has failed.
    pub error: Option<String>,
    /// When and where it made progress, if it tracks that.
    #[serde(skip)]
    pub spans: Vec<Span>,
    /// Every reading of the clock, if asked for.
    #[serde(skip)]
    pub samples: Samples,
}

/// Does the job and checks its answer.
pub(crate) fn perform<H: Host>(job: &Job, context: &mut JobContext<H>) -> Report {
    let mut recorder = context.tracking.recorder(|| job.readings());
    context.command_cpu_ns = 0;
    let start_ns = context.meter.begin();
    let done = job.run(context, &mut recorder);
    let (end_ns, cpu_ns) = context.meter.end(start_ns);
    Report {
        cpu_ns: cpu_ns.map(|cpu_ns| cpu_ns + context.command_cpu_ns),
        ..Report::new(job, start_ns, end_ns, done, recorder)
    }
}

impl Report {
    /// What is reported of a job that ran from `start_ns` to `end_ns` and gave the count and
    /// answer in `done`, which are checked here.
    pub(crate) fn new(
        job: &Job,
        start_ns: u64,
        end_ns: u64,
        done: Done,
        recorder: Recorder,
    ) -> Report {
        let (count, answer, error) = match done {
            Ok((count, answer)) => {
                let error = job.check(count, &answer).err();
                (count, answer, error)
            }
            Err(error) => (0, Answer::default(), Some(error)),
        };
        let (spans, samples) = recorder.finish();
        let answers = spans.first().zip(spans.last()).filter(|_| matches!(job, Job::Echo(_)));
        // Connecting and hanging up are no part of an answer. Beside a thread that computes they can take
        // as long as many answers together.
        let (start_ns, end_ns) =
            answers.map_or((start_ns, end_ns), |(first, last)| (first.start_ns, last.end_ns));
        Report {
            start_ns,
            end_ns,
            cpu_ns: None,
            count,
            answer,
            error: error.map(|error| error.to_string()),
            spans,
            samples,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_an_echo_is_that_of_its_answers() {
        let ran = |job: &Job, answers: &[(u64, u64)]| {
            let mut recorder = Recorder::new(1_000);
            for &(start_ns, end_ns) in answers {
                recorder.step(start_ns, end_ns, 0);
            }
            let count = answers.len() as u64;
            let report = Report::new(job, 100, 9_000, Ok((count, count.into())), recorder);
            (report.start_ns, report.end_ns)
        };
        let echo = Job::echo(1, Some(5_000), 0, 0);
        // The line was there only at 6000.
        let answers = [(6_000, 6_500), (6_500, 7_000), (7_010, 7_500)];
        assert_eq!(ran(&echo, &answers), (6_000, 7_500));
        assert_eq!(ran(&echo, &[]), (100, 9_000), "nothing came back");
        assert_eq!(ran(&Job::add(3), &answers), (100, 9_000), "another job has no set-up");
    }
}
