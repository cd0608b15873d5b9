//! "The modelled GIL behaves like CPython's."
//!
//! # Experiment
//! Two and four live trackers on threads of CPython, and on threads of this program under the
//! modelled GIL, at switch intervals of 20 (not with --quick), 5, 1 and 0.1 ms: how long is a slice
//! between two hand-overs? And the convoy: how much slower is an echo beside one computing thread?
//!
//! # Predict first
//! The lock is asked for after 5 ms. Is a slice shorter, as long, or longer? With four threads?
//! At 0.1 ms?
//!
//! # When it is true
//! For what the model is about: who holds the lock, for how long, and who is next. It was written
//! from the rules of CPython's own source, not fitted to these measurements.
//!
//! # What this does not show
//! What the model leaves out: reference counts, memory, the cost of bytecode, C calls that hold
//! the lock for long, and everything that no lock decides.
//!
//! Figures: plots/gil-model.png, plots/gil-model-convoy.png, plots/gil-model-timeline.png. Run it:
//! `cargo run -p gil-model`

mod figure;

use lab::prelude::*;

/// Slices within a tenth of each other are the same slices; below 1 ms waking a thread takes a part
/// of them that is the kernel's and not the lock's.
const SLICES: f64 = 1.1;
/// Threads that take turns run at once for less than this share of the time.
const TURNS: f64 = 0.02;
/// The convoy's slow-down depends on wake-ups, which scatter.
const CONVOY: f64 = 1.5;
const ZOOM_NS: u64 = 60_000_000;

const LIKE_CPYTHON: Claim = Claim {
    text: "The modelled GIL behaves like CPython's.",
    expected: Expected::always(Decision::True),
    article: None,
};

/// Switch interval; how long all threads of a trial compute together, with --quick and without; and
/// how often they do so in a round with --quick, which has no time for slices of 20 ms.
const INTERVALS: [(&str, Duration, [Duration; 2], usize); 4] = [
    ("20 ms", ms(20), [ms(240); 2], 0),
    ("5 ms", ms(5), [ms(40), ms(120)], 3),
    ("1 ms", ms(1), [ms(20), ms(60)], 3),
    ("0.1 ms", Duration::from_micros(100), [ms(10), ms(40)], 1),
];
/// The slices that a verdict rests on.
const JUDGED: [&str; 3] = ["20 ms", "5 ms", "1 ms"];
const THREADS: [u32; 2] = [2, 4];
/// How long an echo goes on beside a thread that keeps the lock, with --quick and without; and
/// beside a process.
const LONG: [Duration; 2] = [ms(60), ms(100)];
const BRIEF: Duration = ms(10);
/// What a client does with each answer. Without it, Rust's own code between two calls takes a third
/// of a microsecond and CPython's some, and the lock would be raced for on unequal terms. Longer
/// than a thread takes to wake up, so that who wants the lock stands at it when it is let go.
const COMPUTES: Duration = Duration::from_micros(100);
/// What it does while a byte is on its way, for the same reason; shorter than the answer takes, or
/// nobody would wait for it.
const MEANWHILE: Duration = Duration::from_micros(5);
/// How often the convoy is measured in a round, and how often its control: from answer to answer its
/// waits are one interval or two, and the control's core is free or not, as chance has it.
const CONVOYS: [usize; 2] = [2, 3];
const CONTROLS: [usize; 2] = [6, 3];
const ROUNDS: [u32; 2] = [1, 3];
/// The arm that is measured twice.
const NULL: (&str, u32, &str) = ("5 ms", 2, "gil");
const ECHO: &str = "echo beside 1 thread";
const ECHO_CONTROL: &str = "echo beside a process";

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn main() -> ExitCode {
    lab::run(experiment!(Track), measure, judge, figure::draw)
}

/// The same jobs in the model and in every CPython that has a GIL.
fn measure(lab: &mut Lab) -> Result<()> {
    let quick = lab.mode() == Mode::Quick;
    let mode = if quick { 0 } else { 1 };
    let mut arms = Vec::new();
    for runtime in with_gil(lab.runtimes(), |name| lab.has_gil(name)) {
        for (case, interval, together, times) in INTERVALS {
            for n in THREADS {
                let trackers = vec![lab.tracker(&runtime, together[mode] / n)?; n as usize];
                let interval = Interval::new(interval)?;
                let arm = |id| Arm::new(id, &trackers).every(interval).near(case);
                let id = threads(n).under(&runtime).case(case);
                if (case, n, runtime.as_str()) == NULL {
                    arms.push(arm(id.clone().again()));
                }
                arms.extend(vec![arm(id); if quick { times } else { 1 }]);
            }
        }
        for (case, busy_on, lasts, times) in [
            (ECHO, Executor::Threads, LONG[mode], CONVOYS[mode]),
            (ECHO_CONTROL, Executor::Processes, BRIEF, CONTROLS[mode]),
        ] {
            let echo = lab.echo_and_compute(&runtime, lasts, COMPUTES, MEANWHILE)?;
            let id = threads(1).under(&runtime).case(case);
            let arm = Arm::new(id, &[echo]).beside(busy(busy_on)).near(ECHO);
            arms.extend(vec![arm; times]);
        }
    }
    lab.run_blocks(&arms, ROUNDS[mode], Keep::AllBlocks)
}

/// The runtimes that have a GIL; at least the model, whatever was asked for.
fn with_gil(mut with: Vec<String>, has_gil: impl Fn(&str) -> bool) -> Vec<String> {
    with.retain(|name| has_gil(name));
    if with.is_empty() {
        with.push("gil".to_owned());
    }
    with
}

