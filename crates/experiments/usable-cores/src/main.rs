//! "cpu_count says how many workers can run."
//!
//! # Experiment
//! The functions that programs ask before they start workers: `os.cpu_count`, `os.process_cpu_count` and
//! `sched_getaffinity` in CPython; `available_parallelism`, `num_cpus::get`, `sched_getaffinity` and the
//! command `nproc` in native code. What each says is divided by what really runs: one process per core
//! computes, and their CPU time is divided by the time that passed. First all of them are held to one core,
//! as `taskset` does; then they get a quota of one core's worth of time, as containers do; then, not judged
//! and not with --quick, a quota of one and a half.
//!
//! # Predict first
//! A container with a CPU limit of 1 on a machine with 64 cores: what does `os.cpu_count()` say in it? And
//! how many processes does a pool start that asks it?
//!
//! # When it is true
//! On a machine of your own, outside containers. Under an affinity every function but `os.cpu_count` is
//! right. A quota limits time, not cores: CPython's functions and the kernel's own do not look at it, Rust's
//! two do. Of a fraction of a core `available_parallelism` leaves out what is beyond a whole one, and
//! `num_cpus` rounds up: both are then wrong by up to one worker.
//!
//! # What this does not show
//! How many workers are best: jobs that wait want more (pool-sizing). The environment variable
//! PYTHON_CPU_COUNT, with which a user sets it for Python 3.13 and later. Hyper-threads, which count as
//! cores everywhere.
//!
//! What may you use here? `cargo run -p usable-cores -- --facts` says it, and measures nothing.
//!
//! Figure: plots/usable-cores.png. Run it: `cargo run -p usable-cores`

use lab::prelude::work::Source;
use lab::prelude::*;

/// Within a tenth of what runs. Half of a core more or less of two would be a quarter.
const RIGHT: Edges = Edges::true_within(1.1);
const RUN: Measure =
    Measure::at_once("cores' worth of time that all processes get", run_at_once).as_factor();
/// What the first, the second and the third job of a trial say, and the only one.
const SAY: [Measure; 3] = [
    Measure::counted("the number that is said first", said::<0>).as_factor(),
    Measure::counted("the number that is said second", said::<1>).as_factor(),
    Measure::counted("the number that is said third", said::<2>).as_factor(),
];
const ONE_CORE: &str = "one core";
const FRACTION: &str = "a quota of 1.5";
const FEWER: &str = "beside a program that holds a core, fewer processes run at once than may";
const NO_QUOTA: &str = "needs a quota, and this user may make no control group: run it as root, where they can be written";

fn main() -> ExitCode {
    lab::run(experiment!(Facts), design)
}

