//! "At best, the time is that of the slowest page; 8 threads then gain little."
//! "It does not matter in which order the pages are asked for."
//!
//! # Experiment
//! Sixteen pages, of which the first takes 100 times as long as each of the others (0.8 s and 8 ms;
//! a third of that with --quick): one after another, on 8 threads and on 16. Then sixteen pages of
//! which one takes 10 times as long, on 4 threads: it is the first, the middle one, or the last.
//!
//! # Predict first
//! One page takes 10 s, fifteen take 0.1 s each. How long do they take one after another? How long
//! with 8 threads, and with 16? And on 4 threads, when the slow one is only 1 s: is it better to ask
//! for it first, or last?
//!
//! # When it is true
//! Always: no number of workers makes a single page come sooner. What workers can do is load the
//! others meanwhile, and here these are 1.5 s in 11.5 s. Order counts as soon as there are fewer
//! workers than pages: whoever knows the slow one asks for it first.
//!
//! # What this does not show
//! Pages that are slow only now and then, so that nobody knows which to ask for first. And a page
//! that could be asked for in pieces.
//!
//! Figure: plots/slowest-url.png. Run it: `cargo run -p slowest-url`

use lab::prelude::*;

/// Beyond the slowest page: that near, nobody would see a difference; from there on everybody would.
const AT_BEST: f64 = 1.05;
const NOT_AT_BEST: f64 = 1.25;
/// Little: more than nothing, less than a quarter (the article's own numbers give 1.15). What a
/// worker each would gain if all pages were alike is far beyond the second edge.
const SOMETHING: f64 = 1.05;
const LITTLE: f64 = 1.25;
const MUCH: f64 = 2.0;
/// The slow page last: list scheduling gives 1.3 times the time of the slow page first.
const NO_MATTER: f64 = 1.05;
const A_MATTER: f64 = 1.15;
/// The pages' own times allow a makespan; a pool, whose workers start and connect, comes that near.
const AS_SCHEDULED: f64 = 1.1;

const SLOWEST: Claim = Claim {
    text: "At best, the time is that of the slowest page; 8 threads then gain little.",
    expected: Expected::always(Decision::True),
    article: Some(Decision::True),
};
const NO_ORDER: Claim = Claim {
    text: "It does not matter in which order the pages are asked for.",
    expected: Expected::always(Decision::False),
    article: None,
};

const AS_ALLOWED: Claim = Claim {
    text: "Pages come as fast as list scheduling of their own times allows.",
    expected: Expected::always(Decision::True),
    article: None,
};

const PAGES: usize = 16;
/// The workers on which order counts.
const FEW: u32 = 4;
const SLOW: &str = "one 100 times slower";
const FIRST: &str = "slowest first";
const MIDDLE: &str = "slowest in the middle";
const LAST: &str = "slowest last";
const ORDERS: [&str; 3] = [FIRST, MIDDLE, LAST];

fn main() -> ExitCode {
    lab::run(experiment!(Origin), measure, judge, draw)
}

/// Only the number of workers differs, and then only the order.
fn measure(lab: &mut Lab) -> Result<()> {
    // Short pages must still take long beside a client's own part of a millisecond.
    let (short, short_in_order) = match lab.mode() {
        Mode::Quick => (Duration::from_micros(1800), Duration::from_millis(4)),
        Mode::Article => (Duration::from_millis(100), Duration::from_millis(100)),
        _ => (Duration::from_millis(8), Duration::from_millis(8)),
    };
    let slow = lab.pages_lasting(&with_slow(0, short, 100))?;
    let mut orders = Vec::new();
    for (case, at) in ORDERS.into_iter().zip([0, PAGES / 2, PAGES - 1]) {
        let pages = lab.pages_lasting(&with_slow(at, short_in_order, 10))?;
        lab.describe_case(case, &[("slow_page", (at + 1).into())]);
        orders.push((case, pages));
    }
    lab.describe_case(SLOW, &[("slow_page", 1.into())]);
    let mut arms = Vec::new();
    for (case, pages) in orders.iter().take(1) {
        let arm = |id: ArmId| Arm::new(id.case(case), pages).near("rust order");
        arms.push(arm(threads(FEW).again()));
        arms.push(arm(threads(FEW)).control());
    }
    for runtime in lab.runtimes() {
        for id in [serial(), threads(8), threads(16)] {
            arms.push(Arm::new(id.case(SLOW).under(&runtime), &slow).near(&runtime));
        }
        for (case, pages) in &orders {
            let id = threads(FEW).case(case).under(&runtime);
            arms.push(Arm::new(id, pages).near(&format!("{runtime} order")));
        }
    }
    lab.run_blocks(&arms, 1, Keep::JobsOfAllBlocks)
}

/// The times of all pages: page number `at`, from 0, takes so many times as long as each other.
fn with_slow(at: usize, short: Duration, times: u32) -> Vec<Duration> {
    (0..PAGES)
        .map(|page| if page == at { short * times } else { short })
        .collect()
}

fn judge(run: &Recording) -> Vec<VerdictRow> {
    run.each_runtime(|runtime| {
        let parts = slowest(run, runtime);
        let whole = all_parts(run, &SLOWEST, &parts, |part| part.reason.clone());
        let mut rows: Vec<VerdictRow> = whole.into_iter().chain(parts).collect();
        rows.push(order(run, runtime));
        rows.extend(ORDERS.map(|case| as_scheduled(run, runtime, case)));
        rows
    })
}

