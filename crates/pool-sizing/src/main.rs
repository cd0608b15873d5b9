//! "There is no general rule for the number of threads for IO work."
//!
//! # Experiment
//! The same jobs on up to sixteen threads a core, on Python's default, and on as
//! many as Goetz's formula says: cores × (1 + wait/compute). The jobs only compute, wait four times as
//! long as they compute, only wait, or load sixteen pages. How long a job waits and computes is
//! measured beforehand, one job after another; under a lock that lets one thread compute, a core is
//! all there is.
//!
//! # Predict first
//! Two cores, and jobs that wait for 4 ms and compute for 1 ms. How many threads does it take until
//! more of them gain nothing? And in CPython, whose lock lets one thread compute at a time?
//!
//! # When it is true
//! When wait and compute are not known, or change while the work runs, or when the other side, which
//! the waiting is for, slows down if many ask. Then nothing but a measurement tells.
//!
//! # What this does not show
//! A server that many threads slow down, and memory that many threads take. For work of your own both
//! are in the measurement:
//! `cargo run -p pool-sizing -- --command 'convert {} {}.png' --inputs photos.txt`, or `--urls FILE`,
//! tries it on several numbers of threads and recommends one.
//!
//! Figure: plots/pool-sizing.png. Run it: `cargo run -p pool-sizing`

mod figure;

use lab::prelude::*;

/// The formula's number is as good as the best: nobody would notice the difference.
const RULE_WORKS: f64 = SAME;
/// From here on a rule that costs so much is none.
const NO_RULE: f64 = 1.25;

const NO_GENERAL_RULE: Claim = Claim {
    text: "There is no general rule for the number of threads for IO work.",
    expected: Expected::always(Decision::False),
    article: None,
};

/// What the jobs do.
const MIXES: [&str; 4] = [COMPUTE, MIXED, WAIT, PAGES];
const COMPUTE: &str = "compute";
const MIXED: &str = "wait 4 : compute 1";
const WAIT: &str = "wait";
const PAGES: &str = "pages";

/// Computing between two waits: a fifth of a switch interval, so that no thread is made to let go.
const TURN: Duration = Duration::from_millis(1);
/// A job that only waits: so long that the start of 64 threads is little beside it, and with --quick
/// half of that.
const LONG_WAIT: Duration = Duration::from_millis(12);
/// How often a block measures the formula's number of threads, and those up to four times as many.
const TURNS: u32 = 2;
/// So many jobs are run one by one to know what they are like.
const SCOUTS: usize = 16;

fn main() -> ExitCode {
    lab::run(experiment!(Workers, Jobs, Io, Own), measure, judge, draw)
}

/// The same jobs; only the number of threads differs between the arms of a mix.
fn measure(lab: &mut Lab) -> Result<()> {
    if let Some(jobs) = lab.own_work()? {
        return lab.sweep(&jobs);
    }
    let is_quick = lab.mode() == Mode::Quick;
    let (cores, number) = (lab.cores(), lab.jobs_or(if is_quick { 32 } else { 64 }));
    let long_wait = if is_quick { LONG_WAIT / 2 } else { LONG_WAIT };
    let pages = lab.pages(16)?;
    let mut arms = Vec::new();
    for runtime in lab.runtimes() {
        for mix in MIXES {
            let jobs = match mix {
                COMPUTE => vec![lab.mix(&runtime, TURN, 1, 0.0)?; number],
                MIXED => vec![lab.mix(&runtime, 5 * TURN, 1, 0.8)?; number],
                WAIT => vec![lab.mix(&runtime, long_wait, 1, 1.0)?; number],
                _ => pages.clone(),
            };
            let few = jobs.get(..SCOUTS.min(jobs.len())).unwrap_or_default();
            let scouted = lab.scout(&scout(mix, &runtime), few)?;
            let parallel = if lab.has_gil(&runtime) { 1 } else { cores };
            let formula = formula(scouted, parallel, jobs.len() as u32);
            let most = jobs.len() as u32;
            let mut workers = several(lab, mix);
            workers.extend([Some(python_default(cores)), formula].iter().flatten());
            workers.iter_mut().for_each(|n| *n = (*n).min(most));
            workers.sort_unstable();
            workers.dedup();
            // A few per cent are only seen where those that could be the best run often, one right
            // after the other.
            for turn in 0..if is_quick { 1 } else { TURNS } {
                let again = formula.map(|n| on(n, mix, &runtime).again());
                let could_be_best =
                    |n: u32| formula.is_some_and(|least| (least..=4 * least).contains(&n));
                let tried = workers.iter().filter(|&&n| turn == 0 || could_be_best(n));
                let ids = tried.map(|&n| on(n, mix, &runtime)).chain(again);
                let group = format!("{runtime} {mix} {turn}");
                arms.extend(ids.map(|id| Arm::new(id, &jobs).near(&group)));
            }
        }
    }
    lab.run_blocks(&arms, 1, Keep::FirstBlock)
}

