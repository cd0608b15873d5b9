//! "In multithreading, threads run in parallel."
//! "Only one thread can run at any given time in a Python process."
//!
//! # Experiment
//! One job per core, on threads and on processes; then two per core. Each job only reads the clock (a *live
//! tracker*), so its record shows when it ran, and where. *Concurrent* means begun and not yet ended;
//! *parallel*, making progress at once. For the second claim threads hash, in C code that releases a GIL.
//!
//! # Predict first
//! Two threads, two cores, both computing: draw when each of them runs. Now draw four processes on two
//! cores. How would you tell one picture from the other?
//!
//! # When it is true
//! The first: wherever the system schedules threads, as in Rust, C, Java, and Python without a GIL. The
//! second: for Python code under the GIL, not for C code that releases it.
//!
//! # What this does not show
//! Whether anything gets faster (cpu-threads), and what happens when threads share data.
//!
//! Figures: plots/parallel-vs-concurrent.png, plots/parallel-vs-concurrent-crowded.png.
//! Run it: `cargo run -p parallel-vs-concurrent`

use lab::prelude::*;

const ONLY_ONE: &str = "Only one thread can run at any given time in a Python process.";
/// Two ran at once for more than half of the time in which there was something to run on every core:
/// that is parallel, whatever else the machine did. Threads under a lock reach 2 %.
const PARALLEL: Edges = Edges::true_above(0.5).false_below(0.1);
const ONE_AT_A_TIME: Edges = Edges::true_below(0.1).false_above(0.5);
/// What threads hash for the second claim: long enough for CPython to release its lock.
const MEBIBYTE: u64 = 1 << 20;

fn main() -> ExitCode {
    lab::run(experiment!(Jobs, Cpu, Track), design)
}

/// The same trackers; only the executor and how many there are differ.
fn design(lab: &mut Lab, runtime: &Runtime) -> Result<Design> {
    let time = lab.by_mode(ms(50), ms(150), ms(150));
    let n = lab.jobs_or(lab.cores().max(2));
    let tracker = work::tracker(time);
    let mut design = Design::new(runtime, tracker.times(n));
    let few: Vec<Arm> = pools(runtime, n).map(|pool| design.arm(pool)).collect();
    let many = pools(runtime, 2 * n).map(|pool| pool.doing(tracker.times(2 * n)));
    let many: Vec<Arm> = many.map(|pool| design.arm(pool)).collect();
    let hashing = design.case("hash", work::digests(MEBIBYTE, time).times(n)).arm(threads(n));

    design
        .claim("threads-parallel", "In multithreading, threads run in parallel.", PARALLEL)
        .compare(quantity::two_or_more(&few[0]).as_share())
        .needs_calibration()
        .expect_by_lock(False, True)
        .article(False, None)
        .finding(format!("{n} threads run at the same time for {ESTIMATE} of the time"))
        .lesson("Under a GIL threads take turns; without one they do not.");
    design
        .claim("one-at-a-time", ONLY_ONE, ONE_AT_A_TIME)
        .compare(quantity::two_or_more(&hashing).as_share())
        .needs_calibration()
        .expect(False)
        .article(True, None)
        .finding(format!("{n} threads that hash run at the same time for {ESTIMATE} of the time"))
        .lesson("C code that releases the GIL runs in parallel, even in Python.");

    for arm in few.iter().chain(&many) {
        let at_once = quantity::two_or_more(arm).as_share();
        design.predicted(format!("{arm}: at least two at once {ESTIMATE} of the time"), at_once);
    }
    let cores = lab.cores();
    // The processes of one runtime are like those of another.
    let shown = if lab.is_first() { 2 } else { 1 };
    design.figure(timeline(
        runtime,
        few.iter().take(shown),
        chart::timeline()
            .title(format!(
                "{n} threads on {cores} cores run at the same time for {{threads-parallel}} of the time"
            ))
            .subtitle(
                "Pale alone is concurrent; two solid at once are parallel. The line counts the solid rows.",
            ),
    ));
    design.figure(timeline(
        runtime,
        many.iter().take(shown),
        chart::timeline()
            .named("crowded")
            .title(format!(
                "{} jobs on {cores} cores: every row has gaps, but only under a GIL does just one job run at a time",
                2 * n
            ))
            .subtitle("The count below the rows tells the two apart: one under a GIL, as many as cores without."),
    ));
    Ok(design)
}

/// A panel per arm.
fn timeline<'a>(
    runtime: &Runtime,
    arms: impl Iterator<Item = &'a Arm>,
    mut figure: chart::Figure,
) -> chart::Figure {
    for arm in arms {
        let (name, arm) = (format!("{}, {arm}", runtime.title()), arm.clone());
        let shown = arm.clone();
        let title = chart::computed(move |run| facet_title(run, &name, &arm));
        figure = figure.panel(chart::panel(title).trial(&shown));
    }
    figure
}

fn facet_title(run: &Recording, name: &str, arm: &Arm) -> String {
    let at_once = run.shown(&quantity::two_or_more(arm).as_share());
    let Some(trial) = run.shown_trial(arm) else { return name.to_owned() };
    let turns = lanes::slices(&trial.spans());
    let slice = lanes::slice_quantile(&turns, 0.5).map(words::time);
    let slice = slice.map(|time| format!(", slices of {time}")).unwrap_or_default();
    let hand_overs = lanes::hand_overs(&turns) as f64 / f64::from(trial.row.jobs.max(1));
    format!("{name}: two at once {at_once} of the time, {hand_overs:.0} hand-overs per job{slice}")
}
