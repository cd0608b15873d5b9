//! Every executor does every job that fits it, once and in order, and says so truthfully.

use crate::staff::{Staff, echo, nobody, page, page_at, run, trial};
use lab_data::rows::Executor;
use lab_pool::{Background, Job, JobReport, PoolError, Runtime, Start};

/// One job of each kind that the executor can run.
fn fitting(executor: Executor, page: &Job, echo_port: u16) -> Vec<Job> {
    let mut jobs = vec![Job::wait(1_000_000), Job::mix(3, 100, 100_000), page.clone()];
    if executor != Executor::Async {
        jobs.extend([Job::add(1000), Job::track(1000), Job::hash(1000, 3)]);
        jobs.extend([Job::points(3, 1000), Job::echo(echo_port, Some(2_000_000), 10, 5)]);
        if executor != Executor::Processes {
            jobs.push(Job::count(1000));
        }
    }
    jobs
}

#[test]
fn every_executor_does_every_fitting_job_once() {
    let (page, echo_port) = (page(), echo());
    for executor in Runtime::Rust.executors() {
        let tiny = match executor {
            Executor::Async => Job::wait(1),
            _ => Job::add(1),
        };
        run(&trial(executor, 4, vec![tiny; 2000]));
        for start in [Start::Warm, Start::Cold] {
            for workers in [1, 3, 64] {
                let mut trial = trial(executor, workers, fitting(executor, &page, echo_port));
                trial.jobs.extend(fitting(executor, &page, echo_port));
                trial.start = start;
                // Tasks on two event loops, too.
                trial.loops = 1 + u32::from(workers == 3);
                run(&trial);
                // No job is no trouble.
                trial.jobs.clear();
                run(&trial);
            }
        }
    }
}

/// While one worker is at the long job, the others take the short ones in order: so whatever was
/// begun before its end has a lower number than whatever was begun after. Had the jobs been dealt
/// out beforehand, the long one's worker would come back to an early job of its own.
#[test]
fn a_long_job_holds_up_none_but_its_worker() {
    for executor in Runtime::Rust.executors() {
        if executor == Executor::Serial {
            continue;
        }
        let mut jobs = vec![Job::wait(2_000_000_000)];
        jobs.extend(vec![Job::wait(10_000); 50]);
        let report = run(&trial(executor, 2, jobs));
        let (long, short) = report.jobs.split_first().unwrap();
        let is_before = |job: &&JobReport| job.report.start_ns < long.report.end_ns;
        let (before, after): (Vec<_>, Vec<_>) = short.iter().partition(is_before);
        let is_shared = before.iter().any(|job| job.worker == long.worker);
        assert!(!is_shared, "{executor}");
        let last_before = before.iter().map(|job| job.job).max();
        let first_after = after.iter().map(|job| job.job).min();
        assert!(last_before > Some(1), "{executor}: {last_before:?}");
        let is_in_order = first_after.is_none() || last_before < first_after;
        assert!(is_in_order, "{executor}: {last_before:?} {first_after:?}");
        // Each worker does one after another.
        for worker in 0..2 {
            let its: Vec<_> = report.jobs.iter().filter(|j| j.worker == worker).collect();
            let in_turn = |two: &[&JobReport]| two[0].report.end_ns <= two[1].report.start_ns;
            assert!(its.windows(2).all(in_turn), "{executor}");
        }
    }
}

#[test]
fn a_job_that_fails_is_a_row_and_not_the_end_of_the_trial() {
    for executor in Runtime::Rust.executors() {
        let failing = match executor {
            Executor::Async => page_at(nobody()),
            _ => Job::echo(nobody(), Some(1), 0, 0),
        };
        let trial = trial(executor, 2, vec![Job::wait(1), failing, Job::wait(1)]);
        let report = Staff::new().pool("good").run(&trial).unwrap();
        let errors = report.jobs.iter().map(|job| job.report.error.is_some());
        assert_eq!(errors.collect::<Vec<_>>(), [false, true, false], "{executor}");
    }
}

/// That the reports are right says that the counter is their sum.
#[test]
fn no_increment_is_lost_in_the_background_either() {
    for executor in [Executor::Serial, Executor::Threads, Executor::Rayon] {
        let mut trial = trial(executor, 4, vec![Job::count(50_000); 16]);
        trial.jobs.push(Job::add(10));
        trial.background = vec![beside(Executor::Threads, Job::count(1).until_stopped())];
        run(&trial);
    }
}

fn beside(executor: Executor, job: Job) -> Background {
    Background { executor, job }
}

#[test]
fn jobs_in_the_background_run_until_they_are_stopped_and_come_last() {
    let echo_port = echo();
    for executor in Runtime::Rust.executors() {
        for beside_on in [Executor::Threads, Executor::Processes] {
            // Long enough for whatever runs in the background to make its first step.
            let mut trial = trial(executor, 3, vec![Job::wait(200_000_000); 3]);
            let echo = Job::echo(echo_port, None, 0, 0);
            trial.background = [Job::add(1), Job::track(1), Job::hash(1000, 1), echo]
                .map(|job| beside(beside_on, job.until_stopped()))
                .into();
            run(&trial);
        }
    }
}

#[test]
fn what_cannot_be_is_refused_before_anything_starts() {
    let wait = || vec![Job::wait(1)];
    let endless = || Job::track(1).until_stopped();
    let mut refused = vec![
        (trial(Executor::Processes, 2, vec![Job::count(1)]), "share no counter"),
        (trial(Executor::Threads, 0, wait()), "at least one worker"),
    ];
    for executor in Runtime::Rust.executors() {
        let never = "a track job: it would never end";
        refused.push((trial(executor, 2, vec![endless()]), never));
    }
    for job in
        [Job::add(1), Job::track(1), Job::hash(1, 1), Job::count(1), Job::echo(7, Some(1), 0, 0)]
    {
        let holds_up = "hold up all other tasks";
        refused.push((trial(Executor::Async, 2, vec![job]), holds_up));
    }
    for (executor, job, reason) in [
        (Executor::Threads, Job::add(1), "until it is stopped"),
        (Executor::Threads, Job::wait(1), "until it is stopped"),
        (Executor::Serial, endless(), "on a thread or a process"),
        (Executor::Rayon, endless(), "on a thread or a process"),
        (Executor::Async, endless(), "on a thread or a process"),
        (Executor::Processes, Job::count(1).until_stopped(), "share no counter"),
    ] {
        let mut trial = trial(Executor::Processes, 2, wait());
        trial.background = vec![beside(executor, job)];
        refused.push((trial, reason));
    }
    for (trial, reason) in refused {
        let staff = Staff::new();
        let error = staff.pool("good").run(&trial).unwrap_err();
        assert!(matches!(error, PoolError::Refused(_)), "{error}");
        assert!(error.to_string().contains(reason), "no '{reason}': {error}");
        assert!(staff.pids().is_empty());
    }
}
