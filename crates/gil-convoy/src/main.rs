//! "A busy thread does not slow a thread that waits for IO."
//!
//! # Experiment
//! A thread sends a byte to another process and waits until it comes back, again and again for
//! some hundredths of a second: alone,
//! beside one and two threads that compute, beside one with a shorter switch interval, and, as the
//! control, beside a *process* that computes.
//!
//! # Predict first
//! The answer takes some hundredths of a millisecond. Beside one computing thread, how long does
//! it take in Rust? In CPython, whose threads are asked to make way after 5 ms?
//!
//! # When it is true
//! Without a GIL: the kernel wakes the waiting thread as soon as there is an answer. Under a GIL
//! it must ask for the lock twice a round trip, and whoever computes may keep it for a whole
//! interval each time. (The first such convoy was shown by David Beazley, 2010.)
//!
//! # What this does not show
//! What the shorter interval costs the computing thread; several waiting threads, which share the
//! delay; C code that lets go of the lock of its own accord.
//!
//! Figure: plots/gil-convoy.png. Run it: `cargo run -p gil-convoy`

use lab::prelude::*;

/// The time of an answer beside a thread, against beside a process: twice is no accident.
const FALSE_ABOVE: f64 = 2.0;
const TRUE_BELOW: f64 = 1.25;
/// How long an echo goes on where nobody keeps a lock from it: hundreds of answers…
const BRIEF: Duration = Duration::from_millis(10);
/// … and where somebody may: some answers, since each takes one or two intervals.
const LONG: Duration = Duration::from_millis(60);
/// How often the two that are compared are measured, one right after the other: in a round beside a
/// lock, and in a block without one. There the time of an answer is the kernel's
/// choice of cores for three threads, which changes from trial to trial; and such a trial is brief.
const PAIRS_BESIDE_A_LOCK: u32 = 2;
const PAIRS: u32 = 24;
/// The cure: a tenth of CPython's switch interval.
const SHORT: Duration = Duration::from_micros(500);

const NO_CONVOY: Claim = Claim {
    text: "A busy thread does not slow a thread that waits for IO.",
    expected: Expected::with_gil(Decision::False).without(Decision::True),
    article: None,
};

const ALONE: &str = "alone";
const PROCESS: &str = "beside a process";
const ONE: &str = "beside 1 thread";
const TWO: &str = "beside 2 threads";
const CURE: &str = "beside 1 thread, 0.5 ms";
const CASES: [&str; 5] = [ALONE, PROCESS, ONE, TWO, CURE];

fn main() -> ExitCode {
    lab::run(experiment!(), measure, judge, draw)
}

/// The same echo; only what runs beside it differs, and how long that may keep a lock.
fn measure(lab: &mut Lab) -> Result<()> {
    let rounds = if lab.mode() == Mode::Quick { 1 } else { 3 };
    let mut arms = Vec::new();
    for runtime in lab.runtimes() {
        let locks = lab.has_gil(&runtime);
        let twin = threads(1).under(&runtime).case(ALONE).again();
        arms.push(Arm::new(twin, &[lab.echo(BRIEF)?]).near(&runtime));
        for case in CASES {
            let hindered = locks && matches!(case, ONE | TWO | CURE);
            let echo = lab.echo(if hindered { LONG } else { BRIEF })?;
            let id = threads(1).under(&runtime).case(case);
            let arm = Arm::new(id, &[echo]).near(&runtime);
            let arm = match case {
                PROCESS => arm.beside(busy(Executor::Processes)),
                ONE => arm.beside(busy(Executor::Threads)),
                TWO => arm
                    .beside(busy(Executor::Threads))
                    .beside(busy(Executor::Threads)),
                CURE => arm
                    .beside(busy(Executor::Threads))
                    .every(Interval::new(SHORT)?),
                _ => arm,
            };
            let pairs = match (case, locks) {
                (PROCESS | ONE, true) => PAIRS_BESIDE_A_LOCK,
                (PROCESS | ONE, false) => PAIRS / rounds,
                _ => 1,
            };
            let pair = |pair| arm.clone().near(&format!("{runtime} {pair}"));
            arms.extend((0..pairs).map(pair));
        }
    }
    lab.describe_case(
        CURE,
        &[("switch_interval_ns", (SHORT.as_nanos() as u64).into())],
    );
    lab.run_blocks(&arms, rounds, Keep::JobsOfAllBlocks)
}

/// The time of an answer beside a thread, over that beside a process. The control is busy, too: an
/// idle machine sleeps between two bytes, and is slow to wake.
fn judge(run: &Recording) -> Vec<VerdictRow> {
    let edges = Edges::TrueBelow {
        true_below: TRUE_BELOW,
        false_above: FALSE_ABOVE,
    };
    let mut rows = Vec::new();
    for runtime in run.runtimes() {
        let on = |case| threads(1).case(case).under(&runtime);
        let beside = |case| {
            run.ratio_of("time of an answer", &on(case), &on(PROCESS), |t| {
                run.step_ns(t)
            })
        };
        rows.push(
            Judgement::new(run, &NO_CONVOY, &runtime, beside(ONE), edges)
                .needs_two_cores()
                .null_of("time of an answer", &on(ALONE), |t| run.step_ns(t))
                // Where no core is free, an echo waits for one beside a process as well.
                .imitated_by_noise(Decision::True)
                .says(|times| {
                    format!(
                        "an answer takes {times} as long beside a busy thread as beside a process"
                    )
                }),
        );
        for case in [TWO, CURE] {
            rows.push(
                Judgement::new(run, &NO_CONVOY, &runtime, beside(case), edges)
                    .needs_two_cores()
                    .part(case)
                    .says(|times| format!("an answer takes {times} as long {case}")),
            );
        }
    }
    rows
}

/// Every answer a point.
fn draw(run: &Recording, verdicts: &[VerdictRow]) -> Vec<Figure> {
    let panels = run.runtimes().into_iter().rev().map(|runtime| {
        let strips = CASES.map(|case| {
            let arm = threads(1).case(case).under(&runtime);
            let times: Vec<f64> = run
                .trials(&arm)
                .flat_map(|trial| run.span_rows(trial).filter(|span| span.job == 0))
                .map(|span| (span.end_ns - span.start_ns) as f64)
                .collect();
            run.strip(case, &arm, &times)
        });
        StripPanel {
            title: words::runtime(&runtime),
            strips: strips.into(),
            references: match run.has_gil(&runtime) {
                true => run
                    .switch_interval_ms()
                    .map(|ms| (format!("switch interval {ms} ms"), ms))
                    .into_iter()
                    .collect(),
                false => Vec::new(),
            },
        }
    });
    let frame = run.frame(
        format!(
            "An answer beside a busy thread, over one beside a busy process: {}",
            by_runtime(verdicts, &NO_CONVOY)
        ),
        "A byte to another process and back; the time of every answer in one block. Alone, the \
         machine may fall asleep between two bytes, which is why that is not the control.",
    );
    let strips = Strips {
        frame,
        y_label: "time of an answer, ms".to_owned(),
        point: "one answer".to_owned(),
        interval: String::new(),
        panels: panels.collect(),
    };
    vec![strips.into()]
}
