//! "Multithreading is useless."
//!
//! # Experiment
//! Sixteen pages from a server that takes its time, one after another, on 4, 8, 16 and 32 threads,
//! and as 16 tasks on one thread. The pages' times have the shape of the article's: 0.49 s in the
//! mean, 0.6 s the longest, scaled to a tenth (a twenty-fifth with --quick).
//!
//! # Predict first
//! Sixteen pages of 49 ms, the longest 60 ms. How long do 4 threads take? And 16? And 32? Does it
//! help to have more than one core?
//!
//! # When it is true
//! When the work is computing and a lock lets only one thread compute: CPython, with its GIL.
//! Then threads add nothing but switches. Here the work is waiting, and nobody needs a core to wait.
//!
//! # What this does not show
//! A server that slows down when many ask at once: this one does not, real ones do. Nor names that
//! must be looked up or connections that are kept: every page is a new connection to the loopback.
//!
//! Figure: plots/io-threads.png. Run it: `cargo run -p io-threads`

use lab::prelude::*;

/// Serial = 1. From here on nobody would call the threads useless.
const FALSE_FROM: f64 = 2.0;
/// Up to here everybody would.
const TRUE_UP_TO: f64 = 1.05;
/// A step to more workers that gains less than this is none.
const A_STEP: f64 = 1.1;

/// How often a thread a page and more threads than pages are measured in a block.
const PAIRS: usize = 3;

/// The pages' own times, on so many workers, allow a makespan; a pool comes that near to it.
const AS_SCHEDULED: f64 = 1.05;

const AS_ALLOWED: Claim = Claim {
    text: "Pages come as fast as list scheduling of their own times allows.",
    expected: Expected::always(Decision::True),
    article: None,
};
const USELESS: Claim = Claim {
    text: "Multithreading is useless.",
    expected: Expected::always(Decision::False),
    article: Some(Decision::False),
};
const MORE_IS_FASTER: Claim = Claim {
    text: "The more threads, the faster, up to one a page.",
    expected: Expected::always(Decision::True),
    article: Some(Decision::True),
};
const NO_MORE_THAN_PAGES: Claim = Claim {
    text: "There is no point in more threads than pages.",
    expected: Expected::always(Decision::True),
    article: Some(Decision::True),
};

fn main() -> ExitCode {
    lab::run(experiment!(Workers, Jobs, Io), measure, judge, draw)
}

/// The same pages; only the runtime and the executor differ between the arms.
fn measure(lab: &mut Lab) -> Result<()> {
    let default = lab.jobs_or(16);
    let pages = lab.pages(default)?;
    let all = pages.len() as u32;
    let workers = lab.workers_or(&[all.div_ceil(4), all.div_ceil(2), all, 2 * all]);
    let most = workers.iter().copied().filter(|&n| n <= all).max();
    let beyond = workers.iter().copied().find(|&n| n > all);
    let arm = |id: ArmId, runtime: &str| Arm::new(id.under(runtime), &pages).near(runtime);
    let mut arms = vec![arm(serial(), "rust").control()];
    arms.extend(most.map(|n| arm(threads(n).again(), "rust")));
    for runtime in lab.runtimes() {
        arms.push(arm(serial(), &runtime));
        arms.extend(workers.iter().map(|&n| arm(threads(n), &runtime)));
        // Two that are to be the same, to a tenth: one right after the other, and several times.
        for pair in 1..PAIRS {
            let near = format!("{runtime} {pair}");
            let the_same = most.zip(beyond).map(<[u32; 2]>::from).into_iter().flatten();
            arms.extend(the_same.map(|n| arm(threads(n), &runtime).near(&near)));
        }
        if runtime == "rust" {
            arms.push(arm(tasks(all), &runtime));
        }
    }
    lab.run_blocks(&arms, 1, Keep::AllBlocks)
}

fn judge(run: &Recording) -> Vec<VerdictRow> {
    run.each_runtime(|runtime| judge_in(run, runtime))
}

