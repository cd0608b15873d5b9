//! What it costs to hand a job to a worker and to take its answer: jobs that do nothing, in a warm
//! pool, beside the bare way to have something done elsewhere.
//!
//! `cargo bench -p lab-pool --bench dispatch` prints ratios, which are what counts: each is the
//! median over many rounds. `dispatch` is from the moment at which jobs can be taken to the last
//! answer in hand, `run` the whole of `Pool::run` with the start of the pool, its end and the
//! reports in order. Then come divan's absolute times of whole trials. `-- --csv` prints every
//! round as a line, `-- --quick` takes fewer.
#![allow(clippy::unwrap_used, reason = "a benchmark that fails is to stop")]

mod bench;

use bench::{Asked, Pair, pool, trial};
use std::hint::black_box;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use lab_data::clock::now_ns;
use lab_data::rows::Executor;
use lab_pool::{Pool, Start};
use rayon::{Scope, ThreadPool, ThreadPoolBuilder};

/// Jobs of a trial as it grows, and rounds for a ratio.
const ON_THREADS: [(usize, usize); 4] = [(1_000, 101), (10_000, 51), (100_000, 15), (1_000_000, 5)];
/// The same for processes, where a job costs a hundred times as much.
const ON_PROCESSES: [(usize, usize); 3] = [(1_000, 31), (10_000, 7), (100_000, 3)];
const WORKERS: [usize; 2] = [1, 2];

fn main() {
    let asked = Asked::read();
    if asked.bench {
        asked.head();
        on_threads(asked);
        on_processes(asked);
    }
    if !asked.csv && !asked.quick {
        divan::main();
    }
}

/// Beside a closure for each job in a pool of rayon's that is there already.
fn on_threads(asked: Asked) {
    let mut pool = pool();
    for (jobs, rounds) in ON_THREADS {
        for workers in WORKERS {
            let bare = ThreadPoolBuilder::new().num_threads(workers).build();
            let bare = bare.unwrap();
            for executor in [Executor::Serial, Executor::Threads, Executor::Rayon] {
                if executor == Executor::Serial && workers > 1 {
                    continue;
                }
                // A trial's jobs come from outside of the pool, into the one queue that all of its
                // workers share; within it each worker has a queue of its own.
                let (name, by_bare_means): (_, fn(&ThreadPool, usize) -> f64) = match executor {
                    Executor::Rayon => ("in_place_scope", scope_from_outside),
                    _ => ("rayon::scope", scope),
                };
                let pair = |what| Pair { what, executor, workers, jobs, bare: name };
                let mut both =
                    |measure: Measure| (measure(&mut pool, pair("")), by_bare_means(&bare, jobs));
                asked.pair(pair("dispatch"), rounds, || both(dispatch));
                asked.pair(pair("run"), rounds, || both(whole_run));
            }
        }
    }
}

/// Beside a line through a pipe to another process and back, one after the other.
fn on_processes(asked: Asked) {
    let (mut pool, mut cat) = (pool(), Cat::start());
    for (jobs, rounds) in ON_PROCESSES {
        for workers in WORKERS {
            let pair = Pair {
                what: "dispatch",
                executor: Executor::Processes,
                workers,
                jobs,
                bare: "pipe round trip",
            };
            asked.pair(pair, rounds, || (dispatch(&mut pool, pair), cat.round_trips(jobs)));
        }
    }
}

/// Nanoseconds a job.
type Measure = fn(&mut Pool, Pair) -> f64;

/// From the moment at which jobs can be taken to the last answer.
fn dispatch(pool: &mut Pool, pair: Pair) -> f64 {
    let trial = trial(pair.executor, pair.workers, Start::Warm, pair.jobs);
    let report = pool.run(&trial).unwrap();
    let submitted_ns = report.jobs[0].submitted_ns;
    (report.answered_ns - submitted_ns) as f64 / pair.jobs as f64
}

fn whole_run(pool: &mut Pool, pair: Pair) -> f64 {
    let trial = trial(pair.executor, pair.workers, Start::Warm, pair.jobs);
    per_job(pair.jobs, || {
        black_box(pool.run(&trial).unwrap());
    })
}

fn scope(pool: &ThreadPool, jobs: usize) -> f64 {
    per_job(jobs, || pool.scope(|scope| spawn(scope, jobs)))
}

fn scope_from_outside(pool: &ThreadPool, jobs: usize) -> f64 {
    per_job(jobs, || pool.in_place_scope(|scope| spawn(scope, jobs)))
}

fn spawn(scope: &Scope, jobs: usize) {
    for _ in 0..jobs {
        scope.spawn(|_| {
            black_box(0);
        });
    }
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
        let mut process =
            Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
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

const EXECUTORS: [Executor; 4] =
    [Executor::Serial, Executor::Threads, Executor::Rayon, Executor::Processes];

#[divan::bench(name = "1 a trial without jobs, 2 workers", args = EXECUTORS)]
fn start_and_end(bencher: divan::Bencher, executor: Executor) {
    whole(bencher, executor, 0);
}

#[divan::bench(name = "2 a trial of 500 jobs, 2 workers", args = EXECUTORS)]
fn many_jobs(bencher: divan::Bencher, executor: Executor) {
    whole(bencher, executor, 500);
}

fn whole(bencher: divan::Bencher, executor: Executor, jobs: usize) {
    let (mut pool, trial) = (pool(), trial(executor, 2, Start::Warm, jobs));
    bencher.bench_local(|| pool.run(&trial).unwrap());
}
