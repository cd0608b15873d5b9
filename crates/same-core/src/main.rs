//! "The threading module runs all threads on the same CPU core."
//!
//! # Experiment
//! Twice as many live trackers as there are cores, on threads. Every reading of the clock knows
//! the core it was made on, so the record shows which thread ran where, and when.
//!
//! # Predict first
//! Four Python threads on two cores, and only one of them computes at a time. Draw a row a core
//! and colour it by thread: is one of the rows empty?
//!
//! # When it is true
//! When the process may use one core only (taskset, a container's limits). The GIL says how many
//! threads compute at a time, not where: the next to hold it may wait on any core.
//!
//! What decides is the share of the work that was done off the busiest core, and not the share of
//! hand-overs that change the core (in the figure): native threads with a core each hand over nothing.
//!
//! # What this does not show
//! What a move costs: a thread that comes to another core finds its cache cold. These threads have
//! next to nothing in theirs.
//!
//! Figure: plots/same-core.png. Run it: `cargo run -p same-core`

use lab::prelude::*;
use std::collections::BTreeMap;

/// The work that was done off the busiest core. On one core it would be none of it; a thread that
/// strays for a moment does not count.
const FALSE_ABOVE: f64 = 0.10;
const TRUE_BELOW: f64 = 0.02;
const ZOOM_NS: u64 = 60_000_000;

const SAME_CORE: Claim = Claim {
    text: "The threading module runs all threads on the same CPU core.",
    expected: Expected::always(Decision::False),
    article: Some(Decision::True),
};

fn main() -> ExitCode {
    lab::run(experiment!(Jobs, Cpu, Track), measure, judge, draw)
}

/// The same trackers; only the runtime differs.
fn measure(lab: &mut Lab) -> Result<()> {
    let time = match lab.mode() {
        Mode::Quick => Duration::from_millis(50),
        _ => Duration::from_millis(120),
    };
    let cores = lab.cores() as usize;
    let jobs = lab.jobs_or(2 * cores.max(2));
    let n = jobs as u32;
    let native = vec![lab.tracker("rust", time)?; jobs];
    let mut arms = Control::of(n).arms(&native);
    arms.push(Arm::new(threads(n).again(), &native));
    arms.push(Arm::new(threads(n), &native).control());
    for runtime in lab.runtimes() {
        let trackers = vec![lab.tracker(&runtime, time)?; jobs];
        arms.push(Arm::new(threads(n).under(&runtime), &trackers));
    }
    lab.run_blocks(&arms, 1, Keep::AllBlocks)
}

/// On a machine that gives us one core only, the claim cannot be judged: hence the control.
fn judge(run: &Recording) -> Vec<VerdictRow> {
    let n = run.jobs_of(&serial());
    let edges = Edges::TrueBelow {
        true_below: TRUE_BELOW,
        false_above: FALSE_ABOVE,
    };
    let control = Control::of(n);
    run.each_runtime(|runtime| {
        let arm = threads(n).under(runtime);
        let what = "share of the progress made off the busiest core";
        let share = run.share(what, &arm, |trial| off_the_busiest(run, trial));
        let blocks = run.trials(&arm).count();
        let several = run
            .trials(&arm)
            .filter(|trial| cores_seen(run, trial) > 1)
            .count();
        vec![
            Judgement::new(run, &SAME_CORE, runtime, share, edges)
                .needs_control(Measure::Window, &control)
                .null(Measure::Window, &threads(n))
                // Beside one that holds a core, threads that take turns stay on the other.
                .imitated_by_noise(Decision::True)
                .says(|share| {
                    format!(
                        "{share} of the work was done off the busiest core, and several cores \
                         were seen in {several} of {blocks} trials"
                    )
                }),
        ]
    })
}

/// How long the threads made progress on each core, in nanoseconds.
fn by_core(run: &Recording, trial: &TrialRow) -> BTreeMap<u32, u64> {
    let mut cores = BTreeMap::new();
    for span in run.span_rows(trial) {
        if let Some(core) = span.core {
            *cores.entry(core).or_default() += span.end_ns.saturating_sub(span.start_ns);
        }
    }
    cores
}

fn off_the_busiest(run: &Recording, trial: &TrialRow) -> Option<f64> {
    let cores = by_core(run, trial);
    let all: u64 = cores.values().sum();
    let busiest = cores.values().max()?;
    (all > 0).then(|| 1.0 - *busiest as f64 / all as f64)
}

fn cores_seen(run: &Recording, trial: &TrialRow) -> usize {
    by_core(run, trial).len()
}

/// Of the changes from one thread's span to another's, in order of time, the share that leads to
/// another core. For threads that take turns that is what happens at a hand-over.
fn changes_of_core(run: &Recording, trial: &TrialRow) -> Option<f64> {
    let mut spans: Vec<_> = run.span_rows(trial).collect();
    spans.sort_by_key(|span| span.start_ns);
    let turns = spans.windows(2).filter(|two| two[0].job != two[1].job);
    let (mut all, mut moved) = (0u32, 0u32);
    for two in turns {
        all += 1;
        moved += u32::from(two[0].core != two[1].core);
    }
    (all > 0).then(|| f64::from(moved) / f64::from(all))
}

/// Rows are cores, colour is the thread.
fn draw(run: &Recording, verdicts: &[VerdictRow]) -> Vec<Figure> {
    let n = run.jobs_of(&serial());
    let mut facets = Vec::new();
    let mut trials = Vec::new();
    for runtime in run.runtimes().iter().rev() {
        let arm = threads(n).under(runtime);
        let Some(trial) = run.shown(&arm) else {
            continue;
        };
        let change = run.share("changes of core", &arm, |trial| changes_of_core(run, trial));
        let title = match run.has_gil(runtime) {
            true => format!(
                "{}, {n} threads: {} of the hand-overs lead to another core",
                words::runtime(runtime),
                shown(&change)
            ),
            false => format!("{}, {n} threads", words::runtime(runtime)),
        };
        facets.push(run.cores_facet(trial, title));
        trials.push(trial);
    }
    let frame = run.frame(
        format!(
            "Work that was done off the busiest core: {}",
            by_runtime(verdicts, &SAME_CORE)
        ),
        "A row a core, a colour a thread.",
    );
    let zoom = run.zoom(&trials, ZOOM_NS);
    vec![
        Cores {
            frame,
            facets,
            zoom,
        }
        .into(),
    ]
}
