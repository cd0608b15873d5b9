//! "Under the modelled GIL threads take turns as in CPython."
//!
//! # Experiment
//! Two and four live trackers (jobs that only read the clock) on threads of CPython, and on threads of this
//! program under the modelled GIL, at switch intervals of 20 (not with --quick), 5, 1 and 0.1 ms: how long
//! is a slice, the time between two hand-overs of the lock? And the convoy: how much longer does a reply
//! from another process take beside one computing thread?
//!
//! # Predict first
//! A thread that waits for the lock asks for it after 5 ms. Is a slice shorter than that, as long, or
//! longer? With four threads? At 0.1 ms?
//!
//! # When it is true
//! For what the model is about: who holds the lock, for how long, and who is next. It was written from the
//! rules in CPython's own source, not fitted to these measurements. At 0.1 ms the slices are shown, and have
//! no say: a good part of them is the time that the kernel takes to wake a thread.
//!
//! # What this does not show
//! What the model leaves out: reference counts, memory, the cost of bytecode, C calls that hold the lock for
//! long, and everything else that no lock decides.
//!
//! Figures: plots/gil-model.png, plots/gil-model-convoy.png, plots/gil-model-timeline.png. Run it:
//! `cargo run -p gil-model`

use lab::prelude::lanes::{Slice, slices};
use lab::prelude::summary::{at_a_random_moment, median, quantile};
use lab::prelude::*;

const LIKE_CPYTHON: &str = "Under the modelled GIL threads take turns as in CPython.";
const NO_CPYTHON: &str = "there is no CPython with a GIL: name one with --python, or install it";
/// Slices within a tenth of each other are the same slices; below 1 ms a good part of a slice is the
/// time that the kernel takes to wake a thread, which is not the lock's.
const SLICES: Edges = Edges::true_within(1.1);
/// Threads that take turns run at once for less than this share of the time.
const TURNS: Edges = Edges::true_below(0.02);
/// The convoy's slow-down depends on wake-ups, which scatter.
const CONVOY: Edges = Edges::true_within(1.5);
/// Switch interval; how long all threads of a trial compute together, with --quick and without; and how
/// often they do so in a round with --quick, which has no time for slices of 20 ms.
const INTERVALS: [(&str, Duration, [Duration; 2], u32); 4] = [
    ("20 ms", ms(20), [ms(240), ms(240)], 0),
    (SHOWN, ms(5), [ms(40), ms(120)], 3),
    ("1 ms", ms(1), [ms(20), ms(60)], 3),
    (TOO_SHORT, Duration::from_micros(100), [ms(10), ms(40)], 1),
];
/// The interval of which a trial is shown and measured twice; and the one that is not judged.
const SHOWN: &str = "5 ms";
const TOO_SHORT: &str = "0.1 ms";
/// What a client does with each reply. Without it, Rust's own code between two calls takes a third of a
/// microsecond and CPython's some, and the race for the lock would be unfair. Longer than a thread takes to
/// wake up, so that a thread that needs the lock is waiting for it when it is released.
const COMPUTES: Duration = Duration::from_micros(100);
/// What it does while a byte is on its way, for the same reason; shorter than the reply takes, or nobody
/// would wait for it.
const MEANWHILE: Duration = Duration::from_micros(5);
const ECHO_CONTROL: &str = "echo beside a process";
const SLICE: Measure = Measure::of_spans("median slice", |trial| median(&lengths(trial)));
const WAITED: Measure = Measure::of_spans("slow-down beside a thread", slowed).as_factor();
const CUT: &str = "the kernel's slices beside a neighbour cut those of the lock";

fn main() -> ExitCode {
    lab::run(experiment!(Track), design)
}

