//! Which numbers of workers are tried on a user's own work, and how many jobs, within a budget.

use super::numbers::{MOST, Work, drop_farthest, sorted, thin_out};
use lab_stats::formulas::{goetz, python_default};
use lab_stats::sizing::BLOCKS_TO_TELL;
use std::time::Duration;

/// A number of workers that the forecast says takes this many times the least cannot be the advice.
const HOPELESS: f64 = 3.0;
/// A number that the forecast says takes this many times the least is out after a few blocks.
const SOON_OUT: f64 = 1.5;
/// This many blocks show something on a machine that changes its speed from time to time, …
const ENOUGH_TO_SHOW: u32 = 8;
/// … and with fewer than this nothing is shown.
pub(super) const FEWEST: u32 = 5;
/// More than this are not waited for.
const ENOUGH: u32 = 30;
/// Forecasts are rough.
const RESERVE: f64 = 0.85;

/// What somebody asked for instead of what the plan would choose.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Asked<'a> {
    /// These numbers of workers; none to choose them.
    pub workers: &'a [u32],
    /// This many blocks.
    pub blocks: Option<u32>,
}

/// What is to be tried.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Plan {
    /// The numbers of workers, in order.
    pub workers: Vec<u32>,
    /// The one that the formula gives, for the jobs that are measured.
    pub formula: u32,
    /// How many of the jobs are measured.
    pub jobs: u32,
    /// How many blocks there are at most.
    pub blocks: u32,
}

/// The budget would have to be this long.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct TooLong(pub Duration);

/// Plans the trials of some work so that they take no longer than `budget`, on what was asked for or
/// else on what is worth a try around the formula. Too many numbers are thinned out, and too many
/// jobs cut down to a part.
pub(super) fn plan(work: &Work, budget: Duration, asked: &Asked) -> Result<Plan, TooLong> {
    let within = |blocks| plan_for(asked.blocks.unwrap_or(blocks), work, budget, asked);
    within(ENOUGH_TO_SHOW).or_else(|_| within(FEWEST))
}

/// The plan with which at least this many blocks fit into the budget.
fn plan_for(blocks: u32, work: &Work, budget: Duration, asked: &Asked) -> Result<Plan, TooLong> {
    let formula = goetz(work.waits, work.computes, work.cores, work.jobs.min(MOST)).unwrap_or(1);
    let is_free = asked.workers.is_empty();
    let candidates =
        if is_free { work.candidates(formula) } else { sorted(asked.workers.to_vec()) };
    let whole = |n: u32| work.forecast(n, work.jobs);
    let least = candidates.iter().map(|&n| whole(n)).fold(f64::INFINITY, f64::min);
    // A warm-up, and the blocks; of what is out soon only the first of them.
    let needed = |n: u32, jobs: u32| {
        let is_out_soon = whole(n) / least > SOON_OUT;
        let blocks = if is_out_soon { blocks.min(BLOCKS_TO_TELL as u32) } else { blocks };
        work.forecast(n, jobs) * f64::from(blocks + 1)
    };
    // The formula's number is measured twice, to see what chance does.
    let all = |workers: &[u32], jobs: u32| -> f64 {
        workers.iter().map(|&n| needed(n, jobs)).sum::<f64>() + needed(formula, jobs)
    };
    let (mut workers, spare): (Vec<u32>, Vec<u32>) = candidates
        .into_iter()
        .partition(|&n| !is_free || n == formula || whole(n) / least <= HOPELESS);
    let default = python_default(work.cores);
    let available = RESERVE * budget.as_secs_f64();
    let mut jobs = work.jobs;
    while all(&workers, jobs) > available {
        let largest = workers.last().copied().unwrap_or(1);
        let fewest_jobs = work.jobs.min(largest.saturating_mul(2)).max(2);
        if is_free && thin_out(&mut workers, &[formula, default, work.cores]) {
            continue;
        }
        if jobs > fewest_jobs {
            jobs = (jobs / 4 * 3).max(fewest_jobs);
        } else if !(is_free && drop_farthest(&mut workers, formula)) {
            let needed = all(&workers, jobs) / RESERVE;
            return Err(TooLong(Duration::from_secs_f64(needed.min(1e9))));
        }
    }
    // Python's default and one worker are worth a look, if there is time for it.
    for n in [default, 1] {
        if spare.contains(&n) && all(&workers, jobs) + needed(n, jobs) <= available {
            workers.push(n);
        }
    }
    Ok(Plan { workers: sorted(workers), formula, jobs, blocks: asked.blocks.unwrap_or(ENOUGH) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FREE: Asked = Asked { workers: &[], blocks: None };
    const MINUTE: Duration = Duration::from_secs(60);

    fn work(jobs: u32, waits: f64, computes: f64) -> Work {
        Work { jobs, waits, computes, cores: 2 }
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
            assert_eq!((plan.formula, plan.blocks), (formula, ENOUGH), "{plan:?}");
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
    fn what_is_asked_for_is_tried_and_nothing_else() {
        let asked = Asked { workers: &[8, 4], blocks: Some(3) };
        let plan = plan(&work(100, 0.01, 0.001), MINUTE, &asked).unwrap();
        assert_eq!((&plan.workers[..], plan.blocks), (&[4, 8][..], 3));
    }
}
