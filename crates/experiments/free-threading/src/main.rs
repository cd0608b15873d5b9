//! "Without the GIL threads just scale."
//!
//! # Experiment
//! Two threads, each with a tenth of a second of work (50 ms with --quick), against the same work in series.
//! Each reads an attribute of its own object; then both read one object's attribute, one dictionary, one
//! list; then both append to one list, all made by the starting thread. In Rust they clone two `Arc`s, or one.
//!
//! # Predict first
//! In a free-threaded CPython, two threads that read the same dictionary and change nothing: are they twice
//! as fast as one, as fast, or slower?
//!
//! # When it is true
//! Where threads work on objects of their own. Whoever reads an object holds a reference to it meanwhile,
//! and the object counts these. When several cores use one object, its count moves back and forth between
//! them, though nobody changes it. It is no weakness of Python's: shared counts do the same to Rust.
//!
//! # What this does not show
//! Global functions, modules and constants, which a free-threaded build does not count. Objects that one of
//! the two threads made, which are as slow. More than two threads, which are worse.
//!
//! Figure: plots/free-threading.png. Run it: `cargo run -p free-threading`

use lab::prelude::work::Touched;
use lab::prelude::*;

/// Of two cores four fifths each is what one calls scaling; two threads that are slower than one after the
/// other do the opposite.
const SCALE: Edges = Edges::true_above(1.6).false_below(1.0);
/// More than half of the control's log speed-up: see there.
const OWN: Edges = Edges::true_above(1.0);
/// What a build without the lock costs one thread is shown, and has no say: a tenth is nothing.
const FREE: Edges = Edges::true_below(1.1);
const SCALES: &str = "Without the GIL threads just scale.";
const NO_BUILD: &str =
    "there is no CPython without a GIL here: name a free-threaded build with --python PATH";

fn main() -> ExitCode {
    lab::run(experiment!(), design)
}

/// In each case the same work, in series and on two threads.
fn design(lab: &mut Lab, runtime: &Runtime) -> Result<Design> {
    let time = lab.by_mode(ms(50), ms(100), ms(100));
    let mut design = Design::new(runtime, []);
    let runtimes = lab.runtimes();
    let is_free = |one: &&Runtime| one.is_cpython() && !one.has_gil();
    let own = if runtime.is_native() { Touched::Arc } else { Touched::Attribute };
    let name = |what: Touched, whose: &str| format!("{whose} {}", what.name());
    if runtime.has_gil() {
        if runtime.is_cpython() && !runtimes.iter().any(|one| is_free(&one)) {
            design.claim("threads-scale", SCALES, SCALE).missing(NO_BUILD);
        } else if runtime.is_cpython() {
            design.case(name(own, "own"), work::touches(own, false, time).times(2)).arm(serial());
        }
        return Ok(design);
    }
    let mut panel = chart::panel(runtime.title());
    let mut gain = |what: Touched, is_shared: bool| {
        let case = name(what, if is_shared { "one" } else { "own" });
        let mut of = design.case(&case, work::touches(what, is_shared, time).times(2));
        let (alone, at_once) = (of.arm(serial()), of.arm(threads(2).warm()));
        panel = panel.clone().strip(format!("{case}, in series"), &alone, window_ns);
        panel = panel.clone().strip(format!("{case}, 2 threads"), &at_once, window_ns);
        // The claim about objects of one's own has this one part; of several, the verdict names the one.
        let is_one_of_several = is_shared && !matches!(what, Touched::Append);
        let says = format!("two threads are {ESTIMATE} as fast as one after the other");
        let says = if is_one_of_several { says } else { format!("{case}: {says}") };
        let says = part(if is_shared { &case } else { "" }, window(&alone) / window(&at_once))
            .finding(says);
        (alone, says)
    };
    let (alone, of_own) = gain(own, false);
    let shared: Vec<Part> = match runtime.is_native() {
        true => vec![gain(Touched::Arc, true).1],
        false => {
            [Touched::Attribute, Touched::Dict, Touched::List].map(|what| gain(what, true).1).into()
        }
    };
    let appended = runtime.is_cpython().then(|| gain(Touched::Append, true).1);
    let mut claim = design
        .claim(
            "own-objects-scale",
            "Without the GIL, threads with objects of their own scale.",
            OWN,
        )
        .compare(of_own.over_half_of_control())
        .expect(True)
        .lesson("Give each thread objects of its own.");
    for other in runtime.locked_twins(&runtimes) {
        let price =
            quantity::time_per_step(&alone) / quantity::time_per_step(&alone.in_runtime(other));
        let (shown, name) = (price.clone(), other.title());
        let says = format!("alone, it takes {ESTIMATE} as long as the same steps in {name}");
        claim = claim
            .beside(part(format!("one thread alone, over {name}"), price).edges(FREE).finding(says))
            .note(move |run| Some(format!("; alone {} as long as in {name}", run.shown(&shown))));
    }
    let claim = design
        .claim("threads-scale", SCALES, SCALE)
        .all_of_shared(shared)
        .needs_parallel_cores()
        .expect(False)
        .lesson("Threads that read one object slow each other down: copy it, or read it seldom.");
    if let Some(part) = appended {
        claim.beside(part);
    }
    design.figure(
        chart::strips(Scale::log("time of both jobs").unit(Unit::Time), "one trial")
            .title("Two threads on objects of their own are {own-objects-scale} as fast as one after the other, on one object {threads-scale}")
            .subtitle("From the first job's start to the last job's end. Own: an object each; one: the same object.")
            .panel(panel),
    );
    Ok(design)
}

fn window_ns(trial: &Trial) -> Vec<f64> {
    trial.row.window_ns.map(|ns| ns as f64).into_iter().collect()
}