/// The same jobs in every runtime that has a GIL, at least in the model; each CPython is compared with
/// the model.
fn design(lab: &mut Lab, runtime: &Runtime) -> Result<Design> {
    let model = Runtime::model();
    let runtimes = lab.runtimes();
    let runtime = if runtimes.iter().any(Runtime::has_gil) { runtime } else { &model };
    let mut design = Design::new(runtime, []);
    if !runtime.has_gil() {
        design.skip("it runs without a GIL, so that there is nothing to hold the model against");
        return Ok(design);
    }
    design.rounds(lab.by_mode(1, 3, 3));
    // From reply to reply the convoy's waits are one interval or two, and the core of its control is free
    // or not, as chance has it.
    let (quick, convoys, controls) = lab.by_mode((true, 2, 6), (false, 3, 3), (false, 3, 3));
    let mode = usize::from(!quick);
    let name = if runtime.is_model() { "model".to_owned() } else { runtime.title() };
    let mut parts = Vec::new();
    let mut asides = Vec::new();
    let mut of_slices = slices_figure();
    let mut timeline = timeline_figure();
    for n in [2, 4] {
        let wanted = INTERVALS.into_iter().filter(|(.., times)| !quick || *times > 0);
        for (case, interval, together, times) in wanted {
            let trackers = work::tracker(together[mode] / n).times(n);
            let workers = threads(n).switching_every(interval).doing(trackers);
            let arm = design.case(case, []).arm(workers);
            let twin = arm.in_runtime(&model);
            let asked = format!("{n} threads, {case}: a slice lasts {ESTIMATE}");
            design.predicted(asked, SLICE.on(&arm));
            let panel = chart::panel(format!("{n} threads, an interval of {case}"));
            let line = [(0.0, interval.as_nanos() as f64)];
            of_slices = of_slices
                .panel(panel.strip(&name, &arm, lengths).reference("the switch interval", line));
            let ratio = SLICE.on(&twin) / SLICE.on(&arm);
            let ratio = ratio.repeated(if quick { times } else { 1 });
            let of = part(format!("{n} threads, {case}"), ratio)
                .finding(format!("the model's slices are {ESTIMATE} as long as CPython's"))
                .confounded_by_load(False, CUT);
            if case != TOO_SHORT {
                parts.push(of);
            } else if !runtime.is_model() {
                asides.push(of);
            }
            if case == SHOWN && n == 2 {
                design.replicate_by(quantity::WINDOW, &twin);
                let at_once = quantity::two_or_more(&arm).as_share();
                let of = part(format!("two at once, 2 threads, {SHOWN}"), at_once).edges(TURNS);
                asides.push(of.finding(format!("two threads run at once {ESTIMATE} of the time")));
                timeline = timeline.panel(timeline_panel(runtime, &arm));
            }
        }
    }
    let ns = lab.switch_interval().as_nanos() as f64;
    let mut of_convoy = convoy_figure();
    let mut echo = |case, lasts, busy| {
        let job = work::echo_and_compute(lasts, COMPUTES, MEANWHILE);
        let arm = design.case(case, [job]).arm(threads(1).beside_busy(busy));
        let panel = chart::panel(case).strip(&name, &arm, replies_ns);
        let lines = "a switch interval, and two";
        (arm, panel.reference(lines, [(0.0, ns)]).reference(lines, [(0.0, 2.0 * ns)]))
    };
    let (convoy, busy_panel) =
        echo("echo beside 1 thread", [ms(60), ms(100)][mode], Executor::Threads);
    let (control, idle_panel) = echo(ECHO_CONTROL, ms(10), Executor::Processes);
    of_convoy = of_convoy.panel(busy_panel.without_medians()).panel(idle_panel);
    design.repeat(&[control], controls - 1);
    parts.push(
        part(
            "convoy",
            (WAITED.on(&convoy.in_runtime(&model)) / WAITED.on(&convoy)).repeated(convoys),
        )
        .edges(CONVOY)
        .finding(format!("the model's convoy delays replies {ESTIMATE} as much as CPython's"))
        .needs_two_cores()
        .confounded_by_load(False, CUT),
    );
    let has_cpython = runtimes.iter().any(|one| one.is_cpython() && one.has_gil());
    let claim = design.claim("like-cpython", LIKE_CPYTHON, SLICES);
    let claim = match (runtime.is_cpython(), has_cpython) {
        (true, _) => claim.all_of(parts).expect(True),
        (false, true) => claim.check_each([]),
        (false, false) => claim.missing(NO_CPYTHON).expect(True),
    };
    let claim = claim
        .finding(format!("slices and convoy agree; {ESTIMATE}"))
        .lesson("The model's time slices match CPython's.");
    asides.into_iter().fold(claim, |claim, part| claim.beside(part));
    for figure in [of_slices, of_convoy, timeline] {
        design.figure(figure);
    }
    Ok(design)
}

