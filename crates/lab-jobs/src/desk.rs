//! A worker at its desk: what it has at hand, and what it reports of a job.

use crate::answer::Answer;
use crate::cpu_meter::CpuMeter;
use crate::host::Host;
use crate::job::{Amount, Job, JobError};
use crate::page::Loader;
use crate::{compute, echo, hash, points, track};
use lab_record::burst::{GAP_NS, Recorder, Samples, Span};
use lab_record::clock;
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::time::Duration;

/// How progress is recorded in a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tracking {
    /// Samples that lie further apart than this belong to two spans.
    pub gap_ns: u64,
    /// Whether every sample is kept besides.
    pub raw: bool,
}

impl Tracking {
    /// Tracking under a lock with this switch interval, in nanoseconds. Another thread has the lock
    /// for an interval at least, so a tenth of it tells a hand-over from everything else; at most
    /// [`GAP_NS`], and never less than the distance of two samples.
    pub fn for_interval(interval_ns: u64) -> Tracking {
        const AT_LEAST_NS: u64 = 1_000;
        Tracking {
            gap_ns: (interval_ns / 10).clamp(AT_LEAST_NS, GAP_NS),
            ..Tracking::default()
        }
    }
}

impl Default for Tracking {
    fn default() -> Tracking {
        Tracking {
            gap_ns: GAP_NS,
            raw: false,
        }
    }
}

/// What a worker has at hand.
#[derive(Debug)]
pub struct Desk<'a, H> {
    /// What its code runs under.
    pub host: H,
    /// How progress is recorded.
    pub tracking: Tracking,
    /// Set when jobs in the background are to end.
    pub stop: &'a AtomicBool,
    /// The pool's counter; none where workers share no memory.
    pub counter: Option<&'a AtomicU64>,
    /// Loads pages.
    pub loader: &'a Loader,
    /// Of the worker's thread.
    pub meter: CpuMeter,
}

/// What a worker reports of a job. Times are in nanoseconds of [`clock::now_ns`].
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// When the worker began it.
    pub start_ns: u64,
    /// When the worker ended it.
    pub end_ns: u64,
    /// CPU time of the worker's thread in between, and of the command that it ran; none where several
    /// jobs share the thread, and for a job of less than [`crate::SHORTEST_NS`].
    pub cpu_ns: Option<u64>,
    /// Steps that were made: additions, samples, digests, bytes, round trips, increments.
    pub count: u64,
    /// The answer.
    pub answer: Answer,
    /// What went wrong, if something did: a job whose answer is wrong has failed.
    pub error: Option<String>,
    /// When and where it made progress, if it tracks that.
    pub spans: Vec<Span>,
    /// Every reading of the clock, if asked for.
    pub samples: Samples,
}

/// Does the job and checks its answer.
pub fn perform<H: Host>(job: &Job, desk: &mut Desk<H>) -> Report {
    let mut recorder = Recorder::new(desk.tracking.gap_ns);
    if desk.tracking.raw && job.readings() > 0 {
        recorder = recorder.keep_samples(job.readings() as usize);
    }
    let start_ns = desk.meter.begin();
    let mut outside_cpu_ns = 0;
    let done = run(job, desk, &mut recorder, &mut outside_cpu_ns);
    let (end_ns, cpu_ns) = desk.meter.end(start_ns);
    Report {
        cpu_ns: cpu_ns.map(|cpu_ns| cpu_ns + outside_cpu_ns),
        ..Report::new(job, start_ns, end_ns, done, recorder)
    }
}

