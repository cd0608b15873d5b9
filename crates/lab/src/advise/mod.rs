//! How many workers the user's own work needs: a second design, which the one scheduler measures until
//! the budget is used up, and whose figure is the advice.
//!
//! | module | concept |
//! |---|---|
//! | `commands`, `template` | the work: commands, or the pages of `--urls`; what takes the place of {} |
//! | `numbers`, `plan` | which numbers of workers are tried, on how many jobs |
//! | `design` | what is measured and drawn |
//! | `answer`, `caveats` | which number the data support, and how well |
//! | `advice`, `wording` | the advice from the record, and as people read it |
//! | `elsewhere` | how the same work would fare on other machines, simulated |

pub(crate) mod advice;
mod answer;
mod caveats;
mod commands;
mod design;
mod elsewhere;
mod numbers;
mod plan;
mod template;
mod wording;

pub use advice::{Advice, Elsewhere, Range, Simulated, Tried};
pub(crate) use commands::check;
pub(crate) use design::replayed;

use crate::arms::runtime::Runtime;
use crate::arms::work::WaitCompute;
use crate::console;
use crate::design::Design;
use crate::design::schedule::Schedule;
use crate::measure::blocks::Until;
use crate::measure::rig::Rig;
use crate::record;
use crate::record::noise::NoiseSum;
use crate::show::words;
use anyhow::{Result, bail};
use design::{PILOT, design};
use lab_pool::Job;
use numbers::Work;
use plan::{Asked, TooLong, plan};
use std::time::{Duration, Instant};

/// The pilot takes at most this share of the budget, …
const PILOT_SHARE: u32 = 10;
/// … and no more jobs than this.
const MOST_PILOTS: usize = 24;

/// Measures the user's own work on numbers of workers around the formula's, within the budget; gives
/// the design of what was measured. `error` is how far the simulation is known to err, if the work is
/// to be simulated besides.
///
/// # Errors
/// If not even two numbers can be tried within the budget, or a trial cannot be run or saved.
pub(crate) fn measure(rig: &mut Rig, error: Option<(f64, f64)>) -> Result<Design> {
    let begun = Instant::now();
    let jobs = commands::of(rig)?;
    elsewhere::prepare(rig, error)?;
    let budget = rig.options.own.budget_in(rig.info.mode);
    console::err("Trying a few jobs, one after another.");
    let Some(mean) = pilot(rig, &jobs, budget / PILOT_SHARE)? else {
        // The advice will be refused with what the jobs say.
        return Ok(design(&[], Vec::new(), None));
    };
    let cores = rig.info.machine.cores.usable;
    // While the jobs were tried one after another.
    let others = NoiseSum::of(rig.so_far()?.all_trials()).shares(cores).share();
    let work = Work {
        jobs: u32::try_from(jobs.len()).unwrap_or(u32::MAX),
        waits: mean.waits_ns / 1e9,
        computes: mean.computes_ns / 1e9,
        cores,
        python_default: record::python_default(&rig.info),
        idle: f64::from(cores) * (1.0 - others.min(1.0)),
    };
    let asked = Asked { workers: &rig.options.workers.workers, blocks: rig.options.common.blocks };
    let plan = match plan(&work, budget.saturating_sub(begun.elapsed()), &asked) {
        Ok(plan) => plan,
        Err(TooLong(needed)) => bail!(
            "{} are too short to try two numbers of workers on jobs of {}: give it about {} with \
             --budget",
            seconds(budget),
            words::time(mean.waits_ns + mean.computes_ns),
            seconds(needed + begun.elapsed())
        ),
    };
    if let Some(cuts) = plan.cuts(work.jobs, &seconds(budget)) {
        console::err(&cuts);
    }
    let some = spread(&jobs, plan.jobs as usize);
    let design = design(&plan.workers, some, plan.is_twice.then_some(plan.formula));
    let time = |ns: f64| Duration::from_nanos(ns as u64);
    let until = Until::Budget {
        time: budget.saturating_sub(begun.elapsed()),
        most: plan.most,
        keep: work.python_default.min(plan.jobs),
        own: (time(mean.waits_ns), time(mean.computes_ns)),
    };
    rig.run(&Schedule::of(std::slice::from_ref(&design)), &until, &|_| false)?;
    // What made room after the warm-up was not measured, and a replay knows nothing else.
    Ok(replayed(&rig.so_far()?))
}

/// Jobs from all over the list, one after another, until the time is over.
fn pilot(rig: &mut Rig, jobs: &[Job], time: Duration) -> Result<Option<WaitCompute>> {
    let begun = Instant::now();
    for job in spread(jobs, MOST_PILOTS) {
        rig.run_pilot(&Runtime::rust(), PILOT, vec![job])?;
        if begun.elapsed() > time {
            break;
        }
    }
    Ok(rig.so_far()?.piloted(&Runtime::rust().name, PILOT))
}

/// `number` of the jobs, from all over the list and in its order; all if there are no more.
fn spread(jobs: &[Job], number: usize) -> Vec<Job> {
    let number = number.min(jobs.len());
    (0..number).filter_map(|at| jobs.get(at * jobs.len() / number).cloned()).collect()
}

fn seconds(time: Duration) -> String {
    match time.as_secs_f64() {
        seconds if seconds < 100.0 => format!("{:.0} s", seconds.ceil()),
        seconds => format!("{:.0} min", (seconds / 60.0).ceil()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_are_taken_from_all_over_the_list() {
        let jobs: Vec<Job> = (0..10).map(Job::wait).collect();
        assert_eq!(spread(&jobs, 3), [0, 3, 6].map(Job::wait));
        assert_eq!(spread(&jobs, 20), jobs);
        assert!(spread(&[], 3).is_empty());
    }
}
