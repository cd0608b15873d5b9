//! Trials in this process: what the lock changes, and what it must not.

use super::*;
use crate::jobs::Tracking;
use crate::jobs::page::PageRequest;
use crate::trial::{JobReport, Start};
use lab_gil::Interval;

pub(crate) fn pool() -> Pool {
    Pool::new(ChildCommand::new("no worker", "/nonexistent"))
}

pub(crate) fn trial(runtime: Runtime, executor: Executor, workers: usize, jobs: Vec<Job>) -> Trial {
    Trial::new(runtime, executor, workers, jobs)
}

/// One of each kind that needs no network, and two that share the counter.
pub(crate) fn jobs() -> Vec<Job> {
    vec![
        Job::add(100_000),
        Job::track(20_000),
        Job::hash(4096, 3),
        Job::hash(100, 3),
        Job::wait(100_000),
        Job::mix(3, 1000, 10_000),
        Job::points(3, 3000),
        Job::count(5000),
        Job::count(5000),
    ]
}

#[test]
fn the_lock_changes_no_answer() {
    for start in [Start::Cold, Start::Warm] {
        let answers = |runtime, executor| {
            let mut trial = trial(runtime, executor, 3, jobs());
            trial.start = start;
            let report = pool().run(&trial).unwrap();
            assert!(report.zero_ns <= report.ready_ns);
            assert!(report.answered_ns <= report.closed_ns);
            let answer = |job: &JobReport| {
                assert_eq!(job.report.error, None);
                (job.job, job.report.count, job.report.answer.clone())
            };
            report.jobs.iter().map(answer).collect::<Vec<_>>()
        };
        let native = answers(Runtime::Rust, Executor::Serial);
        for runtime in [Runtime::Gil, Runtime::Rust] {
            assert_eq!(native, answers(runtime.clone(), Executor::Serial));
            assert_eq!(native, answers(runtime, Executor::Threads));
        }
    }
}

#[test]
fn under_the_lock_two_threads_never_make_progress_at_once() {
    let interval = Interval::new(Duration::from_micros(200)).unwrap();
    let mut trial = Trial {
        tracking: Tracking::for_interval(interval.ns()),
        switch_interval: interval,
        ..trial(Runtime::Gil, Executor::Threads, 3, vec![Job::track(100_000); 6])
    };
    // One in the background shares the lock.
    trial
        .background
        .push(Background { executor: Executor::Threads, job: Job::track(1).until_stopped() });
    let report = pool().run(&trial).unwrap();
    assert_eq!(report.jobs.len(), 7);
    let mut spans: Vec<_> = report.jobs.iter().flat_map(|job| &job.report.spans).collect();
    spans.sort_by_key(|span| span.start_ns);
    let overlaps = spans.windows(2).filter(|two| two[0].end_ns > two[1].start_ns);
    assert_eq!(overlaps.count(), 0);
}

#[test]
fn what_waits_does_not_hold_the_lock() {
    // A page that nobody serves in time, beside a job that needs the lock.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let page = Job::page(PageRequest {
        url: format!("http://{}/", listener.local_addr().unwrap()),
        timeout_ns: 2_000_000_000,
        max_bytes: 1,
        expect: None,
    });
    let jobs = vec![page, Job::add(1000)];
    let report = pool().run(&trial(Runtime::Gil, Executor::Threads, 2, jobs)).unwrap();
    let [page, add] = &report.jobs[..] else {
        panic!("{report:?}");
    };
    assert!(page.report.error.is_some());
    assert!(add.report.end_ns < page.report.end_ns);
}

#[test]
fn what_a_runtime_has_not_is_refused() {
    for (runtime, executor, others) in [
        ("gil", Executor::Rayon, "serial, threads, processes"),
        ("gil", Executor::Async, "serial, threads, processes"),
        ("rust", Executor::Interpreters, "serial, threads, rayon, async, processes"),
        ("cpython-3.99", Executor::Rayon, "serial, threads, async, interpreters, processes"),
    ] {
        let error = pool().run(&trial(runtime.parse().unwrap(), executor, 1, vec![])).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("{executor} does not exist in the runtime {runtime}; there are: {others}")
        );
    }
    let unknown = trial("cpython-3.99".parse().unwrap(), Executor::Serial, 1, vec![]);
    assert_eq!(
        pool().run(&unknown).unwrap_err().to_string(),
        "there is no cpython-3.99 here; install it, or name its executable with --python PATH"
    );
}
