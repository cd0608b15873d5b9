//! "Loading takes at least as long as the slowest page, so 8 threads gain little."
//! "It does not matter in which order the pages are asked for."
//!
//! # Experiment
//! Sixteen pages, of which the first takes 100 times as long as each of the others (0.8 s and 8 ms; about a
//! quarter of that with --quick): one after another, on 8 threads and on 16. Then sixteen pages of which one
//! takes ten times as long, on 4 threads: it is asked for first, in the middle, or last.
//!
//! # Predict first
//! One page takes 10 s, fifteen take 0.1 s each. How long do they take one after another? On 8 threads, and
//! on 16? And on 4 threads, when the slow page takes only 1 s: is it better to ask for it first, or last?
//!
//! # When it is true
//! The first claim: always, since no number of workers makes a single page come sooner. More workers only
//! load the other pages meanwhile, and in the question above these are 1.5 s of 11.5 s. The second: with a
//! worker per page. With fewer, ask for the slow page first, if you know which it is.
//!
//! # What this does not show
//! Pages that are slow only from time to time, so that nobody knows which to ask for first; a page that
//! could be loaded in pieces.
//!
//! Figure: plots/slowest-url.png. Run it: `cargo run -p slowest-url`

use lab::prelude::*;

/// Over the time of the slowest page: a twentieth more nobody would notice, a quarter everybody would.
const AT_BEST: Edges = Edges::true_below(1.05).false_above(1.25);
/// Little: more than nothing, less than a quarter (the article's own numbers give 1.15). If all
/// pages were alike, eight workers would gain far more than the second edge.
const LITTLE: Edges = Edges::true_below(1.25).false_above(2.0);
const SOMETHING: Edges = Edges::true_above(1.05).false_below(1.0);
/// The slow page last: list scheduling gives 1.3 times the time of the slow page first.
const NO_MATTER: Edges = Edges::true_below(1.05).false_above(1.15);
/// A pool, whose workers start and connect, comes this near to what the pages' own times allow.
const SCHEDULING_TOLERANCE: Edges = Edges::true_within(1.1);
const PAGES: usize = 16;
/// The workers on which order counts.
const FEW: u32 = 4;
const SLOW: &str = "one 100 times slower";
const ORDERS: [(&str, usize); 3] =
    [("slowest first", 0), ("slowest in the middle", PAGES / 2), ("slowest last", PAGES - 1)];

fn main() -> ExitCode {
    lab::run(experiment!(Origin), design)
}

