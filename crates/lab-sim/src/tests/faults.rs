//! Plans that no machine can run to an end.

use super::{MS, US};
use crate::{Beside, Executor, Gil, Plan, Profile, Step, simulate};
use lab_data::settings::costs::{KernelCosts, Spread};
use lab_gil::Interval;

/// Without forced switching a thread that computes takes the lock again before who asked for it wakes up.
#[test]
fn who_never_gets_the_lock_and_what_has_no_end_are_reported() {
    let gil = Some(Gil { interval: Interval::DEFAULT, forced_switching: false });
    let plan = Plan::exact(2, Executor::Threads, 1, vec![Profile::echo(3, MS, MS)]);
    let kernel = KernelCosts { wake: Spread::exactly(50 * US), ..plan.kernel };
    let starved = simulate(&Plan { gil, kernel, beside: vec![Beside::Thread], ..plan });
    let said = starved.unwrap_err().to_string();
    assert!(said.contains("one never gets the lock that it waits for"), "{said}");
    let endless =
        Plan::exact(1, Executor::Serial, 1, vec![Profile::cpu(MS), Profile::cpu(u64::MAX)]);
    assert_eq!(
        simulate(&endless).unwrap_err().to_string(),
        "job 1 computes and waits for more than a year: it does not end"
    );
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
    let tasks = error(Executor::Async, vec![job(0, 1), job(1, 0)], None);
    assert!(tasks.ends_with("task 1 waits for lock 0; task 0 waits for lock 1"), "{tasks}");
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
    for (cores, percent) in [(3, 60), (4, 0), (4, 101)] {
        let plan = Plan::exact(cores, Executor::Threads, 1, vec![]);
        let refused = simulate(&Plan { pairs_percent: Some(percent), ..plan }).unwrap_err();
        assert!(refused.to_string().ends_with(&format!("not {cores} at {percent} %")), "{refused}");
    }
    let nothing = Plan::exact(1, Executor::Threads, 5, vec![]);
    assert_eq!(simulate(&nothing).unwrap().answered_ns, 0);
}
