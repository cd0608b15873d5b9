//! "Threads that share nothing do not disturb each other."
//!
//! # Experiment
//! Two threads, each of which increments a counter of its own for a tenth of a second. Once the two counters
//! are neighbours, 8 bytes apart, and once they lie 128 bytes apart. How long does an increment take, by
//! each thread's own clock? In CPython they are elements of one buffer, a page of memory.
//!
//! # Predict first
//! Neither thread reads or writes what the other does. How much longer does an increment take when the
//! counters are neighbours: no longer, a tenth longer, three times as long? And in Python?
//!
//! # When it is true
//! On one core, and where a lock lets only one thread compute: with a GIL. Cores hand memory to one another
//! in cache lines of 64 bytes (some fetch two at a time), and a core that writes needs the line for itself.
//! Threads that share nothing but a line pass it back and forth as if they shared the counter. In a
//! free-threaded CPython the effect is there, but the interpreter's own time hides most of it: its number is
//! shown, and not judged.
//!
//! # What this does not show
//! Reading alone, which disturbs nobody. Larger machines, on which a line travels farther. Which variables
//! of your program are neighbours: the compiler and the allocator decide that.
//!
//! Figure: plots/false-sharing.png. Run it: `cargo run -p false-sharing`

use lab::prelude::*;

/// A twentieth is within what the place of a loop in memory makes; half as long again is not.
const UNDISTURBED: Edges = Edges::true_below(1.05).false_above(1.5);
const INCREMENT: Measure = Measure::counted("time of an increment on its own thread", increment_ns);
const NEAR: &str = "8 bytes apart";
const FAR: &str = "128 bytes apart";
const ONE_CORE: &str = "on one core";
const TURNS: &str = "beside a program that holds a core, the two threads take turns";

fn main() -> ExitCode {
    lab::run(experiment!(), design)
}

/// The same increments; only the second counter's place differs. On one core is the world in which the
/// verdict is another one.
fn design(lab: &mut Lab, runtime: &Runtime) -> Result<Design> {
    let time = ms(100);
    let mut design = Design::new(runtime, []);
    design.rounds(lab.by_mode(1, 2, 2));
    let mut panel = chart::panel(runtime.title());
    let mut pair = |case: &str, at: usize, workers: Workers| {
        let jobs = [work::stores(0, time), work::stores(at, time)];
        let arm = design.case(case, jobs).arm(workers);
        panel = panel.clone().strip(case, &arm, |trial| increment_ns(trial).into_iter().collect());
        INCREMENT.on(&arm)
    };
    let both = || threads(2).warm();
    let apart = pair(NEAR, 1, both()) / pair(FAR, 16, both());
    let one_core = runtime.is_native().then(|| {
        let [near, far] = [(NEAR, 1), (FAR, 16)]
            .map(|(case, at)| pair(&format!("{case}, {ONE_CORE}"), at, both().on_one_core()));
        part(ONE_CORE, near / far).finding(format!(
            "on one core, an increment next to the other counter takes {ESTIMATE} as long"
        ))
    });
    let is_judged = runtime.has_gil() || !runtime.is_cpython();
    let name = if is_judged { "" } else { "8 over 128 bytes" };
    let apart = part(name, apart.repeated(if runtime.has_gil() { 3 } else { 1 })).finding(format!(
        "next to the other counter, an increment takes {ESTIMATE} as long as far from it"
    ));
    let claim = design.claim(
        "not-disturbed",
        "Threads that share nothing do not disturb each other.",
        UNDISTURBED,
    );
    let claim = if lab.physical_cores() < 2 {
        claim.missing("needs two cores of their own: hyper-threads of one core share its cache")
    } else if runtime.has_gil() {
        claim.compare(apart).needs_two_cores().expect(True)
    } else if is_judged {
        let apart = apart.confounded_by_load(True, TURNS);
        claim.compare(apart).needs_parallel_cores().expect(False)
    } else {
        claim.check_each([apart])
    };
    let claim = claim.lesson_even_if_open(
        "Give each thread's counters a cache line of their own, and sum at the end.",
    );
    if let Some(part) = one_core {
        claim.beside(part);
    }
    design.figure(
        chart::strips(Scale::log("time of an increment").unit(Unit::Time), "one trial")
            .title("Counters on one cache line: an increment takes {not-disturbed} as long as far apart")
            .subtitle("Two threads, each with a counter of its own.")
            .panel(panel),
    );
    Ok(design)
}

/// The mean over the threads, each by its own clock.
fn increment_ns(trial: &Trial) -> Option<f64> {
    let all: Option<Vec<f64>> = trial
        .jobs()
        .iter()
        .map(|job| Some(job.end_ns?.checked_sub(job.start_ns?)? as f64 / job.count? as f64))
        .collect();
    let all = all?;
    (!all.is_empty()).then(|| all.iter().sum::<f64>() / all.len() as f64)
}
