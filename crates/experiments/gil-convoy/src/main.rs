//! "A busy thread does not slow a thread that waits for IO."
//!
//! # Experiment
//! A thread sends a byte to another process and waits for it to come back, again and again for some
//! hundredths of a second: alone; beside one and beside two threads that compute; beside one with a switch
//! interval of 0.5 ms instead of 5; and, as the control, beside a *process* that computes.
//!
//! # Predict first
//! The reply takes some hundredths of a millisecond. Beside one computing thread, how long does it take in
//! Rust? In CPython, whose threads are asked to make way after 5 ms?
//!
//! # When it is true
//! Without a GIL: the kernel wakes the waiting thread as soon as the reply arrives. With a GIL that thread
//! must also take the lock again, twice per round trip, and a computing thread may keep it for a whole
//! switch interval each time. (David Beazley showed this convoy effect in 2010.)
//!
//! # What this does not show
//! What the shorter interval costs the computing thread; C code that releases the lock by itself.
//!
//! Figure: plots/gil-convoy.png. Run it: `cargo run -p gil-convoy`

use lab::prelude::*;

/// The time of a reply beside a thread over that beside a process: twice as long is no accident.
const NOT_SLOWER: Edges = Edges::true_below(1.25).false_above(2.0);
/// How long an echo goes on where nobody keeps a lock from it: hundreds of replies…
const BRIEF: Duration = ms(10);
/// … and where somebody may: some replies, since each takes one or two intervals.
const LONG: Duration = ms(60);
/// How often the two that are compared are measured, one right after the other: in a round beside a
/// lock, and in a block without one. There the time of a reply is the kernel's choice of cores for
/// three threads, which changes from trial to trial; and such a trial is brief.
const PAIRS_BESIDE_A_LOCK: u32 = 2;
const PAIRS: u32 = 24;
/// The cure: a tenth of CPython's switch interval.
const SHORT: Duration = Duration::from_micros(500);

fn main() -> ExitCode {
    lab::run(experiment!(), design)
}

/// The same echo; only what runs beside it differs, and how long that may keep a lock. The control is
/// busy, too: an idle machine sleeps between two bytes, and is slow to wake.
fn design(lab: &mut Lab, runtime: &Runtime) -> Result<Design> {
    let (rounds, mut design) = (lab.by_mode(1, 3, 3), Design::new(runtime, []));
    design.rounds(rounds);
    let (hindered, pairs) =
        if runtime.has_gil() { (LONG, PAIRS_BESIDE_A_LOCK) } else { (BRIEF, PAIRS / rounds) };
    let one = threads(1);
    let busy = one.clone().beside_busy(Executor::Threads);
    let cases = [
        ("alone", BRIEF, one.clone()),
        ("beside a process", BRIEF, one.beside_busy(Executor::Processes)),
        ("beside 1 thread", hindered, busy.clone()),
        ("beside 2 threads", hindered, busy.clone().beside_busy(Executor::Threads)),
        ("beside 1 thread, 0.5 ms", hindered, busy.switching_every(SHORT)),
    ];
    let arms =
        cases.map(|(case, lasts, workers)| design.case(case, [work::echo(lasts)]).arm(workers));
    let [alone, process, thread, two, cured] = &arms;
    // An interpreter of its own has a lock of its own.
    let inside = runtime.supports(Executor::Interpreters).then(|| {
        let echo = [work::echo(BRIEF)];
        let own = interpreters(1).beside_busy(Executor::Threads);
        design.case("in an interpreter, beside 1 thread", echo).arm(own)
    });
    design.replicate_by(quantity::TIME_PER_STEP, alone);

    for arm in &arms {
        let case = arm.case().replace(',', " with a switch interval of");
        design.predicted(format!("a reply {case} takes {ESTIMATE}"), quantity::time_per_step(arm));
    }
    let as_long = |how: &str| format!("a reply takes {ESTIMATE} as long {how}");
    let beside = |arm: &Arm| quantity::time_per_step(arm) / quantity::time_per_step(process);
    design
        .claim(
            "busy-thread-harmless",
            "A busy thread does not slow a thread that waits for IO.",
            NOT_SLOWER,
        )
        .compare(beside(thread).repeated(pairs))
        .finding(as_long("beside a busy thread as beside a process"))
        .beside(part("beside 2 threads", beside(two)).finding(as_long("beside 2 threads")))
        .beside(
            part("beside 1 thread, 0.5 ms", beside(cured))
                .finding(as_long("beside 1 thread, 0.5 ms")),
        )
        .needs_two_cores()
        .expect_by_lock(False, True)
        .lesson_even_if_open("Under a GIL, keep computing out of the process that does IO.");

    let mut panel = chart::panel(runtime.title());
    for arm in &arms {
        panel = panel.strip(arm.case(), arm, replies);
    }
    panel = inside.iter().fold(panel, |panel, arm| panel.strip("in an interpreter", arm, replies));
    if runtime.has_gil() {
        let interval = lab.switch_interval();
        let ns = interval.as_nanos() as f64;
        panel = panel.reference(format!("switch interval {}", Unit::Time.words(ns)), [(0.0, ns)]);
    }
    design.figure(
        chart::strips(Scale::log("time of a reply").unit(Unit::Time), "one reply")
            .title(
                "A reply takes {busy-thread-harmless} as long beside a busy thread as beside a busy process",
            )
            .subtitle(
                "A byte to another process and back. 0.5 ms: with that switch interval.",
            )
            .panel(panel),
    );
    Ok(design)
}

/// How long each reply of a trial took, in nanoseconds.
fn replies(trial: &Trial) -> Vec<f64> {
    let spans = trial.span_rows().iter().filter(|span| span.job == 0);
    spans.map(|span| (span.end_ns - span.start_ns) as f64).collect()
}
