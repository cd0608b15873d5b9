//! Machines whose makespans can be computed by hand.

use super::{MS, SECOND, US};
use crate::{Beside, Executor, Gil, Outcome, Plan, PoolCosts, Profile, Step, simulate};
use lab_data::settings::costs::{KernelCosts, Spread, StartCost};
use lab_gil::Interval;

fn run(plan: &Plan) -> Outcome {
    simulate(plan).unwrap()
}

fn exact(cores: u32, executor: Executor, workers: usize, jobs: &[Profile]) -> Outcome {
    run(&Plan::exact(cores, executor, workers, jobs.to_vec()))
}

/// The makespan of list scheduling: each job goes to the worker that is free first.
fn list_scheduling(times: &[u64], workers: usize) -> u64 {
    let mut free = vec![0u64; workers];
    for time in times {
        let first = free.iter_mut().min().unwrap();
        *first += time;
    }
    free.into_iter().max().unwrap()
}

#[test]
fn serial_takes_the_sum() {
    let jobs = [Profile::cpu(3 * MS), Profile::wait(5 * MS), Profile::cpu(0), Profile::cpu(4 * MS)];
    let outcome = exact(4, Executor::Serial, 1, &jobs);
    assert_eq!(outcome.answered_ns, 12 * MS);
    assert_eq!(outcome.cpu_ns, 7 * MS);
    assert_eq!(outcome.closed_ns, 12 * MS);
    let starts: Vec<u64> = outcome.jobs.iter().map(|job| job.start_ns).collect();
    assert_eq!(starts, [0, 3 * MS, 8 * MS, 8 * MS]);
}

#[test]
fn pages_come_as_list_scheduling_has_it() {
    let times: Vec<u64> = (0..16).map(|page| (20 + (page * 37) % 41) * MS).collect();
    let jobs: Vec<Profile> = times.iter().map(|ns| Profile::wait(*ns)).collect();
    for executor in [Executor::Threads, Executor::Processes, Executor::Async] {
        for workers in [1, 3, 4, 8, 16, 32] {
            for gil in [None, Some(Gil::every(Interval::DEFAULT))] {
                let plan = Plan { gil, ..Plan::exact(1, executor, workers, jobs.clone()) };
                let makespan = list_scheduling(&times, workers);
                assert_eq!(run(&plan).answered_ns, makespan, "{executor:?} {workers}");
            }
        }
    }
}

/// Slices do not change it: M equal jobs on as many workers and N cores take M/N jobs' time if N divides
/// M, and where it does not no core is idle while two threads share another.
#[test]
fn computing_takes_the_work_over_the_cores() {
    for executor in [Executor::Threads, Executor::Processes] {
        for (jobs, cores, times) in [(4, 4, 1), (4, 2, 2), (8, 2, 4), (12, 4, 3), (4, 64, 1)] {
            let profiles = vec![Profile::cpu(40 * MS); jobs];
            let outcome = exact(cores, executor, jobs, &profiles);
            assert_eq!(outcome.answered_ns, times * 40 * MS, "{jobs} on {cores}");
            assert_eq!(outcome.cpu_ns, jobs as u64 * 40 * MS);
        }
        let outcome = exact(
            2,
            executor,
            3,
            &[const { Step::Compute(40 * MS) }; 3].map(|step| Profile::new(vec![step])),
        );
        assert!((60 * MS..=80 * MS).contains(&outcome.answered_ns), "{}", outcome.answered_ns);
    }
}

#[test]
fn under_a_gil_threads_take_the_sum_and_processes_do_not() {
    let jobs = vec![Profile::cpu(50 * MS); 4];
    let of = |executor, cores| {
        let gil = Some(Gil::every(Interval::DEFAULT));
        run(&Plan { gil, ..Plan::exact(cores, executor, 4, jobs.clone()) }).answered_ns
    };
    for cores in [1, 2, 4, 64] {
        assert_eq!(of(Executor::Threads, cores), 200 * MS, "{cores}");
        assert_eq!(of(Executor::Processes, cores), 200 * MS / u64::from(cores.min(4)), "{cores}");
    }
}

