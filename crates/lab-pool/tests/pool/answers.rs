//! Every executor does every job that fits it, once, and says so truthfully.

use crate::staff::Staff;
use crate::{check, peers, trial};
use lab_jobs::{Amount, Job};
use lab_pool::{PoolError, Start};
use lab_record::rows::Executor;

fn wait() -> Job {
    Job::Wait { ns: 1_000_000 }
}

fn mix() -> Job {
    Job::Mix {
        rounds: 3,
        additions: 100,
        wait_ns: 100_000,
    }
}

fn points() -> Job {
    Job::Points {
        points: 3,
        additions: 1000,
    }
}

fn echo(port: u16) -> Job {
    Job::Echo {
        port,
        lasts_ns: Some(2_000_000),
        additions: 10,
        meanwhile: 5,
    }
}

/// One job of each kind that the executor can run.
fn fitting(executor: Executor, page: &Job, echo_port: u16) -> Vec<Job> {
    let mut jobs = vec![wait(), mix(), page.clone()];
    if executor != Executor::Async {
        jobs.extend([Job::add(1000), Job::track(1000), Job::hash(1000, 3)]);
        jobs.extend([points(), echo(echo_port)]);
        if executor != Executor::Processes {
            jobs.push(Job::count(1000));
        }
    }
    jobs
}

#[test]
fn every_executor_does_every_fitting_job_once() {
    let (page, echo_port) = (peers::page(), peers::echo());
    for executor in Executor::ALL {
        for start in [Start::Warm, Start::Cold] {
            for workers in [1, 3, 64] {
                let staff = Staff::new();
                let mut trial = trial(executor, workers, fitting(executor, &page, echo_port));
                trial.jobs.extend(fitting(executor, &page, echo_port));
                trial.start = start;
                let report = staff.pool("good").run(&trial).unwrap();
                check(&trial, &report);
                staff.assert_gone();
                let processes = executor == Executor::Processes;
                assert_eq!(staff.pids().len(), if processes { workers } else { 0 });
            }
        }
    }
}

#[test]
fn no_job_is_no_trouble() {
    for executor in Executor::ALL {
        for start in [Start::Warm, Start::Cold] {
            let staff = Staff::new();
            let mut trial = trial(executor, 3, Vec::new());
            trial.start = start;
            check(&trial, &staff.pool("good").run(&trial).unwrap());
            staff.assert_gone();
        }
    }
}

#[test]
fn many_small_jobs_are_done_once_each() {
    for executor in Executor::ALL {
        let job = match executor {
            Executor::Async => Job::Wait { ns: 1 },
            _ => Job::add(1),
        };
        let trial = trial(executor, 4, vec![job; 2000]);
        check(&trial, &Staff::new().pool("good").run(&trial).unwrap());
    }
}

#[test]
fn a_job_that_fails_is_a_row_and_not_the_end_of_the_trial() {
    for executor in Executor::ALL {
        let failing = match executor {
            Executor::Async => peers::page_at(peers::nobody()),
            _ => echo(peers::nobody()),
        };
        let jobs = vec![wait(), failing, wait()];
        let trial = trial(executor, 2, jobs);
        let report = Staff::new().pool("good").run(&trial).unwrap();
        let errors: Vec<bool> = report
            .jobs
            .iter()
            .map(|job| job.report.error.is_some())
            .collect();
        assert_eq!(errors, [false, true, false], "{executor}");
    }
}

#[test]
fn what_cannot_be_is_refused_before_anything_starts() {
    let endless = Job::Track {
        amount: Amount::UntilStopped,
    };
    let mut refused = vec![(Executor::Processes, Job::count(1), "share no counter")];
    for executor in Executor::ALL {
        refused.push((executor, endless.clone(), "it would never end"));
    }
    for job in [
        Job::add(1),
        Job::track(1),
        Job::hash(1, 1),
        Job::count(1),
        echo(7),
    ] {
        refused.push((Executor::Async, job, "hold up all other tasks"));
    }
    for (executor, job, reason) in refused {
        let staff = Staff::new();
        let kind = job.kind();
        let trial = trial(executor, 2, vec![wait(), job]);
        let error = staff.pool("good").run(&trial).unwrap_err();
        assert!(matches!(error, PoolError::Unfit { .. }), "{error}");
        let text = error.to_string();
        for part in [executor.name(), kind, reason] {
            assert!(text.contains(part), "{text}");
        }
        assert!(staff.pids().is_empty());
    }
}

#[test]
fn a_pool_without_workers_is_refused() {
    for executor in Executor::ALL {
        let trial = trial(executor, 0, vec![wait()]);
        let error = Staff::new().pool("good").run(&trial).unwrap_err();
        assert!(matches!(error, PoolError::NoWorkers), "{error}");
    }
}
