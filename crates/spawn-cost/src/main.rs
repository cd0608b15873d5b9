//! "Popping processes is more expensive than popping threads."
//!
//! # Experiment
//! A job that does nothing, given to a pool of one worker that is not there yet: how long from its
//! submission to its first instruction? Then a pool of one worker a core: how long from just before
//! it is made until each worker is there and all have answered? Threads and processes; CPython's
//! processes by fork, by spawn and by forkserver. Natively a process is this executable started
//! again.
//!
//! # Predict first
//! A thread starts in some hundredths of a millisecond. How many times as long does a process take
//! in Rust? In CPython, which copies itself (fork), or starts a new interpreter (spawn)?
//!
//! # When it is true
//! Everywhere; by how much is what differs. It matters where the work is short: a pool that is kept
//! pays once.
//!
//! # What this does not show
//! A large process, whose fork must copy its page tables; what a worker imports for its work; the
//! first start of the forkserver, which a program pays once.
//!
//! Figure: plots/spawn-cost.png. Run it: `cargo run -p spawn-cost`

use lab::prelude::*;

/// Once and a half as long could be a slow spell of the machine; twice is another price.
const TRUE_ABOVE: f64 = 2.0;
const FALSE_BELOW: f64 = 1.25;

const ONE: &str = "one start";
const POOL: &str = "a pool";

const MORE_EXPENSIVE: Claim = Claim {
    text: "Popping processes is more expensive than popping threads.",
    expected: Expected::always(Decision::True),
    article: Some(Decision::True),
};

fn main() -> ExitCode {
    lab::run(experiment!(), measure, judge, draw)
}

/// The same job; only what is started for it differs. A pool's workers are all there before it
/// gives out its jobs, or the first would do the work of those that are still to come.
fn measure(lab: &mut Lab) -> Result<()> {
    let all = lab.cores().max(2);
    let mut arms = Vec::new();
    for runtime in lab.runtimes() {
        for (case, workers) in [(ONE, 1), (POOL, all)] {
            let nothing = vec![Job::add(0); workers as usize];
            for id in kinds(&runtime, case, workers) {
                let arm = Arm::new(id, &nothing).near(&runtime);
                arms.push(if case == POOL { arm.warm() } else { arm });
            }
        }
        let again = threads(1).under(&runtime).case(ONE).again();
        arms.push(Arm::new(again, &[Job::add(0)]).near(&runtime));
    }
    let rounds = if lab.mode() == Mode::Quick { 3 } else { 9 };
    lab.run_blocks(&arms, rounds, Keep::JobsOfAllBlocks)
}

/// What can be started in a runtime: threads first.
fn kinds(runtime: &str, case: &str, workers: u32) -> Vec<ArmId> {
    let process = processes(workers).under(runtime).case(case);
    let mut kinds = vec![threads(workers).under(runtime).case(case)];
    kinds.extend(process.every_start_method());
    kinds
}

/// How long the start of a trial's workers took, in nanoseconds.
fn start_ns(run: &Recording, trial: &TrialRow) -> Option<f64> {
    if trial.case == POOL {
        return Measure::Makespan.of(trial);
    }
    let job = run.jobs(trial).first()?;
    Some(job.start_ns?.checked_sub(job.submitted_ns)? as f64)
}

/// The claim holds if it holds for every kind of process, alone and as a pool.
fn judge(run: &Recording) -> Vec<VerdictRow> {
    run.each_runtime(|runtime| {
        let mut parts = Vec::new();
        for (case, workers) in [(ONE, 1), (POOL, pool_size(run))] {
            let kinds = kinds(runtime, case, workers);
            if let [thread, others @ ..] = &kinds[..] {
                parts.extend(others.iter().map(|process| cost(run, thread, process)));
            }
        }
        let whole = all_parts(run, &MORE_EXPENSIVE, &parts, |cheapest| {
            format!("all do; {}: {}", cheapest.case, cheapest.reason)
        });
        whole.into_iter().chain(parts).collect()
    })
}

