//! "The threading module runs all threads on the same CPU core."
//!
//! # Experiment
//! Twice as many threads as there are cores, each with a live tracker: a job that does nothing but read the
//! clock, and notes with each reading the core that it ran on. So we know which thread ran where, and when.
//!
//! # Predict first
//! Four Python threads on two cores, and only one of them computes at a time. Draw one row per core and
//! colour it by thread: is one of the rows empty?
//!
//! # When it is true
//! When the process may use one core only (taskset, a container's limits). The GIL says how many threads
//! compute at a time, not where: the next to hold it may be waiting on any core. What decides is the share
//! of work done off the busiest core, not the share of hand-overs that change the core (in the figure):
//! native threads with a core each hand nothing over.
//!
//! # What this does not show
//! What a move costs: a thread finds the other core's cache cold. These have next to nothing in theirs.
//!
//! Figure: plots/same-core.png. Run it: `cargo run -p same-core`

use lab::prelude::*;
use std::collections::BTreeMap;

/// The share of the work that was done off the busiest core. On one core it would be none; a thread
/// that strays for a moment does not count.
const SAME: Edges = Edges::true_below(0.02).false_above(0.10);
const OFF_THE_BUSIEST: Measure =
    Measure::at_once("share of the progress made off the busiest core", off_the_busiest);
const CHANGES_OF_CORE: Measure = Measure::at_once("changes of core", changes_of_core);

fn main() -> ExitCode {
    lab::run(experiment!(Jobs, Cpu, Track), design)
}

/// The same trackers; only the runtime differs. On a machine that gives us one core, the claim cannot be
/// judged: hence the control.
fn design(lab: &mut Lab, runtime: &Runtime) -> Result<Design> {
    let n = lab.jobs_or(2 * lab.cores().max(2));
    let time = lab.by_mode(ms(50), ms(120), ms(120));
    let mut design = Design::new(runtime, work::tracker(time).times(n));
    let arm = design.arm(threads(n));
    let several = arm.clone();
    design
        .claim(
            "one-core-for-all",
            "The threading module runs all threads on the same CPU core.",
            SAME,
        )
        .compare(
            part("", OFF_THE_BUSIEST.on(&arm).as_share())
                .finding(format!("{ESTIMATE} of the work was done off the busiest core"))
                .confounded_by_load(
                    True,
                    "beside a program that holds a core, threads that take turns stay on the other",
                ),
        )
        .needs_parallel_cores()
        .expect(False)
        .article(True, None)
        .note(move |run| {
            let blocks = run.trials(&several).count();
            let seen = run.trials(&several).filter(|trial| by_core(trial).len() > 1).count();
            Some(format!(", and several cores were in use in {seen} of {blocks} trials"))
        })
        .lesson("The GIL limits how many threads run, not where.");

    let sentence = format!("{ESTIMATE} of the work is done off the busiest core, not 0 %");
    design.predicted(sentence, OFF_THE_BUSIEST.on(&arm).as_share());
    let name = format!("{}, {arm}", runtime.title());
    let (takes_turns, change) = (runtime.has_gil(), CHANGES_OF_CORE.on(&arm).as_share());
    let title = chart::computed(move |run| {
        if takes_turns {
            format!("{name}: {} of the hand-overs lead to another core", run.shown(&change))
        } else {
            name.clone()
        }
    });
    design.figure(
        chart::cores()
            .title("Threads do {one-core-for-all} of their work off the busiest core")
            .subtitle("A row per core, a colour per thread.")
            .panel(chart::panel(title).trial(&arm)),
    );
    Ok(design)
}

/// How long the threads made progress on each core, in nanoseconds.
fn by_core(trial: &Trial) -> BTreeMap<u32, u64> {
    let mut cores = BTreeMap::new();
    for span in trial.span_rows() {
        if let Some(core) = span.core {
            *cores.entry(core).or_default() += span.end_ns.saturating_sub(span.start_ns);
        }
    }
    cores
}

fn off_the_busiest(trial: &Trial) -> Option<f64> {
    let cores = by_core(trial);
    let all: u64 = cores.values().sum();
    let busiest = cores.values().max()?;
    (all > 0).then(|| 1.0 - *busiest as f64 / all as f64)
}

/// Of the changes from one thread's span to another's, in order of time, the share that leads to another
/// core. For threads that take turns that is what happens at a hand-over.
fn changes_of_core(trial: &Trial) -> Option<f64> {
    let mut spans: Vec<_> = trial.span_rows().iter().collect();
    spans.sort_by_key(|span| span.start_ns);
    let turns = spans.windows(2).filter(|two| two[0].job != two[1].job);
    let (mut all, mut moved) = (0u32, 0u32);
    for two in turns {
        all += 1;
        moved += u32::from(two[0].core != two[1].core);
    }
    (all > 0).then(|| f64::from(moved) / f64::from(all))
}
