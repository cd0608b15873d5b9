//! "Multiprocessing is bad for IO."
//!
//! # Experiment
//! The same sixteen pages, with one thread per page and with one process per page, at the article's own
//! delays: 0.49 s on average, 0.6 s at most (about a third of that with --quick). Then at a tenth of these
//! (a fiftieth with --quick), one after another and on 4, 8 and 16 workers. The clock starts just before the
//! pool is made, so starting the workers counts.
//!
//! # Predict first
//! A process waits as well as a thread does, so what can be worse about it? Sixteen threads load the pages
//! in 0.6 s: how long do sixteen processes take? And if the pages took a tenth of that?
//!
//! # When it is true
//! When pages come faster than processes start, or when a pool is made for every few pages. The start is
//! paid once per pool, so the pages need only take long enough; each verdict says how long. That depends on
//! how processes start: CPython's default on Linux is fork up to 3.13 and forkserver from 3.14 on, whose
//! processes import what they need, which is computing: sixteen of them on two cores take longer than the
//! pages. With hundreds of workers the memory of each process counts, too.
//!
//! # What this does not show
//! Large results, which a process has to send back to its parent. Pools that are kept. A forkserver that has
//! imported the modules in advance (`set_forkserver_preload`). "Spawn", the default of CPython on macOS and
//! Windows, which takes longer still.
//!
//! Figure: plots/io-processes.png. Run it: `cargo run -p io-processes`

use lab::prelude::*;

/// Up to a quarter longer than threads, nobody would call processes bad; twice as long, everybody would.
const EQUAL: f64 = 1.25;
const BAD: Edges = Edges::true_above(2.0).false_below(EQUAL);
/// Faster than one page after another: not at all, and clearly.
const NO_GAIN: Edges = Edges::true_below(1.05).false_above(2.0);
/// Pages that take what the article's took (with `--quick` a third): they decide.
const LONG: &str = "long pages";
/// Pages that take a fraction of it, so that there is time for other numbers of workers.
const SHORT: &str = "short pages";

fn main() -> ExitCode {
    lab::run(experiment!(Workers, Jobs, Origin), design)
}

/// The same pages; only the executor and the number of workers differ. Makespans are compared, since
/// whoever waits for the pages waits for the start of the pool, too.
fn design(lab: &mut Lab, runtime: &Runtime) -> Result<Design> {
    let n = lab.jobs_or(16);
    let (few, half) = (n.div_ceil(4), n.div_ceil(2));
    let (long, scale, workers) = lab.by_mode(
        (0.35, 0.02, vec![few, n]),
        (1.0, 0.1, vec![few, half, n]),
        (1.0, 1.0, vec![few, half, n]),
    );
    let workers = lab.workers(&workers);
    let mut design = Design::new(runtime, []);

    let mut whole = design.case(LONG, lab.pages_scaled(n, long)?).page_scale(long);
    let [on_threads, on_processes] = [threads(n), processes(n)].map(|pool| whole.arm(pool));
    let tasks = runtime.supports(Executor::Async).then(|| whole.arm(async_tasks(n)));
    let mut short = design.case(SHORT, lab.pages_scaled(n, scale)?).page_scale(scale);
    let in_series = short.arm(serial());
    short.arms(&workers, threads);
    short.arms(&workers, processes);
    let [brief_threads, brief_processes] = [short.arm(threads(n)), short.arm(processes(n))];
    design.replicate_natively(&brief_threads);
    design.baseline(&in_series);

    for (pages, pools) in
        [(LONG, [&on_threads, &on_processes]), (SHORT, [&brief_threads, &brief_processes])]
    {
        for pool in pools {
            design.predicted(format!("{pages}: {pool} take {ESTIMATE}"), makespan(pool));
        }
    }
    // What processes import that are no copies takes the longer, the fewer cores there are.
    let expected = match runtime.forks() {
        true => Some(False),
        false => (n >= 8 * lab.cores()).then_some(True),
    };
    let says = format!("{on_processes} take {ESTIMATE} the time of {on_threads}");
    let gain = format!("{on_processes} load the pages {ESTIMATE} as fast as in series");
    let over = (makespan(&on_processes), makespan(&on_threads));
    design
        .claim("processes-bad-for-io", "Multiprocessing is bad for IO.", BAD)
        .compare(over.0.clone() / over.1.clone())
        .expect(expected)
        .article(False, None)
        .finding(&says)
        .note(move |run| Some(format!("; {}", equal_from(run, &over)?)))
        .beside(
            part(
                "long pages, over one by one",
                quantity::all_pages(&on_processes) / makespan(&on_processes),
            )
            .edges(NO_GAIN)
            .finding(&gain)
            .article(article::speed_up("io-processes", "processes", n).filter(|_| n == 16)),
        )
        .beside(
            part("short pages", makespan(&brief_processes) / makespan(&brief_threads))
                .finding(says)
                .vetoed_by_replicate(),
        )
        .beside(
            part("short pages, over one by one", makespan(&in_series) / makespan(&brief_processes))
                .edges(NO_GAIN)
                .finding(gain),
        )
        .lesson("For long waits, forked processes do as well; others import what they need first.");

    let mut figure = chart::bars()
        .title(chart::computed(move |run| {
            let page = page_time(run, LONG);
            format!(
                "{n} processes take {{processes-bad-for-io}} the time of {n} threads to load {n} pages \
                 of {page}"
            )
        }))
        .subtitle(
            "The median time until the last page was there, by the average time of a page. The first \
             workers load pages while the pool is still starting.",
        );
    let mut panel = chart::panel(runtime.title());
    let long = [&on_threads, &on_processes].into_iter().chain(&tasks).map(|arm| (arm, LONG));
    for (arm, case) in long.chain([(&brief_threads, SHORT), (&brief_processes, SHORT)]) {
        let workers = arm.to_string();
        let label =
            chart::computed(move |run| format!("{workers}, pages of {}", page_time(run, case)));
        panel = panel.pool(arm, label);
    }
    figure = figure.panel(panel);
    design.figure(figure);
    Ok(design)
}

/// How long the slowest page must take, and with it the threads, for what processes cost more to be a
/// quarter of it; none if they cost no more.
fn equal_from(
    run: &Recording,
    (processes, threads): &(quantity::Quantity, quantity::Quantity),
) -> Option<String> {
    let more = run.excess_ns(processes, threads).filter(|more| *more > 0.0)?;
    let time = words::about(more / (EQUAL - 1.0));
    Some(format!("less than 25 % more once the slowest page takes about {time}"))
}

/// How long the origin served a page, on average over the case's first trial.
fn page_time(run: &Recording, case: &str) -> String {
    let of_case = |trial: &Trial| trial.row.judged && trial.row.case == case;
    let mut trials = run.each_trial().filter(of_case);
    trials.find_map(|trial| trial.service_times()).map_or(case.to_owned(), |times| {
        let sum: u64 = times.iter().sum();
        words::about(sum as f64 / times.len() as f64)
    })
}
