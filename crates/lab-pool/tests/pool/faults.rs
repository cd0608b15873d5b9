//! A worker that misbehaves ends its trial with an error that names it, and no other is left.

use crate::staff::{FIXTURE, Staff, check, trial};
use lab_data::rows::Executor;
use lab_pool::process::ChildCommand;
use lab_pool::{Background, Job, Pool, PoolError, Start, Trial};
use rustix::process::{Pid, Signal, kill_process};
use std::process::Command;
use std::time::Duration;

/// Too short for whoever hangs, long enough for all others.
const SHORT: Duration = Duration::from_secs(4);

/// Three workers that are handed jobs 0, 1 and 2 in that order.
fn three() -> Trial {
    trial(Executor::Processes, 3, vec![Job::add(1000); 6])
}

fn spinner(executor: Executor) -> Background {
    Background { executor, job: Job::add(1).until_stopped() }
}

fn fails(mut pool: Pool, trial: &Trial, parts: &[&str]) {
    let error = pool.run(trial).unwrap_err().to_string();
    for part in parts {
        assert!(error.contains(part), "no '{part}' in: {error}");
    }
}

#[test]
fn whoever_misbehaves_is_named_with_its_last_words() {
    let died = ["ended early", "exit status: 3", "no strength left"];
    for (mode, job, parts) in [
        ("dies-after-hello", "", &died[..]),
        ("dies-in-job", "1 ", &died),
        ("breaks-protocol", "", &["broke the protocol", "Good morning!"]),
        ("other-version", "", &["out of order", "4294967295", "rebuild"]),
        ("answers-wrong-job", "1 ", &["out of order", "job 2 instead of job 1"]),
        ("ends-without-end", "0 ", &["ended early", "exit status: 0"]),
    ] {
        for start in [Start::Warm, Start::Cold] {
            let staff = Staff::new();
            let trial = Trial { start, ..three() };
            // Any worker of a cold pool may have been given job 1.
            let number = if start == Start::Warm { job } else { "" };
            fails(staff.pool(mode), &trial, &[&format!("worker process {number}")]);
            fails(staff.pool(mode), &trial, parts);
            staff.assert_gone();
        }
        if job.is_empty() {
            let staff = Staff::new();
            let mut trial = trial(Executor::Threads, 2, vec![Job::add(10)]);
            trial.background = vec![spinner(Executor::Processes)];
            fails(staff.pool(mode), &trial, &["background process of job 1"]);
            fails(staff.pool(mode), &trial, parts);
            staff.assert_gone();
        }
    }
    // The next trial is as any other.
    let staff = Staff::new();
    check(&three(), &staff.pool("good").run(&three()).unwrap());
    let nowhere = Pool::new(ChildCommand::new("worker", "/nowhere/worker"));
    fails(nowhere, &three(), &["worker process 0 ", "/nowhere/worker"]);
}

/// Whole messages, halves of them, and a part of the integers that follow one.
#[test]
fn a_worker_that_dies_at_any_place_of_what_it_says_ends_the_trial_with_its_name() {
    let staff = Staff::new();
    let mut trial = trial(Executor::Processes, 1, vec![Job::add(10), Job::track(100)]);
    trial.tracking.raw = true;
    let mut points = 0;
    // In steps that have no divisor in common with the length of an integer.
    for bytes in (0..).step_by(29) {
        match staff.pool(&format!("dies-after-bytes-{bytes}")).run(&trial) {
            Err(error) => {
                let error = error.to_string();
                let parts = ["worker process 0 ", "ended early", "exit status: 3"];
                assert!(parts.iter().all(|part| error.contains(part)), "{bytes} bytes: {error}");
                assert!(!error.contains('\n'), "{error}");
                points += 1;
            }
            Ok(report) => {
                check(&trial, &report);
                break;
            }
        }
    }
    staff.assert_gone();
    println!("{points} points of failure");
    assert!(points > 20, "{points}");
}

#[test]
fn whoever_hangs_is_named_when_patience_ends() {
    let beside = || {
        let mut trial = trial(Executor::Threads, 2, vec![Job::add(10)]);
        trial.background = vec![spinner(Executor::Processes)];
        trial
    };
    let of_background = &["background process of job 1 did not answer"][..];
    std::thread::scope(|scope| {
        for (mode, trial, parts) in [
            ("silent", three(), &["worker process 0 ", "its start", "within 4 s"][..]),
            ("hangs-in-job", three(), &["worker process 1 ", "job 1 ", "within 4 s"]),
            ("hangs-at-end", three(), &["worker process 0 did not answer"]),
            ("silent", beside(), of_background),
            ("hangs-in-job", beside(), of_background),
        ] {
            scope.spawn(move || {
                let staff = Staff::new();
                fails(staff.pool(mode).with_patience(SHORT), &trial, parts);
                staff.assert_gone();
            });
        }
    });
}

#[test]
fn jobs_in_the_background_end_when_the_pool_fails() {
    for beside_on in [Executor::Threads, Executor::Processes] {
        let staff = Staff::new();
        let mut trial = trial(Executor::Processes, 2, vec![Job::add(10); 4]);
        trial.background = vec![spinner(beside_on), spinner(beside_on)];
        // The background process has job 4, so that it is the pool's worker that died.
        fails(staff.pool("dies-in-job"), &trial, &["worker process 1 "]);
        staff.assert_gone();
    }
}

#[test]
fn a_worker_that_is_killed_or_stopped_from_outside_is_named() {
    for (signal, patience, parts) in [
        (Signal::KILL, 10 * SHORT, &["ended early", "signal: 9"][..]),
        (Signal::STOP, SHORT, &["did not finish job"]),
    ] {
        let staff = Staff::new();
        let trial = trial(Executor::Processes, 3, vec![Job::add(2_000_000_000); 3]);
        let error: PoolError = std::thread::scope(|scope| {
            let run = scope.spawn(|| staff.pool("good").with_patience(patience).run(&trial));
            // Else the signal may come while it still starts.
            staff.wait_for_computing(3);
            kill_process(Pid::from_raw(staff.pids()[0] as i32).unwrap(), signal).unwrap();
            run.join().unwrap().unwrap_err()
        });
        staff.assert_gone();
        let error = error.to_string();
        assert!(error.starts_with("worker process "), "{error}");
        assert!(parts.iter().all(|part| error.contains(part)), "{error}");
    }
}

#[test]
fn workers_end_in_the_middle_of_a_job_with_a_parent_that_was_killed() {
    let staff = Staff::new();
    let mut parent = Command::new(FIXTURE).args(staff.arguments("is-parent")).spawn().unwrap();
    // Itself, three workers, one in the background; all but itself and the one that waits compute.
    staff.wait_for(5);
    staff.wait_for_computing(3);
    parent.kill().unwrap();
    parent.wait().unwrap();
    staff.assert_gone();
}
