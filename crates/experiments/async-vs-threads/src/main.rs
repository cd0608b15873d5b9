//! "Async is faster than threads."
//!
//! # Experiment
//! Requests that each wait 50 ms, as tasks of one event loop (asyncio; in Rust tokio with one worker) and on
//! one thread each: 16 of them, 100, and 1000. Starting the threads counts, as it does for a program that
//! starts one per request; beside it stands a pool of threads that have already started. Then 1000 requests
//! that wait 50 ms and compute for a millisecond each (half of one with --quick); in Rust the tasks are also
//! spread over one event loop per core.
//!
//! # Predict first
//! Sixteen waits of 50 ms: how much sooner is the event loop done than 16 threads? And with a thousand?
//! Which is faster if each of the thousand also computes for a millisecond, in CPython and in Rust?
//!
//! # When it is true
//! With very many waits at once, since starting a thread costs far more than making a task. In a pool that
//! is kept, most of that is gone. Where requests compute as well, it depends on the lock: with a GIL a
//! thousand threads contend for it, which helps the loop; without one, threads use all cores, and the loop
//! has only one. A loop per core uses all of them, too.
//!
//! # What this does not show
//! Servers whose connections do more than wait; how much memory each takes (thread-memory does); code that
//! is async only in part, and blocks its loop (async-blocks does).
//!
//! Figure: plots/async-vs-threads.png. Run it: `cargo run -p async-vs-threads`

use lab::prelude::*;

/// A quarter sooner is worth another style of programming; a twentieth nobody would notice.
const FASTER: Edges = Edges::true_above(1.25).false_below(1.05);
const FEW: u32 = 16;
const SOME: u32 = 100;
const WAIT: Duration = ms(50);

fn main() -> ExitCode {
    lab::run(experiment!(Jobs), design)
}

/// The same requests, all at once; only who waits differs. Makespans are compared, since whoever waits for
/// the answers waits for the start of the threads, too.
fn design(lab: &mut Lab, runtime: &Runtime) -> Result<Design> {
    let mut design = Design::new(runtime, []);
    // The model has no event loop.
    if runtime.is_model() {
        return Ok(design);
    }
    let many = lab.jobs_or(1000);
    let works = lab.by_mode(Duration::from_micros(500), ms(1), ms(1));
    let requests = |n: u32, works: Duration| {
        let lasts = WAIT + works;
        work::mix(lasts, 1, WAIT.as_secs_f64() / lasts.as_secs_f64()).times(n)
    };
    let pair = |design: &mut Design, name: &str, n: u32, works: Duration| {
        let mut case = design.case(name, requests(n, works));
        [async_tasks(n), threads(n)].map(|workers| case.arm(workers))
    };
    let waits = [FEW, SOME, many].map(|n| pair(&mut design, "waiting", n, Duration::ZERO));
    let computing = pair(&mut design, "computing", many, works);
    let spread = runtime.supports(Executor::Rayon).then(|| {
        let mut case = design.case("computing, a loop per core", requests(many, works));
        case.arm(async_tasks(many).on_loops(lab.cores()))
    });
    let mut case = design.case("waiting, started", requests(many, Duration::ZERO));
    let started = case.arm(threads(many).warm());
    let [few, some, most] = &waits;
    design.replicate(&few[1]);

    let over = |[tasks, threads]: &[Arm; 2]| makespan(threads) / makespan(tasks);
    let says = |n: u32| format!("{n} threads take {ESTIMATE} as long as {n} tasks");
    design
        .claim("few-waits", "Async is faster than threads, for a few requests.", FASTER)
        .compare(part("", over(few).repeated(2)).finding(says(FEW)))
        .beside(part(format!("{SOME} waits"), over(some)).finding(says(SOME)))
        .expect(False)
        .lesson_even_if_open("For dozens of requests, threads are fast enough.");
    // From the first one's start: before it, the threads of a warm pool wait for one another.
    let ready = window(&started) / window(&most[0]);
    let of_started = format!("{many} threads that have started take {ESTIMATE} as long");
    design
        .claim("many-waits", "Async is faster than threads, for very many requests.", FASTER)
        .compare(part("", over(most)).finding(says(many)))
        .beside(part("threads already started", ready).finding(of_started))
        .expect(True)
        .lesson("For thousands of waits: async, or a pool that is kept.");
    let claim = design
        .claim(
            "many-computing",
            "Async is faster than threads, for very many requests that compute a little.",
            FASTER,
        )
        .compare(part("", over(&computing)).finding(format!(
            "{many} threads that compute a little take {ESTIMATE} as long as {many} tasks"
        )))
        .needs_two_cores()
        .expect_by_lock(True, False)
        .lesson_even_if_open("Computing needs cores, and an event loop has only one.");
    if let Some(spread) = spread {
        let over = makespan(&computing[1]) / makespan(&spread);
        let says = format!("{many} threads take {ESTIMATE} as long as tasks on a loop per core");
        claim.beside(part("an event loop per core", over).finding(says));
    }

    let loops = if runtime.is_native() { ", one tokio worker" } else { "" };
    let sizes = [FEW, SOME, many].into_iter().zip(&waits).map(|(n, pair)| (n, over(pair)));
    let panel = chart::panel(runtime.title() + loops)
        .line("waiting", Executor::Async, sizes)
        .line("and computing", Executor::Threads, [(many, over(&computing))])
        .reference("as long as the tasks", [(1.0, 1.0)]);
    design.figure(
        chart::lines(
            Scale::counts("requests at once"),
            Scale::log("times as long as the tasks").holding(1.0),
        )
        .title(format!(
            "{FEW} threads take {{few-waits}} as long as {FEW} tasks; {many} threads take {{many-waits}}"
        ))
        .subtitle("Makespan of one thread per request over that of one task. Every block a point.")
        .panel(panel),
    );
    Ok(design)
}
