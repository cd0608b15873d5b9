//! "Threads if it is IO bound, processes if it is CPU bound."
//!
//! # Experiment
//! One job per core, on threads and on processes. Alone, a job takes a tenth of a second (40 ms with
//! --quick). It alternates between computing and waiting, 10 ms per round, and spends 0, 25, 50, 75 or 100 %
//! of that time waiting. The pools are started beforehand, so their start does not count.
//!
//! # Predict first
//! Two cores, two jobs that wait for half of their time. In CPython, how many times as long do two threads
//! take as two processes? And if they wait for a quarter? From which share on do threads keep up? And in
//! Rust?
//!
//! # When it is true
//! Where a GIL lets one thread compute at a time. But the rule is less strict than it sounds: the lock is
//! free while a thread waits, and as long as all threads' computing fits into the time of one, threads are
//! as fast as processes. Without a GIL the second half is false: threads suffice for both.
//!
//! # What this does not show
//! What speaks for threads where both take equally long: processes cost more to start (spawn-cost) and share
//! no memory. Jobs that compute in shorter pieces: under a GIL a thread that wakes up beside a busy one may
//! wait for a whole switch interval each time (gil-convoy).
//!
//! Figure: plots/rule-of-thumb.png. Run it: `cargo run -p rule-of-thumb`

use lab::prelude::*;

const RULE: &str = "Threads if it is IO bound, processes if it is CPU bound.";
/// Processes pay from here on: a quarter is worth a rule. With one lock the ratio for jobs that only
/// compute is the number of cores, without it is 1.
const PROCESSES_PAY: f64 = 1.25;
const COMPUTING: Edges = Edges::true_above(PROCESSES_PAY);
/// Jobs that only wait take equally long with and without a lock, so the edge up to which threads do as
/// well has to be close.
const WAITING: Edges = Edges::true_below(1.05).false_above(PROCESSES_PAY);
/// How much of the time that it takes alone a job waits, in per cent.
const SHARES: [u32; 5] = [0, 25, 50, 75, 100];
/// Computing and waiting once: twice a switch interval, so that both are longer than a hand-over.
const TURN: Duration = ms(10);

fn main() -> ExitCode {
    lab::run(experiment!(Jobs), design)
}

/// Only the executor differs. Work windows: what the pools cost to start is another question.
fn design(lab: &mut Lab, runtime: &Runtime) -> Result<Design> {
    let (turns, rounds) = lab.by_mode((4, 1), (10, 2), (10, 2));
    let n = lab.jobs_or(lab.cores().max(2));
    let mut design = Design::new(runtime, []);
    design.rounds(rounds);
    let mut inside = Vec::new();
    let ratios = SHARES.map(|waiting| {
        let jobs = work::mix(turns * TURN, turns, f64::from(waiting) / 100.0).times(n);
        let mut case = design.case(case(waiting), jobs);
        let [on_threads, on_processes] =
            [threads(n), processes(n)].map(|pool| case.arm(pool.warm()));
        if runtime.supports(Executor::Interpreters) {
            let own = case.arm(interpreters(n).warm());
            inside.push((chart::X::from(waiting), window(&own) / window(&on_processes)));
        }
        // The end with the close edge: there a single wake-up that comes late would count.
        let times = if waiting == 100 { 3 } else { 1 };
        (window(&on_threads) / window(&on_processes)).repeated(times)
    });
    for (share, ratio) in SHARES.into_iter().zip(&ratios) {
        let sentence = format!("{share} % waiting: threads take {ESTIMATE} the time of processes");
        design.predicted(sentence, ratio.clone());
    }
    let [computes, .., waits] = &ratios;
    let says =
        |what| format!("{n} threads take {ESTIMATE} the time of {n} processes if they {what}");
    let points: Vec<_> = SHARES.into_iter().map(chart::X::from).zip(ratios.clone()).collect();
    let line = points.clone();
    let pays_below = move |run: &Recording| run.falls_below(&line, PROCESSES_PAY);
    let [noted, marked] = [pays_below.clone(), pays_below.clone()];
    design
        .claim("rule-of-thumb", RULE, COMPUTING)
        .all_of_shared([
            // One end suffices to make the rule false.
            part(case(0), computes.clone()).finding(says("compute")).needs_parallel_cores(),
            part(case(100), waits.clone()).edges(WAITING).finding(says("wait")),
        ])
        .expect_by_lock(True, False)
        .article(True, None)
        .finding("{all}")
        .note(move |run| match noted(run)? {
            0.0 => Some("; threads keep up at every share of waiting".to_owned()),
            share => Some(format!("; threads keep up once jobs wait {share:.0} % of the time")),
        })
        .lesson("A good rule under a GIL; without one, threads suffice.");

    let (name, first) = (runtime.title(), runtime.title());
    let name_inside = format!("{name}, interpreters");
    let title = chart::computed(move |run| match pays_below(run).unwrap_or(0.0) {
        0.0 => format!("In {first}, threads keep up with processes, whatever the share of waiting"),
        share => format!(
            "In {first}, processes pay for jobs that wait less than {share:.0} % of the time"
        ),
    });
    let mut panel = chart::panel(format!("{n} jobs on as many workers"))
        .line(&name, Executor::Threads, points)
        .shade(&format!("from {PROCESSES_PAY} on processes pay"), PROCESSES_PAY, None)
        .marks(move |run| {
            let crossing = marked(run).filter(|share| *share > 0.0).into_iter();
            let label = |x| format!("{name}: {x:.0} %");
            crossing.map(|x| chart::Mark { label: label(x), x, y: Some(PROCESSES_PAY) }).collect()
        });
    if !inside.is_empty() {
        panel = panel.line(name_inside, Executor::Interpreters, inside);
    }
    if runtime.has_gil() {
        panel = panel.reference("what one lock allows", one_lock(lab.granted_cores(), n));
    }
    design.figure(
        chart::lines(
            Scale::linear("share of waiting in a job, in per cent"),
            Scale::log("times the time of processes"),
        )
        .title(title)
        .subtitle("Work window of threads over that of processes. Each dot is one block.")
        .panel(panel),
    );
    Ok(design)
}

fn case(waiting: u32) -> String {
    format!("{waiting} % waiting")
}

/// With one lock the computing of all threads adds up; with one per process, that on a core does.
fn one_lock(cores: f64, n: u32) -> Vec<(f64, f64)> {
    let jobs = f64::from(n);
    let cores = cores.min(jobs).max(1.0);
    let at = |waiting: u32| {
        let computing = jobs * f64::from(100 - waiting) / 100.0;
        let ratio = computing.max(1.0) / (computing / cores).max(1.0);
        (f64::from(waiting), ratio)
    };
    (0..=100).map(at).collect()
}
