//! "Multiprocessing and multithreading are basically the same thing."
//!
//! # Experiment
//! As many additions as fit into a tenth of a second, once for each core, on threads and on
//! processes. From the first job's start to the last job's end: how long do they take?
//!
//! # Predict first
//! Two cores, two jobs that take a tenth of a second each. How long with two threads, how long
//! with two processes? In Rust? In CPython?
//!
//! # When it is true
//! Where threads run in parallel, for jobs that share nothing: the same work on the same cores.
//! The article's answer, four times slower on threads, is the GIL's doing.
//!
//! # What this does not show
//! What differs besides the time: threads share memory, processes do not and cost more to start
//! (spawn-cost); a process that dies takes nobody with it.
//!
//! Figure: plots/threads-vs-processes.png. Run it: `cargo run -p threads-vs-processes`

use lab::prelude::*;

/// Within a quarter of each other: basically the same. Where one lock lets one thread compute at a
/// time, the ratio is the number of cores.
const THE_SAME: f64 = 1.25;

const SAME: Claim = Claim {
    text: "Multiprocessing and multithreading are basically the same thing.",
    expected: Expected::with_gil(Decision::False).without(Decision::True),
    article: Some(Decision::False),
};

fn main() -> ExitCode {
    lab::run(experiment!(Jobs, Cpu), measure, judge, draw)
}

/// The same jobs; only the runtime and the executor differ.
fn measure(lab: &mut Lab) -> Result<()> {
    let time = match lab.mode() {
        Mode::Quick => Duration::from_millis(40),
        Mode::Article => Duration::from_secs(5),
        _ => Duration::from_millis(100),
    };
    let jobs = lab.jobs_or((lab.cores() as usize).max(2));
    let n = jobs as u32;
    let native = vec![lab.additions("rust", time)?; jobs];
    let mut arms = Control::of(n).near("rust").arms(&native);
    arms.push(Arm::new(threads(n).again(), &native).near("rust"));
    arms.push(Arm::new(threads(n), &native).control().near("rust"));
    for runtime in lab.runtimes() {
        let additions = vec![lab.additions(&runtime, time)?; jobs];
        for id in [threads(n), processes(n)] {
            arms.push(Arm::new(id.under(&runtime), &additions).near(&runtime));
        }
    }
    let rounds = match lab.mode() {
        Mode::Quick => 5,
        Mode::Article => 1,
        _ => 3,
    };
    lab.run_blocks(&arms, rounds, Keep::FirstBlock)
}

/// The work window: what the pools cost to start is another question.
fn judge(run: &Recording) -> Vec<VerdictRow> {
    let n = run.jobs_of(&serial());
    let edges = Edges::TrueInside {
        low: 1.0 / THE_SAME,
        high: THE_SAME,
    };
    let control = Control::of(n);
    run.each_runtime(|runtime| {
        let [on_threads, on_processes] = [threads(n), processes(n)].map(|arm| arm.under(runtime));
        let ratio = run.ratio(Measure::Window, &on_threads, &on_processes);
        vec![
            Judgement::new(run, &SAME, runtime, ratio, edges)
                .needs_control(Measure::Window, &control)
                .null(Measure::Window, &threads(n))
                .article(published(n))
                .says(|times| format!("{n} threads take {times} the time of {n} processes")),
        ]
    })
}

/// The article's figure, with a left edge to its bars.
fn draw(run: &Recording, verdicts: &[VerdictRow]) -> Vec<Figure> {
    let n = run.jobs_of(&serial());
    let mut facets = Vec::new();
    for runtime in run.runtimes().iter().rev() {
        for arm in [threads(n), processes(n)] {
            let title = format!("{}, {n} {}", words::runtime(runtime), arm.executor);
            let trial = run.shown(&arm.under(runtime));
            facets.extend(trial.map(|trial| run.bars(trial, title)));
        }
    }
    let frame = run.frame(
        format!(
            "{n} threads take so many times as long as {n} processes: {}",
            by_runtime(verdicts, &SAME)
        ),
        "A bar a job, from its start to its end; from the first start to the last end is what is \
         compared.",
    );
    vec![Bars { frame, facets }.into()]
}

/// The article's number, which is for four jobs on four cores.
fn published(n: u32) -> Option<f64> {
    let of = |executor| article::seconds("threads-vs-processes", executor, n);
    Some(of("threads")? / of("processes")?)
}