/// The median slices at each interval, and the convoy: each within its own edges.
fn judge(run: &Recording) -> Vec<VerdictRow> {
    let mut pythons = with_gil(run.runtimes(), |name| run.has_gil(name));
    pythons.retain(|runtime| runtime != "gil");
    if pythons.is_empty() {
        let nobody = Estimate::none(
            "median slice",
            "there is no CPython with a GIL to hold it against: install python3, or name one with \
             --python PATH",
        );
        return vec![
            Judgement::new(run, &LIKE_CPYTHON, "gil", nobody, inside(SLICES)).says(str::to_owned),
        ];
    }
    pythons
        .iter()
        .flat_map(|python| judge_against(run, python))
        .collect()
}

fn judge_against(run: &Recording, python: &str) -> Vec<VerdictRow> {
    let mut parts = Vec::new();
    for case in JUDGED {
        for n in THREADS {
            let on = |runtime| threads(n).case(case).under(runtime);
            if run.trials(&on(python)).next().is_none() {
                continue;
            }
            let ratio = run.ratio_of("median slice", &on("gil"), &on(python), |t| {
                slice_ns(run, t)
            });
            parts.push(
                Judgement::new(run, &LIKE_CPYTHON, python, ratio, inside(SLICES))
                    .part(&format!("{n} threads, {case}"))
                    .null(Measure::Window, &threads(NULL.1).case(NULL.0).under(NULL.2))
                    // The kernel's slices beside a neighbour cut those of the lock.
                    .imitated_by_noise(Decision::False)
                    .says(|times| format!("the model's slices are {times} CPython's")),
            );
        }
    }
    // Beside a process the kernel lets an echo wait now and then, which the median does not see.
    let convoy = |trial: &TrialRow| {
        let arm = threads(1).case(ECHO_CONTROL).under(&trial.runtime);
        let controls = run.trials(&arm).filter(|other| other.block == trial.block);
        let control: Vec<f64> = controls
            .filter(|other| other.errors == 0)
            .filter_map(|other| median(&answers_ns(run, other)))
            .collect();
        // Now and then the kernel gives the busy thread, once woken, no core for some milliseconds.
        // Hundreds of answers come undelayed meanwhile, and would drown the others in a mean.
        let kept_waiting = at_a_random_moment(&answers_ns(run, trial))?;
        // Where the kernel puts echo and peer on one core, an answer takes twice as long.
        let undelayed = quantile(&control, 0.25)?;
        Some(kept_waiting / undelayed).filter(|slower| slower.is_finite())
    };
    let echo = |runtime: &str| threads(1).case(ECHO).under(runtime);
    let ratio = run.ratio_of(
        "time of the answer waited for at a random moment beside a thread / lower quartile of the times beside a process",
        &echo("gil"),
        &echo(python),
        convoy,
    );
    parts.push(
        Judgement::new(run, &LIKE_CPYTHON, python, ratio, inside(CONVOY))
            .part("convoy")
            .needs_two_cores()
            .null(Measure::Window, &threads(NULL.1).case(NULL.0).under(NULL.2))
            .imitated_by_noise(Decision::False)
            .says(|times| format!("the model's convoy slows {times} as much as CPython's")),
    );
    let whole = all_parts(run, &LIKE_CPYTHON, &parts, |part| {
        format!(
            "slices and convoy agree; least of all {}: {}",
            part.case, part.reason
        )
    });
    let turns = ["gil", python].map(|runtime| taking_turns(run, runtime));
    whole.into_iter().chain(parts).chain(turns).collect()
}

/// Beside the claim: how long two threads of a runtime run at once.
fn taking_turns(run: &Recording, runtime: &str) -> VerdictRow {
    let arm = threads(2).case("5 ms").under(runtime);
    let share = run.share("share of time with two running", &arm, |trial| {
        share_with(&run.spans(trial), &run.in_flight(trial), 2, 2)
    });
    let edges = Edges::TrueBelow {
        true_below: TURNS,
        false_above: TURNS,
    };
    Judgement::new(run, &LIKE_CPYTHON, runtime, share, edges)
        .part("two at once, 2 threads, 5 ms")
        .says(|share| format!("two threads run at once {share} of the time"))
}

/// The same up to a factor, either way.
fn inside(edge: f64) -> Edges {
    Edges::TrueInside {
        low: 1.0 / edge,
        high: edge,
    }
}

/// The lengths of the trial's slices between two hand-overs, in nanoseconds. A slice that the end of
/// its job cut short says nothing about the lock, and is left out.
fn lengths(run: &Recording, trial: &TrialRow) -> Vec<f64> {
    let all = slices(&run.spans(trial));
    let goes_on = |slice: &Slice| {
        let later = |other: &Slice| other.job == slice.job && other.start > slice.end;
        all.iter().any(later)
    };
    all.iter()
        .filter(|slice| slice.whole && slice.end > slice.start && goes_on(slice))
        .map(|slice| (slice.end - slice.start) as f64)
        .collect()
}

/// How long each answer of a trial's echo took, in nanoseconds.
fn answers_ns(run: &Recording, trial: &TrialRow) -> Vec<f64> {
    let spans = run.span_rows(trial).filter(|span| span.job == 0);
    spans
        .map(|span| span.end_ns.saturating_sub(span.start_ns) as f64)
        .collect()
}

fn slice_ns(run: &Recording, trial: &TrialRow) -> Option<f64> {
    median(&lengths(run, trial))
}
