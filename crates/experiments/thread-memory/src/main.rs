//! "A thread costs 8 MB."
//!
//! # Experiment
//! A thousand threads with a stack of 8 MB each are started and wait: by how much does the memory in use
//! (PSS) grow per thread? Beside them 100 threads, ten thousand tasks of an event loop, and, in CPython, 50
//! forked processes and, from 3.14 on, five interpreters. And the world in which the claim is true: ten
//! threads of a process that has asked for all of its memory at once (`mlockall`).
//!
//! # Predict first
//! The limit says 8 MB of stack (`ulimit -s`). How much memory do a thousand threads take? And a thousand
//! tasks? How many processes have room where a thousand threads have?
//!
//! # When it is true
//! Where every page of a stack is made resident when the stack is mapped: under `mlockall`, in programs that
//! must never wait for a page. Everywhere else the 8 MB are addresses, not memory: the kernel provides a
//! page when it is first touched, and a thread that waits has touched few. Rust's own default is a stack of
//! 2 MB, which makes as little difference.
//!
//! # What this does not show
//! Threads that use their stacks: what was touched once stays. What the kernel keeps for each thread itself,
//! about 20 kB (16 of stack, 4 of page tables), which is in no process's numbers; arenas that malloc makes
//! for threads that allocate; 32-bit programs, which run out of addresses.
//!
//! Figure: plots/thread-memory.png. Run it: `cargo run -p thread-memory`

use lab::prelude::*;
use work::Parked;

/// In kB. Half of what the claim says is near enough; an eighth of it is not.
const EIGHT_MB: Edges = Edges::true_above(4096.0).false_below(1024.0);
const RESIDENT: Measure = Measure::of_jobs("resident memory per worker", resident_kb);
const ADDRESSES: Measure = Measure::of_jobs("address space per worker", addresses_kb);
const MANY: u64 = 1000;

fn main() -> ExitCode {
    lab::run(experiment!(), design)
}

/// Workers that are there and wait; only what they are differs.
fn design(_: &mut Lab, runtime: &Runtime) -> Result<Design> {
    let mut design = Design::new(runtime, []);
    // Threads of the model are those of Rust.
    if runtime.is_model() {
        return Ok(design);
    }
    let (is_cpython, pool) = (runtime.is_cpython(), runtime.supports(Executor::Interpreters));
    let kinds = [
        (true, "a thread", Parked::Threads, MANY),
        (true, "a thread of 100", Parked::Threads, 100),
        (true, "a task", Parked::Tasks, 10 * MANY),
        (is_cpython, "a forked process", Parked::Processes, 50),
        (pool, "an interpreter", Parked::Interpreters, 5),
        (true, "a thread under mlockall", Parked::LockedThreads, 10),
    ];
    // Each in a process that has held nothing before: what was freed is not always given back.
    let fresh = match is_cpython {
        true => processes(1).started_by(StartMethod::Spawn),
        false => processes(1),
    };
    let mut panel = chart::panel(runtime.title()).reference("8 MB", [(0.0, 8192.0)]);
    let mut parts = Vec::new();
    for (_, name, parked, workers) in kinds.into_iter().filter(|one| one.0) {
        let jobs = [work::parking(parked, workers)];
        let arm = design.case(format!("{name}, {workers} of them"), jobs).arm(fresh.clone());
        panel = panel.strip(name, &arm, each_kb);
        parts.push((name, arm));
    }
    let threads = parts.remove(0).1;
    design.replicate_by(RESIDENT, &threads);
    let addresses = ADDRESSES.on(&threads);
    let mut claim = design
        .claim("thread-costs-8-mb", "A thread costs 8 MB.", EIGHT_MB)
        .compare(RESIDENT.on(&threads).as_level(Kind::Kilobytes))
        .finding(format!("each of {MANY} threads holds {ESTIMATE}"))
        .note(move |run| {
            let mb = run.median(&addresses)? / 1024.0;
            Some(format!("; its addresses span {mb:.1} MB"))
        })
        .expect(False)
        .lesson("A waiting thread costs kilobytes: count what it touches.");
    for (name, arm) in &parts {
        let held = part(*name, RESIDENT.on(arm).as_level(Kind::Kilobytes));
        claim = claim.beside(held.finding(format!("{name} holds {ESTIMATE}")));
    }
    if is_cpython && !pool {
        claim.beside(missing("an interpreter", "needs CPython 3.14 or later: see --python"));
    }
    let memory = Scale::log("resident memory per worker").unit(Unit::Named("kB"));
    design.figure(
        chart::strips(memory, "one block")
            .title("Each of 1000 waiting threads holds {thread-costs-8-mb} of memory, not 8192 kB")
            .subtitle("By how much the memory in use (PSS) grows per worker.")
            .panel(panel),
    );
    Ok(design)
}

/// The numbers of a job's answer, per worker and in kB.
fn numbers(trial: &Trial) -> Option<[f64; 2]> {
    let job = trial.jobs().first()?;
    let workers = job.count? as f64;
    let (resident, addresses) = job.answer.split_once(' ')?;
    let kb = |bytes: &str| Some(bytes.parse::<f64>().ok()? / 1024.0 / workers);
    Some([kb(resident)?, kb(addresses)?])
}

fn resident_kb(trial: &Trial) -> Option<f64> {
    numbers(trial).map(|[resident, _]| resident)
}

fn addresses_kb(trial: &Trial) -> Option<f64> {
    numbers(trial).map(|[_, addresses]| addresses)
}

/// For a log scale: what did not grow has no place there.
fn each_kb(trial: &Trial) -> Vec<f64> {
    resident_kb(trial).into_iter().filter(|kb| *kb > 0.0).collect()
}
