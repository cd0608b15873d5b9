//! Every executor does every job that fits it, once, and says so truthfully.

use crate::staff::Staff;
use crate::{check, trial};
use lab_jobs::page::PageRequest;
use lab_jobs::{Amount, Job};
use lab_pool::{PoolError, Start};
use lab_record::rows::Executor;
use std::io::{Read, Write};
use std::net::TcpListener;

/// Answers every request with the same page, as long as the test's process lives; gives its URL.
fn site() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                request.extend(byte);
            }
            stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 43\r\n\r\n")
                .unwrap();
            stream
                .write_all(b"The quick brown fox jumps over the lazy dog")
                .unwrap();
        }
    });
    url
}

fn page(url: &str) -> Job {
    Job::Page(PageRequest {
        url: url.into(),
        timeout_ns: 60_000_000_000,
        max_bytes: 1000,
        expect: Some("200:43:414fa339".parse().unwrap()),
    })
}

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

/// One job of each kind that the executor can run.
fn fitting(executor: Executor, url: &str) -> Vec<Job> {
    let mut jobs = vec![wait(), mix(), page(url)];
    if executor != Executor::Async {
        jobs.extend([Job::add(1000), Job::track(1000), Job::hash(1000, 3)]);
        if executor != Executor::Processes {
            jobs.push(Job::count(1000));
        }
    }
    jobs
}

#[test]
fn every_executor_does_every_fitting_job_once() {
    let url = site();
    for executor in Executor::ALL {
        for start in [Start::Warm, Start::Cold] {
            for workers in [1, 3, 64] {
                let staff = Staff::new();
                let mut trial = trial(executor, workers, fitting(executor, &url));
                trial.jobs.extend(fitting(executor, &url));
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
    let nobody = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .unwrap();
    for executor in Executor::ALL {
        let jobs = vec![wait(), page(&format!("http://{nobody}/")), wait()];
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
    for job in [Job::add(1), Job::track(1), Job::hash(1, 1), Job::count(1)] {
        refused.push((Executor::Async, job, "hold up all others"));
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
