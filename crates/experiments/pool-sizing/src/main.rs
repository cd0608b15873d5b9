//! "There is no general rule for the number of threads for IO work."
//!
//! # Experiment
//! The same jobs run on up to sixteen threads per core, on Python's own default, and on the number that the
//! formula in Brian Goetz's *Java Concurrency in Practice* gives: cores × (1 + wait/compute), where a GIL
//! counts as one core. There are four kinds of jobs: computing only; waiting four times as long as
//! computing; waiting only; loading sixteen pages. How long they wait and compute is measured first, one job
//! after another. The formula is a rule if it costs at most 5 % over the best number, in all four. The best
//! is chosen in other blocks than those in which it is compared, so a ratio may lie a little below 1.
//!
//! # Predict first
//! Two cores, and jobs that wait for 4 ms and compute for 1 ms. From how many threads on do more of them
//! gain nothing? And in CPython, whose GIL lets one thread compute at a time?
//!
//! # When it is true
//! When nobody knows how long a job waits and computes, or when that changes while the work runs, or when
//! the server that the jobs wait for slows down if many ask. Then only a measurement tells.
//!
//! # What this does not show
//! A server that many threads slow down, and memory that many threads take. For your own work both are in
//! the measurement: `cargo run -p pool-sizing -- --command 'convert {} {}.png' --inputs photos.txt`, or
//! `--urls FILE`, tries it on several numbers of threads and recommends one; with `--simulate 4,16` it also
//! says how the same jobs would fare on machines of so many cores, which are simulated. Installed
//! (the README says how), it works in any folder, and the data go into `data` there.
//!
//! Figure: plots/pool-sizing.png. Run it: `cargo run -p pool-sizing`

use lab::prelude::formulas::goetz;
use lab::prelude::sizing::SAME;
use lab::prelude::*;

/// Up to a twentieth longer, nobody would notice that the formula's number is not the best; a rule that
/// costs a quarter is no rule.
const NO_RULE: Edges = Edges::true_above(1.25).false_below(SAME);
const COMPUTE: &str = "compute";
const MIXED: &str = "wait 4 : compute 1";
const WAIT: &str = "wait";
const PAGES: &str = "pages";
/// Computing between two waits: a fifth of a switch interval, so that no thread is made to release a lock.
const TURN: Duration = ms(1);
/// A job that only waits: so long that the start of 64 threads is little beside it.
const LONG_WAIT: Duration = ms(12);
/// How often a block measures the formula's number of threads, and those up to four times as many.
const TURNS: u32 = 2;
/// How many jobs are run one after another to know what they are like.
const PILOTS: usize = 16;

fn main() -> ExitCode {
    lab::run(experiment!(Workers, Jobs, Io, Own), design)
}

