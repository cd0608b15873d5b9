//! "Multiprocessing and multithreading are basically the same thing."
//!
//! # Experiment
//! One job per core, on threads and on processes. A job makes as many additions as fit into a tenth of a
//! second (40 ms with --quick). The time counts from the first job's start to the last job's end: starting
//! the workers is left out.
//!
//! # Predict first
//! Two cores, two jobs that take a tenth of a second each. How long do they take on two threads, and on two
//! processes? In Rust? In CPython?
//!
//! # When it is true
//! Where threads run in parallel and the jobs share nothing: it is the same work on the same cores. In the
//! article threads took four times as long: that is the GIL's doing.
//!
//! # What this does not show
//! What differs besides the time: threads share memory; processes do not, and cost more to start
//! (spawn-cost); a process that dies takes no other with it.
//!
//! Figure: plots/threads-vs-processes.png. Run it: `cargo run -p threads-vs-processes`

use lab::prelude::*;

/// Within a quarter of each other: basically the same. Where one lock lets one thread compute at a
/// time, the ratio is the number of cores.
const THE_SAME: Edges = Edges::true_within(1.25);

fn main() -> ExitCode {
    lab::run(experiment!(Jobs, Cpu), design)
}

/// The same jobs; only the executor differs. The work window is compared: what the pools cost to
/// start is another question.
fn design(lab: &mut Lab, runtime: &Runtime) -> Result<Design> {
    let n = lab.jobs_or(lab.cores().max(2));
    let time = lab.by_mode(ms(40), ms(100), ms(5000));
    let mut design = Design::new(runtime, work::additions(time).times(n));
    design.rounds(lab.by_mode(5, 3, 1));
    let on_threads = design.arm(threads(n));
    let on_processes = design.arm(processes(n));
    design
        .claim(
            "basically-the-same",
            "Multiprocessing and multithreading are basically the same thing.",
            THE_SAME,
        )
        .compare(window(&on_threads) / window(&on_processes))
        .needs_parallel_cores()
        .expect_by_lock(False, True)
        .article(False, published(n))
        .finding(format!("{on_threads} take {ESTIMATE} the time of {on_processes}"))
        .lesson("Under a GIL, Python code needs processes to use all cores.");

    for arm in [&on_threads, &on_processes] {
        design.predicted(format!("{arm} take {ESTIMATE}"), window(arm));
    }
    let on_interpreters = runtime.supports(Executor::Interpreters);
    let on_interpreters = on_interpreters.then(|| design.arm(interpreters(n)));
    let mut panel = chart::panel(runtime.title()).trial(&on_threads).trial(&on_processes);
    panel = on_interpreters.iter().fold(panel, chart::Panel::trial);
    let figure = chart::bars()
        .title(format!("{on_threads} take {{basically-the-same}} as long as {on_processes}"))
        .subtitle(
            "A bar per job, from its start to its end; from the first start to the last end is what \
             is compared.",
        )
        .panel(panel);
    design.figure(figure);
    Ok(design)
}

/// The article's number, which is for four jobs on four cores.
fn published(n: u32) -> Option<f64> {
    let of = |executor| article::seconds("threads-vs-processes", executor, n);
    Some(of("threads")? / of("processes")?)
}
