//! What the simulation reports is what a pool would report.

use super::profile::CPYTHON;
use super::*;
use lab_pool::jobs::readings_per_point;
use lab_pool::{Background, Interval, Tracking};

const MS: u64 = 1_000_000;

fn simulation(cores: u32) -> Simulation {
    Simulation::new(
        SimulatedRun { cores, costs: preset::article(), pairs_percent: None, broken: None },
        1,
    )
}

fn trial(runtime: &str, executor: Executor, workers: usize, jobs: Vec<Job>) -> Trial {
    let tracking = Tracking::for_interval(Interval::DEFAULT.ns());
    Trial { tracking, ..Trial::new(runtime.parse().unwrap(), executor, workers, jobs) }
}

/// As many steps as take this long.
fn lasting(kind: &str, ns: u64) -> u64 {
    ns * 1000 / preset::article().cpython.step_ps[kind]
}

#[test]
fn every_answer_is_right_and_every_time_is_in_order() {
    let mut simulation = simulation(2);
    let jobs = vec![
        Job::add(1000),
        Job::track(1000),
        Job::hash(4096, 3),
        Job::wait(MS),
        Job::mix(3, 100, MS),
        Job::points(5, 1000),
    ];
    for runtime in Runtime::SIMULATED {
        for executor in [Executor::Serial, Executor::Threads, Executor::Processes] {
            let trial = trial(runtime, executor, 3, jobs.clone());
            let report = simulation.run(&trial).unwrap();
            assert!(report.zero_ns <= report.ready_ns && report.answered_ns <= report.closed_ns);
            for (job, done) in jobs.iter().zip(&report.jobs) {
                let one = &done.report;
                assert!(job.check(one.count, &one.answer).is_ok() && one.error.is_none());
                assert!(report.zero_ns <= one.start_ns && one.end_ns <= report.answered_ns);
                let samples: u64 = one.spans.iter().map(|span| span.samples).sum();
                let expected = job.readings().max(if job.kind() == "hash" { 1 } else { 0 });
                assert!(samples == expected || job.kind() == "hash", "{job:?} {samples}");
            }
        }
    }
}

/// Each point ends a span that completes its lot of readings, also where the lock was handed over between.
#[test]
fn points_are_found_again() {
    let additions = lasting("points", 20 * MS);
    let jobs = vec![Job::points(5, 5 * additions); 2];
    let report = simulation(2).run(&trial(CPYTHON, Executor::Threads, 2, jobs)).unwrap();
    let lot = readings_per_point(additions);
    for job in &report.jobs {
        let mut read = 0;
        let ends = job.report.spans.iter().filter(|span| {
            read += span.samples;
            read % lot == 0
        });
        assert_eq!(ends.count(), 5);
        assert_eq!(read, 5 * lot);
        assert!(job.report.spans.len() > 8, "the lock was handed over: {}", job.report.spans.len());
    }
}

#[test]
fn trackers_under_a_lock_have_slices_of_an_interval() {
    let jobs = vec![Job::track(lasting("track", 100 * MS)); 2];
    let report = simulation(2).run(&trial(CPYTHON, Executor::Threads, 2, jobs)).unwrap();
    let spans = &report.jobs[0].report.spans;
    let inner = &spans[1..spans.len() - 1];
    assert!(inner.len() > 5);
    assert!(inner.iter().all(|span| (5 * MS..6 * MS).contains(&(span.end_ns - span.start_ns))));
}

#[test]
fn what_computes_beside_counts_what_it_had_time_for() {
    let beside = Background { executor: Executor::Threads, job: Job::add(0).until_stopped() };
    let mut trial = trial(CPYTHON, Executor::Threads, 1, vec![Job::wait(50 * MS)]);
    trial.background = vec![beside.clone()];
    let report = simulation(2).run(&trial).unwrap();
    let done = &report.jobs[1].report;
    assert!(beside.job.check(done.count, &done.answer).is_ok());
    assert!(done.count > lasting("add", 40 * MS), "{}", done.count);
}

#[test]
fn what_has_no_profile_is_refused() {
    let error = |trial: &Trial| simulation(2).run(trial).unwrap_err().to_string();
    let count = trial(CPYTHON, Executor::Threads, 1, vec![Job::count(5)]);
    assert_eq!(error(&count), "a count job has no profile and cannot be simulated");
    let model = trial("gil", Executor::Threads, 1, vec![]);
    assert!(error(&model).starts_with("gil is not simulated; there are: sim-rust"));
    let interpreters = trial(CPYTHON, Executor::Interpreters, 1, vec![]);
    assert_eq!(error(&interpreters), "interpreters cannot be simulated");
}
