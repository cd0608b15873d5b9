//! Which numbers of workers are tried on a user's own work, and how many jobs, within a budget.

use super::numbers::{MOST, Work, drop_between, drop_farthest, sorted, thin_out};
use crate::measure::blocks::race::FEWEST;
use lab_stats::formulas::goetz;
use lab_stats::sizing::BLOCKS_TO_TELL;
use std::time::Duration;

/// A number of workers that the forecast says takes this many times the least cannot be the advice.
const HOPELESS: f64 = 3.0;
/// A number that the forecast says takes this many times the least is out after a few blocks.
const SOON_OUT: f64 = 1.5;
/// What a plan does not fall short of.
struct Least {
    /// Rounds of all numbers that are judged, and one of warming up comes before them.
    rounds: u32,
    /// Numbers of workers.
    numbers: usize,
    /// Jobs of a trial, as many times the largest number of workers: with one each, nobody takes a
    /// second one, and who is late decides.
    jobs: u32,
    /// Whether the formula's number is measured twice, to see what chance does.
    is_twice: bool,
    /// Of Python's default and one worker, with which the answer is compared, so many stay.
    keeps: usize,
}

/// From what shows something on a machine that changes its speed from time to time to the least that
/// compares two numbers. What is given up first is what is missed least.
const LEAST: [Least; 5] = [
    Least { rounds: 8, numbers: 3, jobs: 2, is_twice: true, keeps: 2 },
    Least { rounds: FEWEST, numbers: 3, jobs: 2, is_twice: true, keeps: 2 },
    Least { rounds: FEWEST, numbers: 2, jobs: 1, is_twice: true, keeps: 1 },
    Least { rounds: 3, numbers: 2, jobs: 1, is_twice: true, keeps: 0 },
    Least { rounds: 1, numbers: 2, jobs: 1, is_twice: false, keeps: 0 },
];
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
    /// Whether the formula's number is measured a second time.
    pub is_twice: bool,
    /// How many rounds there are at most, …
    pub most: u32,
    /// … and how many fit at the least.
    pub rounds: u32,
    /// How many numbers of workers were worth a try.
    pub worthwhile: usize,
}

/// The budget would have to be this long.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct TooLong(pub Duration);

impl Plan {
    /// What is less than it would be with more time, in a sentence; none if nothing is.
    pub(super) fn cuts(&self, jobs: u32, budget: &str) -> Option<String> {
        let mut cuts = Vec::new();
        if self.jobs < jobs {
            cuts.push(format!("{} of the {jobs} jobs, from all over the list", self.jobs));
        }
        if self.workers.len() < self.worthwhile {
            cuts.push(format!("{} of {} numbers of workers", self.workers.len(), self.worthwhile));
        }
        if self.rounds < LEAST[0].rounds.min(self.most) {
            let word = if self.rounds == 1 { "round" } else { "rounds" };
            cuts.push(format!("at least {} {word}", self.rounds));
        }
        (!cuts.is_empty()).then(|| format!("To fit into {budget}: {}.", cuts.join("; ")))
    }
}

/// Plans the trials of some work so that they take no longer than `budget`, on what was asked for or
/// else on what is worth a try around the formula. If that is too much, there are fewer numbers, fewer
/// jobs and fewer rounds.
///
/// # Errors
/// If the least does not fit either: the time that it takes.
pub(super) fn plan(work: &Work, budget: Duration, asked: &Asked) -> Result<Plan, TooLong> {
    let mut plans = LEAST.iter().map(|least| plan_for(least, work, budget, asked));
    let first = plans.next().unwrap_or(Err(TooLong(Duration::MAX)));
    plans.fold(first, |plan, next| plan.or(next))
}

/// The plan with which this fits into the budget.
fn plan_for(least: &Least, work: &Work, budget: Duration, asked: &Asked) -> Result<Plan, TooLong> {
    let formula = goetz(work.waits, work.computes, work.cores, work.jobs.min(MOST)).unwrap_or(1);
    let rounds = asked.blocks.unwrap_or(least.rounds).min(least.rounds);
    let is_free = asked.workers.is_empty();
    let candidates =
        if is_free { work.candidates(formula) } else { sorted(asked.workers.to_vec()) };
    let whole = |n: u32| work.forecast(n, work.jobs);
    let shortest = candidates.iter().map(|&n| whole(n)).fold(f64::INFINITY, f64::min);
    // A warm-up, and the rounds; of what is out soon only the first of them.
    let needed = |n: u32, jobs: u32| {
        let is_out_soon = whole(n) / shortest > SOON_OUT;
        let rounds = if is_out_soon { rounds.min(BLOCKS_TO_TELL as u32) } else { rounds };
        work.forecast(n, jobs) * f64::from(rounds + 1)
    };
    let all = |workers: &[u32], jobs: u32| -> f64 {
        let twice = workers.iter().filter(|n| least.is_twice && **n == formula);
        workers.iter().chain(twice).map(|&n| needed(n, jobs)).sum()
    };
    let (mut workers, spare): (Vec<u32>, Vec<u32>) = candidates
        .into_iter()
        .partition(|&n| !is_free || n == formula || whole(n) / shortest <= HOPELESS);
    let worthwhile = workers.len();
    let default = work.python_default;
    let compared = [default, 1];
    let drop = |workers: &mut Vec<u32>| match compared.get(..least.keeps).unwrap_or_default() {
        [] => drop_between(workers, formula, least.numbers),
        kept => drop_farthest(workers, formula, kept, least.numbers),
    };
    let available = RESERVE * budget.as_secs_f64();
    let mut jobs = work.jobs;
    while all(&workers, jobs) > available {
        let largest = workers.last().copied().unwrap_or(1);
        let fewest_jobs = work.jobs.min(largest.saturating_mul(least.jobs)).max(2);
        if is_free && thin_out(&mut workers, &[formula, default, work.cores]) {
            continue;
        }
        if jobs > fewest_jobs {
            jobs = (jobs / 4 * 3).max(fewest_jobs);
        } else if !(is_free && drop(&mut workers)) {
            let needed = all(&workers, jobs) / RESERVE;
            return Err(TooLong(Duration::from_secs_f64(needed.min(1e9))));
        }
    }
    // Python's default and one worker are worth a look, if there is time for it.
    for n in compared {
        if spare.contains(&n) && all(&workers, jobs) + needed(n, jobs) <= available {
            workers.push(n);
        }
    }
    Ok(Plan {
        workers: sorted(workers),
        formula,
        jobs,
        is_twice: least.is_twice,
        most: asked.blocks.unwrap_or(ENOUGH),
        rounds,
        worthwhile,
    })
}

#[cfg(test)]
mod tests;
