//! Which numbers of workers are tried on a user's own work, and how many jobs, within a budget.

use lab_stats::formulas::{goetz, python_default};
use lab_stats::sizing::BLOCKS_TO_TELL;
use std::time::Duration;

/// More workers are tried only if they are asked for: each may be a connection to somebody's server.
pub(crate) const MOST: u32 = 64;
/// A number of workers that the forecast says takes so many times the least cannot be the advice.
const HOPELESS: f64 = 3.0;
/// Two numbers that are nearer to one another than this are not both tried.
const APART: f64 = 1.3;
/// A number that the forecast says takes so many times the least is out after a few blocks.
const SOON_OUT: f64 = 1.5;
/// So many numbers are enough to see where the time stops falling.
const A_FEW: usize = 5;
/// So many blocks show something on a machine that changes its speed now and then, …
const WANTED: u32 = 8;
/// … and with fewer than this nothing is shown.
const FEWEST: u32 = 5;
/// More than this are not waited for.
const ENOUGH: u32 = 30;
/// Forecasts are rough.
const RESERVE: f64 = 0.85;

/// What is known of the work before it is measured on several workers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Work {
    /// How many jobs there are.
    pub jobs: u32,
    /// W: how long a job waits, in seconds.
    pub waits: f64,
    /// C: how long it computes, in seconds.
    pub computes: f64,
    /// How many can compute at once.
    pub cores: u32,
}

/// What somebody asked for instead of what the plan would choose.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Asked<'a> {
    /// These numbers of workers; none to choose them.
    pub workers: &'a [u32],
    /// So many blocks.
    pub blocks: Option<u32>,
}

/// What is to be tried.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plan {
    /// The numbers of workers, in order.
    pub workers: Vec<u32>,
    /// The one that the formula gives, for the jobs that are measured.
    pub formula: u32,
    /// How many of the jobs are measured.
    pub jobs: u32,
    /// How many blocks there are at most.
    pub blocks: u32,
}

/// The budget would have to be so long.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TooLong(pub Duration);

impl Work {
    /// About how long `jobs` of the jobs take on so many workers, in seconds: rounds of jobs that
    /// wait, or the cores' time, whichever is longer.
    pub(crate) fn forecast(&self, workers: u32, jobs: u32) -> f64 {
        let rounds = f64::from(jobs.div_ceil(workers.max(1)));
        let at_once = f64::from(workers.min(self.cores).max(1));
        let computing = f64::from(jobs) * self.computes / at_once;
        (rounds * (self.waits + self.computes)).max(computing)
    }

    /// Everything that may be worth a try, no more than the jobs.
    fn candidates(&self, formula: u32) -> Vec<u32> {
        let most = MOST.min(self.jobs);
        let mut workers = vec![
            formula.div_ceil(2),
            formula,
            formula.saturating_mul(2),
            python_default(self.cores),
            self.cores,
            1,
            most,
        ];
        let mut power = 2;
        while power < most {
            let near = |&other: &u32| {
                let (a, b) = (f64::from(power), f64::from(other));
                a.max(b) / a.min(b) < APART
            };
            if !workers.iter().any(near) {
                workers.push(power);
            }
            power *= 2;
        }
        sorted(workers.into_iter().map(|n| n.clamp(1, most)).collect())
    }
}

/// Plans the trials of some work so that they take no longer than `budget`, on what was asked for or
/// else on what is worth a try around the formula. Too many numbers are thinned out, and too many
/// jobs cut down to a part.
pub(crate) fn plan(work: &Work, budget: Duration, asked: &Asked) -> Result<Plan, TooLong> {
    let wanted = asked.blocks.unwrap_or(WANTED);
    let fewest = asked.blocks.unwrap_or(FEWEST);
    plan_for(wanted, work, budget, asked).or_else(|_| plan_for(fewest, work, budget, asked))
}

