//! "Multiprocessing is bad for IO."
//!
//! # Experiment
//! Sixteen pages from a server that takes its time, on a thread a page and on a process a page; the
//! pages take what the article's took: 0.49 s in the mean, 0.6 s the longest (a third of that with
//! --quick). Then pages of a tenth of that (a fiftieth with --quick), one after another and on 4, 8
//! and 16 workers. The time counts from before the pool is made.
//!
//! # Predict first
//! A process waits as well as a thread does. So what can be worse about it? Sixteen threads load the
//! pages in 0.6 s: how long do sixteen processes take? And if the pages took a tenth of that?
//!
//! # When it is true
//! When the pages come faster than the processes start, or when a pool is made for every few pages.
//! The start is paid once a pool, so pages need only take long enough; from which time on they do is
//! said with the verdict. With hundreds of workers the memory of a process each counts, too.
//!
//! # What this does not show
//! Results that are large: a process has to send them back to its parent. Interpreters that start
//! their processes afresh ("spawn") instead of copying themselves: there a start takes far longer.
//!
//! Figure: plots/io-processes.png. Run it: `cargo run -p io-processes`

use lab::prelude::*;

/// A quarter longer than threads: up to here nobody would call processes bad…
const EQUAL: f64 = 1.25;
/// … and from twice the time on everybody would.
const BAD: f64 = 2.0;
/// Faster than one page after another: clearly, and not at all.
const A_GAIN: f64 = 2.0;
const NO_GAIN: f64 = 1.05;

const BAD_FOR_IO: Claim = Claim {
    text: "Multiprocessing is bad for IO.",
    expected: Expected::always(Decision::False),
    article: Some(Decision::False),
};

/// Pages that take what the article's took (with `--quick` a third): they decide.
const WHOLE: &str = "long pages";
/// Pages that take a fraction of it, so that there is time for other numbers of workers.
const SHORT: &str = "short pages";

fn main() -> ExitCode {
    lab::run(experiment!(Workers, Jobs, Origin), measure, judge, draw)
}

/// The same pages; only the runtime, the executor and the number of workers differ between the arms.
fn measure(lab: &mut Lab) -> Result<()> {
    let number = lab.jobs_or(16);
    let n = number as u32;
    let (long, scale, workers) = match lab.mode() {
        Mode::Quick => (0.35, 0.02, vec![n.div_ceil(4), n]),
        Mode::Article => (1.0, 1.0, vec![n.div_ceil(4), n.div_ceil(2), n]),
        _ => (1.0, 0.1, vec![n.div_ceil(4), n.div_ceil(2), n]),
    };
    let workers = lab.workers_or(&workers);
    let whole = lab.pages_scaled(number, long)?;
    let short = lab.pages_scaled(number, scale)?;
    lab.describe_case(WHOLE, &[("page_scale", long.into())]);
    lab.describe_case(SHORT, &[("page_scale", scale.into())]);
    let of_short = |id: ArmId, runtime: &str| {
        Arm::new(id.case(SHORT).under(runtime), &short).near(&format!("{runtime} short"))
    };
    let mut arms = vec![of_short(serial(), "rust").control()];
    arms.push(of_short(threads(n).again(), "rust"));
    arms.push(of_short(threads(n), "rust").control());
    for runtime in lab.runtimes() {
        arms.push(of_short(serial(), &runtime));
        for &n in &workers {
            arms.push(of_short(threads(n), &runtime));
            arms.push(of_short(processes(n), &runtime));
        }
        for id in [threads(n), processes(n)] {
            arms.push(Arm::new(id.case(WHOLE).under(&runtime), &whole).near(&runtime));
        }
    }
    lab.run_blocks(&arms, 1, Keep::JobsOfAllBlocks)
}

