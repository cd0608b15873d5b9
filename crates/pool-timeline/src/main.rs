//! "The process pool takes less total runtime."
//! "Process timestamps are parallel, thread timestamps are serial."
//!
//! # Experiment
//! A job a core, on a pool of threads and on a pool of processes. Each job makes twenty equal lots
//! of additions and notes a point in time after each. Points alone have no length, so nobody could
//! tell from them what ran at the same instant: the clock is read between the additions, too.
//!
//! # Predict first
//! Two cores, two jobs. Mark on paper when each job reaches its points, with threads and with
//! processes. Do the two rows of points look different if threads change places every 5 ms?
//!
//! # When it is true
//! Under a lock that lets one thread compute at a time. Then two threads together reach as many
//! points a second as one alone. Without such a lock threads are as parallel as processes, and
//! their pool starts sooner.
//!
//! # What this does not show
//! Jobs that send or share much: processes copy what threads just look at. Pools that are kept:
//! here each is made anew, and its start counts.
//!
//! Figure: plots/pool-timeline.png. Run it: `cargo run -p pool-timeline`

use lab::prelude::*;

/// As many points as in the article.
const POINTS: u64 = 20;
/// Where threads take turns on two cores the ratio is near 2, on more it is higher; where they do
/// not it is 1, less what a process costs to start. From a quarter on nobody would miss the gain,
/// and up to a tenth a spell of a slow machine could make it.
const LESS: Edges = Edges::TrueAbove {
    true_above: 1.25,
    false_below: 1.1,
};
/// Of the time in which there was something to run on every core, two ran at once for more than
/// half: that is parallel. For less than a tenth: that is one after the other.
const PARALLEL: Edges = Edges::TrueAbove {
    true_above: 0.5,
    false_below: 0.1,
};
const SERIAL: Edges = Edges::TrueBelow {
    true_below: 0.1,
    false_above: 0.5,
};

const LESS_RUNTIME: Claim = Claim {
    text: "The process pool takes less total runtime.",
    expected: Expected::with_gil(Decision::True).without(Decision::False),
    article: Some(Decision::True),
};
const PARALLEL_AND_SERIAL: Claim = Claim {
    text: "Process timestamps are parallel, thread timestamps are serial.",
    expected: Expected::with_gil(Decision::True).without(Decision::False),
    article: Some(Decision::True),
};

fn main() -> ExitCode {
    lab::run(experiment!(Jobs, Cpu), measure, judge, draw)
}

/// The same jobs; only the runtime and the pool differ.
fn measure(lab: &mut Lab) -> Result<()> {
    let (time, rounds) = match lab.mode() {
        Mode::Quick => (Duration::from_millis(60), 3),
        Mode::Article => (Duration::from_secs(1), 1),
        _ => (Duration::from_millis(120), 2),
    };
    let jobs = lab.jobs_or((lab.cores() as usize).max(2));
    let n = jobs as u32;
    let native = vec![lab.points("rust", POINTS, time)?; jobs];
    let mut arms = Control::of(n).arms(&native);
    arms.push(Arm::new(threads(n).again(), &native));
    arms = arms.into_iter().map(|arm| arm.near("rust")).collect();
    for runtime in lab.runtimes() {
        let points = vec![lab.points(&runtime, POINTS, time)?; jobs];
        for pool in [threads(n), processes(n)] {
            arms.push(Arm::new(pool.under(&runtime), &points).near(&runtime));
        }
    }
    lab.run_blocks(&arms, rounds, Keep::AllBlocks)
}

/// Whoever waits for the answers waits for the start of the pool, too: makespans for the first
/// claim. The second asks what ran while there was something to run on every core.
fn judge(run: &Recording) -> Vec<VerdictRow> {
    let n = run.jobs_of(&serial());
    run.each_runtime(|runtime| {
        let [on_threads, on_processes] = pools(n, runtime);
        let ratio = run.ratio(Measure::Makespan, &on_threads, &on_processes);
        let less = Judgement::new(run, &LESS_RUNTIME, runtime, ratio, LESS)
            .needs_control(Measure::Window, &Control::of(n))
            .null(Measure::Makespan, &threads(n))
            .article(published())
            .says(|times| format!("{n} threads take {times} the time of {n} processes"));
        let parts = [
            timestamps(run, &on_processes, "parallel", PARALLEL),
            timestamps(run, &on_threads, "serial", SERIAL),
        ];
        let both = all_parts(run, &PARALLEL_AND_SERIAL, &parts, |_| {
            let [parallel, serial] = &parts;
            format!("{}; {}", parallel.reason, serial.reason)
        });
        let mut rows = vec![less];
        rows.extend(both);
        rows.extend(parts);
        rows
    })
}

fn timestamps(run: &Recording, pool: &ArmId, what: &str, edges: Edges) -> VerdictRow {
    let (n, executor) = (pool.workers, pool.executor);
    let share = two_or_more(run, pool);
    Judgement::new(run, &PARALLEL_AND_SERIAL, &pool.runtime, share, edges)
        .needs_control(Measure::Window, &Control::of(n))
        .null(Measure::Window, &threads(n))
        .part(&format!("{executor} {what}"))
        .says(|share| format!("{n} {executor}: two or more at once {share} of the time"))
}

fn pools(n: u32, runtime: &str) -> [ArmId; 2] {
    [threads(n), processes(n)].map(|pool| pool.under(runtime))
}

fn two_or_more(run: &Recording, arm: &ArmId) -> Estimate {
    let full = arm.workers.min(run.cores()).max(2);
    run.share("share of time with two or more running", arm, |trial| {
        share_with(&run.spans(trial), &run.in_flight(trial), 2, full)
    })
}

/// The article's figure, a panel a pool, with what its points stand on.
fn draw(run: &Recording, verdicts: &[VerdictRow]) -> Vec<Figure> {
    let n = run.jobs_of(&serial());
    let mut facets = Vec::new();
    for runtime in run.runtimes().iter().rev() {
        for arm in pools(n, runtime) {
            let Some(trial) = run.shown(&arm) else {
                continue;
            };
            let title = format!(
                "{}, pool of {n} {}: two at once {} of the time",
                words::runtime(runtime),
                arm.executor,
                shown(&two_or_more(run, &arm)),
            );
            facets.push(run.facet_with_points(trial, title));
        }
    }
    let frame = run.frame(
        format!(
            "{n} threads take so many times as long as {n} processes: {}",
            by_runtime(verdicts, &LESS_RUNTIME)
        ),
        format!(
            "Each job notes {POINTS} points, after equal work each. 0 is just before the pool is made. \
             The line counts the jobs that run at once."
        ),
    );
    let figure = Timeline {
        frame,
        cores: run.cores(),
        facets,
        zoom: None,
    };
    vec![figure.into()]
}

/// The article's number, on a machine whose number of cores it does not tell.
fn published() -> Option<f64> {
    let of = |executor| article::seconds("pool-timeline", executor, "cpu_count");
    Some(of("threads")? / of("processes")?)
}