/// The same jobs; only the number of threads differs between the arms of a mix. Makespans are compared:
/// whoever waits for the work waits for the start of the threads, too. The claim is false if the formula holds
/// in every mix.
fn design(lab: &mut Lab, runtime: &Runtime) -> Result<Design> {
    let (n, long_wait, turns) =
        lab.by_mode((32, LONG_WAIT / 2, 1), (64, LONG_WAIT, TURNS), (64, LONG_WAIT, TURNS));
    let (n, cores) = (lab.jobs_or(n), lab.cores());
    let pages = lab.pages(16)?;
    let mixes = [
        (COMPUTE, work::mix(TURN, 1, 0.0).times(n), [1, 2, 4, 8, 16], [1, 4, 16]),
        (MIXED, work::mix(5 * TURN, 1, 0.8).times(n), [2, 4, 8, 16, 16], [1, 4, 16]),
        // What only waits takes long on few threads, and says nothing new there.
        (WAIT, work::mix(long_wait, 1, 1.0).times(n), [8, 16, 16, 16, 16], [4, 16, 16]),
        (PAGES, pages, [8, 16, 16, 16, 16], [4, 16, 16]),
    ];
    let mut design = Design::new(runtime, []);
    let mut parts = Vec::new();
    let mut panel = chart::panel(runtime.title()).reference("the best", [(0.0, 1.0)]);
    let default = lab.python_default();
    let mut defaults = Vec::new();
    for (mix, jobs, multiples, quick) in mixes {
        let most = jobs.len() as u32;
        let few = jobs.get(..PILOTS.min(jobs.len())).unwrap_or_default();
        let pilot = lab.pilot(runtime, &format!("{mix}, one by one"), few)?;
        // A lock counts as one core.
        let parallel = if runtime.has_gil() { 1 } else { cores };
        let formula = pilot.and_then(|job| goetz(job.waits_ns, job.computes_ns, parallel, most));
        let multiples = lab.by_mode(quick.to_vec(), multiples.to_vec(), multiples.to_vec());
        let several: Vec<u32> = multiples.into_iter().map(|times| times * cores).collect();
        let mut workers = lab.workers(&several);
        workers.extend([Some(default), formula].into_iter().flatten());
        workers.iter_mut().for_each(|n| *n = (*n).min(most));
        workers.sort_unstable();
        workers.dedup();
        let mut of_mix = design.case(mix, jobs);
        let arms = of_mix.arms(&workers, threads);
        if mix == PAGES && runtime.supports(Executor::Async) {
            of_mix.arm(async_tasks(most));
        }

        if let Some(arm) = arms.iter().find(|arm| arm.workers() == default.min(most)) {
            let (arm, all) = (arm.clone(), arms.clone());
            let cost = move |run: &Recording| {
                let best = run.best_of(&quantity::MAKESPAN, &all)?;
                Some(run.interval(&(makespan(&arm) / makespan(&best)))?.estimate)
            };
            defaults.push(cost.clone());
            let sentence = format!(
                "{mix}: Python's default, {default}, takes {ESTIMATE} the time of the best number"
            );
            design.predicted(sentence, found(move |run| cost(run).map(words::times)));
        }
        if mix == MIXED {
            let all = arms.clone();
            design.predicted(
                format!("{mix}: more threads gain at most 5 % over {ESTIMATE}"),
                found(move |run| {
                    Some(run.smallest_as_good(&quantity::MAKESPAN, &all)?.to_string())
                }),
            );
        }
        let advised = formula.and_then(|n| arms.iter().find(|arm| arm.workers() == n.min(most)));
        parts.push(match advised {
            Some(arm) => {
                design.replicate(arm);
                // A few per cent are only seen where those that could be the best run often, one right
                // after the other.
                let could_be_best =
                    |one: &&Arm| (arm.workers()..=4 * arm.workers()).contains(&one.workers());
                let often: Vec<Arm> = arms.iter().filter(could_be_best).cloned().collect();
                design.repeat(&often, turns - 1);
                part(mix, makespan(arm).over_best(&arms))
                    .finding(format!("with the formula's {arm}, the work takes {ESTIMATE} the time of the best number"))
                    .confounded_by_load(True, "the formula counts cores, and others may hold one")
            }
            None => missing(mix, "the jobs were not measured one after another: measure again"),
        });
        let by_default = arms.iter().find(|arm| arm.workers() == default.min(most));
        for (name, arm) in [("default", by_default), ("formula", advised)] {
            // Pages are like what only waits.
            if let Some(arm) = arm.filter(|_| mix != PAGES) {
                let label = format!("{mix}, {name}: {}", arm.workers());
                panel = panel.over_fastest(label, arm, &arms);
            }
        }
    }
    design
        .claim(
            "no-general-rule",
            "There is no general rule for the number of threads for IO work.",
            NO_RULE,
        )
        .any_of(parts)
        .expect(False)
        .finding(format!("the formula holds in every mix; {ESTIMATE}"))
        .lesson_even_if_open("Start from cores × (1 + wait/compute).");
    let name = runtime.title();
    let title = chart::computed(move |run| {
        let costs = defaults.iter().filter_map(|cost| cost(run));
        let most = words::times(costs.fold(1.0, f64::max));
        format!(
            "In {name}, Python's {default} threads take up to {most} the best time; the formula's at \
             most {{no-general-rule}}"
        )
    });
    design.figure(
        chart::strips(Scale::log("times the best number's time").holding(1.0), "one block")
            .title(title)
            .subtitle(
                "Python's default number of threads, and the formula's, cores × (1 + wait/compute), by what \
                 the jobs do.",
            )
            .panel(panel),
    );
    Ok(design)
}