/// Makespans, since whoever waits for the pages waits for the start of the pool, too.
fn judge(run: &Recording) -> Vec<VerdictRow> {
    let n = run.jobs_of(&serial().case(SHORT));
    let edges = Edges::TrueAbove {
        true_above: BAD,
        false_below: EQUAL,
    };
    let slow = Edges::TrueBelow {
        true_below: NO_GAIN,
        false_above: A_GAIN,
    };
    run.each_runtime(|runtime| {
        let [on_threads, on_processes] =
            [threads(n), processes(n)].map(|arm| arm.case(WHOLE).under(runtime));
        let short = |id: ArmId| id.case(SHORT).under(runtime);
        let ratio = |a: &ArmId, b: &ArmId| run.ratio(Measure::Makespan, a, b);
        let whole = ratio(&on_processes, &on_threads);
        let one_by_one = run.factor(
            "sum of the pages' own times over makespan",
            &on_processes,
            |trial| {
                let sum: u64 = run.service_times(trial)?.iter().sum();
                Some(sum as f64 / trial.makespan_ns? as f64)
            },
        );
        let short_gain = ratio(&short(serial()), &short(processes(n)));
        let short_ratio = ratio(&short(processes(n)), &short(threads(n)));
        let from = equal_from(run, runtime).map_or(String::new(), |time| {
            format!("; equal, within a quarter, if the slowest page takes {time} or more")
        });
        vec![
            Judgement::new(run, &BAD_FOR_IO, runtime, whole, edges)
                .null(Measure::Makespan, &threads(n).case(SHORT))
                // Without a free core the start of a process takes longer, that of a thread hardly.
                .imitated_by_noise(Decision::True)
                .says(|times| format!("{n} processes take {times} the time of {n} threads{from}")),
            Judgement::new(run, &BAD_FOR_IO, runtime, one_by_one, slow)
                .part("long pages, over one by one")
                .article(published(n))
                .says(|times| format!("{n} processes are {times} as fast as one by one")),
            Judgement::new(run, &BAD_FOR_IO, runtime, short_ratio, edges)
                .part("short pages")
                .null(Measure::Makespan, &threads(n).case(SHORT))
                .imitated_by_noise(Decision::True)
                .says(|times| format!("{n} processes take {times} the time of {n} threads")),
            Judgement::new(run, &BAD_FOR_IO, runtime, short_gain, slow)
                .part("short pages, over one by one")
                .says(|times| format!("{n} processes are {times} as fast as one by one")),
        ]
    })
}

/// How long the slowest page must take, and with it the threads, for what processes cost more to be a
/// quarter of it; none if they cost no more.
fn equal_from(run: &Recording, runtime: &str) -> Option<String> {
    let n = run.jobs_of(&serial().case(SHORT));
    let [on_threads, on_processes] =
        [threads(n), processes(n)].map(|arm| arm.case(WHOLE).under(runtime));
    let more = run.excess_ns(Measure::Makespan, &on_processes, &on_threads)?;
    (more > 0.0).then(|| words::time(more / (EQUAL - 1.0)))
}

/// Bars of time, a row a number of workers: threads, and below them processes with their start.
fn draw(run: &Recording, verdicts: &[VerdictRow]) -> Vec<Figure> {
    let n = run.jobs_of(&serial().case(SHORT));
    let pages = [SHORT, WHOLE].map(|case| (case, page_time(run, case)));
    let mut facets = Vec::new();
    for runtime in run.runtimes().iter().rev() {
        let from = equal_from(run, runtime).map_or(String::new(), |time| {
            format!(
                ": equal to threads, within a quarter, if the slowest page takes {time} or more"
            )
        });
        for (like, what) in [(threads(0), String::new()), (processes(0), from)] {
            let like = like.under(runtime);
            let mut arms = Vec::new();
            for (case, page) in &pages {
                let like = like.clone().case(case);
                for workers in run.workers(&like) {
                    let label = format!("{workers} workers, {page}");
                    arms.push((like.clone().with(workers), label));
                }
            }
            let title = format!("{}, {}{what}", words::runtime(runtime), like.executor);
            facets.extend(run.pool_bars(title, &arms));
        }
    }
    let frame = run.frame(
        format!(
            "{n} pages of {} in the mean: {n} processes take so many times as long as {n} threads: {}",
            page_time(run, WHOLE),
            by_runtime(verdicts, &BAD_FOR_IO)
        ),
        "The time until the last page was there, in the median; a row for each number of workers and \
         the mean time of a page. While the pool still starts, its first workers load already.",
    );
    vec![Bars { frame, facets }.into()]
}

/// How long the origin served a page, in the mean over the case's first trial.
fn page_time(run: &Recording, case: &str) -> String {
    let of_case = |trial: &&TrialRow| trial.judged && trial.case == case;
    let mut trials = run.all_trials().iter().filter(of_case);
    trials
        .find_map(|trial| run.service_times(trial))
        .map_or(case.to_owned(), |times| {
            let sum: u64 = times.iter().sum();
            words::time(sum as f64 / times.len() as f64)
        })
}

/// The article's number, which is for sixteen pages.
fn published(n: u32) -> Option<f64> {
    article::speed_up("io-processes", "processes", n).filter(|_| n == 16)
}
