//! "In multithreading, threads run in parallel."
//! "There can only be one thread running at any given time."
//!
//! # Experiment
//! As many live trackers as there are cores, on threads and on processes. A live tracker does
//! nothing but read the clock, so the record shows when it ran, and where. Concurrent means begun
//! and not yet ended; parallel means making progress at the same instant. The second figure has
//! twice as many trackers as cores. For the second claim, threads that compute SHA-256.
//!
//! # Predict first
//! Two threads, two cores, both computing: draw when each of them runs. Now draw four processes
//! on two cores. How would you tell one picture from the other?
//!
//! # When it is true
//! The first: wherever the runtime lets threads run as the system schedules them: Rust, C, Java,
//! Python without its GIL. The article is about CPython, where the GIL lets one compute at a time.
//! The second: for Python code under the GIL; not for C code that lets go of it.
//!
//! # What this does not show
//! Whether anything gets faster (cpu-threads), and what happens when threads share data.
//!
//! Figures: plots/parallel-vs-concurrent.png, plots/parallel-vs-concurrent-crowded.png.
//! Run it: `cargo run -p parallel-vs-concurrent`

use lab::prelude::*;

/// Of the time in which there was something to run on every core, two ran at once for more than
/// half: that is parallel, whatever else the machine did. Threads under a lock reach 2 %.
const PARALLEL_ABOVE: f64 = 0.5;
const TAKING_TURNS_BELOW: f64 = 0.1;
/// The zoomed view: slices of 4 to 5 ms are seen one by one.
const ZOOM_NS: u64 = 60_000_000;
/// What is hashed: long enough for CPython to let go of its lock.
const MEBIBYTE: u64 = 1 << 20;
const HASH: &str = "hash";

const PARALLEL: Claim = Claim {
    text: "In multithreading, threads run in parallel.",
    expected: Expected::with_gil(Decision::False).without(Decision::True),
    article: Some(Decision::False),
};
const ONE_AT_A_TIME: Claim = Claim {
    text: "There can only be one thread running at any given time.",
    expected: Expected::always(Decision::False),
    article: Some(Decision::True),
};

fn main() -> ExitCode {
    lab::run(experiment!(Jobs, Cpu, Track), measure, judge, draw)
}

/// The same trackers; only the runtime, the executor and how many there are differ.
fn measure(lab: &mut Lab) -> Result<()> {
    let time = match lab.mode() {
        Mode::Quick => Duration::from_millis(50),
        _ => Duration::from_millis(150),
    };
    let all = lab.jobs_or((lab.cores() as usize).max(2));
    let (n, twice) = (all as u32, 2 * all as u32);
    let native = vec![lab.tracker("rust", time)?; all];
    let mut arms = Control::of(n).arms(&native);
    arms.push(Arm::new(threads(n).again(), &native));
    for runtime in lab.runtimes() {
        let tracker = lab.tracker(&runtime, time)?;
        let (few, many) = (vec![tracker.clone(); all], vec![tracker; 2 * all]);
        let hashes = vec![lab.digests(&runtime, MEBIBYTE, time)?; all];
        arms.extend([
            Arm::new(threads(n).under(&runtime), &few),
            Arm::new(processes(n).under(&runtime), &few),
            Arm::new(threads(twice).under(&runtime), &many),
            Arm::new(processes(twice).under(&runtime), &many),
            Arm::new(threads(n).case(HASH).under(&runtime), &hashes),
        ]);
    }
    lab.run_blocks(&arms, 1, Keep::AllBlocks)
}