/// The processes that compute also ask, since a process keeps what it was once told. A quota is granted by
/// periods of a tenth of a second, of which a trial must see several.
fn design(lab: &mut Lab, runtime: &Runtime) -> Result<Design> {
    let mut design = Design::new(runtime, []);
    if runtime.is_model() {
        return Ok(design);
    }
    // Who is asked, and whether that one knows of a quota.
    let mut asked = match runtime.is_native() {
        true => vec![(Source::AvailableParallelism, true), (Source::NumCpus, true)],
        false => vec![(Source::CpuCount, false)],
    };
    asked.push((Source::Affinity, false));
    if runtime.is_cpython() && runtime.version() >= Some((3, 13)) {
        asked.push((Source::ProcessCpuCount, false));
    }
    let n = lab.cores().max(2);
    let mut figure = chart::strips(Scale::linear("cores").holding(0.0), "one trial")
        .title("Held to one core, sched_getaffinity says {sched-getaffinity-one-core} as many workers as run; under a quota {sched-getaffinity-quota}")
        .subtitle(
            "What each function says, below how many cores' worth of time the processes really got.",
        );
    let worlds = [
        (ONE_CORE, "on one core", true, lab.by_mode(ms(100), ms(500), ms(500))),
        (
            lab::QUOTA,
            "under a quota of one",
            lab.may_set_quota(),
            lab.by_mode(ms(400), ms(1000), ms(1000)),
        ),
    ];
    let fraction = (FRACTION, "under a quota of 1.5", true, ms(1000));
    let is_shown = lab.may_set_quota() && lab.by_mode(false, true, true);
    let worlds = worlds.into_iter().chain(is_shown.then_some(fraction));
    for (world, how, is_possible, lasts) in worlds {
        let mut jobs: Vec<work::Work> =
            asked.iter().map(|(source, _)| work::cores(*source)).collect();
        jobs.extend(work::additions_lasting(lasts).times(n));
        let limited = |workers: Workers| match world {
            ONE_CORE => workers.on_one_core(),
            FRACTION => workers.with_quota(1.5),
            _ => workers.with_quota(1.0),
        };
        let mut case = design.case(world, jobs);
        let forked = runtime.start_methods().into_iter().flatten().next();
        let workers = limited(processes(n).warm());
        let workers = forked.map_or(workers.clone(), |fork| workers.started_by(fork));
        let arm = is_possible.then(|| case.arm(workers));
        let nproc = (runtime.is_native() && is_possible)
            .then(|| case.arm(limited(serial()).doing([work::command("nproc")])));
        // Its native twin would ask for what only this runtime has.
        if let Some(arm) = arm.as_ref().filter(|_| world == ONE_CORE) {
            design.replicate(arm);
        }
        let mut panel = chart::panel(format!("{}, {world}", runtime.title()));
        if let Some(arm) = &arm {
            panel =
                panel.strip("really run", arm, |trial| run_at_once(trial).into_iter().collect());
        }
        let functions = asked.iter().zip(SAY).zip(SAID).map(|(((source, knows), says), strip)| {
            (source.to_string(), *knows, arm.as_ref().map(|arm| says.on(arm)), strip)
        });
        let command =
            nproc.iter().map(|nproc| ("nproc".to_owned(), false, Some(SAY[0].on(nproc)), SAID[0]));
        for (name, knows_quota, says, strip) in functions.chain(command) {
            let id = format!(
                "{}-{}",
                name.replace("::", "-").replace(['.', '_'], "-"),
                world.replace([' ', '.'], "-")
            );
            let text = format!("{name} says how many workers can run {how}.");
            let claim = design.claim(&id, &text, RIGHT);
            let (Some(says), Some(arm)) = (says, &arm) else {
                claim.missing(NO_QUOTA);
                continue;
            };
            panel = panel.strip(&name, says.arm(), strip);
            let is_right = if world == ONE_CORE { name != "os.cpu_count" } else { knows_quota };
            let over = part(if world == FRACTION { name.as_str() } else { "" }, says / RUN.on(arm))
                .finding(format!("{how}, {name} says {ESTIMATE} as many as run"))
                .confounded_by_load(False, FEWER);
            if world == FRACTION {
                claim.check_each([over]);
                continue;
            }
            claim
                .compare(over)
                .needs_two_cores()
                .expect(if is_right { True } else { False })
                .lesson("Ask for the affinity, and in a container for the quota, too.");
        }
        if world != FRACTION {
            figure = figure.panel(panel);
        }
    }
    design.figure(figure);
    Ok(design)
}

/// What a figure shows of them.
const SAID: [fn(&Trial) -> Vec<f64>; 3] = [
    |trial| said::<0>(trial).into_iter().collect(),
    |trial| said::<1>(trial).into_iter().collect(),
    |trial| said::<2>(trial).into_iter().collect(),
];

fn said<const JOB: usize>(trial: &Trial) -> Option<f64> {
    // A command's answer begins with its peak memory.
    trial.jobs().get(JOB)?.answer.rsplit(':').next()?.parse().ok()
}

/// The CPU time of all jobs that compute, over the time from their first start to their last end.
fn run_at_once(trial: &Trial) -> Option<f64> {
    let compute = || trial.jobs().iter().filter(|job| job.count > Some(1));
    let from = compute().filter_map(|job| job.start_ns).min()?;
    let to = compute().filter_map(|job| job.end_ns).max()?;
    let used: u64 = compute().map(|job| job.cpu_ns).sum::<Option<u64>>()?;
    (to > from).then(|| used as f64 / (to - from) as f64)
}
