//! "Make it async and requests do not block each other."
//!
//! # Experiment
//! An event loop (asyncio; in Rust tokio with one worker) wakes every 2 ms, again and again: its heartbeat.
//! Meanwhile it has something computed that takes 50 ms (25 with --quick), one computation right after the
//! other: in a task of its own, on a thread (`to_thread`, `spawn_blocking`), and, in CPython, in a process.
//! The control is the same heartbeat beside a busy process that the loop knows nothing of. The number is the
//! length of the beat into which a request falls that arrives at a random moment, so long beats count for
//! more.
//!
//! # Predict first
//! The loop beats every 2 ms. How long is a beat while a task of the same loop computes for 50 ms? And while
//! a thread does, in CPython, whose threads are asked to make way after 5 ms? And if that thread is in one
//! long call such as `sum(range(n))`, or in `hashlib`?
//!
//! # When it is true
//! As long as every task only waits. Async code gives way at `await` and nowhere else, so whatever computes
//! in between blocks all other tasks. A thread helps in native code, and in CPython without a GIL. With a
//! GIL the loop must take the lock back at each beat, and a computing thread keeps it for a switch interval;
//! one long call in C keeps it to its end, unless it releases it, as `hashlib` does. A process never has the
//! loop's lock.
//!
//! # What this does not show
//! Requests over a network; loops that are idle most of the time, which are blocked less often, though for
//! no less long. tokio's timer has ticks of a millisecond, so its beats are longer than 2 ms in the control,
//! too.
//!
//! Figure: plots/async-blocks.png. Run it: `cargo run -p async-blocks`

use lab::prelude::*;
use work::Beside;

/// A beat that is a quarter longer nobody notices; one that is twice as long is a request that waits.
const NOT_BLOCKED: Edges = Edges::true_below(1.25).false_above(2.0);
const PERIOD: Duration = ms(2);
/// So short that the lock comes back before the beat is over: the world in which a thread is enough.
const SHORT: Duration = Duration::from_micros(100);
const BEAT: Measure = Measure::of_spans("length of a beat", beat_ns);

fn main() -> ExitCode {
    lab::run(experiment!(), design)
}

/// The same heartbeat; only what the loop has computed meanwhile differs, and where.
fn design(lab: &mut Lab, runtime: &Runtime) -> Result<Design> {
    let mut design = Design::new(runtime, []);
    // The model has no event loop.
    if runtime.is_model() {
        return Ok(design);
    }
    let computes = lab.by_mode(ms(25), ms(50), ms(50));
    let mut arm = |name: &str, times: u32, beside: Beside, workers: Workers| {
        let heartbeat = work::heartbeat(times * computes, PERIOD, beside, computes);
        design.case(name, [heartbeat]).arm(workers)
    };
    let one = || async_tasks(1);
    let process = one().beside_busy(Executor::Processes);
    let control = arm("beside a busy process", 3, Beside::Nothing, process);
    let same = arm("in the loop", 8, Beside::Loop, one());
    let thread = arm("on a thread", 3, Beside::Thread, one());
    let mut shown = vec![
        ("control", control.clone()),
        ("by a task", same.clone()),
        ("on a thread", thread.clone()),
    ];
    let mut asides = Vec::new();
    let mut pool = None;
    if runtime.is_cpython() {
        let sum = arm("sum(range(n)) on a thread", 4, Beside::Sum, one());
        let digest = arm("hashlib on a thread", 3, Beside::Digest, one());
        let process = arm("in a process", 3, Beside::Process, one());
        shown.extend([
            ("on a thread, in sum()", sum.clone()),
            ("on a thread, in hashlib", digest.clone()),
            ("in a process", process.clone()),
        ]);
        asides.extend([("one long call on a thread", sum), ("hashlib on a thread", digest)]);
        pool = Some(process);
    }
    if runtime.has_gil() {
        let short = one().switching_every(SHORT);
        let cured = arm("on a thread, 0.1 ms", 3, Beside::Thread, short);
        shown.push(("on a thread, 0.1 ms", cured.clone()));
        asides.push(("on a thread, switch interval 0.1 ms", cured));
    }
    design.replicate_by(BEAT, &control);

    let over = |arm: &Arm| BEAT.on(arm) / BEAT.on(&control);
    for arm in shown.iter().map(|(_, arm)| arm) {
        design.predicted(format!("{}: a beat lasts {ESTIMATE}", arm.case()), BEAT.on(arm));
    }
    let says =
        |how: &str| format!("a beat is {ESTIMATE} as long {how} as beside an unrelated process");
    design
        .claim(
            "async-does-not-block",
            "Make it async and requests do not block each other.",
            NOT_BLOCKED,
        )
        .compare(part("", over(&same)).finding(says("beside a task that computes")))
        .expect(False)
        .lesson("A task that computes blocks all others of its loop.");
    let mut on_thread = design
        .claim(
            "thread-does-not-block",
            "Then compute on a thread, and requests do not block each other.",
            NOT_BLOCKED,
        )
        .compare(part("", over(&thread)).finding(says("beside a thread that computes")))
        .needs_two_cores()
        .expect_by_lock(False, True)
        .lesson_even_if_open("With a GIL, a computing thread still holds up the loop.");
    for (name, arm) in asides {
        on_thread = on_thread.beside(part(name, over(&arm)).finding(says(name)));
    }
    if let Some(pool) = pool {
        design
            .claim(
                "process-does-not-block",
                "Then compute in a process, and requests do not block each other.",
                NOT_BLOCKED,
            )
            .compare(part("", over(&pool)).finding(says("beside a pool's process")))
            .needs_two_cores()
            .expect(True)
            .lesson("Give what an event loop has to compute to processes.");
    }
    let mut panel = chart::panel(runtime.title());
    for (label, arm) in &shown {
        panel = panel.strip(*label, arm, beats);
    }
    design.figure(
        chart::strips(Scale::log("length of a beat").unit(Unit::Time), "one beat")
            .title("Beside a task that computes, a beat of the event loop is {async-does-not-block} as long")
            .subtitle(
                "An event loop wakes every 2 ms, and something is computed meanwhile. 0.1 ms: with that switch \
                 interval.",
            )
            .panel(panel),
    );
    Ok(design)
}

/// How long each beat was, in nanoseconds.
fn beats(trial: &Trial) -> Vec<f64> {
    let own = trial.span_rows().iter().filter(|span| span.job == 0);
    own.map(|span| (span.end_ns - span.start_ns) as f64).collect()
}

/// The mean beat, each as often as it is long, in nanoseconds.
fn beat_ns(trial: &Trial) -> Option<f64> {
    let beats = beats(trial);
    let (all, squares) =
        beats.iter().fold((0.0, 0.0), |(all, squares), ns| (all + ns, squares + ns * ns));
    (all > 0.0).then_some(squares / all)
}