/// Only the number of workers differs, and then only the order. Makespans are compared, since whoever
/// waits for the pages waits for the start of the threads, too.
fn design(lab: &mut Lab, runtime: &Runtime) -> Result<Design> {
    // Short pages must still take long beside a client's own part of a millisecond.
    let (short, short_in_order) =
        lab.by_mode((Duration::from_micros(1800), ms(4)), (ms(8), ms(8)), (ms(100), ms(100)));
    let mut design = Design::new(runtime, []);
    let slow = lab.pages_lasting(&with_slow(0, short, 100))?;
    let mut orders = Vec::new();
    for (case, at) in ORDERS {
        let pages = lab.pages_lasting(&with_slow(at, short_in_order, 10))?;
        orders.push(design.case(case, pages).slow_page(at as u32 + 1).arm(threads(FEW)));
    }
    let [first, .., last] = &orders[..] else {
        return Ok(design);
    };
    design.replicate_natively(first);
    let mut of_slow = design.case(SLOW, slow).slow_page(1);
    if runtime.supports(Executor::Async) {
        of_slow.arm(async_tasks(PAGES as u32));
    }
    let [in_series, eight, all] = [serial(), threads(8), threads(16)].map(|pool| of_slow.arm(pool));

    let published = article::speed_up("slowest-url", "threads", 8);
    let gain = |name: &str, edges| {
        part(name, makespan(&in_series) / makespan(&eight))
            .edges(edges)
            .article(published)
            .finding(format!("{eight} load the pages {ESTIMATE} as fast as in series"))
    };
    let over_slowest = makespan(&all) / quantity::slowest_page(&all);
    design
        .claim(
            "slowest-page-decides",
            "Loading takes at least as long as the slowest page, so 8 threads gain little.",
            AT_BEST,
        )
        .all_of([
            part(format!("{all}, over the slowest page"), over_slowest.clone())
                .finding(format!("{all} take {ESTIMATE} the time of the slowest page")),
            gain("8 threads gain little", LITTLE),
            gain("8 threads gain something", SOMETHING),
        ])
        .expect(True)
        .article(True, None)
        .finding("{all}")
        .lesson("No number of threads beats the slowest page.");
    design
        .claim(
            "order-no-matter",
            "It does not matter in which order the pages are asked for.",
            NO_MATTER,
        )
        .compare(makespan(last) / makespan(first))
        .expect(False)
        .finding(format!(
            "{first} take {ESTIMATE} as long if the slowest page is asked for last, not first"
        ))
        .lesson("Ask for the slowest pages first.");
    for (arm, how) in
        [(&in_series, "one after another"), (&eight, "8 threads"), (&all, "16 threads")]
    {
        let over = makespan(arm) / quantity::slowest_page(arm);
        design.predicted(format!("{how}: {ESTIMATE} the time of the slow page alone"), over);
    }
    design.predicted(
        format!("{first}, the slow page last: {ESTIMATE} the time of the slow page first"),
        makespan(last) / makespan(first),
    );
    let checked = orders.iter().zip(ORDERS).map(|(arm, (case, _))| {
        part(
            format!("{case}, over list scheduling"),
            makespan(arm) / quantity::list_scheduling(arm),
        )
        .finding(format!("{arm} take {ESTIMATE} what list scheduling takes"))
    });
    design
        .claim(
            "as-scheduled",
            "Pages come as fast as list scheduling of their own times allows.",
            SCHEDULING_TOLERANCE,
        )
        .check_each(checked);

    let figure = waterfall(
        runtime,
        [(first, "slowest first"), (last, "slowest last")]
            .into_iter()
            .map(|(arm, name)| (arm, name, first, "first")),
        chart::waterfall()
            .title(format!(
                "{first} take {{order-no-matter}} as long if the slowest page comes last, not first"
            ))
            .one_for_all("order-no-matter")
            .subtitle(about("ten times slower, on 4 threads")),
    );
    design.figure(figure);
    let name = all.to_string();
    let arms = [(&eight, "8 threads"), (&all, "16 threads")];
    design.figure(waterfall(
        runtime,
        arms.into_iter().map(|(arm, name)| (arm, name, &in_series, "in series")),
        chart::waterfall()
            .named("threads")
            .title(chart::computed(move |run| {
                let times = run.shown(&over_slowest);
                format!("{name} take {times} the time of the slowest of {PAGES} pages")
            }))
            .one_for_all("slowest-page-decides")
            .subtitle(about("a hundred times slower")),
    ));
    Ok(design)
}

/// The times of all pages: page number `at`, from 0, takes `times` times as long as each of the others.
fn with_slow(at: usize, short: Duration, times: u32) -> Vec<Duration> {
    (0..PAGES).map(|page| if page == at { short * times } else { short }).collect()
}

fn about(which: &str) -> String {
    format!("Sixteen pages, one of them {which}: a row per worker, a bar per page.")
}

/// A panel per arm; its title compares it with another.
fn waterfall<'a>(
    runtime: &Runtime,
    arms: impl Iterator<Item = (&'a Arm, &'a str, &'a Arm, &'a str)>,
    mut figure: chart::Figure,
) -> chart::Figure {
    for (arm, name, unit, other) in arms {
        let name = format!("{}, {name}", runtime.title());
        let (is_unit, over, other) =
            (arm == unit, makespan(arm) / makespan(unit), other.to_owned());
        let title = chart::computed(move |run| {
            if is_unit {
                name.clone()
            } else {
                format!("{name}: {} as long as {other}", run.shown(&over))
            }
        });
        figure = figure.panel(chart::panel(title).trial(arm));
    }
    figure
}
