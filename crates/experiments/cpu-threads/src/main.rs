//! "Multithreading is faster than serial for heavy CPU work."
//! "Multithreading is always faster than serial."
//!
//! # Experiment
//! One job per core, run in series and on one thread per job; in Rust also on a pool of rayon, its usual
//! library for parallel work. First heavy jobs: additions for a tenth of a second (20 ms with --quick). Then
//! jobs of 1 µs, 10 µs, and so on up to 10 ms, in two kinds: each job adds on its own (private), or all
//! increment one shared counter (contended). Starting the threads counts.
//!
//! # Predict first
//! Two cores, two jobs of a tenth of a second: how long do they take on two threads, in Rust and in CPython?
//! How short may a job be before a thread of its own no longer pays? And if both threads increment one
//! counter: how much faster are two?
//!
//! # When it is true
//! The first claim: where threads run in parallel, for work that they do not share. The second: never. Under
//! a GIL threads only take turns, and every switch has its price. Without one they run at once, but starting
//! them takes as long as a small job; and threads that write to one place in memory pass it back and forth
//! between their cores.
//!
//! # What this does not show
//! Reusing a pool: with threads already running, smaller jobs pay off. Per-core counters that are summed at
//! the end, the usual cure for contention. And how contention grows beyond two cores.
//!
//! Figure: plots/cpu-threads.png. Run it: `cargo run -p cpu-threads`

use lab::prelude::*;

/// Even a little slower than serial is not faster.
const AS_SERIAL: Edges = Edges::true_above(1.0);
/// From much less than the start of a thread to much more than that.
const SIZES: [(&str, Duration); 5] = [
    ("1 µs", Duration::from_micros(1)),
    ("10 µs", Duration::from_micros(10)),
    ("100 µs", Duration::from_micros(100)),
    ("1 ms", ms(1)),
    ("10 ms", ms(10)),
];
const HEAVY: &str = "heavy";
/// Switches at the usual interval cost less than the noise of a run; fifty times as many do not.
const SWITCHING: &str = "switching every 0.1 ms";
const OFTEN: Duration = Duration::from_micros(100);

fn main() -> ExitCode {
    lab::run(experiment!(Jobs, Cpu), design)
}

/// In each case the same jobs, one per core; only the executor differs. Makespans are compared: starting
/// the threads is part of the question.
fn design(lab: &mut Lab, runtime: &Runtime) -> Result<Design> {
    let n = lab.jobs_or(lab.cores().max(2));
    let time = lab.by_mode(ms(20), ms(100), ms(5000));
    let mut design = Design::new(runtime, []);
    design.rounds(lab.by_mode(3, 5, 1));
    design.control_by_makespan();
    let heavy = Size::new(&mut design, HEAVY, work::additions(time), n);
    let mut private = Vec::new();
    let mut contended = Vec::new();
    for (size, time) in SIZES {
        let add = work::additions_lasting(time);
        private.push(Size::new(&mut design, &format!("private {size}"), add, n));
        let count = work::increments_lasting(time);
        contended.push(Size::new(&mut design, &format!("contended {size}"), count, n));
    }
    private.push(heavy.clone());

    let says = |part: Part| {
        part.finding(format!("{n} threads are {ESTIMATE} as fast as one job after another"))
            .finding_if_slower(format!(
                "{n} threads are slower than one job after another: {ESTIMATE} as fast"
            ))
    };
    let switching = runtime.has_gil().then(|| {
        let lasting = work::additions_lasting(ms(10)).times(n);
        let mut case = design.case(SWITCHING, lasting);
        let alone = case.arm(serial().switching_every(OFTEN));
        let at_once = case.arm(threads(n).switching_every(OFTEN));
        let price = window(&alone) / window(&at_once);
        says(part(SWITCHING, price.clone()))
            .note(move |run| cost_of_a_switch(run, &price, &alone, &at_once))
    });
    let mut faster = design
        .claim(
            "faster-heavy",
            "Multithreading is faster than serial for heavy CPU work.",
            AS_SERIAL,
        )
        .compare(says(part("", heavy.speed_up())).over_half_of_control())
        // The article ran four threads. Where one lock lets one compute, any number does as well.
        .beside(says(part("against serial alone", heavy.speed_up())).article(article::speed_up(
            "cpu-threads",
            "threads",
            4,
        )));
    if let Some(part) = switching {
        faster = faster.beside(part);
    }
    faster
        .needs_parallel_cores()
        .expect_by_lock(False, True)
        .article(False, None)
        .lesson("Under a GIL, use processes, not threads, for CPU-heavy Python code.");

    let sizes = private.iter().chain(&contended);
    let parts = sizes.map(|size| says(part(&size.case, size.speed_up())));
    let (alone, shared) = (points(&private), points(&contended));
    design
        .claim("always-faster", "Multithreading is always faster than serial.", AS_SERIAL)
        .all_of_shared(parts)
        .expect(False)
        .article(False, None)
        .note(move |run| {
            let [alone, shared] = [&alone, &shared].map(|points| from_in_words(run, points));
            Some(format!("; threads that add on their own pay {alone}, on one counter {shared}"))
        })
        .lesson("Threads do not pay for tiny jobs, nor where all write to one counter.");
    design.predicted(format!("{n} heavy jobs in series take {ESTIMATE}"), makespan(&heavy.alone));
    design.predicted("on threads they take {}", makespan(&heavy.at_once[0]));
    let sizes = points(&private);
    let pays = found(move |run| Some(from_in_words(run, &sizes)));
    design.predicted("a thread of its own pays {}", pays);
    let sentence = format!("on one counter {n} threads are {ESTIMATE} as fast as in series");
    contended.last().into_iter().for_each(|size| design.predicted(&sentence, size.speed_up()));
    design.figure(figure(lab, runtime, n, [&private, &contended]));
    Ok(design)
}