#[test]
fn threads_on_one_core_take_turns_of_a_slice() {
    let outcome = exact(1, Executor::Each, 2, &[Profile::cpu(40 * MS), Profile::cpu(40 * MS)]);
    let lengths = |job: usize| -> Vec<u64> {
        outcome.jobs[job].spans.iter().map(|span| span.end_ns - span.start_ns).collect()
    };
    assert_eq!(lengths(0), [4 * MS; 10]);
    assert_eq!(lengths(1), [4 * MS; 10]);
    assert_eq!(outcome.involuntary_switches, 18, "after each slice but the last of each");
}

/// One that sleeps most of the time is let in as soon as it wakes up.
#[test]
fn a_sleeper_need_not_wait_for_the_end_of_a_slice() {
    let sleeper = Profile::echo(10, 20 * MS, MS / 2);
    let outcome = exact(1, Executor::Each, 2, &[Profile::cpu(SECOND), sleeper]);
    let took = outcome.jobs[1].end_ns.unwrap();
    let alone = 10 * 20 * MS + 10 * MS / 2;
    assert!(
        (alone..=alone + 4 * MS).contains(&took),
        "at its start it may wait for a slice: {took}"
    );
}

#[test]
fn starts_hand_overs_switches_and_wake_ups_take_their_time() {
    let pool = PoolCosts {
        start: StartCost { spawn: Spread::exactly(MS), boot: Spread::exactly(2 * MS) },
        hand_over: Spread::exactly(MS / 10),
        ..PoolCosts::default()
    };
    let kernel = KernelCosts {
        wake: Spread::exactly(50 * US),
        switch: Spread::exactly(US),
        ..Plan::exact(1, Executor::Serial, 1, vec![]).kernel
    };
    let plan = Plan {
        pool,
        kernel,
        ..Plan::exact(4, Executor::Processes, 2, vec![Profile::cpu(10 * MS); 2])
    };
    let outcome = run(&plan);
    // The first: asks, is woken up, switches; starts one after another; each boots after that.
    let first = 51 * US + MS;
    let second = first + MS;
    let end = |started: u64| started + 51 * US + 2 * MS + MS / 10 + 10 * MS;
    assert_eq!(outcome.jobs[0].end_ns, Some(end(first)));
    assert_eq!(outcome.jobs[1].end_ns, Some(end(second)));
    assert_eq!(outcome.answered_ns, end(second) + 50 * US);
    assert_eq!(outcome.ready_ns, second + 51 * US + 2 * MS);
}

#[test]
fn a_warm_pool_hands_out_jobs_when_all_workers_are_there() {
    let start = StartCost { spawn: Spread::exactly(MS), boot: Spread::exactly(2 * MS) };
    let pool = PoolCosts { start, ..PoolCosts::default() };
    let jobs = vec![Profile::cpu(MS); 3];
    let plan = Plan { pool, is_warm: true, ..Plan::exact(8, Executor::Threads, 3, jobs) };
    let outcome = run(&plan);
    assert_eq!(outcome.ready_ns, 5 * MS);
    assert!(outcome.jobs.iter().all(|job| job.submitted_ns == 5 * MS && job.start_ns == 5 * MS));
    assert_eq!(outcome.answered_ns, 6 * MS);
}

/// CPython's pool waits until a thread that it starts runs, and gets the lock back an interval later; the
/// new thread gets it an interval after that.
#[test]
fn a_thread_that_computes_holds_up_the_start_of_the_next() {
    let gil = Some(Gil::every(Interval::DEFAULT));
    let plan = Plan {
        gil,
        waits_for_start: true,
        ..Plan::exact(8, Executor::Threads, 3, vec![Profile::cpu(50 * MS); 3])
    };
    let outcome = run(&plan);
    assert!((10 * MS..=21 * MS).contains(&outcome.ready_ns), "{}", outcome.ready_ns);
    assert_eq!(outcome.answered_ns, 150 * MS);
}

