//! The laboratory's commands: this executable started again, so that its memory counts as well.

use crate::goals::VIRTUAL;
use crate::{pipeline, simulation};
use anyhow::{Context, Result, bail, ensure};
use lab::measure::provenance::workspace;
use lab_data::burst::{GAP_NS, Recorder, Sample, Samples};
use lab_data::clock::{core_id, now_ns};
use lab_data::rows::Executor;
use lab_data::samples::{self, SampleWriter};
use lab_data::usage::Resources;
use lab_plot::Series;
use lab_pool::process::{ChildCommand, serve_guard};
use lab_pool::{Job, Pool, Runtime, Start, Trial, TrialReport};
use lab_sim::Plan;
use nix::sched::{CpuSet, sched_setaffinity};
use nix::unistd::Pid;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, ExitCode};

/// First arguments with which this executable is started again: to do a task (COMPARISON SUBJECT SIZE
/// FOLDER follow), to end what commands leave behind, …
pub(crate) const TASK: &str = "__task";
pub(crate) const GUARD: &str = "__guard";
/// … as a worker, and to read the clock.
const WORKER: &str = "__worker";
const BARE: &str = "__bare";

/// Numbers in the bare loop's memory: 1 MiB, a power of two.
const RING: usize = 1 << 17;
/// Jobs of each of two trials whose samples are made up.
const JOBS: u64 = 4;
/// Under a GIL a job has its turn of so many samples, and the others have theirs.
const TURN: u64 = 50_000;
/// The time between two samples of a job.
const STEP_NS: u64 = 100;

/// Draws all figures from a copy of the data `$1` in the folder `$2`, with the programs in `$0`. What is
/// hidden is a run that has not ended: this one.
const FIGURES: &str = "set -e; rm -rf \"$2\"; mkdir -p \"$2/data\"; cp -r \"$1\"/* \"$2/data\"
start=$(date +%s%N); \"$0/report\" figures --programs \"$0\" --out \"$2\" >&2
echo $(($(date +%s%N) - start))";

/// Does what this executable was started again for, if it was.
pub(crate) fn serve_child() -> Option<ExitCode> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.first()?.as_str() {
        WORKER => return Some(lab_pool::worker::serve()),
        GUARD => return Some(serve_guard(words.last()?)),
        BARE => println!("{}", now_ns()),
        TASK => match run(&words[1..]) {
            Ok((count, Some(ns))) => println!("{count} {ns}"),
            Ok((count, None)) => println!("{count}"),
            Err(error) => {
                eprintln!("{error:#}");
                return Some(ExitCode::FAILURE);
            }
        },
        _ => return None,
    }
    Some(ExitCode::SUCCESS)
}

/// How many things were done and, unless the whole process counts, in how many nanoseconds.
type Done = (u64, Option<u64>);

fn run(words: &[String]) -> Result<Done> {
    let [comparison, subject, size, folder] = words else {
        bail!("a task has four words: COMPARISON SUBJECT SIZE FOLDER");
    };
    let size = size.parse().with_context(|| format!("{size} is no size"))?;
    let folder = Path::new(folder);
    match (comparison.as_str(), subject.as_str()) {
        ("recorder", "sample") => sample(size),
        ("recorder", "bare") => read_clock(size),
        ("tracker", "few") => Ok(track(size, size)),
        ("tracker", "many") => Ok(track(size, 1000 * size)),
        ("job", "threads") => hand_over(size),
        ("worker", "process") => worker(),
        ("worker", "bare") => process(),
        ("write", "ours") => write(size, &folder.join("samples.csv")),
        ("read", "ours") => read(&folder.join("samples.csv")),
        ("draw", "spans") => draw(size, &folder.join("drawn.png")),
        ("pipeline", "spans") => Ok((pipeline::run(pool()?, size, folder)?, None)),
        (VIRTUAL, "turns") => simulate(&simulation::turns(size), size, size),
        (VIRTUAL, times) => {
            let events =
                size * times.parse::<u64>().with_context(|| format!("{times} is no number"))?;
            simulate(&simulation::crowd(events), events, size)
        }
        ("simulate-pool", "threads") => simulate(&simulation::pool(size), size, size),
        ("figures", "report") => figures(&folder.join("redrawn")),
        _ => bail!("there is no task {comparison} {subject}"),
    }
}

