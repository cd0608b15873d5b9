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

const PARALLEL: Claim = Claim {
    text: "In multithreading, threads run in parallel.",
    expected: |_| Decision::True,
    article: Some(Decision::False),
};
const ONE_AT_A_TIME: Claim = Claim {
    text: "There can only be one thread running at any given time.",
    expected: |_| Decision::False,
    article: Some(Decision::True),
};

fn main() -> ExitCode {
    lab::run(experiment!(Jobs, Cpu, Track), measure, judge, draw)
}

/// The same trackers; only the executor and how many there are differ between the arms.
fn measure(lab: &mut Lab) -> Result<()> {
    let time = match lab.mode() {
        Mode::Quick => Duration::from_millis(70),
        _ => Duration::from_millis(150),
    };
    let tracker = lab.tracker(time)?;
    let hash = lab.digests(MEBIBYTE, time)?;
    let all = lab.jobs_or((lab.cores() as usize).max(2));
    let few = vec![tracker.clone(); all];
    let many = vec![tracker; 2 * all];
    let hashes = vec![hash; all];
    let (all, twice) = (all as u32, 2 * all as u32);
    let arms = [
        Arm::new(serial(), &few).control(),
        Arm::new(processes(all), &few).control(),
        Arm::new(threads(all), &few),
        Arm::new(threads(all).again(), &few),
        Arm::new(threads(twice), &many),
        Arm::new(processes(twice), &many),
        Arm::new(threads(all).case(HASH), &hashes),
    ];
    lab.run_blocks(&arms, 1, Keep::AllBlocks)
}

const HASH: &str = "hash";

/// Shares of the time in which there was something to run on every core.
fn judge(run: &Recording) -> Vec<VerdictRow> {
    let all = jobs(run);
    let parallel = Edges::TrueAbove {
        true_above: PARALLEL_ABOVE,
        false_below: TAKING_TURNS_BELOW,
    };
    let one_at_a_time = Edges::TrueBelow {
        true_below: TAKING_TURNS_BELOW,
        false_above: PARALLEL_ABOVE,
    };
    let judge = |claim, arm: &ArmId, edges| {
        Judgement::new(claim, "rust", two_or_more(run, arm), edges)
            .provided(calibrated(run, all))
            .needs_control(run, &run.ratio(Measure::Window, &serial(), &processes(all)))
            .null(run, Measure::Window, &threads(all))
    };
    vec![
        judge(&PARALLEL, &threads(all), parallel)
            .says(|share| format!("{all} threads: two or more at once {share} of the time")),
        judge(&ONE_AT_A_TIME, &threads(all).case(HASH), one_at_a_time)
            .says(|share| format!("threads that hash: two or more at once {share} of the time")),
    ]
}

/// The ruler reads 1 for serial, and as many as there are cores for processes.
fn calibrated(run: &Recording, all: u32) -> Result<(), String> {
    let reading = |arm: &ArmId, full| {
        run.level("jobs running at once", arm, |trial| {
            parallelism_while(&run.spans(trial), &run.in_flight(trial), full)
        })
    };
    let serial = reading(&serial(), 1);
    control::serial_level(serial.interval()?.estimate).map_err(|error| error.to_string())?;
    let possible = all.min(run.cores());
    let processes = reading(&processes(all), possible);
    control::processes_level(
        processes.interval()?.estimate,
        all as usize,
        run.cores() as usize,
    )
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
    let all = jobs(run);
    let title = format!(
        "{all} native threads on {} cores: two or more run at once {} of the time",
        run.cores(),
        estimate(verdicts, &PARALLEL),
    );
    let subtitle = "Pale: begun and not yet ended (concurrent). Solid: making progress (parallel \
                    where two rows are solid at once). The line counts the solid rows.";
    vec![
        timeline(run, all, run.frame(title, subtitle)),
        timeline(
            run,
            2 * all,
            run.frame(
                format!(
                    "{} jobs on {} cores: threads and processes are dashed alike",
                    2 * all,
                    run.cores()
                ),
                "The kernel hands the cores from job to job. Only the number that run at once \
                 tells this from jobs that take turns.",
            ),
        )
        .named("crowded"),
    ]
}

fn timeline(run: &Recording, jobs: u32, frame: Frame) -> Figure {
    let trials: Vec<(ArmId, &TrialRow)> = [threads(jobs), processes(jobs)]
        .into_iter()
        .filter_map(|arm| Some((arm.clone(), run.shown(&arm)?)))
        .collect();
    let facets = trials
        .iter()
        .map(|(arm, trial)| {
            let turns = slices(&run.spans(trial));
            let title = format!(
                "{}: two or more at once {} of the time; {:.0} hand-overs a job",
                name(arm),
                shown(&two_or_more(run, arm)),
                hand_overs(&turns) as f64 / f64::from(jobs.max(1)),
            );
            run.facet(trial, title)
        })
        .collect();
    let rows: Vec<&TrialRow> = trials.iter().map(|(_, trial)| *trial).collect();
    Timeline {
        frame,
        cores: run.cores(),
        facets,
        zoom: run.zoom(&rows, ZOOM_NS),
    }
    .into()
}

fn name(arm: &ArmId) -> String {
    format!("{} {}", arm.workers, arm.executor)
}

/// How many jobs the main arms have.
fn jobs(run: &Recording) -> u32 {
    run.trials(&serial()).next().map_or(0, |trial| trial.jobs)
}
