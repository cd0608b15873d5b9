//! The design of own work: the same jobs on each number of threads, and a figure of the advice.

use crate::arms::arm::threads;
use crate::arms::runtime::Runtime;
use crate::arms::work::Work;
use crate::design::Design;
use crate::design::figure::{computed, lines, panel};
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
    let subtitle = computed(|run| {
        format!(
            "Each dot is one block: the time of all jobs over that of the fastest number; line: median, \
             band: {}. Shaded: at most {SAME} × the fastest. Default: Python's.",
            run.interval_in_words()
        )
    });
    let measured = computed(|run| {
        let jobs = run.advice().map_or(0, |advice| advice.jobs_measured);
        format!("{jobs} jobs")
    });
    let shown = panel(measured).over_fastest("threads", &arms).shade("", 1.0, SAME);
    let marked = shown.marks(move |run| {
        let Some(advice) = run.advice() else {
            return Vec::new();
        };
        let most = arms.iter().map(|arm| arm.workers).max().unwrap_or(1);
        let formula = advice.formula.map(|n| n.min(most));
        run.mark_workers(&arms, formula, advice.workers)
    });
    design.figure(
        lines(Scale::counts("workers"), Scale::log("times the time of the fastest number"))
            .title(title)
            .subtitle(subtitle)
            .panel(marked),
    );
    design
}

/// The design of own work that was recorded.
pub(crate) fn replayed(run: &Recording) -> Design {
    design(&Race::of(run).workers(), Vec::new(), None)
}
