//! "A mutex costs a system call."
//!
//! # Experiment
//! One thread takes and releases a lock, again and again, and increments a counter while it holds it; for
//! comparison it makes one of the cheapest system calls (`getppid`). How long does one step take? Then two
//! threads take one lock: with next to nothing to do while they hold it, and with a microsecond of work.
//!
//! # Predict first
//! A system call takes a few hundred nanoseconds. How long do an uncontended lock and unlock take, in Rust?
//! In Python, with `with lock:`? And if another thread wants the lock all the time?
//!
//! # When it is true
//! Of locks that live in the kernel: those of files, and the semaphores that processes share on some
//! systems. Today's mutex is a number in memory, changed by one atomic instruction; the kernel is asked only
//! to let a thread sleep while another holds the lock, and to wake it. What a contended lock costs is mostly
//! the number's way from one core to the other.
//!
//! # What this does not show
//! Many threads on one lock. Fairness: a thread that has just released the lock mostly gets it again. In
//! CPython a step is mostly the interpreter's own time: those numbers are shown, and not judged.
//!
//! Figure: plots/lock-cost.png. Run it: `cargo run -p lock-cost`

use lab::prelude::work::How;
use lab::prelude::*;

/// From half of a call on the difference is one of taste; a fifth is another order of things.
const A_SYSTEM_CALL: Edges = Edges::true_above(0.5).false_below(0.2);
/// Two threads that share a lock fairly, at no further cost, need twice as long as one alone needs for
/// its own steps: what is beyond that is the price of contention.
const COSTS: Edges = Edges::true_above(2.0);
const LOCK: &str = "lock and unlock";
const CALL: &str = "system call";
const KERNEL: &str = "lock in the kernel";
const HELD: &str = "lock, held 1 µs";
const TURNS: &str = "beside a program that holds a core, the two threads take turns";

fn main() -> ExitCode {
    lab::run(experiment!(), design)
}

/// A step is the work window divided by the steps of one thread, which all threads make at the same time.
/// A lock that is kept in the kernel is the world in which the verdict is another one.
fn design(lab: &mut Lab, runtime: &Runtime) -> Result<Design> {
    let time = lab.by_mode(ms(20), ms(50), ms(50));
    let mut design = Design::new(runtime, []);
    design.rounds(lab.by_mode(1, 3, 3));
    if runtime.is_model() {
        return Ok(design);
    }
    let mut panel = chart::panel(runtime.title());
    let mut step = |case: &str, job: work::Work, n: u32| {
        let workers = if n == 1 { serial() } else { threads(n).warm() };
        let arm = design.case(case, job.times(n)).arm(workers);
        let label = if n == 1 { case.to_owned() } else { format!("{case}, {n} threads") };
        panel = panel.clone().strip(label, &arm, step_ns);
        quantity::time_per_step(&arm)
    };
    let lock = step(LOCK, work::tally(How::Locked, time), 1);
    let call = step(CALL, work::syscalls(time), 1);
    let contended = step(LOCK, work::tally(How::Locked, time), 2);
    if runtime.is_native() {
        step("fetch_add", work::tally(How::Atomic, time), 1);
        let kernel = step(KERNEL, work::tally(How::Kernel, time), 1);
        let held = step(HELD, work::tally(How::Held, time), 1);
        let both_held = step(HELD, work::tally(How::Held, time), 2);
        design
            .claim("mutex-syscall", "A mutex costs a system call.", A_SYSTEM_CALL)
            .compare(
                part("", lock.clone() / call.clone())
                    .finding(format!("lock and unlock take {ESTIMATE} as long as a system call")),
            )
            .beside(
                part(KERNEL, kernel / call).finding(format!(
                    "a lock in the kernel takes {ESTIMATE} as long as a system call"
                )),
            )
            .expect(False)
            .lesson("An uncontended lock is cheap: do not avoid it, avoid contention.");
        design
            .claim("contention-costs", "It is contention that costs.", COSTS)
            .compare(
                part("", contended / lock)
                    .finding(format!(
                        "with another thread a step takes {ESTIMATE} as long as alone"
                    ))
                    .confounded_by_load(False, TURNS),
            )
            .beside(
                part(HELD, both_held / held)
                    .finding(format!("held for 1 µs, a step takes {ESTIMATE} as long as alone")),
            )
            .needs_two_cores()
            .expect(True)
            .lesson("Hold a lock briefly, and give threads data of their own.");
    }
    design.figure(
        chart::strips(Scale::log("time per step and thread").unit(Unit::Time), "one trial")
            .title("In Rust an uncontended lock takes {mutex-syscall} as long as a system call, a contended one {contention-costs} as long as alone")
            .subtitle("In CPython a step is mostly the interpreter's own time: that is not judged.")
            .panel(panel),
    );
    Ok(design)
}

fn step_ns(trial: &Trial) -> Vec<f64> {
    quantity::TIME_PER_STEP.value(trial).into_iter().collect()
}