fn timed(work: impl FnOnce() -> Result<u64>) -> Result<Done> {
    let start_ns = now_ns();
    let count = work()?;
    Ok((count, Some(now_ns() - start_ns)))
}

/// Reads the clock and keeps what it says, in memory that was touched before: the least that any
/// tracker does.
fn read_clock(size: u64) -> Result<Done> {
    let mut ring = black_box(vec![1_u64; RING]);
    on_one_core(size, |i| ring[i as usize & (RING - 1)] = black_box(now_ns()))
}

/// The same with the recorder, and the core.
fn sample(size: u64) -> Result<Done> {
    let mut recorder = Recorder::new(GAP_NS);
    on_one_core(size, |_| recorder.sample(black_box(now_ns()), core_id))
}

/// Times a loop that has run once before. Without the pin the kernel moves it between cores, and
/// rounds scatter by 15 %.
fn on_one_core(size: u64, mut work: impl FnMut(u64)) -> Result<Done> {
    let mut core = CpuSet::new();
    core.set(core_id() as usize)?;
    sched_setaffinity(Pid::from_raw(0), &core).context("the loop cannot stay on one core")?;
    (0..size).for_each(&mut work);
    timed(|| {
        (0..size).for_each(&mut work);
        Ok(size)
    })
}

/// `samples` samples each 50 ns, 5 ms on and 5 ms off the core, as two threads under a GIL leave them.
/// What counts is the memory.
fn track(size: u64, samples: u64) -> Done {
    let mut recorder = Recorder::new(GAP_NS);
    let mut at_ns = 0;
    for i in 0..samples {
        at_ns += if i % 100_000 == 0 { 5_000_000 } else { 50 };
        recorder.sample(black_box(at_ns), || 0);
    }
    black_box(recorder.finish());
    (size, None)
}

/// From the moment at which jobs can be taken to the last answer in hand. Twice before, so that the
/// memory is there: only what was freed once does the allocator keep when it is freed again.
fn hand_over(jobs: u64) -> Result<Done> {
    for _ in 0..2 {
        trial(Executor::Threads, 2, Start::Warm, jobs as usize)?;
    }
    let report = trial(Executor::Threads, 2, Start::Warm, jobs as usize)?;
    let submitted = report.jobs.first().context("there were no jobs")?.submitted_ns;
    Ok((report.jobs.len() as u64, Some(report.answered_ns - submitted)))
}

/// From before a worker process is started until it begins its first job.
fn worker() -> Result<Done> {
    let report = trial(Executor::Processes, 1, Start::Cold, 1)?;
    let began = report.jobs.first().context("there was no job")?.report.start_ns;
    Ok((1, Some(began - report.zero_ns)))
}

/// From before a process is started until it does its first thing.
fn process() -> Result<Done> {
    let own = std::env::current_exe()?;
    let start_ns = now_ns();
    let output = Command::new(own).arg(BARE).output()?;
    let began: u64 = String::from_utf8_lossy(&output.stdout).trim().parse()?;
    Ok((1, Some(began - start_ns)))
}

fn pool() -> Result<Pool> {
    Ok(Pool::new(ChildCommand::this_executable("worker", [WORKER])?))
}

/// Runs jobs that do nothing.
fn trial(executor: Executor, workers: usize, start: Start, jobs: usize) -> Result<TrialReport> {
    let jobs = vec![Job::add(0); jobs];
    let trial = Trial { start, ..Trial::new(Runtime::Rust, executor, workers, jobs) };
    Ok(pool()?.run(&trial)?)
}