/// Makespans, since whoever waits for the pages waits for the start of the threads, too.
fn judge_in(run: &Recording, runtime: &str) -> Vec<VerdictRow> {
    let pages = run.jobs_of(&serial());
    let on = |n| threads(n).under(runtime);
    let (upto, beyond): (Vec<u32>, Vec<u32>) =
        run.workers(&on(0)).iter().partition(|&&n| n <= pages);
    let most = upto.last().or(beyond.first()).copied().unwrap_or(pages);
    let ratio = |a: &ArmId, b: &ArmId| run.ratio(Measure::Makespan, a, b);
    let edges = Edges::TrueBelow {
        true_below: TRUE_UP_TO,
        false_above: FALSE_FROM,
    };
    let gain = ratio(&serial().under(runtime), &on(most));
    let mut rows = vec![
        Judgement::new(run, &USELESS, runtime, gain, edges)
            .article(published_gain(run, most))
            .null(Measure::Makespan, &threads(most))
            .says(|times| {
                format!("{most} threads load {pages} pages {times} as fast as one by one")
            }),
    ];
    let a_step = Edges::TrueAbove {
        true_above: A_STEP,
        false_below: A_STEP,
    };
    let steps: Vec<VerdictRow> = upto
        .windows(2)
        .map(|step| {
            Judgement::new(
                run,
                &MORE_IS_FASTER,
                runtime,
                ratio(&on(step[0]), &on(step[1])),
                a_step,
            )
            .part(&format!("{} → {} threads", step[0], step[1]))
            .article(published(step[0], step[1]))
            .null(Measure::Makespan, &threads(most))
            // Without a free core the threads wait for one and not for their pages.
            .imitated_by_noise(Decision::False)
            .says(|times| format!("{} threads are {times} as fast as {}", step[1], step[0]))
        })
        .collect();
    rows.extend(all_parts(run, &MORE_IS_FASTER, &steps, |step| {
        format!("each step gains; {}", step.reason)
    }));
    rows.extend(steps);
    rows.extend(upto.iter().map(|&n| as_scheduled(run, &on(n), runtime)));
    let same = Edges::TrueInside {
        low: 1.0 / A_STEP,
        high: A_STEP,
    };
    if let Some(&more) = beyond.first() {
        rows.push(
            Judgement::new(
                run,
                &NO_MORE_THAN_PAGES,
                runtime,
                ratio(&on(most), &on(more)),
                same,
            )
            .null(Measure::Makespan, &threads(most))
            .imitated_by_noise(Decision::False)
            .says(|times| format!("{more} threads are {times} as fast as {most}")),
        );
    }
    rows
}

/// The ruler: the makespan against that of list scheduling, given the times that the origin recorded.
fn as_scheduled(run: &Recording, arm: &ArmId, runtime: &str) -> VerdictRow {
    let times = run.factor("makespan over that of list scheduling", arm, |trial| {
        Some(trial.makespan_ns? as f64 / run.scheduled(trial)? as f64)
    });
    let edges = Edges::TrueInside {
        low: 1.0 / AS_SCHEDULED,
        high: AS_SCHEDULED,
    };
    Judgement::new(run, &AS_ALLOWED, runtime, times, edges)
        .part(&format!("{} threads, over list scheduling", arm.workers))
        // Without a free core an answer that is there waits to be taken.
        .imitated_by_noise(Decision::False)
        .says(|times| {
            format!(
                "{} threads take {times} what list scheduling takes",
                arm.workers
            )
        })
}

/// A waterfall for one number of threads after another, and for the tasks.
fn draw(run: &Recording, verdicts: &[VerdictRow]) -> Vec<Figure> {
    let pages = run.jobs_of(&serial());
    let runtimes = run.runtimes();
    // The first runtime with all its numbers of threads, the others with a thread a page.
    let mut arms: Vec<ArmId> = Vec::new();
    for (index, runtime) in runtimes.iter().rev().enumerate() {
        let on = |n| threads(n).under(runtime);
        let upto: Vec<u32> = run
            .workers(&on(0))
            .into_iter()
            .filter(|&n| n <= pages)
            .collect();
        let first = if index == 0 {
            0
        } else {
            upto.len().saturating_sub(1)
        };
        arms.extend(upto.into_iter().skip(first).map(on));
    }
    arms.push(tasks(pages));
    let panels: Vec<_> = arms
        .iter()
        .filter_map(|arm| {
            let gain = run.ratio(Measure::Makespan, &serial().under(&arm.runtime), arm);
            let title = format!("{}: {} as fast as one by one", name(arm), shown(&gain));
            Some(run.waterfall(run.shown(arm)?, title))
        })
        .collect();
    let frame = run.frame(
        format!(
            "{pages} pages, a thread a page, times as fast as one by one: {}",
            by_runtime(verdicts, &USELESS)
        ),
        "A row a worker, a bar a page (solid: from the origin's own record). Dashed: what list \
         scheduling of those service times allows; solid line: the last page was there.",
    );
    vec![Waterfall { frame, panels }.into()]
}

fn name(arm: &ArmId) -> String {
    let runtime = words::runtime(&arm.runtime);
    match arm.executor {
        Executor::Async => format!("{runtime}, {} tasks on one thread", arm.workers),
        _ => format!("{runtime}, {} threads", arm.workers),
    }
}

/// The article's number, for its own number of pages of the laboratory's own.
fn published_gain(run: &Recording, most: u32) -> Option<f64> {
    let comparable = run.has_origin() && run.jobs_of(&serial()) == 16;
    article::speed_up("io-threads", "threads", most).filter(|_| comparable)
}

fn published(few: u32, many: u32) -> Option<f64> {
    let of = |workers| article::seconds("io-threads", "threads", workers);
    Some(of(few)? / of(many)?)
}
