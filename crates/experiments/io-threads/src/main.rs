//! "Multithreading is useless."
//!
//! # Experiment
//! We load sixteen pages from a local test server with set delays: one after another, on 4, 8, 16 and 32
//! threads, and as 16 async tasks. The delays are a tenth of the article's, 0.49 s on average and 0.6 s at
//! most (with --quick a twenty-fifth). Nothing can beat 16 × 0.49 ÷ 0.6 = 13×: how near do threads come?
//!
//! # Predict first
//! Sixteen pages of 49 ms on average, the longest 60 ms. How long do 4 threads take? And 16? And 32?
//!
//! # When it is true
//! When the work is computing and a GIL lets only one thread compute: then threads add nothing but switches.
//! Here the work is waiting, and waiting needs no core.
//!
//! # What this does not show
//! A server that slows down under load, name look-ups, or connections that are kept open.
//!
//! Figure: plots/io-threads.png. Run it: `cargo run -p io-threads`

use lab::prelude::*;

const AS_SCHEDULED: &str = "Pages come as fast as list scheduling of their own times allows.";
/// Up to a twentieth faster, everybody would call the threads useless; twice as fast, nobody would.
const USELESS: Edges = Edges::true_below(1.05).false_above(2.0);
/// A step to more workers must gain at least a tenth to count.
const GAIN: Edges = Edges::true_above(1.1);
/// Two times within a tenth of each other are the same.
const SAME: Edges = Edges::true_within(1.1);
/// A pool comes this near to what the pages' own times allow on as many workers.
const SCHEDULING_TOLERANCE: Edges = Edges::true_within(1.05);
/// How often a thread per page and more threads than pages are measured in a round.
const PAIRS: u32 = 3;

fn main() -> ExitCode {
    lab::run(experiment!(Workers, Jobs, Io), design)
}

/// The same pages; only the executor and the number of workers differ. Makespans are compared, since
/// whoever waits for the pages waits for the start of the threads, too.
fn design(lab: &mut Lab, runtime: &Runtime) -> Result<Design> {
    let pages = lab.pages(lab.jobs_or(16))?;
    let n = pages.len() as u32;
    let workers = lab.workers(&[n.div_ceil(4), n.div_ceil(2), n, 2 * n]);
    let mut design = Design::new(runtime, pages);
    let in_series = design.arm(serial());
    design.baseline(&in_series);
    let pools = design.arms(&workers, threads);
    let (enough, surplus) = pools.split_at(pools.partition_point(|arm| arm.workers() <= n));
    let speed_up = |workers| article::speed_up("io-threads", "threads", workers);
    let published = |workers| article::seconds("io-threads", "threads", workers);

    let useless = design.claim("threads-useless", "Multithreading is useless.", USELESS);
    match enough.last() {
        Some(full) => useless
            .compare(makespan(&in_series) / makespan(full))
            .finding(format!("{full} load {n} pages {ESTIMATE} as fast as in series"))
            .article(False, speed_up(full.workers()).filter(|_| lab.has_origin() && n == 16)),
        None => useless.missing(format!(
            "needs a number of workers up to that of the pages: ask for {n} or fewer with --workers"
        )),
    }
    .expect(False)
    .lesson("Waiting needs no core: use threads for IO.");

    let step = |step: &[Arm]| {
        let (few, many) = (&step[0], &step[1]);
        part(format!("{} → {many}", few.workers()), makespan(few) / makespan(many))
            .finding(format!("{many} are {ESTIMATE} as fast as {}", few.workers()))
            .article(published(few.workers()).zip(published(many.workers())).map(|(a, b)| a / b))
    };
    design
        .claim("more-threads-faster", "More threads are faster, up to one per page.", GAIN)
        .all_of(enough.windows(2).map(step))
        .expect(True)
        .article(True, None)
        .finding(format!("each step to more threads gains; {ESTIMATE}"))
        .lesson("Add threads until each page has one.");

    let checked = enough.iter().map(|arm| {
        let name = format!("{} threads, over list scheduling", arm.workers());
        part(name, makespan(arm) / quantity::list_scheduling(arm))
            .finding(format!("{arm}: {ESTIMATE} the time of list scheduling"))
    });
    design.claim("as-scheduled", AS_SCHEDULED, SCHEDULING_TOLERANCE).check_each(checked);

    if let Some(more) = surplus.first() {
        let most = enough.last().unwrap_or(more);
        design
            .claim("no-more-than-pages", "There is no point in more threads than pages.", SAME)
            .compare((makespan(most) / makespan(more)).repeated(PAIRS))
            .expect(True)
            .article(True, None)
            .finding(format!("{more} are {ESTIMATE} as fast as {}", most.workers()))
            .lesson("A thread without a page has nothing to do.");
    }

    design.predicted(format!("one after another, {n} pages take {ESTIMATE}"), makespan(&in_series));
    for pool in &pools {
        design.predicted(format!("{pool} take {ESTIMATE}"), makespan(pool));
    }
    if runtime.supports(Executor::Async) {
        design.arm(async_tasks(n));
    }
    let last = enough.len().saturating_sub(1);
    let shown = if lab.is_first() { enough } else { &enough[last..] };
    let mut figure = chart::waterfall()
        .title(format!("{n} threads load {n} pages {{threads-useless}} as fast as in series"))
        .one_for_all("threads-useless")
        .subtitle(
            "A row per worker, a bar per page; in titles, how many times as fast as in series.",
        );
    for arm in lab.is_first().then_some(&in_series).into_iter().chain(shown) {
        let gain = makespan(&in_series) / makespan(arm);
        let name = format!("{}, {arm}", runtime.title());
        let title = chart::computed(move |run| format!("{name}: {}", run.shown(&gain)));
        figure = figure.panel(chart::panel(title).trial(arm));
    }
    design.figure(figure);
    Ok(design)
}
