//! A worker that misbehaves ends its trial with an error that names it, and no other is left.

use crate::staff::Staff;
use crate::{check, trial};
use lab_jobs::Job;
use lab_pool::{Pool, PoolError, Start, Trial};
use lab_record::rows::Executor;
use rustix::process::{Pid, Signal, kill_process};
use std::time::Duration;

/// Too short for whoever hangs, long enough for all others.
const SHORT: Duration = Duration::from_secs(4);
const SHORT_NS: u64 = 4_000_000_000;

/// Three workers that are handed jobs 0, 1 and 2 in that order.
fn three() -> Trial {
    trial(Executor::Processes, 3, vec![Job::add(1000); 6])
}

fn fails(mut pool: Pool, trial: &Trial, parts: &[&str]) {
    let error = pool.run(trial).unwrap_err().to_string();
    for part in parts {
        assert!(error.contains(part), "no '{part}' in: {error}");
    }
}

#[test]
fn whoever_misbehaves_is_named_with_its_last_words() {
    for (mode, parts) in [
        (
            "dies-after-hello",
            &[
                "worker process",
                "ended early",
                "exit status: 3",
                "no strength left",
            ][..],
        ),
        (
            "dies-in-job",
            &[
                "worker process 1 ",
                "ended early",
                "exit status: 3",
                "no strength left",
            ],
        ),
        (
            "talks-nonsense",
            &["worker process", "nonsense", "Good morning!"],
        ),
        (
            "answers-wrong-job",
            &[
                "worker process 1 ",
                "out of order",
                "job 2 instead of job 1",
            ],
        ),
        (
            "other-version",
            &["worker process", "out of order", "4294967295", "rebuild"],
        ),
        (
            "ends-without-end",
            &["worker process 0 ", "ended early", "exit status: 0"],
        ),
    ] {
        for start in [Start::Warm, Start::Cold] {
            let staff = Staff::new();
            let trial = Trial { start, ..three() };
            let parts = match start {
                Start::Warm => parts,
                // Any worker may have been given job 1.
                Start::Cold => &parts[1..],
            };
            fails(staff.pool(mode), &trial, parts);
            staff.assert_gone();
        }
    }
}

#[test]
fn whoever_hangs_is_named_when_patience_ends() {
    std::thread::scope(|scope| {
        for (mode, parts) in [
            (
                "silent",
                &["worker process 0 ", "its start", "within 4 s"][..],
            ),
            (
                "hangs-in-job",
                &["worker process 1 ", "job 1 ", "within 4 s"],
            ),
            ("hangs-at-end", &["worker process 0 ", "did not answer"]),
        ] {
            scope.spawn(move || {
                let staff = Staff::new();
                fails(staff.pool(mode).with_patience(SHORT), &three(), parts);
                staff.assert_gone();
            });
        }
    });
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let pool = Pool::new(lab_child::ChildCommand::new("worker", "/nowhere/worker"));
    fails(pool, &three(), &["worker process 0 ", "/nowhere/worker"]);
}

/// Runs three workers for longer than anybody waits, and sends one of them a signal.
fn struck_by(signal: Signal, patience: Duration) -> PoolError {
    let staff = Staff::new();
    let jobs = vec![Job::Wait { ns: SHORT_NS / 4 }; 3];
    let trial = trial(Executor::Processes, 3, jobs);
    let error = std::thread::scope(|scope| {
        let run = scope.spawn(|| staff.pool("good").with_patience(patience).run(&trial));
        let pids = staff.wait_for(3);
        let pid = Pid::from_raw(pids[0] as i32).unwrap();
        kill_process(pid, signal).unwrap();
        run.join().unwrap().unwrap_err()
    });
    staff.assert_gone();
    error
}

#[test]
fn a_worker_that_is_killed_from_outside_is_named() {
    let error = struck_by(Signal::KILL, 10 * SHORT).to_string();
    for part in ["worker process ", "ended early", "signal: 9"] {
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn a_worker_that_is_stopped_from_outside_is_named() {
    let error = struck_by(Signal::STOP, SHORT);
    assert!(matches!(error, PoolError::Overdue { .. }), "{error}");
    assert!(error.to_string().contains("worker process "), "{error}");
}

#[test]
fn after_a_failure_the_next_trial_is_as_any_other() {
    let staff = Staff::new();
    fails(staff.pool("dies-in-job"), &three(), &["worker process 1 "]);
    check(&three(), &staff.pool("good").run(&three()).unwrap());
    staff.assert_gone();
}
