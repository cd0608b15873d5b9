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

/// As many in the system on average as queueing theory has it (Erlang C). Which of them is served makes no
/// difference, since how long a service still takes does not depend on how long it has taken.
#[test]
fn a_queue_before_equal_cores_is_as_long_as_erlangs_formula_says() {
    const JOBS: usize = 40_000;
    let mut dice = oorandom::Rand64::new(7);
    let mut time = |mean: u64| (-(1.0 - dice.rand_float()).ln() * mean as f64) as u64;
    for (cores, load) in [(1_u32, 0.5), (2, 0.7), (4, 0.8)] {
        let offered = load * f64::from(cores);
        let (mut arrival, mut arrivals) = (0, Vec::new());
        let jobs = (0..JOBS).map(|_| {
            arrival += time((MS as f64 / offered) as u64);
            arrivals.push(arrival);
            Profile::new(vec![Step::Wait(arrival), Step::Compute(time(MS))])
        });
        let jobs: Vec<Profile> = jobs.collect();
        let outcome = exact(cores, Executor::Each, JOBS, &jobs);
        let took = outcome.jobs.iter().zip(&arrivals).map(|(job, at)| job.end_ns.unwrap() - at);
        let mean = took.sum::<u64>() as f64 / (JOBS as f64 * MS as f64);
        let terms: Vec<f64> = (1..=cores)
            .scan(1.0, |term, k| {
                *term *= offered / f64::from(k);
                Some(*term)
            })
            .collect();
        let last = terms[terms.len() - 1] / (1.0 - load);
        let below = 1.0 + terms[..terms.len() - 1].iter().sum::<f64>();
        let waits = last / (below + last);
        let expected = 1.0 + waits / (f64::from(cores) - offered);
        assert!((0.95..1.05).contains(&(mean / expected)), "{cores}: {mean} {expected}");
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

/// Two to a core: who has a core for itself has all of it, and two get as much as a core gives to both.
#[test]
fn hardware_threads_share_their_core() {
    for executor in [Executor::Threads, Executor::Processes] {
        for (jobs, percent, makespan) in
            [(1, 50, 40), (2, 50, 40), (4, 50, 80), (4, 80, 50), (8, 80, 100)]
        {
            let profiles = vec![Profile::cpu(40 * MS); jobs];
            let plan = Plan::exact(4, executor, jobs, profiles);
            let outcome = run(&Plan { pairs_percent: Some(percent), ..plan });
            assert_eq!(outcome.answered_ns, makespan * MS, "{jobs} at {percent} %");
        }
    }
    // The second job has the core for itself when the first is done: 10 ms of work in 20, and 30 more.
    let jobs = vec![Profile::cpu(10 * MS), Profile::cpu(40 * MS)];
    let plan = Plan { pairs_percent: Some(50), ..Plan::exact(2, Executor::Threads, 2, jobs) };
    let outcome = run(&plan);
    assert_eq!(outcome.jobs[0].end_ns, Some(20 * MS));
    assert_eq!(outcome.jobs[1].end_ns, Some(50 * MS));
    assert_eq!(outcome.cpu_ns, 70 * MS);
    // Under a lock one computes at a time, at full speed.
    let jobs = vec![Profile::cpu(50 * MS); 2];
    let gil = Some(Gil::every(Interval::DEFAULT));
    let plan = Plan { gil, pairs_percent: Some(62), ..Plan::exact(2, Executor::Threads, 2, jobs) };
    assert_eq!(run(&plan).answered_ns, 100 * MS);
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

/// A server that serves one at a time: who waits for it keeps its thread, or its task, and no core.
#[test]
fn a_lock_that_is_kept_while_waiting_makes_waits_follow_one_another() {
    let page = vec![Step::Acquire(0), Step::Wait(10 * MS), Step::Release(0)];
    for executor in [Executor::Threads, Executor::Processes, Executor::Async] {
        let outcome = exact(4, executor, 4, &vec![Profile::new(page.clone()); 6]);
        assert_eq!(outcome.answered_ns, 60 * MS, "{executor:?}");
        assert_eq!(outcome.cpu_ns, 0);
    }
}