fn pool_size(run: &Recording) -> u32 {
    let pools = |runtime: &String| run.workers(&threads(0).under(runtime).case(POOL));
    run.runtimes().iter().flat_map(pools).max().unwrap_or(1)
}

/// One kind of process against the thread.
fn cost(run: &Recording, thread: &ArmId, process: &ArmId) -> VerdictRow {
    let what = match process.case.as_str() {
        POOL => "time until a pool has answered",
        _ => "time from submission to the first instruction",
    };
    let ratio = run.ratio_of(what, process, thread, |trial| start_ns(run, trial));
    let edges = Edges::TrueAbove {
        true_above: TRUE_ABOVE,
        false_below: FALSE_BELOW,
    };
    Judgement::new(run, &MORE_EXPENSIVE, &process.runtime, ratio, edges)
        .null(Measure::Makespan, &thread.clone().with(1).case(ONE))
        .part(&format!("{}, {}", kind(process), process.case))
        .says(|times| match process.workers {
            1 => format!("a process takes {times} the time of a thread"),
            n => format!("{n} processes take {times} the time of {n} threads"),
        })
}

fn kind(arm: &ArmId) -> &'static str {
    match (arm.executor, arm.start_method) {
        (Executor::Threads, _) => "thread",
        (_, Some(method)) => method.name(),
        (_, None) => "process",
    }
}

/// Every start a point; the pools in a figure of their own.
fn draw(run: &Recording, verdicts: &[VerdictRow]) -> Vec<Figure> {
    let title = |what: String, case| {
        let runtimes = run.runtimes();
        let times: Vec<_> = runtimes
            .iter()
            .filter_map(|runtime| times(verdicts, runtime, case))
            .collect();
        format!("{what}, times as long to start: {}", times.join(", "))
    };
    let one = "From the submission of a job to its first instruction, on a worker that is not there \
               yet. Natively a process is this executable started again.";
    let each = "From just before the pool is made until all of its workers were there and each had \
                answered.";
    let n = pool_size(run);
    let (alone, pools) = (
        title("A process against a thread".to_owned(), ONE),
        title(format!("{n} processes against {n} threads"), POOL),
    );
    vec![
        strips(run, ONE, 1, run.frame(alone, one)),
        strips(run, POOL, n, run.frame(pools, each)).named("pool"),
    ]
}

/// From the cheapest to the dearest kind of process in a runtime: `CPython 3.11 21× to 440×`.
fn times(verdicts: &[VerdictRow], runtime: &str, case: &str) -> Option<String> {
    let own = |row: &&VerdictRow| row.runtime == runtime && row.case.ends_with(case);
    let estimates = verdicts.iter().filter(own).filter_map(|row| row.estimate);
    let (least, most) = estimates
        .map(|times| (times, times))
        .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))?;
    let runtime = words::runtime(runtime);
    Some(match least == most {
        true => format!("{runtime} {least:.0}×"),
        false => format!("{runtime} {least:.0}× to {most:.0}×"),
    })
}

fn strips(run: &Recording, case: &str, workers: u32, frame: Frame) -> Figure {
    let panels = run.runtimes().into_iter().rev().map(|runtime| {
        let strips = kinds(&runtime, case, workers).into_iter().map(|arm| {
            let trials = run.trials(&arm).filter(|trial| trial.errors == 0);
            let times: Vec<f64> = trials.filter_map(|trial| start_ns(run, trial)).collect();
            run.strip(kind(&arm), &arm, &times)
        });
        StripPanel {
            title: words::runtime(&runtime),
            strips: strips.collect(),
            references: Vec::new(),
        }
    });
    let figure = Strips {
        frame,
        y_label: "time of the start, ms".to_owned(),
        point: case.to_owned(),
        interval: String::new(),
        panels: panels.collect(),
    };
    figure.into()
}
