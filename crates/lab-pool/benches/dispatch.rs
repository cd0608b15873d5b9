//! What it costs to hand a job to a worker and to take its answer: jobs that do nothing, in a warm
//! pool, beside the two bare ways to have something done elsewhere.
//!
//! `cargo bench -p lab-pool` prints first the ratios, which are what counts: each is the median
//! over many rounds in which everything is measured once, one right after the other, since the
//! speed of a shared machine changes from second to second. Then the same for more and more jobs,
//! which should cost no more each. Then divan's absolute times of whole trials, with the start and
//! the end of the pool.
#![allow(clippy::unwrap_used, reason = "a benchmark that fails is to stop")]

mod bench;

use bench::{FIXTURE, median, trial};
use std::hint::black_box;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use lab_child::ChildCommand;
use lab_pool::{Pool, Start};
use lab_record::clock::now_ns;
use lab_record::rows::Executor;

/// Jobs of a trial.
const JOBS: usize = 500;
/// Rounds for a ratio.
const ROUNDS: usize = 101;
/// What is measured: executors and workers.
const POOLS: [(Executor, usize); 7] = [
    (Executor::Serial, 1),
    (Executor::Threads, 1),
    (Executor::Threads, 2),
    (Executor::Rayon, 1),
    (Executor::Rayon, 2),
    (Executor::Processes, 1),
    (Executor::Processes, 2),
];

/// Jobs of a trial as it grows, and rounds for a ratio.
const GROWTH: [(usize, usize); 3] = [(1_000, 31), (10_000, 9), (100_000, 3)];

fn main() {
    // `cargo test --all-targets` only asks whether it runs.
    if std::env::args().any(|argument| argument == "--bench") {
        ratios();
        growth();
    }
    divan::main();
}

fn ratios() {
    let mut pool = pool();
    let mut cat = Cat::start();
    let rounds: Vec<Round> = (0..ROUNDS)
        .map(|_| Round {
            spawn: spawn_each(),
            pipe: cat.round_trips(JOBS),
            pools: POOLS.map(|(executor, workers)| answers(&mut pool, executor, workers, JOBS)),
        })
        .collect();
    println!("a job that does nothing, in a warm pool; medians of {ROUNDS} rounds of {JOBS} jobs:");
    println!("  executor   workers  / thread::spawn and join   / round trip through a pipe");
    for (i, (executor, workers)) in POOLS.into_iter().enumerate() {
        let by_spawn = median(rounds.iter().map(|round| round.pools[i] / round.spawn));
        let by_pipe = median(rounds.iter().map(|round| round.pools[i] / round.pipe));
        println!("  {executor:10} {workers:7}  {by_spawn:24.4}   {by_pipe:27.4}");
    }
    let by_pipe = median(rounds.iter().map(|round| round.spawn / round.pipe));
    println!("  thread::spawn and join: {by_pipe:.4} round trips through a pipe");
}

fn growth() {
    let (mut pool, mut cat) = (pool(), Cat::start());
    println!("the same with more jobs, two workers; medians:");
    println!("  jobs     threads / rayon::scope   rayon / rayon::scope   processes / pipe");
    for (jobs, rounds) in GROWTH {
        let rounds: Vec<[f64; 3]> = (0..rounds)
            .map(|_| {
                let scope = rayon_scope(jobs);
                let mut by = |executor| answers(&mut pool, executor, 2, jobs);
                let threads = by(Executor::Threads) / scope;
                let rayon = by(Executor::Rayon) / scope;
                [
                    threads,
                    rayon,
                    by(Executor::Processes) / cat.round_trips(jobs),
                ]
            })
            .collect();
        let [threads, rayon, processes] = [0, 1, 2].map(|i| median(rounds.iter().map(|r| r[i])));
        println!("  {jobs:6}  {threads:23.3}   {rayon:20.3}   {processes:16.3}");
    }
}

/// Nanoseconds a job.
struct Round {
    spawn: f64,
    pipe: f64,
    pools: [f64; POOLS.len()],
}

/// A thread for each job.
fn spawn_each() -> f64 {
    per_job(JOBS, || {
        for _ in 0..JOBS {
            std::thread::spawn(|| black_box(0)).join().unwrap();
        }
    })
}

/// A closure for each job, in rayon's own pool.
fn rayon_scope(jobs: usize) -> f64 {
    per_job(jobs, || {
        rayon::scope(|scope| {
            for _ in 0..jobs {
                scope.spawn(|_| {
                    black_box(0);
                });
            }
        });
    })
}

/// From the moment at which jobs can be taken to the last answer.
fn answers(pool: &mut Pool, executor: Executor, workers: usize, jobs: usize) -> f64 {
    let trial = trial(executor, workers, Start::Warm, jobs);
    let report = pool.run(&trial).unwrap();
    let submitted_ns = report.jobs[0].submitted_ns;
    (report.answered_ns - submitted_ns) as f64 / jobs as f64
}

fn per_job(jobs: usize, work: impl FnOnce()) -> f64 {
    let start = now_ns();
    work();
    (now_ns() - start) as f64 / jobs as f64
}

/// A process that gives back what it is given: the least that a worker process can cost.
struct Cat {
    process: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl Cat {
    fn start() -> Cat {
        let mut process = Command::new("cat")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Cat {
            stdin: process.stdin.take().unwrap(),
            stdout: BufReader::new(process.stdout.take().unwrap()),
            process,
        }
    }

    fn round_trips(&mut self, times: usize) -> f64 {
        let mut line = String::new();
        per_job(times, || {
            for _ in 0..times {
                line.clear();
                self.stdin.write_all(b"{}\n").unwrap();
                self.stdout.read_line(&mut line).unwrap();
            }
        })
    }
}

impl Drop for Cat {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn pool() -> Pool {
    Pool::new(ChildCommand::new("worker", FIXTURE).args(["worker"]))
}

const EXECUTORS: [Executor; 4] = [
    Executor::Serial,
    Executor::Threads,
    Executor::Rayon,
    Executor::Processes,
];

#[divan::bench(name = "1 a trial without jobs, 2 workers", args = EXECUTORS)]
fn start_and_end(bencher: divan::Bencher, executor: Executor) {
    whole(bencher, executor, 0);
}

#[divan::bench(name = "2 a trial of 500 jobs, 2 workers", args = EXECUTORS)]
fn many_jobs(bencher: divan::Bencher, executor: Executor) {
    whole(bencher, executor, JOBS);
}

fn whole(bencher: divan::Bencher, executor: Executor, jobs: usize) {
    let (mut pool, trial) = (pool(), trial(executor, 2, Start::Warm, jobs));
    bencher.bench_local(|| pool.run(&trial).unwrap());
}