/// The lengths of the trial's slices between two hand-overs, in nanoseconds. A slice that the end of its
/// job cut short says nothing about the lock, and is left out.
fn lengths(trial: &Trial) -> Vec<f64> {
    let all = slices(&trial.spans());
    let goes_on = |slice: &Slice| {
        let later = |other: &Slice| other.job == slice.job && other.start > slice.end;
        all.iter().any(later)
    };
    let whole = all.iter().filter(|one| one.whole && one.end > one.start && goes_on(one));
    whole.map(|slice| (slice.end - slice.start) as f64).collect()
}

/// How long each reply of a trial's echo took, in nanoseconds.
fn replies_ns(trial: &Trial) -> Vec<f64> {
    let spans = trial.span_rows().iter().filter(|span| span.job == 0);
    spans.map(|span| span.end_ns.saturating_sub(span.start_ns) as f64).collect()
}

/// How many times as long a reply takes that is waited for at a random moment. From time to time the
/// kernel gives the busy thread no core for some milliseconds after it woke up. Meanwhile hundreds of replies
/// come without delay, and would outweigh the others in a mean. Where the kernel puts echo and peer on one core, an
/// reply takes twice as long: hence the lower quartile beside a process.
fn slowed(trial: &Trial) -> Option<f64> {
    let controls = trial.in_same_block(ECHO_CONTROL).filter(|other| other.row.errors == 0);
    let control: Vec<f64> = controls.filter_map(|other| median(&replies_ns(&other))).collect();
    let kept_waiting = at_a_random_moment(&replies_ns(trial))?;
    let undelayed = quantile(&control, 0.25)?;
    Some(kept_waiting / undelayed).filter(|slower| slower.is_finite())
}

fn slices_figure() -> chart::Figure {
    chart::strips(Scale::log("length of a slice").unit(Unit::Time), "one slice")
        .of_the_model()
        .title("At intervals of 1 to 20 ms the model's time slices are {like-cpython} as long as CPython's")
        .subtitle("The length of every slice between two hand-overs. Intervals of 0.1 ms are not judged.")
}

fn convoy_figure() -> chart::Figure {
    chart::strips(Scale::log("time of a reply").unit(Unit::Time), "one reply")
        .named("convoy")
        .of_the_model()
        .title("Beside a busy thread the model delays replies {like-cpython/convoy} as much as CPython does")
        .subtitle("The time of every reply, for which the lock is needed twice: it comes at once, or after one interval or two. Compared is how long one waits at a random moment. Between two replies the client computes for 0.1 ms; in gil-convoy it does not.")
}

fn timeline_figure() -> chart::Figure {
    chart::timeline()
        .named("timeline")
        .of_the_model()
        .title("Under a GIL two threads take turns of one switch interval, in CPython and in the model")
        .subtitle("Two threads at a switch interval of 5 ms: pale while begun, solid while making progress.")
}

fn timeline_panel(runtime: &Runtime, arm: &Arm) -> chart::Panel {
    let (name, of) = (runtime.title(), arm.clone());
    let title = chart::computed(move |run| {
        let slice = run.median(&SLICE.on(&of)).map_or("?".to_owned(), words::time);
        let two = run.shown(&quantity::two_or_more(&of).as_share());
        format!("{name}: two threads make progress at once {two} of the time, median slice {slice}")
    });
    chart::panel(title).trial(arm)
}
