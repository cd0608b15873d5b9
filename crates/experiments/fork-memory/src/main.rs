//! "Forked processes share memory for free."
//!
//! # Experiment
//! A process holds 100 MB (20 with --quick) and forks; the parent stays. The child reads all of it: how much
//! of that becomes memory of its own (`Private_Dirty`)? In CPython the 100 MB are one `bytes`, many strings
//! (all read, and one in twenty), or small lists through which the child's garbage collector goes, with and
//! without `gc.freeze()` before the fork. In Rust they are one buffer, many boxes, or many `Arc`s, each of
//! which is cloned and dropped again.
//!
//! # Predict first
//! The child only reads. How many of the 100 MB does it copy, if they are one `bytes`? If they are a million
//! strings? If it reads one string in twenty?
//!
//! # When it is true
//! For large buffers: the kernel shares pages until somebody writes to them, and nobody writes to the inside
//! of a `bytes` or an array. An object that counts its references is written to whenever it is used: in
//! CPython that is every object, in native code only those that are asked to count. One object in twenty is
//! enough, since each page holds dozens. `gc.freeze()` keeps the garbage collector from writing, and nothing
//! else.
//!
//! # What this does not show
//! Spawn and forkserver, which share nothing of the parent's; what a long-lived child writes by itself;
//! memory that is shared on purpose.
//!
//! Figure: plots/fork-memory.png. Run it: `cargo run -p fork-memory`

use lab::prelude::*;
use work::Held;

/// A twentieth is what any program writes; more than half means that the memory is there twice.
const FREE: Edges = Edges::true_below(0.05).false_above(0.5);
const MEGABYTE: u64 = 1 << 20;
const COPIED: Measure = Measure::of_jobs("share that the child copied", copied);

fn main() -> ExitCode {
    lab::run(experiment!(), design)
}

/// As much memory; only what is in it differs, and how it is looked at. The model's is that of Rust.
fn design(lab: &mut Lab, runtime: &Runtime) -> Result<Design> {
    let mut design = Design::new(runtime, []);
    if runtime.is_model() {
        return Ok(design);
    }
    let bytes = lab.by_mode(20, 100, 100) * MEGABYTE;
    // A process that has held nothing before: what was freed is not always given back.
    let mut arm = |name: &'static str, held: Held| {
        let arm = design.case(name, [work::forking(held, bytes)]).arm(processes(1));
        One { name, arm }
    };
    let buffer = arm("one buffer", Held::Bytes);
    let is_native = runtime.is_native();
    let (objects, asides) = if is_native {
        let some = arm("one box in twenty", Held::Some);
        (arm("boxes", Held::Objects), vec![some])
    } else {
        let some = arm("one string in twenty", Held::Some);
        let collected = arm("lists, collected", Held::Collected);
        let frozen = arm("lists, collected after gc.freeze()", Held::Frozen);
        (arm("strings", Held::Objects), vec![some, collected, frozen])
    };
    let counted = is_native.then(|| arm("objects that count", Held::Counted));
    design.replicate_by(COPIED, &objects.arm);

    let share = |of: &One, part_name: &str| {
        part(part_name, COPIED.on(&of.arm).as_share())
            .finding(format!("{}: the child copied {ESTIMATE} by reading", of.name))
    };
    design
        .claim("buffers-free", "Forked processes share memory for free.", FREE)
        .compare(share(&buffer, ""))
        .expect(True)
        .lesson("Large buffers and arrays stay shared after a fork.");
    let of_objects = "Forked processes share objects for free.";
    let mut claim = design
        .claim("objects-free", of_objects, FREE)
        .compare(share(&objects, ""))
        .expect(if is_native { True } else { False })
        .lesson("To read a Python object is to write to it.");
    for aside in &asides {
        claim = claim.beside(share(aside, aside.name));
    }
    if let Some(counted) = &counted {
        design
            .claim("counted-free", "Forked processes share counted objects for free.", FREE)
            .compare(share(counted, ""))
            .expect(False)
            .lesson("An object that counts its references is written to when it is used.");
    }
    let mut panel = chart::panel(runtime.title());
    for one in [&buffer, &objects].into_iter().chain(&counted).chain(&asides) {
        panel = panel.strip(one.name, &one.arm, in_per_cent);
    }
    let share = Scale::linear("copied by the child").unit(Unit::Named("%")).holding(100.0);
    design.figure(
        chart::strips(share, "one block")
            .title("A forked child that reads objects copies {objects-free} of them; of one buffer {buffers-free}")
            .subtitle("What the child has for its own after reading, over what the parent filled.")
            .panel(panel),
    );
    Ok(design)
}

/// An arm and its name.
struct One {
    name: &'static str,
    arm: Arm,
}

/// What the child's own memory grew by, over what the parent's did.
fn copied(trial: &Trial) -> Option<f64> {
    let (child, parent) = trial.jobs().first()?.answer.split_once(' ')?;
    let (child, parent): (f64, f64) = (child.parse().ok()?, parent.parse().ok()?);
    (parent > 0.0).then_some(child / parent)
}

fn in_per_cent(trial: &Trial) -> Vec<f64> {
    copied(trial).map(|share| 100.0 * share).into_iter().collect()
}
