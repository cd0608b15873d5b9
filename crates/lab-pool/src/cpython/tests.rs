//! With a real interpreter, where there is one; without one a test says so and passes, unless
//! `LAB_REQUIRE_PYTHON` is set.

mod echo;
mod fakes;
mod lost;
mod orphans;
mod pages;

use super::{Interpreter, find};
use crate::pool::tests::{jobs, pool, trial};
use crate::{Background, JobReport, Pool, Runtime, Start, StartMethod, Trial};
use lab_jobs::{Amount, Answer, Job, Report};
use lab_record::clock::UNKNOWN_CORE;
use lab_record::rows::Executor;
use std::time::Duration;

const EXECUTORS: [Executor; 3] = [Executor::Serial, Executor::Threads, Executor::Processes];

/// The first interpreter that runs; None is a skipped test.
fn interpreter() -> Option<Interpreter> {
    let found = find(&[]);
    if found.interpreters.is_empty() {
        let asked = std::env::var_os("LAB_REQUIRE_PYTHON").is_some();
        assert!(!asked, "no Python, and it is required: {:?}", found.skipped);
        println!("skipped: no Python");
    }
    found.interpreters.into_iter().next()
}

/// A pool with that interpreter, and its runtime.
fn pool_with_python() -> Option<(Pool, Runtime)> {
    let interpreter = interpreter()?;
    let runtime = Runtime::CPython(interpreter.runtime.clone());
    let mut pool = pool();
    pool.add_python(interpreter);
    Some((pool, runtime))
}

/// What does not depend on time.
fn answers(reports: &[JobReport]) -> Vec<(usize, u64, Answer, Option<String>)> {
    reports
        .iter()
        .map(|job| {
            let Report {
                count,
                answer,
                error,
                ..
            } = &job.report;
            (job.job, *count, answer.clone(), error.clone())
        })
        .collect()
}

fn jobs_for(executor: Executor) -> Vec<Job> {
    let mut jobs = jobs();
    if executor == Executor::Processes {
        jobs.retain(|job| !matches!(job, Job::Count { .. }));
    }
    jobs
}

#[test]
fn every_job_answers_as_in_rust_in_every_executor() {
    let Some((mut pool, runtime)) = pool_with_python() else {
        return;
    };
    for executor in EXECUTORS {
        let native = pool
            .run(&trial(
                Runtime::Rust,
                Executor::Serial,
                1,
                jobs_for(executor),
            ))
            .unwrap();
        for start in [Start::Cold, Start::Warm] {
            let trial = Trial {
                start,
                ..trial(runtime.clone(), executor, 3, jobs_for(executor))
            };
            let report = pool.run(&trial).unwrap();
            assert_eq!(answers(&report.jobs), answers(&native.jobs), "{executor}");
            assert!(report.zero_ns <= report.ready_ns);
            assert!(report.zero_ns <= report.answered_ns);
            assert!(report.answered_ns <= report.closed_ns);
            for job in &report.jobs {
                assert!(job.worker < 3, "{job:?}");
                assert!(report.zero_ns <= job.submitted_ns);
                assert!(job.submitted_ns <= job.report.start_ns);
                assert!(job.report.start_ns <= job.report.end_ns);
                assert!(job.report.end_ns <= report.answered_ns);
            }
        }
    }
}

#[test]
fn every_start_method_gives_the_same_answers() {
    let Some((mut pool, runtime)) = pool_with_python() else {
        return;
    };
    for method in StartMethod::ALL {
        let trial = Trial {
            start_method: Some(method),
            ..trial(
                runtime.clone(),
                Executor::Processes,
                2,
                jobs_for(Executor::Processes),
            )
        };
        let report = pool.run(&trial).unwrap();
        assert_eq!(report.start_method, Some(method));
        for job in &report.jobs {
            assert_eq!(job.report.error, None, "{method}");
        }
    }
}

#[test]
fn an_interpreter_says_which_start_method_it_takes_by_itself() {
    let Some(interpreter) = interpreter() else {
        return;
    };
    let said = interpreter.start_method;
    assert!(said.is_some());
    let runtime = Runtime::CPython(interpreter.runtime.clone());
    let mut pool = pool();
    pool.add_python(interpreter);
    let report = pool
        .run(&trial(runtime, Executor::Processes, 1, vec![Job::add(1)]))
        .unwrap();
    assert_eq!(report.start_method, said);
}