/// Makespans, since whoever waits for the pages waits for the start of the threads, too.
fn slowest(run: &Recording, runtime: &str) -> Vec<VerdictRow> {
    let at = |id: ArmId| id.case(SLOW).under(runtime);
    let gain = || run.ratio(Measure::Makespan, &at(serial()), &at(threads(8)));
    let published = article::speed_up("slowest-url", "threads", 8);
    let judged = |part, estimate, edges| {
        Judgement::new(run, &SLOWEST, runtime, estimate, edges)
            .part(part)
            .null(Measure::Makespan, &threads(FEW).case(FIRST))
    };
    let best = Edges::TrueBelow {
        true_below: AT_BEST,
        false_above: NOT_AT_BEST,
    };
    let little = Edges::TrueBelow {
        true_below: LITTLE,
        false_above: MUCH,
    };
    let something = Edges::TrueAbove {
        true_above: SOMETHING,
        false_below: 1.0,
    };
    let fast = |times: &str| format!("8 threads are {times} as fast as one by one");
    vec![
        judged(
            "16 threads, over the slowest page",
            over_longest(run, runtime),
            best,
        )
        .says(|times| format!("16 threads take {times} the time of the slowest page")),
        judged("8 threads gain little", gain(), little)
            .article(published)
            .says(fast),
        judged("8 threads gain something", gain(), something)
            .article(published)
            .says(fast),
    ]
}

/// What 16 threads take, in times of the slowest page, as the origin recorded it.
fn over_longest(run: &Recording, runtime: &str) -> Estimate {
    let arm = threads(16).case(SLOW).under(runtime);
    run.factor("makespan over the slowest page's own time", &arm, |trial| {
        let longest = run.service_times(trial)?.into_iter().max()?;
        Some(trial.makespan_ns? as f64 / longest as f64)
    })
}

fn order(run: &Recording, runtime: &str) -> VerdictRow {
    let at = |case| threads(FEW).case(case).under(runtime);
    let edges = Edges::TrueBelow {
        true_below: NO_MATTER,
        false_above: A_MATTER,
    };
    let ratio = run.ratio(Measure::Makespan, &at(LAST), &at(FIRST));
    Judgement::new(run, &NO_ORDER, runtime, ratio, edges)
        .null(Measure::Makespan, &threads(FEW).case(FIRST))
        .says(|times| {
            format!(
                "{FEW} threads take {times} the time if the slowest page is the last, not the first"
            )
        })
}

/// The ruler: the makespan against that of list scheduling, given the times that the origin recorded.
fn as_scheduled(run: &Recording, runtime: &str, case: &str) -> VerdictRow {
    let arm = threads(FEW).case(case).under(runtime);
    let times = run.factor("makespan over that of list scheduling", &arm, |trial| {
        Some(trial.makespan_ns? as f64 / run.scheduled(trial)? as f64)
    });
    let edges = Edges::TrueInside {
        low: 1.0 / AS_SCHEDULED,
        high: AS_SCHEDULED,
    };
    Judgement::new(run, &AS_ALLOWED, runtime, times, edges)
        .part(&format!("{case}, over list scheduling"))
        .says(|times| format!("{FEW} threads take {times} what list scheduling takes"))
}

/// A waterfall for each order in each runtime; and for each number of threads in one.
fn draw(run: &Recording, verdicts: &[VerdictRow]) -> Vec<Figure> {
    let runtimes: Vec<String> = run.runtimes().into_iter().rev().collect();
    let mut orders = Vec::new();
    for runtime in &runtimes {
        let at = |case: &str| threads(FEW).case(case).under(runtime);
        orders.extend(ORDERS.map(|case| panel(run, &at(case), case, ("first", &at(FIRST)))));
    }
    let mut workers = Vec::new();
    for runtime in runtimes.iter().take(1) {
        let at = |id: ArmId| id.case(SLOW).under(runtime);
        let arms = [
            (serial(), "one by one"),
            (threads(8), "8 threads"),
            (threads(16), "16 threads"),
        ];
        let panels =
            arms.map(|(id, name)| panel(run, &at(id), name, ("one by one", &at(serial()))));
        workers.extend(panels);
    }
    let order = format!(
        "With the slowest page last, 4 threads take so many times as long as with it first: {}",
        by_runtime(verdicts, &NO_ORDER)
    );
    let best = run.runtimes().into_iter().map(|runtime| {
        let times = shown(&over_longest(run, &runtime));
        format!("{} {times}", words::runtime(&runtime))
    });
    let best = format!(
        "16 threads take so many times the time of the slowest of 16 pages: {}",
        best.collect::<Vec<_>>().join(", ")
    );
    vec![
        waterfall(run, order, "ten times slower, on 4 threads", orders),
        waterfall(run, best, "a hundred times slower", workers).named("threads"),
    ]
}

/// A panel of an arm's first trial; its title compares it with another arm.
fn panel(
    run: &Recording,
    arm: &ArmId,
    name: &str,
    (other, unit): (&str, &ArmId),
) -> Option<WaterfallPanel> {
    let mut title = format!("{}, {name}", words::runtime(&arm.runtime));
    if arm != unit {
        let times = shown(&run.ratio(Measure::Makespan, arm, unit));
        title += &format!(": {times} the time of {other}");
    }
    Some(run.waterfall(run.shown(arm)?, title))
}

fn waterfall(
    run: &Recording,
    title: String,
    which: &str,
    panels: Vec<Option<WaterfallPanel>>,
) -> Figure {
    let about = format!(
        "Sixteen pages, one of them {which}: a row a worker, a bar a page. Dashed: what list \
         scheduling of the pages' own times allows; solid line: the last page was there."
    );
    Waterfall {
        frame: run.frame(title, about),
        panels: panels.into_iter().flatten().collect(),
    }
    .into()
}
