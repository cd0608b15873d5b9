//! "The GIL makes counter += 1 atomic."
//! "An increment is one instruction, so it is safe."
//!
//! # Experiment
//! Two threads increment one counter for a tenth of a second each (40 ms with --quick); then its value is
//! compared with the number of increments. An increment reads and then writes: in one expression, with a
//! function call or a loop in between, or through a property. Threads with a GIL ask for it every
//! microsecond here, so that whatever a switch can break has its chance to break. In Rust the read and the
//! write are atomic operations, but the two together are not; there is no switch interval.
//!
//! # Predict first
//! Two threads increment the counter ten million times each. What does it show in the end: 20 million? 19?
//! How much less if the number to add comes from a function? And without a GIL?
//!
//! # When it is true
//! With a lock, with an atomic instruction, or with one thread. CPython since 3.10 hands the GIL over only
//! at calls and at the end of loops, so that `counter += 1` on a number loses nothing there: an accident of
//! the implementation, promised nowhere, and gone with the first call between reading and writing. A single
//! instruction is safe on a single core, which cannot be interrupted in the middle of it; but two cores can
//! read the same value at the same time.
//!
//! # What this does not show
//! How often it happens in your program: at the usual interval of 5 ms threads collide far less often, and a
//! loss that is rare is harder to find. Lists and dictionaries, whose methods are atomic under a GIL. How
//! much a single loss may be: a thread that writes an old value undoes all that others have counted since.
//!
//! Figure: plots/atomic-increment.png. Run it: `cargo run -p atomic-increment`

use lab::prelude::work::How;
use lab::prelude::*;

/// Of 10,000 increments. Atomic means that nothing is lost, but for a chance of two; one increment in a
/// thousand is a wrong sum.
const ATOMIC: Edges = Edges::true_below(2.0).false_above(10.0);
const LOST: Measure = Measure::counted("lost increments", lost_of_10_000);
/// The shortest interval that CPython takes.
const OFTEN: Duration = Duration::from_micros(1);
const CALL: &str = "with a call between";
const PLAIN: &str = "plain";
const ONE_CORE: &str = "plain, on one core";
const LOCK: &str = "with a lock";

fn main() -> ExitCode {
    lab::run(experiment!(), design)
}

/// In each case the same two threads; only how they increment differs. A case that loses none of its
/// increments shows nothing about the others: hence all of them. The lock is the world in which the
/// verdict is another one; for the single instruction that is one core.
fn design(lab: &mut Lab, runtime: &Runtime) -> Result<Design> {
    let time = lab.by_mode(ms(40), ms(100), ms(100));
    let mut design = Design::new(runtime, []);
    let mut shapes = vec![(PLAIN, How::Plain), (CALL, How::Call)];
    if runtime.is_cpython() {
        shapes.extend([("through a property", How::Property), ("with a loop between", How::Inner)]);
    }
    let mut exact = vec![(LOCK, How::Locked)];
    if runtime.is_native() {
        exact.extend([("atomic", How::Atomic), (ONE_CORE, How::Plain)]);
    }
    let mut figure =
        chart::strips(Scale::linear("lost increments of 10,000").holding(5_000.0), "one trial")
            .subtitle("Both threads' increments together are 10,000. Every trial is a point.");
    let mut panel = chart::panel(runtime.title());
    let mut measured = |(case, how): &(&'static str, How)| {
        let counting = threads(2).warm().switching_every(OFTEN);
        let counting = if *case == ONE_CORE { counting.on_one_core() } else { counting };
        let arm = design.case(*case, work::tally(*how, time).times(2)).arm(counting);
        panel =
            panel.clone().strip(*case, &arm, |trial| lost_of_10_000(trial).into_iter().collect());
        let lost = part(*case, LOST.on(&arm).as_level(Kind::OfTenThousand));
        (arm, lost.finding(format!("{ESTIMATE} increments are lost")))
    };
    let judged: Vec<(Arm, Part)> = shapes.iter().map(&mut measured).collect();
    let beside: Vec<(Arm, Part)> = exact.iter().map(&mut measured).collect();
    if let Some((arm, _)) = judged.get(1) {
        let (lost, name) = (LOST.on(arm), runtime.title());
        figure = figure.title(chart::computed(move |run| {
            let lost = run.median(&lost).map_or("?".to_owned(), |lost| format!("{:.0}", lost / 100.0));
            format!("With a call between reading and writing, two threads lose {lost} % of their increments in {name}")
        }));
    }
    figure = figure.panel(panel);
    let plain = judged.first().map(|(arm, _)| arm.clone());
    let has_gil = runtime.has_gil();
    let (id, text) = if runtime.is_native() {
        ("one-instruction", "An increment is one instruction, so it is safe.")
    } else {
        ("gil-atomic", "The GIL makes counter += 1 atomic.")
    };
    let mut claim = design
        .claim(id, text, ATOMIC)
        .all_of_shared(judged.into_iter().map(|(_, part)| part))
        .expect(False)
        .lesson("Count with a lock: nothing else promises that no increment is lost.")
        .note(move |run| {
            let lost = run.median(&LOST.on(plain.as_ref()?))?;
            (has_gil && lost == 0.0).then(|| "; the plain one loses none, by accident".to_owned())
        });
    for (_, part) in beside {
        claim = claim.beside(part);
    }
    design.figure(figure);
    Ok(design)
}

/// How many of the increments the counter does not show in the end, of 10,000: that is what the jobs
/// answer.
fn lost_of_10_000(trial: &Trial) -> Option<f64> {
    let made: u64 = trial.jobs().iter().map(|job| job.count).sum::<Option<u64>>()?;
    let shows: u64 = trial.jobs().first()?.answer.parse().ok()?;
    (made > 0).then(|| 1e4 * made.saturating_sub(shows) as f64 / made as f64)
}