#[test]
fn what_computes_beside_the_jobs_ends_with_them() {
    let gil = Some(Gil::every(Interval::DEFAULT));
    for (beside, slower) in [(Beside::Thread, true), (Beside::Process, false)] {
        let plan = Plan::exact(4, Executor::Threads, 1, vec![Profile::echo(10, MS, MS / 10)]);
        let outcome = run(&Plan { gil, beside: vec![beside], ..plan });
        let took = outcome.jobs[0].end_ns.unwrap() - outcome.jobs[0].start_ns;
        assert_eq!(took > 40 * MS, slower, "{took}");
        assert!(outcome.jobs[1].end_ns.is_some_and(|end_ns| end_ns >= outcome.answered_ns));
        assert!(outcome.closed_ns < outcome.answered_ns + 6 * MS);
    }
}

#[test]
fn an_event_loop_computes_one_task_at_a_time_and_waits_for_all_at_once() {
    let jobs =
        vec![Profile::new(vec![Step::Compute(MS), Step::Wait(10 * MS), Step::Compute(MS)]); 3];
    let outcome = exact(4, Executor::Async, 3, &jobs);
    assert_eq!(outcome.answered_ns, 3 * MS + 8 * MS + 3 * MS);
    assert_eq!(outcome.cpu_ns, 6 * MS);
    let two = exact(4, Executor::Async, 2, &jobs);
    assert!(two.answered_ns > outcome.answered_ns + 8 * MS);
    assert_eq!(two.jobs[2].worker, 0);
}

#[test]
fn one_lock_lets_one_job_at_a_time_compute_first_come_first() {
    let job = Profile::new(vec![Step::Acquire(0), Step::Compute(5 * MS), Step::Release(0)]);
    for gil in [None, Some(Gil::every(Interval::DEFAULT))] {
        let outcome = run(&Plan { gil, ..Plan::exact(4, Executor::Each, 4, vec![job.clone(); 4]) });
        assert_eq!(outcome.answered_ns, 20 * MS);
    }
}

#[test]
fn a_deadlock_is_reported_with_who_waits_for_whom() {
    let job = |first, second| {
        let steps = vec![Step::Acquire(first), Step::Wait(MS), Step::Acquire(second)];
        Profile::new(steps)
    };
    let error = |executor, jobs: Vec<Profile>, gil| {
        let plan = Plan::exact(2, executor, jobs.len(), jobs);
        simulate(&Plan { gil, ..plan }).unwrap_err().to_string()
    };
    for gil in [None, Some(Gil::every(Interval::DEFAULT))] {
        let said = error(Executor::Each, vec![job(0, 1), job(1, 0)], gil);
        let waits = said
            .strip_prefix("the simulated workers wait for one another without end: ")
            .unwrap_or_default();
        let mut waits: Vec<&str> = waits.split("; ").collect();
        waits.sort_unstable();
        assert_eq!(
            waits,
            [
                "worker 0 waits for lock 1, held by worker 1",
                "worker 1 waits for lock 0, held by worker 0"
            ]
        );
    }
    let itself = error(Executor::Each, vec![job(0, 0)], None);
    assert!(itself.ends_with("worker 0 waits for lock 0, held by itself"), "{itself}");
    let kept = Profile::new(vec![Step::Acquire(0), Step::Compute(2 * MS)]);
    let later = Profile::new(vec![Step::Wait(MS), Step::Acquire(0)]);
    let gone = error(Executor::Threads, vec![kept, later], None);
    assert!(gone.contains("waits for lock 0, held by worker"), "{gone}");
    assert!(gone.contains(", which has ended"), "{gone}");
    assert!(gone.contains("whoever asked waits for 1 answers"), "{gone}");
    let wrong = error(Executor::Each, vec![Profile::new(vec![Step::Release(3)])], None);
    assert_eq!(wrong, "job 0 releases lock 3, which it does not hold");
}

#[test]
fn what_no_machine_is_is_refused() {
    let error = |cores, workers| {
        simulate(&Plan::exact(cores, Executor::Threads, workers, vec![])).unwrap_err().to_string()
    };
    for cores in [0, 1_000_000] {
        assert_eq!(
            error(cores, 1),
            format!("a simulated machine has 1 to 4096 cores, not {cores}")
        );
    }
    assert_eq!(error(1, 0), "a pool needs at least one worker");
    assert_eq!(exact(1, Executor::Threads, 5, &[]).answered_ns, 0);
}
