//! Jobs that run beside the measured ones until these are done.

use crate::staff::Staff;
use crate::{check, peers, trial};
use lab_jobs::{Amount, Job};
use lab_pool::{Background, PoolError};
use lab_record::rows::Executor;
use std::time::Duration;

/// Too short for whoever hangs, long enough for all others.
const SHORT: Duration = Duration::from_secs(2);
const UNTIL_STOPPED: Amount = Amount::UntilStopped;

fn beside(executor: Executor, job: Job) -> Background {
    Background { executor, job }
}

fn spinner(executor: Executor) -> Background {
    let job = Job::Add {
        amount: UNTIL_STOPPED,
    };
    beside(executor, job)
}

/// Long enough for whatever runs in the background to make its first step.
fn jobs() -> Vec<Job> {
    vec![Job::Wait { ns: 200_000_000 }; 3]
}

#[test]
fn they_run_until_told_and_stand_last() {
    let echo_port = peers::echo();
    for executor in Executor::ALL {
        for beside_on in [Executor::Threads, Executor::Processes] {
            let staff = Staff::new();
            let mut trial = trial(executor, 3, jobs());
            let Job::Hash { bytes, digest, .. } = Job::hash(1000, 1) else {
                unreachable!()
            };
            trial.background = vec![
                spinner(beside_on),
                beside(
                    beside_on,
                    Job::Track {
                        amount: UNTIL_STOPPED,
                    },
                ),
                beside(
                    beside_on,
                    Job::Hash {
                        bytes,
                        amount: UNTIL_STOPPED,
                        digest,
                    },
                ),
                beside(
                    beside_on,
                    Job::Echo {
                        port: echo_port,
                        lasts_ns: None,
                        additions: 0,
                        meanwhile: 0,
                    },
                ),
            ];
            let report = staff.pool("good").run(&trial).unwrap();
            check(&trial, &report);
            for (i, (job, asked)) in report.jobs[3..].iter().zip(&trial.background).enumerate() {
                assert_eq!(job.worker, 3 + i);
                assert_eq!(job.report.error, None, "{executor} {beside_on} {asked:?}");
                assert!(job.report.count > 0, "{executor} {beside_on} {asked:?}");
                asked
                    .job
                    .check(job.report.count, &job.report.answer)
                    .unwrap();
                assert!(job.submitted_ns <= job.report.start_ns);
            }
            staff.assert_gone();
        }
    }
}

#[test]
fn they_end_when_the_pool_fails() {
    for beside_on in [Executor::Threads, Executor::Processes] {
        let staff = Staff::new();
        let mut trial = trial(Executor::Processes, 2, vec![Job::add(10); 4]);
        trial.background = vec![spinner(beside_on), spinner(beside_on)];
        let error = staff.pool("dies-in-job").run(&trial).unwrap_err();
        // The background process has job 4, so that it is the pool's worker that died.
        assert!(
            error.to_string().starts_with("worker process 1 "),
            "{error}"
        );
        staff.assert_gone();
    }
}

#[test]
fn what_would_not_run_until_told_is_refused() {
    for (executor, job) in [
        (Executor::Threads, Job::add(1)),
        (Executor::Threads, Job::Wait { ns: 1 }),
        (Executor::Serial, spinner(Executor::Serial).job),
        (Executor::Rayon, spinner(Executor::Rayon).job),
        (Executor::Async, spinner(Executor::Async).job),
    ] {
        let staff = Staff::new();
        let mut trial = trial(Executor::Processes, 2, jobs());
        trial.background = vec![beside(executor, job)];
        let error = staff.pool("good").run(&trial).unwrap_err();
        assert!(matches!(error, PoolError::Unfit { .. }), "{error}");
        assert!(staff.pids().is_empty());
    }
}

#[test]
fn a_background_process_that_misbehaves_is_named() {
    for (mode, parts) in [
        ("dies-after-hello", &["ended early", "no strength left"][..]),
        ("talks-nonsense", &["nonsense", "Good morning!"]),
        ("other-version", &["out of order", "rebuild"]),
        ("silent", &["did not answer"]),
        ("hangs-in-job", &["did not answer"]),
    ] {
        let staff = Staff::new();
        let mut trial = trial(Executor::Threads, 2, vec![Job::add(10)]);
        trial.background = vec![spinner(Executor::Processes)];
        let mut pool = match mode {
            "silent" | "hangs-in-job" => staff.pool(mode).with_patience(SHORT),
            _ => staff.pool(mode),
        };
        let error = pool.run(&trial).unwrap_err().to_string();
        assert!(error.contains("background process of job 1"), "{error}");
        for part in parts {
            assert!(error.contains(part), "{mode}: {error}");
        }
        staff.assert_gone();
    }
}