#[test]
fn what_tracks_itself_has_spans_with_cores_for_all_its_samples() {
    let Some((mut pool, runtime)) = pool_with_python() else {
        return;
    };
    let jobs = vec![Job::track(20_000), Job::hash(1 << 16, 5)];
    for executor in EXECUTORS {
        let mut trial = trial(runtime.clone(), executor, 2, jobs.clone());
        trial.tracking.raw = true;
        let report = pool.run(&trial).unwrap();
        for job in &report.jobs {
            let spans = &job.report.spans;
            let samples: u64 = spans.iter().map(|span| span.samples).sum();
            assert_eq!(samples, job.report.count, "{executor}");
            assert_eq!(job.report.samples.len() as u64, samples);
            assert!(spans.iter().all(|span| span.core != UNKNOWN_CORE));
            assert!(spans.windows(2).all(|two| two[0].end_ns <= two[1].start_ns));
            assert!(spans.iter().all(|span| {
                job.report.start_ns <= span.start_ns && span.end_ns <= job.report.end_ns
            }));
        }
    }
}

#[test]
fn jobs_in_the_background_run_until_the_measured_ones_are_done() {
    let Some((mut pool, runtime)) = pool_with_python() else {
        return;
    };
    let amount = Amount::UntilStopped;
    for executor in EXECUTORS {
        let mut trial = trial(runtime.clone(), executor, 2, vec![Job::add(50_000); 3]);
        trial.background = vec![
            Background {
                executor: Executor::Threads,
                job: Job::Add { amount },
            },
            Background {
                executor: Executor::Processes,
                job: Job::Track { amount },
            },
        ];
        let report = pool.run(&trial).unwrap();
        let [.., thread, process] = &report.jobs[..] else {
            panic!("{report:?}");
        };
        assert_eq!(report.jobs.len(), 5);
        assert_eq!((thread.worker, process.worker), (2, 3));
        for job in &report.jobs {
            assert_eq!(job.report.error, None);
        }
        for job in [thread, process] {
            assert!(job.report.end_ns >= report.answered_ns);
        }
        assert!(!process.report.spans.is_empty());
    }
}

#[test]
fn a_failed_job_is_no_failed_trial() {
    let Some((mut pool, runtime)) = pool_with_python() else {
        return;
    };
    let wrong = Job::Hash {
        bytes: 10,
        amount: Amount::Steps(1),
        digest: "something else".to_owned(),
    };
    let trial = trial(runtime, Executor::Threads, 1, vec![wrong, Job::add(10)]);
    let report = pool.run(&trial).unwrap();
    let error = report.jobs[0].report.error.as_deref().unwrap_or_default();
    assert!(
        error.starts_with("wrong answer: expected something else"),
        "{error}"
    );
    assert_eq!(report.jobs[1].report.error, None);
}

#[test]
fn what_a_trial_cost_is_known() {
    let Some((mut pool, runtime)) = pool_with_python() else {
        return;
    };
    for method in StartMethod::ALL {
        let trial = Trial {
            start_method: Some(method),
            ..trial(
                runtime.clone(),
                Executor::Processes,
                2,
                vec![Job::add(3_000_000); 2],
            )
        };
        let report = pool.run(&trial).unwrap();
        let jobs: u64 = report.jobs.iter().filter_map(|job| job.report.cpu_ns).sum();
        let children = report.cost.children.unwrap().cpu_ns;
        assert!(jobs > 0);
        // getrusage counts in ticks on some kernels.
        assert!(
            children + Duration::from_millis(20).as_nanos() as u64 >= jobs,
            "{method}"
        );
    }
}

#[test]
fn an_interpreter_that_nobody_added_is_an_error() {
    let trial = trial("cpython-3.99".parse().unwrap(), Executor::Serial, 1, vec![]);
    assert_eq!(
        pool().run(&trial).unwrap_err().to_string(),
        "there is no cpython-3.99 here; install it, or name its executable with --python PATH"
    );
}
