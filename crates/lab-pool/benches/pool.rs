//! What it costs to start a pool, to hand a job to a worker and to take its answer: jobs that do
//! nothing, beside the bare way to have as much done.
//!
//! `cargo bench -p lab-pool --bench pool` prints ratios, which are what counts: each is the median
//! over many rounds. `start` is from before the pool is made until its last worker can take a job,
//! `first job` until it does one, `job` from the moment at which jobs can be taken to the last
//! answer in hand, per job, and `run` the whole of `Pool::run`. `-- --quick` takes fewer rounds.
#![allow(clippy::unwrap_used, reason = "a benchmark that fails is to stop")]

mod bench;

use bench::{FIXTURE, begin, pair, pool, trial};
use lab_data::clock::now_ns;
use lab_data::rows::Executor;
use lab_pool::{Job, Pool, Start};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::hint::black_box;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Jobs of a trial as it grows, and rounds for a ratio.
const ON_THREADS: [(usize, usize); 4] = [(1_000, 101), (10_000, 51), (100_000, 15), (1_000_000, 5)];
/// The same for processes, where a job costs a hundred times as much.
const ON_PROCESSES: [(usize, usize); 3] = [(1_000, 31), (10_000, 7), (100_000, 3)];
/// Workers of a pool, and rounds for the ratio of its start: the larger the pool, the fewer.
const POOLS: [(usize, usize); 6] = [(1, 101), (4, 51), (16, 31), (64, 15), (256, 7), (1024, 3)];

fn main() {
    if begin() {
        tracker();
        starts();
        jobs_on_threads();
        jobs_on_processes();
    }
}

/// The live tracker beside a bare loop that reads the clock and the core and stores both.
fn tracker() {
    const SAMPLES: usize = 100_000;
    let mut trial = trial(Executor::Serial, 1, Start::Warm, 0);
    trial.jobs = vec![Job::track(SAMPLES as u64)];
    let (mut pool, mut store) = (pool(), vec![(0u64, 0u32); SAMPLES]);
    pair("a sample, tracker against bare loop", 101, || {
        let report = pool.run(&trial).unwrap().jobs.remove(0).report;
        let tracked_ns = (report.end_ns - report.start_ns) as f64 / SAMPLES as f64;
        let bare_ns = per_job(SAMPLES, || {
            for slot in &mut store {
                *slot = (now_ns(), lab_data::clock::core_id());
            }
            black_box(&store);
        });
        (tracked_ns, bare_ns)
    });
}

/// Nanoseconds to start this many workers.
type ByBareMeans = fn(usize) -> f64;

/// Beside as many threads or processes that only read the clock.
fn starts() {
    let mut pool = pool();
    let first_job = trial(Executor::Processes, 1, Start::Cold, 1);
    pair("first job, processes 1, against Command", 201, || {
        let report = pool.run(&first_job).unwrap();
        let took = report.jobs[0].report.start_ns - report.zero_ns;
        (took as f64, bare_processes(1))
    });
    let bare: [(Executor, ByBareMeans); 3] = [
        (Executor::Threads, bare_threads),
        (Executor::Rayon, bare_threads),
        (Executor::Processes, bare_processes),
    ];
    for (workers, rounds) in POOLS {
        for (executor, bare) in bare {
            let trial = trial(executor, workers, Start::Warm, 0);
            pair(&format!("start, {executor} {workers}"), rounds, || {
                let report = pool.run(&trial).unwrap();
                ((report.ready_ns - report.zero_ns) as f64, bare(workers))
            });
        }
    }
}

/// Beside a closure for each job in a pool of rayon's that is there already.
fn jobs_on_threads() {
    let mut pool = pool();
    for (jobs, rounds) in ON_THREADS {
        for (executor, workers) in [
            (Executor::Serial, 1),
            (Executor::Threads, 1),
            (Executor::Threads, 2),
            (Executor::Rayon, 1),
            (Executor::Rayon, 2),
        ] {
            let bare = ThreadPoolBuilder::new().num_threads(workers).build().unwrap();
            let what = format!("{executor} {workers} {jobs}");
            pair(&format!("job, {what}"), rounds, || {
                (job(&mut pool, executor, workers, jobs), scope(&bare, jobs))
            });
            pair(&format!("run, {what}"), rounds, || {
                let trial = trial(executor, workers, Start::Warm, jobs);
                let ns = per_job(jobs, || drop(black_box(pool.run(&trial).unwrap())));
                (ns, scope(&bare, jobs))
            });
        }
    }
}

/// Beside a line through a pipe to another process and back, one after the other.
fn jobs_on_processes() {
    let (mut pool, mut cat) = (pool(), Cat::start());
    for (jobs, rounds) in ON_PROCESSES {
        for workers in [1, 2] {
            pair(&format!("job, processes {workers} {jobs}"), rounds, || {
                let ns = job(&mut pool, Executor::Processes, workers, jobs);
                (ns, cat.round_trips(jobs))
            });
        }
    }
}

/// From the moment at which jobs can be taken to the last answer, per job.
fn job(pool: &mut Pool, executor: Executor, workers: usize, jobs: usize) -> f64 {
    let report = pool.run(&trial(executor, workers, Start::Warm, jobs)).unwrap();
    (report.answered_ns - report.jobs[0].submitted_ns) as f64 / jobs as f64
}

/// From outside of the pool, into the one queue that all of its workers share.
fn scope(pool: &ThreadPool, jobs: usize) -> f64 {
    per_job(jobs, || {
        pool.in_place_scope(|scope| {
            for _ in 0..jobs {
                scope.spawn(|_| {
                    black_box(0);
                });
            }
        });
    })
}

fn per_job(jobs: usize, work: impl FnOnce()) -> f64 {
    let start = now_ns();
    work();
    (now_ns() - start) as f64 / jobs as f64
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
    let began_ns = |mut child: Child| {
        let mut line = String::new();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        said.read_line(&mut line).unwrap();
        child.wait().unwrap();
        line.trim().parse::<u64>().unwrap()
    };
    let bare = || {
        let mut command = Command::new(FIXTURE);
        command.arg("bare").stdin(Stdio::piped()).stdout(Stdio::piped());
        command.spawn().unwrap()
    };
    let processes: Vec<_> = (0..workers).map(|_| bare()).collect();
    (processes.into_iter().map(began_ns).max().unwrap() - start) as f64
}

/// A process that gives back what it is given: the least that a worker process can cost. It ends
/// with its stdin.
struct Cat {
    _process: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl Cat {
    fn start() -> Cat {
        let mut command = Command::new("cat");
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        Cat {
            stdin: process.stdin.take().unwrap(),
            stdout: BufReader::new(process.stdout.take().unwrap()),
            _process: process,
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
