//! How many workers the user's own work wants: a second design, measured within a budget, whose
//! figure is the advice.
//!
//! | module | concept |
//! |---|---|
//! | `commands` | the work: commands, or the pages of `--urls` |
//! | `plan` | which numbers of workers are tried, on how many jobs |
//! | `advice`, `wording` | the advice from the record, and as people read it |

mod advice;
mod commands;
mod plan;
mod wording;

pub use advice::{Advice, Range, Tried};

use crate::arms::arm::{Arm, threads};
use crate::arms::runtime::Runtime;
use crate::arms::work::Work as Recipe;
use crate::console;
use crate::design::Design;
use crate::design::figure::{Mark, computed, lines, panel};
use crate::design::schedule::Schedule;
use crate::measure::blocks::Until;
use crate::measure::rig::Rig;
use crate::record::Recording;
use crate::record::pilot::Sum;
use crate::show::words;
use anyhow::{Result, bail};
use lab_plot::Scale;
use lab_pool::Job;
use lab_stats::sizing::SAME;
use plan::{Asked, Plan, TooLong, Work, plan};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// The case of the jobs that are run one by one, to know what they are like.
const PILOT: &str = "scout";
/// The pilot takes at most this share of the budget, …
const PILOT_SHARE: u32 = 10;
/// … and no more jobs than this.
const MOST_PILOTS: usize = 24;

/// Measures the user's own work on numbers of workers around the formula's, within the budget; gives
/// the design of what was measured.
///
/// # Errors
/// If it would take longer than the budget, or a trial cannot be run or saved.
pub(crate) fn measure(rig: &mut Rig) -> Result<Design> {
    let begun = Instant::now();
    let jobs = commands::of(rig)?;
    let budget = rig.options.own.budget_in(rig.info.mode);
    console::err("Trying a few jobs one by one.");
    let Some(mean) = pilot(rig, &jobs, budget / PILOT_SHARE)? else {
        // The advice will be refused with what the jobs say.
        return Ok(design(&[], Vec::new(), None));
    };
    let work = Work {
        jobs: u32::try_from(jobs.len()).unwrap_or(u32::MAX),
        waits: mean.waits_ns / 1e9,
        computes: mean.computes_ns / 1e9,
        cores: rig.info.machine.cores.usable,
    };
    let asked = Asked { workers: &rig.options.workers.workers, blocks: rig.options.common.blocks };
    let plan = match plan(&work, budget.saturating_sub(begun.elapsed()), &asked) {
        Ok(plan) => plan,
        Err(TooLong(needed)) => bail!(
            "{} are too short for jobs of {}: give it about {} with --budget",
            seconds(budget),
            words::time(mean.waits_ns + mean.computes_ns),
            seconds(needed + begun.elapsed())
        ),
    };
    let some = spread(&jobs, plan.jobs as usize);
    if some.len() < jobs.len() {
        console::err(&format!(
            "Measuring {} of the {} jobs, from all over the list, to keep within the budget.",
            some.len(),
            jobs.len()
        ));
    }
    let recipes = some.into_iter().map(Recipe::from).collect();
    let design = design(&plan.workers, recipes, Some(&plan));
    let time = |ns: f64| Duration::from_nanos(ns as u64);
    let until = Until::Budget {
        time: budget.saturating_sub(begun.elapsed()),
        most: plan.blocks,
        own: (time(mean.waits_ns), time(mean.computes_ns)),
    };
    let schedule = Schedule::of(std::slice::from_ref(&design));
    rig.run(&schedule, &until, &|_| false)?;
    Ok(design)
}

/// The design of own work that was recorded.
pub(crate) fn replayed(run: &Recording) -> Design {
    design(&run.tried_workers(), Vec::new(), None)
}

/// Jobs from all over the list, one by one, until the time is over.
fn pilot(
    rig: &mut Rig,
    jobs: &[Job],
    time: Duration,
) -> Result<Option<crate::arms::work::WaitCompute>> {
    let begun = Instant::now();
    let mut reports = Vec::new();
    for job in spread(jobs, MOST_PILOTS) {
        reports.push(rig.run_pilot(&Runtime::rust(), PILOT, vec![job])?);
        if begun.elapsed() > time {
            break;
        }
    }
    Ok(Sum::of_reports(&reports).mean())
}

/// The same jobs on each number of threads, and the formula's a second time.
fn design(workers: &[u32], jobs: Vec<Recipe>, plan: Option<&Plan>) -> Design {
    let mut design = Design::new(&Runtime::rust(), jobs);
    let arms = design.arms(workers, threads);
    let formula = plan.and_then(|plan| arms.iter().find(|arm| arm.workers == plan.formula));
    if let Some(formula) = formula {
        design.replicate(formula);
    }
    let all: Vec<Arm> = arms.clone();
    let title = computed(|run| match run.advice().and_then(|advice| advice.workers) {
        Some(n) => format!("Advice: {n} workers (max_workers={n})"),
        None => "No advice: see the reason in the text".to_owned(),
    });
    let subtitle = computed(|run| {
        format!(
            "Every block a point: the time of all jobs over that of the fastest number; line: median, \
             band: {}. Shaded: at most {SAME} × the fastest.",
            run.interval_in_words()
        )
    });
    let measured = computed(|run| {
        let jobs = run.advice().map_or(0, |advice| advice.jobs_measured);
        format!("{jobs} jobs")
    });
    let shown = panel(measured)
        .over_fastest("threads", &arms)
        .shade("", 1.0, SAME)
        .marks(move |run| marks(run, &all));
    design.figure(
        lines(Scale::counts("workers"), Scale::log("times the time of the fastest number"))
            .title(title)
            .subtitle(subtitle)
            .panel(shown),
    );
    design
}

/// Where the formula, Python's default and the advice lie; names of the same number are together.
fn marks(run: &Recording, arms: &[Arm]) -> Vec<Mark> {
    let Some(advice) = run.advice() else {
        return Vec::new();
    };
    let most = arms.iter().map(|arm| arm.workers).max().unwrap_or(1);
    let mut names: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for (name, workers) in [
        ("formula", advice.formula.map(|n| n.min(most))),
        ("Python's default", Some(advice.python_default)),
        ("advice", advice.workers),
    ] {
        let tried = workers.filter(|n| arms.iter().any(|arm| arm.workers == *n));
        if let Some(workers) = tried {
            names.entry(workers).or_default().push(name);
        }
    }
    let places = run.over_fastest(arms);
    names
        .into_iter()
        .map(|(workers, names)| {
            let x = f64::from(workers);
            Mark {
                label: format!("{}: {workers}", names.join(", ")),
                x,
                y: places.iter().find(|(at, _)| *at == x).map(|(_, y)| *y),
            }
        })
        .collect()
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
