//! "A simulation of this machine tells how long its pools take."
//!
//! # Experiment
//! Before the run this machine is calibrated for some seconds: what a start, a hand-over, a wake-up and a
//! slice cost. Then the same pools run on the machine and in virtual time, on as many simulated cores as it
//! has, family by family: computing jobs on threads and on processes, twice as many as cores; sixteen pages
//! on four threads and on sixteen; pools whose jobs do nothing; and under a GIL the slices of two and of
//! four live trackers, and a job that waits again and again beside a thread that computes (the convoy).
//!
//! # Predict first
//! Some rules (a slice, a lock, a queue) and a dozen costs: how near does that come to a real machine?
//! Where will it be off: computing, waiting, taking turns, or starting?
//!
//! # When it is true
//! For what the rules are about: who has a core, who has the lock, who waits for whom. How long a job takes
//! by itself is given to the simulation, and not what is tested: computing jobs are held against the same
//! jobs one after another in the same block. What fails here, `--simulate` refuses without `--force`.
//!
//! # What this does not show
//! Whether it is as near on another number of cores, where nothing can be compared here; one core can be:
//! `taskset -c 0` before the program leaves it one, on the machine and in the simulation. What is left out
//! (caches, frequency, hyper-threads, other programs) stands in `crates/validity/README.md`, with the
//! direction in which it errs.
//!
//! Figure: plots/sim-model.png. Run it: `cargo run -p sim-model`

use lab::prelude::lanes::{Slice, slices};
use lab::prelude::summary::median;
use lab::prelude::*;

/// As near as every family must come before it is believed.
const AS_MEASURED: Edges = Edges::true_within(1.1);
/// The start of a worker scatters by more than that from run to run, …
const STARTS: Edges = Edges::true_within(1.25);
/// … and how often a thread catches the lock on its way by more still.
const CONVOY: Edges = Edges::true_within(1.5);
/// The case of computing jobs, on pools and one after another.
const COMPUTING: &str = "computing";
const SPEED_UP: Measure = Measure::counted("speed-up over serial", speed_up).as_factor();
const SLICE: Measure = Measure::of_spans("median slice", |trial| median(&lengths(trial)));
const PAGES: u32 = 16;
const BUSY: &str = "a busy neighbour lengthens what is measured, and not what is simulated";

fn main() -> ExitCode {
    lab::run(experiment!(Origin, Model), design)
}

