//! What it costs to start a pool, beside the bare way to start as much.
//!
//! `cargo bench -p lab-pool --bench start` prints ratios, each the median over many rounds:
//! `worker-ready` and `worker-first-job` of one worker process, from before its start until it can
//! take a job and until it does its first, `pool-start` from before the pool is made until its last
//! worker is there. `-- --csv` prints every round as a line, `-- --quick` takes fewer.
#![allow(clippy::unwrap_used, reason = "a benchmark that fails is to stop")]

mod bench;

use bench::{Asked, FIXTURE, Pair, pool, trial};
use lab_data::clock::now_ns;
use lab_data::rows::Executor;
use lab_pool::{Pool, Start, TrialReport};
use rayon::ThreadPoolBuilder;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// Rounds for the ratio of one worker process.
const ROUNDS: usize = 201;
/// Workers of a pool, and rounds for its ratio: the larger the pool, the fewer.
const POOLS: [(usize, usize); 6] = [(1, 101), (4, 51), (16, 31), (64, 15), (256, 7), (1024, 3)];

/// A moment of a trial.
type Reached = fn(&TrialReport) -> u64;
/// Nanoseconds to start so many workers.
type ByBareMeans = fn(usize) -> f64;

fn main() {
    let asked = Asked::read();
    if !asked.bench {
        return;
    }
    lab_pool::process::raise_file_limit();
    asked.head();
    let mut pool = pool();
    a_worker_process(asked, &mut pool);
    pools(asked, &mut pool);
}

/// Between ready and first job lies the way of "ready" to the pool and of the job back. Beside it
/// the same program that only reads the clock.
fn a_worker_process(asked: Asked, pool: &mut Pool) {
    let reached: [(&str, Reached); 2] = [
        ("worker-ready", |report| report.ready_ns),
        ("worker-first-job", |report| report.jobs[0].report.start_ns),
    ];
    let one = trial(Executor::Processes, 1, Start::Cold, 1);
    for (what, reached) in reached {
        let pair =
            Pair { what, executor: Executor::Processes, workers: 1, jobs: 1, bare: "Command" };
        asked.pair(pair, ROUNDS, || {
            let report = pool.run(&one).unwrap();
            let worker = reached(&report) - report.zero_ns;
            (worker as f64, bare_processes(1))
        });
    }
}

/// From before the pool is made until its last worker is there.
fn pools(asked: Asked, pool: &mut Pool) {
    let bare: [(Executor, &str, ByBareMeans); 4] = [
        (Executor::Threads, "thread::spawn", bare_threads),
        (Executor::Rayon, "thread::spawn", bare_threads),
        (Executor::Rayon, "ThreadPoolBuilder", bare_rayon),
        (Executor::Processes, "Command", bare_processes),
    ];
    for (workers, rounds) in POOLS {
        for (executor, name, bare) in bare {
            let pair = Pair { what: "pool-start", executor, workers, jobs: 0, bare: name };
            let trial = trial(executor, workers, Start::Warm, 0);
            asked.pair(pair, rounds, || {
                let report = pool.run(&trial).unwrap();
                ((report.ready_ns - report.zero_ns) as f64, bare(workers))
            });
        }
    }
}

/// Until the last thread has read the clock.
fn bare_threads(workers: usize) -> f64 {
    let start = now_ns();
    let threads: Vec<_> = (0..workers).map(|_| std::thread::spawn(now_ns)).collect();
    let began = threads.into_iter().map(|thread| thread.join().unwrap());
    (began.max().unwrap() - start) as f64
}

/// Until every thread of the pool has read the clock.
fn bare_rayon(workers: usize) -> f64 {
    let start = now_ns();
    let pool = ThreadPoolBuilder::new().num_threads(workers).build();
    let began = pool.unwrap().broadcast(|_| now_ns());
    (began.into_iter().max().unwrap() - start) as f64
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
        command.arg("bare").stdin(Stdio::piped()).stdout(Stdio::piped());
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