/// Jobs of one size: one after another, and on threads.
#[derive(Clone)]
struct Size {
    case: String,
    alone: Arm,
    at_once: Vec<Arm>,
}

impl Size {
    fn new(design: &mut Design, name: &str, job: work::Work, n: u32) -> Size {
        let has_rayon = design.runtime().supports(Executor::Rayon);
        let mut case = design.case(name, job.times(n));
        let alone = case.arm(serial());
        let mut at_once = vec![case.arm(threads(n))];
        at_once.extend(has_rayon.then(|| case.arm(rayon(n))));
        Size { case: name.to_owned(), alone, at_once }
    }

    fn speed_up(&self) -> Comparison {
        makespan(&self.alone) / makespan(&self.at_once[0])
    }
}

/// Speed-ups of threads over the time that a job takes in serial.
fn points(sizes: &[Size]) -> Vec<(chart::X, Comparison)> {
    let point = |size: &Size| (quantity::time_per_job(&size.alone).into(), size.speed_up());
    sizes.iter().map(point).collect()
}

/// From which time per job threads are faster; none if not even the longest jobs show that they are.
fn faster_from(run: &Recording, points: &[(chart::X, Comparison)]) -> Option<f64> {
    let longest = run.interval(&points.last()?.1)?;
    longest.is_above(1.0).then(|| run.rises_above(points, 1.0))?
}

fn from_in_words(run: &Recording, points: &[(chart::X, Comparison)]) -> String {
    faster_from(run, points).map_or("at no measured size".to_owned(), |ns| {
        format!("from about {} per job", words::about(ns))
    })
}

/// How much longer threads took than serial, per switch that the kernel counted; none where that does
/// not stand out from the noise.
fn cost_of_a_switch(
    run: &Recording,
    price: &Comparison,
    alone: &Arm,
    at_once: &Arm,
) -> Option<String> {
    run.interval(price).filter(|price| price.is_below(1.0))?;
    let lost = run.median(&window(at_once))? - run.median(&window(alone))?;
    let cost = lost / run.median(&quantity::switches(at_once))?;
    cost.is_finite().then(|| format!("; a switch costs {}", words::time(cost)))
}

/// Speed-up over the time of a job: in private and on one counter, a panel per runtime.
fn figure(lab: &Lab, runtime: &Runtime, n: u32, works: [&[Size]; 2]) -> chart::Figure {
    let x = Scale::log("time of a job in serial").unit(Unit::Time);
    let mut figure = chart::lines(x, Scale::log("times as fast as serial"))
        .title(format!(
            "For heavy jobs {n} threads are {{faster-heavy}} as fast as one job after another; for small \
             or shared ones slower"
        ))
        .subtitle("The time counts from before the threads are started. From the ring on they pay.");
    let names = ["each adds in private", "all on one counter"];
    for (row, (sizes, name)) in (0..).zip(works.into_iter().zip(names)) {
        let of_threads = points(sizes);
        let mut panel = chart::panel(format!("{}, {name}", runtime.title()))
            .row(row)
            .line("threads", Executor::Threads, of_threads.clone())
            .reference(
                format!("all {} cores", lab.cores().min(n)),
                [(1.0, lab.cores().min(n).into())],
            )
            .shade("slower than serial", None, 1.0)
            .marks(move |run| {
                let label = |x| format!("from {}", words::about(x));
                let mark = |x| chart::Mark { label: label(x), x, y: Some(1.0) };
                faster_from(run, &of_threads).map(mark).into_iter().collect()
            });
        if runtime.supports(Executor::Rayon) {
            let rayons = sizes.iter().filter_map(|size| {
                let speed_up = makespan(&size.alone) / makespan(size.at_once.get(1)?);
                Some((quantity::time_per_job(&size.alone), speed_up))
            });
            panel = panel.line("rayon", Executor::Rayon, rayons);
        }
        figure = figure.panel(panel);
    }
    figure
}