/// Shares of the time in which there was something to run on every core.
fn judge(run: &Recording) -> Vec<VerdictRow> {
    let n = run.jobs_of(&serial());
    let control = Control::of(n);
    let parallel = Edges::TrueAbove {
        true_above: PARALLEL_ABOVE,
        false_below: TAKING_TURNS_BELOW,
    };
    let one_at_a_time = Edges::TrueBelow {
        true_below: TAKING_TURNS_BELOW,
        false_above: PARALLEL_ABOVE,
    };
    let mut rows = Vec::new();
    for runtime in run.runtimes() {
        let judge = |claim, arm: ArmId, edges, what: &str| {
            let share = two_or_more(run, &arm.under(&runtime));
            Judgement::new(run, claim, &runtime, share, edges)
                .provided(calibrated(run, n))
                .needs_control(Measure::Window, &control)
                .null(Measure::Window, &threads(n))
                .says(|share| format!("{n} {what}: two or more at once {share} of the time"))
        };
        rows.push(judge(&PARALLEL, threads(n), parallel, "threads"));
        let hashing = threads(n).case(HASH);
        rows.push(judge(
            &ONE_AT_A_TIME,
            hashing,
            one_at_a_time,
            "threads that hash",
        ));
    }
    rows
}

/// The ruler reads 1 for serial, and as many as there are cores for processes.
fn calibrated(run: &Recording, n: u32) -> Result<(), String> {
    let reading = |arm: &ArmId, full| {
        run.level("jobs running at once", arm, |trial| {
            parallelism_while(&run.spans(trial), &run.in_flight(trial), full)
        })
    };
    let one = reading(&serial(), 1);
    serial_level(one.interval()?.estimate).map_err(|error| error.to_string())?;
    let all = reading(&processes(n), n.min(run.cores()));
    processes_level(all.interval()?.estimate, n, run.granted_cores())
        .map_err(|error| error.to_string())
}

fn two_or_more(run: &Recording, arm: &ArmId) -> Estimate {
    let full = arm.workers.min(run.cores()).max(2);
    run.share("share of time with two or more running", arm, |trial| {
        share_with(&run.spans(trial), &run.in_flight(trial), 2, full)
    })
}

/// A job a core, and a second figure with two.
fn draw(run: &Recording, verdicts: &[VerdictRow]) -> Vec<Figure> {
    let n = run.jobs_of(&serial());
    let cores = run.cores();
    let title = format!(
        "Two or more of {n} threads run at once: {} of the time, on {cores} cores",
        by_runtime(verdicts, &PARALLEL)
    );
    let subtitle = "Pale: begun and not yet ended (concurrent). Solid: making progress (parallel \
                    where two rows are solid at once). The line counts the solid rows.";
    let crowded = "Slices of some milliseconds in every row. Only the number that run at once \
                   tells jobs that share the cores from jobs that take turns.";
    vec![
        timeline(run, n, run.frame(title, subtitle)),
        timeline(
            run,
            2 * n,
            run.frame(format!("{} jobs on {cores} cores", 2 * n), crowded),
        )
        .named("crowded"),
    ]
}

fn timeline(run: &Recording, jobs: u32, frame: Frame) -> Figure {
    let mut facets = Vec::new();
    let mut trials = Vec::new();
    let runtimes = run.runtimes();
    for runtime in runtimes.iter().rev() {
        for arm in [threads(jobs), processes(jobs)] {
            let arm = arm.under(runtime);
            // The modelled GIL's processes are native ones.
            let told_already = runtime == "gil" && arm.executor == Executor::Processes;
            if let Some(trial) = run.shown(&arm).filter(|_| !told_already) {
                facets.push(run.facet(trial, facet_title(run, &arm, trial)));
                trials.push(trial);
            }
        }
    }
    Timeline {
        frame,
        cores: run.cores(),
        facets,
        zoom: run.zoom(&trials, ZOOM_NS),
    }
    .into()
}

fn facet_title(run: &Recording, arm: &ArmId, trial: &TrialRow) -> String {
    let turns = slices(&run.spans(trial));
    let slice = slice_quantile(&turns, 0.5)
        .map(|ns| format!(", slices of {}", words::time(ns)))
        .unwrap_or_default();
    format!(
        "{}, {} {}: two at once {} of the time, {:.0} hand-overs a job{slice}",
        words::runtime(&arm.runtime),
        arm.workers,
        arm.executor,
        shown(&two_or_more(run, arm)),
        hand_overs(&turns) as f64 / f64::from(trial.jobs.max(1)),
    )
}
