//! The design of own work: the same jobs on each number of threads, and a figure of the advice.

use crate::arms::arm::threads;
use crate::arms::runtime::Runtime;
use crate::arms::work::Work;
use crate::design::Design;
use crate::design::figure::{computed, panel, strips};
use crate::measure::blocks::race::Race;
use crate::record::Recording;
use lab_plot::Scale;
use lab_pool::Job;
use lab_stats::sizing::SAME;

/// The case of the jobs that are run one after another, to know what they are like.
pub(super) const PILOT: &str = "scout";

/// The jobs on each number of threads, and on the formula's a second time.
pub(super) fn design(workers: &[u32], jobs: Vec<Job>, formula: Option<u32>) -> Design {
    let jobs: Vec<Work> = jobs.into_iter().map(Work::from).collect();
    let mut design = Design::new(&Runtime::rust(), jobs);
    let arms = design.arms(workers, threads);
    if let Some(formula) = arms.iter().find(|arm| Some(arm.workers) == formula) {
        design.replicate(formula);
    }
    let title = computed(|run| {
        let advice = run.advice();
        let is_sure = advice.as_ref().is_some_and(|advice| advice.shown);
        match advice.and_then(|advice| advice.workers) {
            Some(n) if is_sure => format!("Advice: {n} workers (max_workers={n})"),
            Some(n) => format!("Advice, but not certain: {n} workers (max_workers={n})"),
            None => "No advice: see the reason in the text".to_owned(),
        }
    });
    let measured = computed(|run| {
        let jobs = run.advice().map_or(0, |advice| advice.jobs_measured);
        format!("{jobs} jobs")
    });
    let mut rows = panel(measured).reference("as good as the fastest", [(0.0, SAME)]);
    let most = arms.iter().map(|arm| arm.workers).max().unwrap_or(1);
    for arm in &arms {
        let workers = arm.workers;
        rows = rows.over_fastest(computed(move |run| named(run, workers, most)), arm, &arms);
    }
    design.figure(
        strips(Scale::log("times the time of the fastest number").holding(1.0), "one block")
            .title(title)
            .subtitle("How long all jobs take on each number of threads.")
            .panel(rows),
    );
    design
}

/// A number of workers with what it is called: the advice, the formula's, Python's default.
fn named(run: &Recording, workers: u32, most: u32) -> String {
    let advice = run.advice();
    let formula = advice.as_ref().and_then(|advice| advice.formula).map(|n| n.min(most));
    let names = [
        ("advice", advice.and_then(|advice| advice.workers)),
        ("formula", formula),
        ("Python's default", Some(run.python_default())),
    ];
    let own = names.into_iter().filter(|(_, number)| *number == Some(workers));
    let own: Vec<&str> = own.map(|(name, _)| name).collect();
    if own.is_empty() { workers.to_string() } else { format!("{}: {workers}", own.join(", ")) }
}

/// The design of own work that was recorded.
pub(crate) fn replayed(run: &Recording) -> Design {
    design(&Race::of(run).workers(), Vec::new(), None)
}