/// Threads a core, times cores. What only waits takes long on few threads and says nothing new there.
fn several(lab: &Lab, mix: &str) -> Vec<u32> {
    let multiples: &[u32] = match (lab.mode(), mix) {
        (Mode::Quick, WAIT | PAGES) => &[4, 16],
        (Mode::Quick, _) => &[1, 4, 16],
        (_, WAIT | PAGES) => &[8, 16],
        (_, MIXED) => &[2, 4, 8, 16],
        _ => &[1, 2, 4, 8, 16],
    };
    let workers: Vec<u32> = multiples.iter().map(|m| m * lab.cores()).collect();
    lab.workers_or(&workers)
}

fn on(workers: u32, mix: &str, runtime: &str) -> ArmId {
    threads(workers).case(mix).under(runtime)
}

/// The jobs of a mix one by one, before the blocks.
fn scout(mix: &str, runtime: &str) -> ArmId {
    serial().case(&format!("{mix}, one by one")).under(runtime)
}

fn formula(work: Option<WaitCompute>, parallel: u32, jobs: u32) -> Option<u32> {
    let work = work?;
    goetz(work.waits_ns, work.computes_ns, parallel, jobs)
}

/// What the formula says of a mix, from what was recorded of it one by one.
fn advised(run: &Recording, mix: &str, runtime: &str) -> Option<u32> {
    let parallel = if run.has_gil(runtime) { 1 } else { run.cores() };
    let most = run.workers(&on(0, mix, runtime)).into_iter().max()?;
    let jobs = run.jobs_of(&on(most, mix, runtime));
    formula(run.wait_compute(&scout(mix, runtime)), parallel, jobs)
}

/// All numbers of threads that a mix was measured on.
fn tried(run: &Recording, mix: &str, runtime: &str) -> Vec<ArmId> {
    let workers = run.workers(&on(0, mix, runtime)).into_iter();
    workers.map(|n| on(n, mix, runtime)).collect()
}

/// Makespans: who waits for the work waits for the start of the threads, too. The claim is false if
/// the formula holds in every mix.
fn judge(run: &Recording) -> Vec<VerdictRow> {
    if run.is_of_own_work() {
        return Vec::new();
    }
    run.each_runtime(|runtime| {
        let parts = MIXES.map(|mix| part(run, mix, runtime));
        let all = any_part(run, &NO_GENERAL_RULE, &parts, |part| {
            format!(
                "the formula holds in every mix; {}: {}",
                part.case, part.reason
            )
        });
        all.into_iter().chain(parts).collect()
    })
}

/// The formula's number, measured a second time, over the best of all numbers.
fn part(run: &Recording, mix: &str, runtime: &str) -> VerdictRow {
    let edges = Edges::TrueAbove {
        true_above: NO_RULE,
        false_below: RULE_WORKS,
    };
    let Some(n) = advised(run, mix, runtime) else {
        let none = Estimate::none(
            "makespan",
            "the jobs were not measured one by one: measure again",
        );
        return Judgement::new(run, &NO_GENERAL_RULE, runtime, none, edges)
            .part(mix)
            .says(str::to_owned);
    };
    let arm = on(n, mix, runtime).again();
    let all = tried(run, mix, runtime);
    let judged = |level| {
        let over_best = run.ratio_to_best(level, Measure::Makespan, &arm, &all);
        Judgement::new(run, &NO_GENERAL_RULE, runtime, over_best, edges)
            .part(mix)
            .null(Measure::Makespan, &on(n, mix, runtime))
            // The formula counts cores, and others may hold one.
            .imitated_by_noise(Decision::True)
            .says(|times| {
                format!("the formula's {n} threads take {times} the time of the best number")
            })
    };
    // One mix is enough to make the claim true, so that each of them must be surer of that.
    let ordinary = judged(run.confidence());
    match ordinary.verdict.as_str() {
        "TRUE" => judged(any_level(run.confidence(), MIXES.len())),
        _ => ordinary,
    }
}

fn draw(run: &Recording, verdicts: &[VerdictRow]) -> Vec<Figure> {
    match run.advice() {
        Some(advice) => figure::of_own_work(run, &advice),
        None => figure::of_mixes(run, verdicts),
    }
}
