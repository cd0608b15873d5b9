//! "The process pool takes less total runtime."
//! "Process timestamps are parallel, thread timestamps are serial."
//!
//! # Experiment
//! One job per core, on a pool of threads and on a pool of processes. Each job makes twenty equal lots of
//! additions (0.12 s in all; twice that where processes are not forked) and notes a point in time after each,
//! as in the second article. Points have no length, so nobody could tell from them what ran at the same
//! instant: the clock is read between the additions, too.
//!
//! # Predict first
//! Two cores, two jobs. Mark on paper when each job reaches its points, on threads and on processes. Do the
//! two rows of points look different if threads take turns of 5 ms?
//!
//! # When it is true
//! Under a GIL, which lets one thread compute at a time: two threads together then reach as many points per
//! second as one alone. Without a GIL threads are as parallel as processes, and their pool starts sooner.
//! How much the process pool gains depends on its start, too: CPython's processes start far more slowly from
//! 3.14 on.
//!
//! # What this does not show
//! Jobs that send or share much: a process gets a copy of what a thread just looks at. Pools that are kept:
//! here each pool is new, and its start counts.
//!
//! Figure: plots/pool-timeline.png. Run it: `cargo run -p pool-timeline`

use lab::prelude::*;

/// As many points as in the article.
const POINTS: u64 = 20;
/// Where threads take turns on two cores the ratio is near 2, on more it is higher; where they do not it
/// is 1, less what a process costs to start. Nobody would overlook a gain of a quarter, and a slow moment
/// of the machine could bring about a tenth.
const LESS: Edges = Edges::true_above(1.25).false_below(1.1);
/// Two ran at once for more than half of the time in which there was something to run on every core:
/// that is parallel. For less than a tenth of it: that is one after the other.
const PARALLEL: Edges = Edges::true_above(0.5).false_below(0.1);
const SERIAL: Edges = Edges::true_below(0.1).false_above(0.5);

fn main() -> ExitCode {
    lab::run(experiment!(Jobs, Cpu), design)
}

/// The same jobs; only the pool differs. Whoever waits for the answers waits for the start of the pool,
/// too: makespans for the first claim. The second asks what ran while there was something to run on every
/// core.
fn design(lab: &mut Lab, runtime: &Runtime) -> Result<Design> {
    let n = lab.jobs_or(lab.cores().max(2));
    // Half of it would pay no pool whose processes a server starts, as CPython's from 3.14 on.
    let brief = if runtime.forks() { ms(120) } else { ms(240) };
    let time = lab.by_mode(brief, brief, ms(1000));
    let mut design = Design::new(runtime, work::points(POINTS, time).times(n));
    design.rounds(lab.by_mode(3, 2, 1));
    let [on_threads, on_processes] = [threads(n), processes(n)].map(|pool| design.arm(pool));

    design
        .claim("less-total-runtime", "The process pool takes less total runtime.", LESS)
        .compare(makespan(&on_threads) / makespan(&on_processes))
        .needs_parallel_cores()
        .expect_by_lock(True, False)
        .article(True, published())
        .finding(format!("{on_threads} take {ESTIMATE} the time of {on_processes}"))
        .lesson("Processes pay under a GIL; without one, threads suffice.");
    let timestamps = |pool: &Arm, what: &str, edges| {
        part(format!("{} {what}", pool.executor()), quantity::two_or_more(pool).as_share())
            .edges(edges)
            .finding(format!("{pool} run at the same time for {ESTIMATE} of the time"))
    };
    design
        .claim(
            "parallel-and-serial",
            "Process timestamps are parallel, thread timestamps are serial.",
            PARALLEL,
        )
        .all_of([
            timestamps(&on_processes, "parallel", PARALLEL),
            timestamps(&on_threads, "serial", SERIAL),
        ])
        .needs_parallel_cores()
        .expect_by_lock(True, False)
        .article(True, None)
        .finding("{all}")
        .lesson("Threads take turns only under a GIL.");

    for arm in [&on_threads, &on_processes] {
        design.predicted(format!("{arm} reach their last point after {ESTIMATE}"), makespan(arm));
        design.predicted(
            format!("{arm} run at the same time for {ESTIMATE} of the time"),
            quantity::two_or_more(arm).as_share(),
        );
    }
    let mut figure = chart::timeline()
        .title(format!("{on_threads} take {{less-total-runtime}} as long as {on_processes} to reach their last point"))
        .subtitle(format!(
            "Each job notes {POINTS} points, after equal work each. 0 is just before the pool is made. \
             The line counts the jobs that run at once."
        ));
    // The processes of one runtime are like those of another.
    let processes = lab.is_first().then_some(&on_processes);
    for arm in std::iter::once(&on_threads).chain(processes) {
        let name = format!("{}, pool of {arm}", runtime.title());
        let at_once = quantity::two_or_more(arm).as_share();
        let title = chart::computed(move |run| {
            format!("{name}: two at once {} of the time", run.shown(&at_once))
        });
        figure = figure.panel(chart::panel(title).trial_with_points(arm));
    }
    design.figure(figure);
    Ok(design)
}

/// The article's number, on a machine whose number of cores it does not say.
fn published() -> Option<f64> {
    let of = |executor| article::seconds("pool-timeline", executor, "cpu_count");
    Some(of("threads")? / of("processes")?)
}
