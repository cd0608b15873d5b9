//! What it costs to start a pool, beside the bare way to start as much.
//!
//! `cargo bench -p lab-pool --bench start` prints ratios: each is the median over many rounds in
//! which a pool and its bare counterpart are started one right after the other, since the speed of
//! a shared machine changes from second to second.
#![allow(clippy::unwrap_used, reason = "a benchmark that fails is to stop")]

mod bench;

use bench::{FIXTURE, median, trial};
use lab_child::ChildCommand;
use lab_pool::{Pool, Start};
use lab_record::clock::now_ns;
use lab_record::rows::Executor;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// Rounds for the ratio of one worker process.
const ROUNDS: usize = 201;
/// Workers of a pool, and rounds for its ratio: the larger the pool, the fewer.
const POOLS: [(usize, usize); 5] = [(1, 101), (4, 51), (16, 31), (64, 15), (256, 7)];

fn main() {
    // `cargo test --all-targets` only asks whether it runs.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let mut pool = Pool::new(ChildCommand::new("worker", FIXTURE).args(["worker"]));
    a_worker_process(&mut pool);
    pools(&mut pool);
}

/// From before the start until it is ready, and to its first job: between them lies the way of
/// "ready" to the pool and of the job back. Beside it a program that only reads the clock.
fn a_worker_process(pool: &mut Pool) {
    let rounds: Vec<[f64; 3]> = (0..ROUNDS)
        .map(|_| {
            let one = trial(Executor::Processes, 1, Start::Cold, 1);
            let report = pool.run(&one).unwrap();
            let first = report.jobs[0].report.start_ns;
            let start = now_ns();
            let bare = (Bare::start().began_ns() - start) as f64;
            let [ready, first] = [report.ready_ns, first].map(|at| (at - report.zero_ns) as f64);
            [ready / bare, first / bare, bare / 1e6]
        })
        .collect();
    let [ready, first, bare] = [0, 1, 2].map(|i| median(rounds.iter().map(|round| round[i])));
    println!("a worker process / bare Command on itself, medians of {ROUNDS} rounds:");
    println!("  ready: {ready:.3}   first job: {first:.3}   bare: {bare:.3} ms");
}

/// From before the pool is made until its last worker is there.
fn pools(pool: &mut Pool) {
    println!("a pool until its last worker is there / the same by bare means, medians:");
    println!("  workers  threads / thread::spawn   rayon / thread::spawn   processes / Command");
    for (workers, rounds) in POOLS {
        let mut ready = |executor| {
            let report = pool.run(&trial(executor, workers, Start::Warm, 0)).unwrap();
            (report.ready_ns - report.zero_ns) as f64
        };
        let rounds: Vec<[f64; 3]> = (0..rounds)
            .map(|_| {
                let threads = bare_threads(workers);
                let by_threads = ready(Executor::Threads) / threads;
                let by_rayon = ready(Executor::Rayon) / threads;
                let processes = bare_processes(workers);
                [by_threads, by_rayon, ready(Executor::Processes) / processes]
            })
            .collect();
        let [threads, rayon, processes] = [0, 1, 2].map(|i| median(rounds.iter().map(|r| r[i])));
        println!("  {workers:7}  {threads:23.3}   {rayon:21.3}   {processes:19.3}");
    }
}

/// Until the last thread has read the clock.
fn bare_threads(workers: usize) -> f64 {
    let start = now_ns();
    let threads: Vec<_> = (0..workers).map(|_| std::thread::spawn(now_ns)).collect();
    let began = threads.into_iter().map(|thread| thread.join().unwrap());
    (began.max().unwrap() - start) as f64
}

/// Until the last process has read the clock.
fn bare_processes(workers: usize) -> f64 {
    let start = now_ns();
    let processes: Vec<_> = (0..workers).map(|_| Bare::start()).collect();
    let began = processes.into_iter().map(Bare::began_ns);
    (began.max().unwrap() - start) as f64
}

/// The same executable started with nothing to do.
struct Bare(Child);

impl Bare {
    fn start() -> Bare {
        let mut command = Command::new(FIXTURE);
        command
            .arg("bare")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        Bare(command.spawn().unwrap())
    }

    /// When it began, and the end of it.
    fn began_ns(mut self) -> u64 {
        let mut line = String::new();
        let stdout = self.0.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        self.0.wait().unwrap();
        line.trim().parse().unwrap()
    }
}
