//! Plans for made-up work.

use super::*;

const FREE: Asked = Asked { workers: &[], blocks: None };
const MINUTE: Duration = Duration::from_secs(60);

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn work(jobs: u32, waits: f64, computes: f64) -> Work {
    Work { jobs, waits, computes, cores: 2, python_default: 6, idle: 2.0 }
}

#[test]
fn numbers_around_the_formulas_are_tried_on_as_many_jobs_as_fit() {
    for (work, formula, workers, jobs) in [
        // Two workers are hopeless, and sixteen too near to twenty.
        (work(100, 0.004, 0.001), 10, Some(&[1, 5, 6, 10, 20, 32, 64][..]), 100..101),
        // Of work that takes long fewer numbers are tried.
        (work(48, 0.0, 0.05), 2, Some(&[1, 2, 6, 16]), 32..48),
        // What is hopeless and long is left out, and many jobs are cut down.
        (work(1000, 0.5, 0.001), 64, None, 128..1000),
    ] {
        let plan = plan(&work, MINUTE, &FREE).unwrap();
        assert_eq!((plan.formula, plan.most), (formula, ENOUGH), "{plan:?}");
        assert!(workers.is_none_or(|workers| plan.workers == workers), "{plan:?}");
        assert!(jobs.contains(&plan.jobs), "{plan:?}");
        assert_eq!(plan.workers.contains(&1), workers.is_some(), "{plan:?}");
        assert!(workers.is_some() || plan.workers.contains(&64), "{plan:?}");
    }
}

#[test]
fn no_more_workers_than_jobs() {
    let plan = plan(&work(16, 0.05, 0.001), MINUTE, &FREE).unwrap();
    assert_eq!((plan.workers.last(), plan.formula), (Some(&16), 16));
}

#[test]
fn a_plan_keeps_within_its_budget_or_says_what_it_would_need() {
    for (jobs, waits, computes) in [(8, 0.2, 0.1), (64, 0.0, 0.2), (500, 0.05, 0.02)] {
        let work = work(jobs, waits, computes);
        let plan = plan(&work, MINUTE, &FREE).unwrap();
        let once: f64 = plan.workers.iter().map(|&n| work.forecast(n, plan.jobs)).sum();
        let all = f64::from(FEWEST + 1) * once;
        assert!(all <= 60.0, "{plan:?} {all}");
    }
    let long = work(8, 100.0, 0.0);
    let TooLong(needed) = plan(&long, MINUTE, &FREE).unwrap_err();
    assert!(needed > Duration::from_secs(600), "{needed:?}");
    assert!(plan(&long, needed + MINUTE, &FREE).is_ok());
}

#[test]
fn what_does_not_fit_is_made_smaller_and_said_in_one_line() {
    let gzip = work(30, 0.0, 0.085);
    let mut before = 9;
    for (seconds, cuts) in [
        (200, ""),
        (60, "of 7 numbers of workers"),
        (10, "of the 30 jobs"),
        (8, "rounds"),
        (3, "at least 3 rounds"),
        (1, "at least 1 round"),
    ] {
        let plan = plan(&gzip, Duration::from_secs(seconds), &FREE).unwrap();
        assert!(plan.workers.len() >= 2 && plan.jobs >= 2, "{plan:?}");
        assert!(plan.rounds <= before, "{plan:?}");
        before = plan.rounds;
        let said = plan.cuts(30, "the budget").unwrap_or_default();
        assert!(said.contains(cuts) && !said.contains('\n'), "{seconds}: {said} {plan:?}");
        assert_eq!(said.is_empty(), cuts.is_empty(), "{said}");
    }
}

#[test]
fn the_least_is_a_warm_up_and_a_round_of_two_numbers() {
    let TooLong(needed) = plan(&work(30, 0.0, 1.0), ms(1000), &FREE).unwrap_err();
    // Two jobs: two seconds on one worker, one on two, and all of that twice.
    assert_eq!(needed, Duration::from_secs_f64(6.0 / RESERVE));
    let least = plan(&work(30, 0.0, 1.0), needed + ms(1), &FREE).unwrap();
    assert_eq!((least.rounds, &least.workers[..], least.jobs), (1, &[1, 2][..], 2));
}

#[test]
fn what_is_asked_for_is_tried_and_nothing_else() {
    let asked = Asked { workers: &[8, 4], blocks: Some(3) };
    let plan = plan(&work(100, 0.01, 0.001), MINUTE, &asked).unwrap();
    assert_eq!((&plan.workers[..], plan.most), (&[4, 8][..], 3));
}
