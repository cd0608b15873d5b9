//! "Handing work to another worker costs nothing next to the work."
//!
//! # Experiment
//! A program hands bytes to a worker that is already there, and waits until it says how many have arrived: a
//! kilobyte, then 1, 4, 16 and 64 MB. The worker is a thread, or a process: in CPython one of a pool, in Rust
//! a copy of the program that reads from a pipe. From CPython 3.14 on it is also an interpreter of a pool,
//! which is given a copy of the bytes, or a view of them (`memoryview`). A straight line through the times
//! says what a megabyte costs; the kilobyte, what a hand-over costs in any case.
//!
//! # Predict first
//! A thread is told where 64 MB are. How long does that take? How long until another process has them? And
//! how much work on a megabyte would make that time small?
//!
//! # When it is true
//! Among threads, which share their memory: a pointer is handed over, whatever lies behind it. A process is
//! given a copy, through a pipe, at a millisecond per megabyte or more (in CPython through pickle, too, at
//! several): as long as hashing it, or longer. Interpreters of one process get a copy as well, unless they
//! are handed a view. Where the work on a megabyte takes a second, even that is nothing.
//!
//! # What this does not show
//! Large answers; objects that are many and small, which are pickled one by one; shared memory
//! (`multiprocessing.shared_memory`) and mapped files, which are not copied.
//!
//! Figure: plots/hand-over-cost.png. Run it: `cargo run -p hand-over-cost`

use lab::prelude::*;
use work::Partner;

/// Microseconds per megabyte. To read a megabyte from memory once takes about 100: half of that goes
/// unnoticed, and more than that is more than the simplest work on it.
const FREE: Edges = Edges::true_below(50.0).false_above(100.0);
const MEGABYTE: u64 = 1 << 20;
/// The first is small: it shows what a hand-over costs in any case.
const SIZES: [u64; 5] = [1 << 10, MEGABYTE, 4 * MEGABYTE, 16 * MEGABYTE, 64 * MEGABYTE];
/// How often each is handed over in a trial.
const TIMES: u64 = 3;
const SLOPE: Measure = Measure::of_spans("time per megabyte", us_per_megabyte);
const SMALL: Measure = Measure::of_spans("time of a small hand-over", small_ns);
const THREAD: &str = "Threads share memory: hand them work of any size.";
const PROCESS: &str = "Send processes the names of files, not their contents.";
const INTERPRETER: &str = "Interpreters copy what they are handed, too.";
const VIEW: &str = "Hand interpreters a memoryview, and nothing is copied.";
const BUSY: &str = "whoever takes part of the memory's bandwidth or of a core makes copying slower";

fn main() -> ExitCode {
    lab::run(experiment!(), design)
}

/// The same bytes; only who gets them differs.
fn design(_: &mut Lab, runtime: &Runtime) -> Result<Design> {
    let mut design = Design::new(runtime, []);
    // Threads of the model have the same memory as those of Rust.
    if runtime.is_model() {
        return Ok(design);
    }
    let pool = runtime.supports(Executor::Interpreters);
    let mut to_process = None;
    let partners = [
        (true, Partner::Thread, "thread", "a thread", True, THREAD),
        (true, Partner::Process, "process", "a process", False, PROCESS),
        (pool, Partner::Interpreter, "interp.", "an interpreter", False, INTERPRETER),
        (pool, Partner::View, "view", "an interpreter, as a view", True, VIEW),
    ];
    let mut panel = chart::panel(runtime.title());
    for (_, partner, word, name, expected, lesson) in partners.into_iter().filter(|one| one.0) {
        let jobs = [work::handing_over(partner, &SIZES, TIMES)];
        let arm = design.case(format!("to {name}"), jobs).arm(serial());
        if partner == Partner::Thread {
            design.replicate_by(SLOPE, &arm);
        }
        if partner == Partner::Process {
            to_process = Some(SLOPE.on(&arm).as_level(Kind::MicrosecondsPerMb));
        }
        let small = SMALL.on(&arm);
        let mut slope = part("", SLOPE.on(&arm).as_level(Kind::MicrosecondsPerMb))
            .finding(format!("bytes handed to {name} take {ESTIMATE}"))
            .note(move |run| {
                Some(format!("; a kilobyte takes {} in all", words::time(run.median(&small)?)))
            });
        // That may double a time. A process takes ten times what the edge says.
        if partner != Partner::Process {
            slope = slope.confounded_by_load(False, BUSY);
        }
        let text = format!("Handing work to {name} costs nothing next to the work.");
        let id = format!("{}-free", word.trim_end_matches('.'));
        let claim = design.claim(&id, &text, FREE).compare(slope).expect(expected).lesson(lesson);
        if partner == Partner::Process && runtime.is_cpython() && !pool {
            claim.beside(missing("to an interpreter", "needs CPython 3.14 or later: see --python"));
        }
        let [first, last] = ["1 kB", "64 MB"].map(|size| format!("{size} to {name}"));
        panel = panel.strip(first, &arm, small_each).strip(last, &arm, large_each);
    }
    let name = runtime.title();
    let title =
        chart::computed(move |run| match to_process.as_ref().and_then(|of| run.interval(of)) {
            Some(us) => format!(
                "In {name}, a megabyte takes {} to another process; to a thread nothing is copied",
                words::time(1e3 * us.estimate)
            ),
            None => format!(
                "In {name}, a hand-over to a thread takes no longer for 64 MB than for 1 kB"
            ),
        });
    design.figure(
        chart::strips(Scale::log("time of a hand-over").unit(Unit::Time), "one hand-over")
            .title(title)
            .subtitle("Until a worker that is there already says that the bytes have come.")
            .panel(panel),
    );
    Ok(design)
}

/// How long the hand-overs of each size took, in nanoseconds.
fn by_size(trial: &Trial) -> Vec<Vec<f64>> {
    let own = trial.span_rows().iter().filter(|span| span.job == 0);
    let times: Vec<f64> = own.map(|span| (span.end_ns - span.start_ns) as f64).collect();
    times.chunks(TIMES as usize).map(<[f64]>::to_vec).collect()
}

/// The slope of the straight line through the medians of the sizes from a megabyte on.
fn us_per_megabyte(trial: &Trial) -> Option<f64> {
    let times = by_size(trial);
    let medians = SIZES.iter().zip(&times).skip(1).filter_map(|(&bytes, times)| {
        Some((bytes as f64 / MEGABYTE as f64, summary::median(times)? / 1e3))
    });
    let points: Vec<(f64, f64)> = medians.collect();
    let n = points.len() as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0 / n, y + point.1 / n));
    let products = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum::<f64>();
    let squares = points.iter().map(|point| (point.0 - x).powi(2)).sum::<f64>();
    (squares > 0.0).then_some(products / squares)
}

fn small_each(trial: &Trial) -> Vec<f64> {
    by_size(trial).first().cloned().unwrap_or_default()
}

fn large_each(trial: &Trial) -> Vec<f64> {
    by_size(trial).last().cloned().unwrap_or_default()
}

fn small_ns(trial: &Trial) -> Option<f64> {
    summary::median(&small_each(trial))
}
