//! The counter that all workers share.

use crate::staff::Staff;
use crate::{check, trial};
use lab_jobs::{Amount, Job};
use lab_pool::{Background, PoolError};
use lab_record::rows::Executor;

/// That the reports are right says that the counter stood at their sum.
#[test]
fn no_increment_is_lost() {
    for executor in [Executor::Serial, Executor::Threads, Executor::Rayon] {
        let mut trial = trial(executor, 4, vec![Job::count(50_000); 16]);
        trial.jobs.push(Job::add(10));
        let report = Staff::new().pool("good").run(&trial).unwrap();
        check(&trial, &report);
    }
}

#[test]
fn increments_in_the_background_are_counted_too() {
    let mut trial = trial(Executor::Threads, 2, vec![Job::count(50_000); 8]);
    trial.background = vec![counting(Executor::Threads)];
    let report = Staff::new().pool("good").run(&trial).unwrap();
    check(&trial, &report);
    assert_eq!(report.jobs[8].report.error, None);
}

#[test]
fn a_background_process_shares_no_counter_either() {
    let staff = Staff::new();
    let mut trial = trial(Executor::Threads, 2, vec![Job::count(1)]);
    trial.background = vec![counting(Executor::Processes)];
    let error = staff.pool("good").run(&trial).unwrap_err();
    assert!(matches!(error, PoolError::Unfit { .. }), "{error}");
    assert!(staff.pids().is_empty());
}

fn counting(executor: Executor) -> Background {
    Background {
        executor,
        job: Job::Count {
            amount: Amount::UntilStopped,
        },
    }
}
