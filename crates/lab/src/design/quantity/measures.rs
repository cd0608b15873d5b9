//! The measures that every experiment may use.

use super::measure::{Measure, Quantity, Rows, Sense};
use crate::arms::arm::Arm;

/// From just before the pool is made to the last answer in hand: "is it faster?".
pub const MAKESPAN: Measure =
    Measure::new("makespan", Rows::Trial, Sense::TimeWithStart, |trial| {
        trial.row.makespan_ns.map(|ns| ns as f64)
    });

/// From the first job's start to the last job's end: "how do jobs run?".
pub const WINDOW: Measure = Measure::new("work window", Rows::Trial, Sense::Time, |trial| {
    trial.row.window_ns.map(|ns| ns as f64)
});

/// The work window divided by the steps of the first job.
pub const TIME_PER_STEP: Measure =
    Measure::new("time per step", Rows::Jobs, Sense::Time, |trial| {
        let steps = trial.jobs().first()?.count?;
        Some(trial.row.window_ns? as f64 / steps as f64)
    });

/// From just before the pool is made to the last answer in hand.
pub fn makespan(arm: &Arm) -> Quantity {
    MAKESPAN.on(arm)
}

/// From the first job's start to the last job's end.
pub fn window(arm: &Arm) -> Quantity {
    WINDOW.on(arm)
}

/// From the moment at which the pool was ready to the last answer in hand.
pub fn makespan_when_ready(arm: &Arm) -> Quantity {
    let of = Measure::new("makespan from a ready pool", Rows::Trial, Sense::Time, |trial| {
        let ns = trial.row.makespan_ns?.checked_sub(trial.row.ready_ns?)?;
        Some(ns as f64)
    });
    of.on(arm)
}

/// The makespan of list scheduling: the jobs in order of submission, each as long as the origin
/// recorded that it served it, on the arm's workers.
pub fn list_scheduling(arm: &Arm) -> Quantity {
    let of = Measure::new("makespan of list scheduling", Rows::Jobs, Sense::Recorded, |trial| {
        Some(trial.list_scheduling_ns()? as f64)
    });
    of.on(arm)
}

/// How long the origin served the slowest page.
pub fn slowest_page(arm: &Arm) -> Quantity {
    let of = Measure::new("time of the slowest page", Rows::Jobs, Sense::Recorded, |trial| {
        Some(trial.service_times()?.into_iter().max()? as f64)
    });
    of.on(arm)
}

/// How long the origin served all pages, added up.
pub fn all_pages(arm: &Arm) -> Quantity {
    let of = Measure::new("sum of the pages' own times", Rows::Jobs, Sense::Recorded, |trial| {
        Some(trial.service_times()?.iter().sum::<u64>() as f64)
    });
    of.on(arm)
}

/// The work window divided by the number of jobs.
pub fn time_per_job(arm: &Arm) -> Quantity {
    let of = Measure::new("time per job", Rows::Trial, Sense::Time, |trial| {
        Some(trial.row.window_ns? as f64 / f64::from(trial.row.jobs))
    });
    of.on(arm)
}

/// The work window divided by the steps of the first job: how long an answer of an echo takes.
pub fn time_per_step(arm: &Arm) -> Quantity {
    TIME_PER_STEP.on(arm)
}

/// How often the kernel took a worker off its core, or the worker gave the core up.
pub fn switches(arm: &Arm) -> Quantity {
    let of = Measure::new("switches", Rows::Trial, Sense::Recorded, |trial| {
        let row = trial.row;
        Some((row.voluntary_switches? + row.involuntary_switches?) as f64)
    });
    of.on(arm)
}

/// Of the time in which every core has something to run, the share with two or more jobs running.
pub fn two_or_more(arm: &Arm) -> Quantity {
    let name = "share of time with two or more running";
    let of = Measure::at_once(name, |trial| trial.share_with_running(2));
    of.on(arm)
}

/// How many jobs run at once while every core has something to run.
pub(crate) fn running(arm: &Arm) -> Quantity {
    Measure::at_once("jobs running at once", |trial| trial.parallelism()).on(arm)
}