fn write(size: u64, path: &Path) -> Result<Done> {
    let jobs = made_up(size);
    timed(|| {
        let mut table = SampleWriter::create(path)?;
        for (samples, number) in jobs.iter().zip(0..) {
            table.append(number / JOBS as u32, number % JOBS as u32, 0, samples)?;
        }
        table.finish()?;
        Ok(size)
    })
}

fn read(path: &Path) -> Result<Done> {
    timed(|| {
        let jobs = samples::read(path)?;
        Ok(jobs.iter().map(|job| job.samples.len() as u64).sum())
    })
}

fn draw(size: u64, path: &Path) -> Result<Done> {
    let turn = |turn: &[u64]| Some((*turn.first()? as f64, *turn.last()? as f64));
    let spans = |job: &Samples| job.times_ns().chunks(TURN as usize).filter_map(turn).collect();
    let jobs: Vec<_> = made_up(size).iter().map(spans).collect();
    let (threads, processes) = jobs.split_at(JOBS as usize);
    let figure = pipeline::figure([
        (Series::Threads, threads.to_vec()),
        (Series::Processes, processes.to_vec()),
    ]);
    timed(|| {
        std::fs::write(path, figure.png()?)?;
        Ok(size)
    })
}

/// So many samples, shared out among the jobs of both trials, which take turns.
fn made_up(size: u64) -> Vec<Samples> {
    let share = |number: u64| (number + 1) * size / (2 * JOBS) - number * size / (2 * JOBS);
    let sample = |job: u64, i: u64| {
        let turn = i / TURN * JOBS + job;
        Sample { at_ns: (turn * TURN + i % TURN) * STEP_NS, core: (turn % 2) as u32 }
    };
    let job = |number| (0..share(number)).map(|i| sample(number % JOBS, i)).collect();
    (0..2 * JOBS).map(job).collect()
}

/// Has at least so many events. What counts is CPU time: it has one thread, and waits for nobody.
fn simulate(plan: &Plan, least: u64, size: u64) -> Result<Done> {
    let cpu_ns = || Resources::own().map(|own| own.cpu_ns).context("nobody says its CPU time");
    let start_ns = cpu_ns()?;
    let events = lab_sim::simulate(plan)?.events;
    let took_ns = cpu_ns()? - start_ns;
    ensure!(events >= least, "{least} events were to be simulated, and {events} were");
    Ok((size, Some(took_ns)))
}

/// The experiments' programs as they are: nothing is built while it is measured.
fn figures(copy: &Path) -> Result<Done> {
    let own = std::env::current_exe()?;
    let programs = own.parent().context("this program is nowhere")?;
    ensure!(programs.join("report").is_file(), "report is not built: run scripts/bench");
    let data = workspace().context("there is no workspace around here")?.join("data");
    let mut shell = Command::new("/bin/sh");
    let output = shell.args(["-c", FIGURES]).args([programs, &data, copy]).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{}", said.lines().last().unwrap_or("report failed"));
    Ok((1, Some(String::from_utf8_lossy(&output.stdout).trim().parse()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_do_what_they_are_asked() {
        let folder = tempfile::tempdir().unwrap();
        let task = |words: &str| {
            let words = words.split(' ').chain(folder.path().to_str());
            run(&words.map(str::to_owned).collect::<Vec<_>>())
        };
        for words in ["simulate 10", "simulate turns", "simulate-pool threads"] {
            assert_eq!(task(&format!("{words} 5000")).unwrap().0, 5000, "{words}");
        }
        for words in ["recorder sample", "recorder bare", "write ours", "read ours", "draw spans"] {
            assert_eq!(task(&format!("{words} 8005")).unwrap().0, 8005, "{words}");
        }
        for (words, said) in [
            ("dance ours 1", "there is no task dance ours"),
            ("write ours many", "many is no size"),
            ("write ours", "a task has four words: COMPARISON SUBJECT SIZE FOLDER"),
        ] {
            assert_eq!(task(words).unwrap_err().to_string(), said);
        }
    }
}