/// Each arm has a twin in the simulated runtime that was calibrated for its own.
fn design(lab: &mut Lab, runtime: &Runtime) -> Result<Design> {
    let pages = lab.pages(PAGES)?;
    let mut design = Design::new(runtime, []);
    let Some(model) = lab.model_of(runtime) else {
        design.skip("one interpreter stands for CPython, the newest with a GIL");
        return Ok(design);
    };
    design.rounds(lab.by_mode(2, 3, 3));
    let n = 2 * lab.cores();
    let additions = work::additions(lab.by_mode(ms(20), ms(60), ms(200))).times(n);
    let nothing = work::nothing().times(4);
    let starts = design.case(Family::Starts.name(), nothing).arm(processes(4));
    let mut computing = design.case(COMPUTING, additions);
    let [alone, on_threads, on_processes] =
        [serial(), threads(n), processes(n)].map(|workers| computing.arm(workers));
    let mut loading = design.case("pages", pages);
    let [in_turn, at_once] = [4, PAGES].map(|n| loading.arm(threads(n)));
    let mut families = vec![
        (Family::Threads, on_threads.clone(), SPEED_UP, AS_MEASURED),
        (Family::Processes, on_processes, SPEED_UP, AS_MEASURED),
        (Family::PagesInTurn, in_turn, quantity::MAKESPAN, AS_MEASURED),
        (Family::PagesAtOnce, at_once, quantity::MAKESPAN, AS_MEASURED),
        (Family::Starts, starts, quantity::MAKESPAN, STARTS),
    ];
    if runtime.has_gil() {
        let tracker = work::tracker(lab.by_mode(ms(40), ms(60), ms(250)));
        for (family, n) in [(Family::SlicesOfTwo, 2), (Family::SlicesOfMore, 4)] {
            let arm = design.case(family.name(), tracker.times(n)).arm(threads(n));
            families.push((family, arm, SLICE, AS_MEASURED));
        }
        // Ten waits of 0.9 ms, each after computing for a ninth of that.
        let waiting = [work::mix(ms(10), 10, 0.9)];
        let beside = threads(1).beside_busy(Executor::Threads);
        let arm = design.case(Family::Convoy.name(), waiting).arm(beside);
        families.push((Family::Convoy, arm, quantity::WINDOW, CONVOY));
    }
    design.replicate(&on_threads);

    let mut against =
        |arm: &Arm, measure: &Measure| measure.on(&design.twin(arm, &model)) / measure.on(arm);
    let serial = part("serial", against(&alone, &quantity::MAKESPAN))
        .finding(format!("one after another, simulated jobs take {ESTIMATE} the measured time"));
    let ratios: Vec<(Family, Arm, Edges, Comparison)> = families
        .into_iter()
        .map(|(family, arm, measure, edges)| {
            let ratio = against(&arm, &measure);
            (family, arm, edges, ratio)
        })
        .collect();
    let parts = ratios.iter().map(|(family, _, edges, ratio)| {
        part(family.name(), ratio.clone())
            .edges(*edges)
            .finding(format!("simulated is {ESTIMATE} what was measured"))
            .confounded_by_load(False, BUSY)
    });
    design
        .claim(
            "as-measured",
            "A simulation of this machine tells how long its pools take.",
            AS_MEASURED,
        )
        .all_of(parts)
        .beside(serial)
        .expect(True)
        .finding(format!("every family is as measured; {{part}}: {ESTIMATE}"))
        .lesson(
            "What is simulated can be believed as far as this experiment goes, and no further.",
        );

    let mut panel = chart::panel(runtime.title()).reference("as measured", [(0.0, 1.0)]);
    for (family, arm, _, ratio) in &ratios {
        panel = panel.ratio(family.name(), arm.executor(), ratio);
    }
    let name = runtime.title();
    let title = chart::computed(move |run| {
        let of = |(_, _, _, ratio): &(_, _, _, Comparison)| Some(run.interval(ratio)?.estimate);
        let all: Vec<f64> = ratios.iter().filter_map(of).collect();
        let (low, high) =
            (all.iter().copied().reduce(f64::min), all.iter().copied().reduce(f64::max));
        let [low, high] = [low, high].map(|end| end.map_or("?".to_owned(), words::times));
        format!("In {name}, what is simulated takes {low} to {high} the measured time")
    });
    design.figure(
        chart::strips(Scale::log("simulated over measured").holding(1.0), "one block")
            .title(title)
            .subtitle(
                "The same pools in virtual time and on this machine. For computing jobs on threads and processes the \
                 speed-ups are compared (how many times as fast as one after another), for slices their lengths, \
                 for all others the times.",
            )
            .panel(panel),
    );
    Ok(design)
}

/// How many times as long the same jobs take one after another, in the same block.
fn speed_up(trial: &Trial) -> Option<f64> {
    let serial = trial.in_same_block(COMPUTING).map(|other| other.row);
    let serial = serial.filter(|row| row.executor == Executor::Serial && row.errors == 0);
    let serial: Vec<f64> = serial.filter_map(|row| Some(row.makespan_ns? as f64)).collect();
    Some(median(&serial)? / trial.row.makespan_ns? as f64)
}

/// The lengths of whole slices between two hand-overs, in nanoseconds.
fn lengths(trial: &Trial) -> Vec<f64> {
    let all = slices(&trial.spans());
    let goes_on = |slice: &Slice| all.iter().any(|o| o.job == slice.job && o.start > slice.end);
    let whole = all.iter().filter(|one| one.whole && one.end > one.start && goes_on(one));
    whole.map(|slice| (slice.end - slice.start) as f64).collect()
}
