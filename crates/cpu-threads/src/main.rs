//! "Multithreading is faster than serial for heavy CPU work."
//! "Multithreading is always faster than serial."
//!
//! # Experiment
//! A job for each core, one after another and on as many threads; in Rust on a rayon pool as well.
//! First heavy jobs: additions for a tenth of a second (20 ms with --quick). Then jobs of 1 µs, 10 µs, and so on up to
//! 10 ms: once each adds in private, once all of them increment one counter that they share. The
//! time counts from before the threads are started.
//!
//! # Predict first
//! Two cores, two jobs of a tenth of a second: how long on two threads, in Rust and in CPython? How
//! short may a job be before a thread of its own no longer pays? And if both threads count on one
//! counter: how much faster are two?
//!
//! # When it is true
//! The first claim: where threads run in parallel, for work that they do not share. The second:
//! never. Under a GIL threads only take turns, and a switch has its price. Without one they run at
//! once, but starting them takes as long as a small job; and threads that write to one place hand it
//! to and fro between their cores at each write.
//!
//! # What this does not show
//! Threads that stand already when the job comes: a pool that is kept pays for smaller jobs.
//! Counters a core, whose sum is made at the end: the cure for a contended one. How the price grows
//! with more than two cores.
//!
//! Figure: plots/cpu-threads.png. Run it: `cargo run -p cpu-threads`

mod figure;

use lab::prelude::*;

/// Slower than serial is slower than serial.
const AS_SERIAL: Edges = Edges::TrueAbove {
    true_above: 1.0,
    false_below: 1.0,
};

const HEAVIER: Claim = Claim {
    text: "Multithreading is faster than serial for heavy CPU work.",
    expected: Expected::with_gil(Decision::False).without(Decision::True),
    article: Some(Decision::False),
};
const ALWAYS: Claim = Claim {
    text: "Multithreading is always faster than serial.",
    expected: Expected::always(Decision::False),
    article: Some(Decision::False),
};

const HEAVY: &str = "heavy";
/// From much less than the start of a thread to much more than that.
const SIZES: [(&str, Duration); 5] = [
    ("1 µs", Duration::from_micros(1)),
    ("10 µs", Duration::from_micros(10)),
    ("100 µs", Duration::from_micros(100)),
    ("1 ms", Duration::from_millis(1)),
    ("10 ms", Duration::from_millis(10)),
];
/// What the jobs do besides the heavy ones.
const PRIVATE: &str = "private";
const CONTENDED: &str = "contended";

/// Switches at the usual interval cost less than the noise of a run; fifty times as many do not.
const SWITCHING: &str = "switching every 0.1 ms";
const OFTEN: Duration = Duration::from_micros(100);
const SWITCHING_LASTS: Duration = Duration::from_millis(10);

fn main() -> ExitCode {
    lab::run(experiment!(Jobs, Cpu), measure, judge, figure::draw)
}

/// In each case the same jobs; only the executor differs.
fn measure(lab: &mut Lab) -> Result<()> {
    let (time, rounds) = match lab.mode() {
        Mode::Quick => (Duration::from_millis(20), 3),
        Mode::Article => (Duration::from_secs(5), 1),
        _ => (Duration::from_millis(100), 5),
    };
    let jobs = lab.jobs_or((lab.cores() as usize).max(2));
    let n = jobs as u32;
    let mut arms = Vec::new();
    for runtime in lab.runtimes() {
        let mut cases = vec![(HEAVY.to_owned(), lab.additions(&runtime, time)?)];
        for (size, time) in SIZES {
            let addition = lab.additions_lasting(&runtime, time)?;
            let increment = lab.increments_lasting(&runtime, time)?;
            cases.push((case(PRIVATE, size), addition));
            cases.push((case(CONTENDED, size), increment));
        }
        for (case, job) in cases {
            for id in executors(n, &runtime) {
                let arm = Arm::new(id.under(&runtime).case(&case), &vec![job.clone(); jobs]);
                arms.push(arm.near(&format!("{runtime} {case}")));
            }
        }
        if lab.has_gil(&runtime) {
            let job = lab.additions_lasting(&runtime, SWITCHING_LASTS)?;
            for id in [serial(), threads(n)] {
                let id = id.under(&runtime).case(SWITCHING);
                let arm = Arm::new(id, &vec![job.clone(); jobs]).every(Interval::new(OFTEN)?);
                arms.push(arm.near(&format!("{runtime} {SWITCHING}")));
            }
        }
    }
    let native = vec![lab.additions("rust", time)?; jobs];
    let group = format!("rust {HEAVY}");
    arms.extend(control(n).near(&group).arms(&native));
    arms.push(Arm::new(threads(n).case(HEAVY).again(), &native).near(&group));
    lab.run_blocks(&arms, rounds, Keep::FirstBlock)
}

fn case(work: &str, size: &str) -> String {
    format!("{work} {size}")
}

fn control(n: u32) -> Control {
    Control::of(n).case(HEAVY)
}

/// One after another, and what is held against that.
fn executors(n: u32, runtime: &str) -> Vec<ArmId> {
    let rayon = (runtime == "rust").then(|| rayon(n));
    [serial(), threads(n)].into_iter().chain(rayon).collect()
}