impl Report {
    /// What is reported of a job that ran from `start_ns` to `end_ns` and gave the count and
    /// answer in `done`, which are checked here.
    pub fn new(
        job: &Job,
        start_ns: u64,
        end_ns: u64,
        done: Result<(u64, Answer), JobError>,
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

fn run<H: Host>(
    job: &Job,
    desk: &mut Desk<H>,
    recorder: &mut Recorder,
    outside_cpu_ns: &mut u64,
) -> Result<(u64, Answer), JobError> {
    let Desk {
        host, stop, loader, ..
    } = desk;
    Ok(match job {
        Job::Add { amount } => {
            let (count, sum) = compute::add(*amount, host, stop);
            (count, sum.into())
        }
        Job::Track { amount } => {
            let count = track::run(*amount, host, stop, recorder);
            (count, count.into())
        }
        Job::Hash { bytes, amount, .. } => {
            let (count, digest) = hash::run(*bytes, *amount, host, stop, recorder);
            (count, digest.into())
        }
        Job::Page(request) => {
            let page = host.wait(|| {
                let start = clock::now_ns();
                let page = loader.load(request);
                recorder.call(start, clock::now_ns(), clock::core_id());
                page
            })?;
            (page.length, page.to_string().into())
        }
        Job::Command(request) => {
            let ran = host.wait(|| request.run());
            *outside_cpu_ns = ran.cpu_ns;
            let (bytes, answer) = ran.done?;
            (bytes, answer.into())
        }
        Job::Wait { ns } => {
            host.wait(|| std::thread::sleep(Duration::from_nanos(*ns)));
            (1, (*ns).into())
        }
        Job::Mix {
            rounds,
            additions,
            wait_ns,
        } => {
            let mut sum = 0u64;
            for _ in 0..*rounds {
                let (_, part) = compute::add(Amount::Steps(*additions), host, stop);
                sum = sum.wrapping_add(part);
                host.wait(|| std::thread::sleep(Duration::from_nanos(*wait_ns)));
            }
            (*rounds, sum.into())
        }
        Job::Points { points, additions } => {
            let sum = points::run(*points, *additions, host, recorder);
            (*points, sum.into())
        }
        Job::Echo {
            port,
            lasts_ns,
            additions,
            meanwhile,
        } => {
            let computes = [*additions, *meanwhile];
            let count = echo::run(*port, *lasts_ns, computes, host, stop, recorder)?;
            (count, count.into())
        }
        Job::Count { amount } => {
            let Some(counter) = desk.counter else {
                return Err(JobError::Unfit {
                    executor: "a process",
                    kind: job.kind(),
                    reason: "its workers share no memory",
                });
            };
            let count = compute::count(*amount, host, stop, counter);
            (count, count.into())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Native;

    fn report(job: &Job, counter: Option<&AtomicU64>, raw: bool) -> Report {
        let mut desk = Desk {
            host: Native,
            tracking: Tracking {
                gap_ns: GAP_NS,
                raw,
            },
            stop: &AtomicBool::new(false),
            counter,
            loader: &Loader::new(),
            meter: CpuMeter::default(),
        };
        perform(job, &mut desk)
    }

    #[test]
    fn every_kind_that_needs_no_network_gives_its_answer() {
        let counter = AtomicU64::new(0);
        let jobs = [
            Job::add(1000),
            Job::track(1000),
            Job::hash(1000, 3),
            Job::Wait { ns: 1000 },
            Job::Mix {
                rounds: 2,
                additions: 10,
                wait_ns: 1000,
            },
            Job::Points {
                points: 3,
                additions: 1000,
            },
            Job::count(1000),
        ];
        for job in jobs {
            let report = report(&job, Some(&counter), false);
            assert_eq!(report.error, None, "{job:?}");
            assert!(report.start_ns <= report.end_ns);
        }
        assert_eq!(counter.into_inner(), 1000);
    }

    #[test]
    fn a_counter_without_shared_memory_is_an_error_and_not_a_fast_success() {
        let report = report(&Job::count(1000), None, false);
        assert_eq!(
            report.error.unwrap(),
            "a process cannot run a count job: its workers share no memory"
        );
    }

    #[test]
    fn the_gap_shrinks_with_the_switch_interval() {
        let gap = |interval_ns| Tracking::for_interval(interval_ns).gap_ns;
        assert_eq!(gap(5_000_000), GAP_NS);
        assert_eq!(gap(500_000), GAP_NS);
        assert_eq!(gap(100_000), 10_000);
        assert_eq!(gap(1_000), 1_000);
    }

    #[test]
    fn raw_samples_are_as_many_as_the_answer_says() {
        let report = report(&Job::track(500), None, true);
        assert_eq!(report.samples.len() as u64, report.count);
    }
}
