//! "Starting processes is more expensive than starting threads."
//!
//! # Experiment
//! We hand an empty job to a pool whose single worker has not been started yet, and time the gap from its
//! submission to its first instruction. Then a whole pool, with one worker per core: from just before it is
//! made until every worker has answered. CPython's processes are started by fork, by spawn and by
//! forkserver; from 3.14 on there are also threads with an interpreter of their own. A Rust process is this
//! executable, started again. The verdict rests on the smallest of the ratios.
//!
//! # Predict first
//! A thread starts in less than a millisecond. How many times as long does a process take in Rust? In
//! CPython, when it copies itself (fork), and when it starts a new interpreter (spawn)?
//!
//! # When it is true
//! Everywhere; only by how much differs. (The article says "popping" for starting.) It matters where the
//! work is short: a pool that is kept pays once. CPython's default on Linux is fork up to 3.13 and
//! forkserver from 3.14 on; on macOS and Windows it is spawn.
//!
//! # What this does not show
//! A large process, whose fork must copy its page tables; what a worker imports for its work; the first
//! start of the forkserver itself, which a program pays once.
//!
//! Figure: plots/spawn-cost.png. Run it: `cargo run -p spawn-cost`

use lab::prelude::*;

/// One and a half times as long could be a slow moment of the machine; twice is another price.
const MORE_EXPENSIVE: Edges = Edges::true_above(2.0).false_below(1.25);
const ONE: &str = "one start";
const POOL: &str = "a pool";
const FIRST_INSTRUCTION: Measure =
    Measure::of_jobs("time from submission to the first instruction", first_instruction_ns);

fn main() -> ExitCode {
    lab::run(experiment!(), design)
}

/// The same job; only what is started for it differs. A pool's workers are all there before it gives
/// out its jobs, or the first would do the work of those that are still to come.
fn design(lab: &mut Lab, runtime: &Runtime) -> Result<Design> {
    let mut design = Design::new(runtime, []);
    design.rounds(lab.by_mode(3, 9, 9));
    let mut parts = Vec::new();
    let mut single: Vec<(&str, Comparison)> = Vec::new();
    let cores = lab.cores().max(2);
    let pools = [format!("a pool of {cores} processes"), format!("a pool of {cores} threads")];
    let names = [["a process", "a thread"].map(str::to_owned), pools];
    for ((case, workers), [several, one]) in [(ONE, 1), (POOL, cores)].into_iter().zip(names) {
        let mut of_case = design.case(case, work::nothing().times(workers));
        let is_pool = case == POOL;
        let start = |workers: Workers| if is_pool { workers.warm() } else { workers };
        let thread = of_case.arm(start(threads(workers)));
        let others = runtime.start_methods().into_iter().map(|method| {
            let process = start(processes(workers));
            of_case.arm(method.map_or(process.clone(), |method| process.started_by(method)))
        });
        let others: Vec<Arm> = others.collect();
        let interpreter = runtime
            .supports(Executor::Interpreters)
            .then(|| of_case.arm(start(interpreters(workers))));
        let time = |arm: &Arm| {
            if is_pool { makespan(arm) } else { FIRST_INSTRUCTION.on(arm) }
        };
        let takes = if is_pool { "take" } else { "takes" };
        parts.extend(others.iter().map(|process| {
            part(format!("{}, {case}", kind(process)), time(process) / time(&thread))
                .finding(format!("{process} {takes} {ESTIMATE} as long to start as {thread}"))
        }));
        if !is_pool {
            design.replicate(&thread);
            design.predicted(format!("a thread starts in {ESTIMATE}"), time(&thread));
            for process in &others {
                let how = process
                    .start_method()
                    .map_or(String::new(), |how| format!(" by {}", how.name()));
                let sentence =
                    format!("a process{how} takes {ESTIMATE} as long to start as a thread");
                design.predicted(sentence, time(process) / time(&thread));
            }
        }
        let mut panel = chart::panel(runtime.title());
        for arm in std::iter::once(&thread).chain(&others).chain(&interpreter) {
            panel = panel.strip(kind(arm), arm, if is_pool { pool_ns } else { start_ns });
        }
        let ratios: Vec<(&str, Comparison)> =
            others.iter().map(|arm| (kind(arm), time(arm) / time(&thread))).collect();
        if !is_pool && ratios.len() > 1 {
            single = ratios.clone();
        }
        let name = runtime.title();
        let title = chart::computed(move |run| {
            let ratios =
                ratios.iter().map(|(kind, ratio)| format!("{} ({kind})", run.shown(ratio)));
            let ratios = ratios.collect::<Vec<_>>().join(", ");
            format!("In {name}, {several} takes {ratios} as long to start as {one}")
        });
        let figure = chart::strips(Scale::log("time of the start").unit(Unit::Time), case)
            .title(title)
            .panel(panel);
        design.figure(if is_pool {
            figure.named("pool").subtitle(
                "From just before the pool is made until all of its workers were there and each had \
                 answered.",
            )
        } else {
            figure.subtitle(
                "From the submission of a job to its first instruction, on a worker that has not been \
                 started. A Rust process is this executable, started again.",
            )
        });
    }
    design
        .claim(
            "processes-dearer",
            "Starting processes is more expensive than starting threads.",
            MORE_EXPENSIVE,
        )
        .all_of(parts)
        .expect(True)
        .article(True, None)
        .finding(format!("{ESTIMATE} in the mildest case"))
        .note(move |run| {
            let ways = single.iter().map(|(kind, ratio)| format!("{} ({kind})", run.shown(ratio)));
            let ways = ways.collect::<Vec<_>>().join(", ");
            (!ways.is_empty()).then(|| format!("; a single one: {ways}"))
        })
        .lesson("Start processes once, and keep them.");
    Ok(design)
}

/// Of a single worker.
fn first_instruction_ns(trial: &Trial) -> Option<f64> {
    let job = trial.jobs().first()?;
    Some(job.start_ns?.checked_sub(job.submitted_ns)? as f64)
}

fn start_ns(trial: &Trial) -> Vec<f64> {
    first_instruction_ns(trial).into_iter().collect()
}

fn pool_ns(trial: &Trial) -> Vec<f64> {
    trial.row.makespan_ns.map(|ns| ns as f64).into_iter().collect()
}

fn kind(arm: &Arm) -> &'static str {
    match (arm.executor(), arm.start_method()) {
        (Executor::Threads, _) => "thread",
        (Executor::Interpreters, _) => "interpreter",
        (_, Some(method)) => method.name(),
        (_, None) => "process",
    }
}