/// The cases with this work, the heavy jobs among the private ones.
fn cases(work: &str) -> Vec<String> {
    let heavy = (work == PRIVATE).then(|| HEAVY.to_owned());
    let sizes = SIZES.iter().map(|(size, _)| case(work, size));
    sizes.chain(heavy).collect()
}

/// The makespan: starting the threads is part of the question.
fn judge(run: &Recording) -> Vec<VerdictRow> {
    run.each_runtime(|runtime| [heavy(run, runtime), always(run, runtime)].concat())
}

/// How many workers there were, and jobs.
fn workers(run: &Recording) -> u32 {
    run.jobs_of(&serial().case(HEAVY))
}

fn heavy(run: &Recording, runtime: &str) -> Vec<VerdictRow> {
    let [one_by_one, at_once] = compared(run, runtime, HEAVY);
    let arms = [&one_by_one, &at_once];
    let plain = run.ratio(Measure::Makespan, arms[0], arms[1]);
    let control = control(workers(run));
    let mut rows = vec![
        Judgement::faster(run, &HEAVIER, runtime, Measure::Makespan, arms, &control)
            .null(Measure::Makespan, &threads(workers(run)).case(HEAVY))
            .says(|times| finding(run, &plain, times)),
        // The article ran four threads. Where one lock lets one compute, any number does as well.
        Judgement::new(run, &HEAVIER, runtime, plain.clone(), AS_SERIAL)
            .part("against serial alone")
            .needs_control(Measure::Makespan, &control)
            .article(article::speed_up("cpu-threads", "threads", 4))
            .says(|times| finding(run, &plain, times)),
    ];
    rows.extend(run.has_gil(runtime).then(|| switching(run, runtime)));
    rows
}

/// Serial and threads in a case.
fn compared(run: &Recording, runtime: &str, case: &str) -> [ArmId; 2] {
    [serial(), threads(workers(run))].map(|arm| arm.under(runtime).case(case))
}

/// Whoever is not faster may be slower: that is an outcome of its own.
fn finding(run: &Recording, speed_up: &Estimate, times: &str) -> String {
    let n = workers(run);
    match is_slower(speed_up) {
        true => format!("{n} threads are slower than one job after another: {times} as fast"),
        false => format!("{n} threads are {times} as fast as one job after another"),
    }
}

fn is_slower(speed_up: &Estimate) -> bool {
    speed_up.interval().is_ok_and(|times| times.is_below(1.0))
}

/// What the turns cost, if it can be told from the noise.
fn switching(run: &Recording, runtime: &str) -> VerdictRow {
    let [one_by_one, at_once] = compared(run, runtime, SWITCHING);
    let price = run.ratio(Measure::Window, &one_by_one, &at_once);
    let cost = cost_of_a_switch(run, &one_by_one, &at_once).filter(|_| is_slower(&price));
    let cost = cost.map(|ns| format!("; a switch costs {}", words::time(ns)));
    Judgement::new(run, &HEAVIER, runtime, price.clone(), AS_SERIAL)
        .part(SWITCHING)
        .needs_control(Measure::Window, &control(workers(run)))
        .says(|times| finding(run, &price, times) + cost.as_deref().unwrap_or_default())
}

/// What threads lost against serial, in nanoseconds for each switch that the kernel counted.
fn cost_of_a_switch(run: &Recording, one_by_one: &ArmId, at_once: &ArmId) -> Option<f64> {
    let of = |arm: &ArmId, value: fn(&TrialRow) -> Option<u64>| {
        let values = run.trials(arm).filter_map(value);
        median(&values.map(|value| value as f64).collect::<Vec<_>>())
    };
    let window = |arm| of(arm, |trial| trial.window_ns);
    let switches = |trial: &TrialRow| Some(trial.voluntary_switches? + trial.involuntary_switches?);
    let cost = (window(at_once)? - window(one_by_one)?) / of(at_once, switches)?;
    cost.is_finite().then_some(cost)
}

/// At each size.
fn always(run: &Recording, runtime: &str) -> Vec<VerdictRow> {
    let cases = [PRIVATE, CONTENDED].into_iter().flat_map(cases);
    let part = |case: String| {
        let speed_up = speed_up(run, runtime, &case);
        Judgement::new(run, &ALWAYS, runtime, speed_up.clone(), AS_SERIAL)
            .part(&case)
            .null(Measure::Makespan, &threads(workers(run)).case(HEAVY))
            .says(|times| finding(run, &speed_up, times))
    };
    let parts: Vec<VerdictRow> = cases.map(part).collect();
    let mut whole = all_parts(run, &ALWAYS, &parts, |part| part.reason.clone());
    if let Some(row) = whole
        .as_mut()
        .filter(|row| row.verdict == Decision::False.to_string())
    {
        let [private, contended] =
            [PRIVATE, CONTENDED].map(|work| figure::faster_in_words(run, runtime, work));
        let from = format!("; faster in private {private}, on one counter {contended}");
        row.reason.push_str(&from);
    }
    whole.into_iter().chain(parts).collect()
}

/// How many times as fast as serial threads are in a case, with an interval so wide that the verdict
/// may rest on any one of the cases.
fn speed_up(run: &Recording, runtime: &str, case: &str) -> Estimate {
    let [one_by_one, at_once] = compared(run, runtime, case);
    let all = cases(PRIVATE).len() + cases(CONTENDED).len();
    run.ratio_at(
        any_level(run.confidence(), all),
        Measure::Makespan,
        &one_by_one,
        &at_once,
    )
}