/// The plan with which at least so many blocks fit into the budget.
fn plan_for(blocks: u32, work: &Work, budget: Duration, asked: &Asked) -> Result<Plan, TooLong> {
    let formula = goetz(work.waits, work.computes, work.cores, work.jobs.min(MOST)).unwrap_or(1);
    let is_free = asked.workers.is_empty();
    let candidates = match is_free {
        true => work.candidates(formula),
        false => sorted(asked.workers.to_vec()),
    };
    let least =
        candidates.iter().map(|&n| work.forecast(n, work.jobs)).fold(f64::INFINITY, f64::min);
    let times_least = |n: u32| work.forecast(n, work.jobs) / least;
    // A warm-up, and the blocks; of what is out soon only the first of them.
    let needed = |n: u32, jobs: u32| {
        let blocks = match times_least(n) > SOON_OUT {
            true => blocks.min(BLOCKS_TO_TELL as u32),
            false => blocks,
        };
        work.forecast(n, jobs) * f64::from(blocks + 1)
    };
    // The formula's number is measured twice, to see what chance does.
    let all = |workers: &[u32], jobs: u32| -> f64 {
        workers.iter().map(|&n| needed(n, jobs)).sum::<f64>() + needed(formula, jobs)
    };
    let (mut workers, spare): (Vec<u32>, Vec<u32>) = candidates
        .into_iter()
        .partition(|&n| !is_free || n == formula || times_least(n) <= HOPELESS);
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

/// Leaves out the number that lies in the smallest gap, but for the first, the last, and those to be
/// kept; false if there are but a few.
fn thin_out(workers: &mut Vec<u32>, keep: &[u32]) -> bool {
    let gaps = workers.windows(3).filter_map(|three| match three {
        [below, n, above] if !keep.contains(n) => Some((*n, f64::from(*above) / f64::from(*below))),
        _ => None,
    });
    let smallest = gaps.min_by(|(_, a), (_, b)| a.total_cmp(b));
    match smallest {
        Some((n, _)) if workers.len() > A_FEW => {
            workers.retain(|&other| other != n);
            true
        }
        _ => false,
    }
}

/// Leaves out the number that is farthest from the formula's; false if only its neighbours are left.
fn drop_farthest(workers: &mut Vec<u32>, formula: u32) -> bool {
    let far = |&n: &u32| (f64::from(n) / f64::from(formula)).ln().abs();
    let farthest = workers.iter().copied().max_by(|a, b| far(a).total_cmp(&far(b)));
    match farthest {
        Some(farthest) if workers.len() > 3 => {
            workers.retain(|&n| n != farthest);
            true
        }
        _ => false,
    }
}

fn sorted(mut workers: Vec<u32>) -> Vec<u32> {
    workers.sort_unstable();
    workers.dedup();
    workers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work(jobs: u32, waits: f64, computes: f64) -> Work {
        Work { jobs, waits, computes, cores: 2 }
    }

    const FREE: Asked = Asked { workers: &[], blocks: None };
    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn the_forecast_is_rounds_of_waiting_or_the_cores_time() {
        assert_eq!(work(10, 1.0, 0.0).forecast(4, 10), 3.0);
        assert_eq!(work(10, 0.0, 1.0).forecast(4, 10), 5.0);
        assert_eq!(work(10, 0.0, 1.0).forecast(1, 10), 10.0);
    }

    #[test]
    fn short_work_is_tried_many_times_on_what_is_worth_it() {
        let plan = plan(&work(100, 0.004, 0.001), MINUTE, &FREE).unwrap();
        assert_eq!(plan.formula, 10);
        // Two workers are hopeless, and sixteen too near to twenty.
        assert_eq!(plan.workers, [1, 5, 6, 10, 20, 32, 64]);
        assert_eq!((plan.jobs, plan.blocks), (100, ENOUGH));
    }

    #[test]
    fn of_work_that_takes_long_fewer_numbers_are_tried() {
        let plan = plan(&work(48, 0.0, 0.05), MINUTE, &FREE).unwrap();
        assert_eq!(plan.formula, 2);
        assert_eq!(plan.workers, [1, 2, 6, 16]);
        assert!((32..48).contains(&plan.jobs), "{plan:?}");
    }

    #[test]
    fn the_smallest_gap_is_thinned_out_first() {
        let mut workers = vec![1, 2, 4, 6, 8, 16, 32, 64];
        assert!(thin_out(&mut workers, &[2, 6]));
        assert_eq!(workers, [1, 2, 4, 6, 16, 32, 64]);
        while thin_out(&mut workers, &[2, 6]) {}
        assert_eq!(workers, [1, 2, 6, 16, 64]);
        assert!(!thin_out(&mut vec![1, 2, 3, 4, 5, 6], &[2, 3, 4, 5]));
    }

    #[test]
    fn no_more_workers_than_jobs() {
        let plan = plan(&work(16, 0.05, 0.001), MINUTE, &FREE).unwrap();
        assert_eq!(plan.workers.last(), Some(&16));
        assert_eq!(plan.formula, 16);
    }

    #[test]
    fn what_is_hopeless_and_long_is_left_out_and_many_jobs_are_cut_down() {
        let plan = plan(&work(1000, 0.5, 0.001), MINUTE, &FREE).unwrap();
        assert!(!plan.workers.contains(&1), "{plan:?}");
        assert!(plan.workers.contains(&64), "{plan:?}");
        assert!((128..1000).contains(&plan.jobs), "{plan:?}");
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
        let TooLong(needed) = plan(&work(8, 100.0, 0.0), MINUTE, &FREE).unwrap_err();
        assert!(needed > Duration::from_secs(600), "{needed:?}");
        assert!(plan(&work(8, 100.0, 0.0), needed + MINUTE, &FREE).is_ok());
    }

    #[test]
    fn what_is_asked_for_is_tried_and_nothing_else() {
        let asked = Asked { workers: &[8, 4], blocks: Some(3) };
        let plan = plan(&work(100, 0.01, 0.001), MINUTE, &asked).unwrap();
        assert_eq!((&plan.workers[..], plan.blocks), (&[4, 8][..], 3));
    }
}
