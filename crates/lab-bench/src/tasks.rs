//! What is measured in a process of its own, because its memory counts: this executable started
//! again. Its last line is what it found: a number, and its peak of memory if that is better known
//! inside than outside.

use crate::goals::subject;
use crate::{pipeline, trials};
use anyhow::{Context, Result, bail, ensure};
use lab_jobs::{Job, Tracking};
use lab_pool::{Start, Trial};
use lab_record::burst::{Sample, Samples};
use lab_record::clock::now_ns;
use lab_record::rows::Executor;
use lab_record::samples::{self, SampleWriter};
use std::path::Path;
use std::process::ExitCode;

/// The first argument with which this executable is started again for a task.
pub(crate) const TASK: &str = "__task";
/// Tasks: their words, and what their last line says.
pub(crate) mod task {
    /// KIND SAMPLES FOLDER; the number of samples.
    pub(crate) const PIPELINE: &str = "pipeline";
    /// KIND SAMPLES FOLDER; nanoseconds.
    pub(crate) const TRACK: &str = "track";
    /// EXECUTOR JOBS FOLDER; nanoseconds.
    pub(crate) const JOBS: &str = "jobs";
    /// EXECUTOR WORKERS FOLDER; nanoseconds.
    pub(crate) const WORKERS: &str = "workers";
    /// WHAT ROWS FOLDER; nanoseconds.
    pub(crate) const ROWS: &str = "rows";
}
/// Workers of a pool whose jobs grow.
const WORKERS_OF_JOBS: usize = 2;

/// Does the task that the command line names.
pub(crate) fn serve(words: &[String]) -> ExitCode {
    match run(words) {
        Ok((number, peak)) => {
            let peak = peak.map_or(String::new(), |bytes| format!(" {bytes}"));
            println!("{number}{peak}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[String]) -> Result<(u64, Option<u64>)> {
    let [task, kind, size, folder] = words else {
        bail!("a task has four words: TASK KIND SIZE FOLDER");
    };
    let size: u64 = size.parse().with_context(|| format!("{size} is no size"))?;
    let folder = Path::new(folder);
    match task.as_str() {
        task::PIPELINE => Ok((pipeline::run(kind, size, folder)?, None)),
        task::TRACK => Ok((track(kind == subject::RAW, size)?, None)),
        task::JOBS => {
            let trial = trials::idle(executor(kind)?, WORKERS_OF_JOBS, Start::Warm, size as usize);
            let report = trials::run(&mut trials::pool()?, &trial)?;
            Ok((report.answered_ns - report.ready_ns, report.peak_rss_bytes))
        }
        task::WORKERS => {
            lab_child::raise_file_limit();
            let trial = trials::idle(executor(kind)?, size as usize, Start::Warm, 0);
            let report = trials::run(&mut trials::pool()?, &trial)?;
            Ok((report.ready_ns - report.zero_ns, report.peak_rss_bytes))
        }
        task::ROWS => Ok((rows(kind, size, folder)?, None)),
        _ => bail!("there is no task {task}"),
    }
}

fn executor(name: &str) -> Result<Executor> {
    let found = Executor::ALL.into_iter().find(|one| one.name() == name);
    found.with_context(|| format!("there is no executor {name}"))
}

/// A live tracker that is alone.
fn track(raw: bool, samples: u64) -> Result<u64> {
    let trial = Trial {
        tracking: Tracking {
            raw,
            ..Tracking::default()
        },
        ..trials::trial(Executor::Serial, 1, Start::Warm, vec![Job::track(samples)])
    };
    let report = trials::run(&mut trials::pool()?, &trial)?;
    Ok(report.answered_ns - report.ready_ns)
}

/// Samples that are held in memory while rows are written.
const PIECE: u64 = 1_000_000;

/// Rows of samples.csv out, piece by piece, or in again, all of them.
fn rows(what: &str, rows: u64, folder: &Path) -> Result<u64> {
    let path = folder.join("samples.csv");
    match what {
        subject::ROWS_OUT => {
            let sample = |row: u64| Sample {
                at_ns: 25 * row,
                core: (row / 50_000 % 2) as u32,
            };
            let mut table = SampleWriter::create(&path)?;
            let mut time_ns = 0;
            for from in (0..rows).step_by(PIECE as usize) {
                let piece: Samples = (from..rows.min(from + PIECE)).map(sample).collect();
                let start_ns = now_ns();
                table.append(0, 0, 0, &piece)?;
                time_ns += now_ns() - start_ns;
            }
            let start_ns = now_ns();
            table.finish()?;
            Ok(time_ns + now_ns() - start_ns)
        }
        subject::ROWS_IN => {
            let start_ns = now_ns();
            let jobs = samples::read(&path)?;
            let time_ns = now_ns() - start_ns;
            let read: usize = jobs.iter().map(|job| job.samples.len()).sum();
            ensure!(
                read as u64 == rows,
                "{rows} rows were written, {read} were read"
            );
            Ok(time_ns)
        }
        _ => bail!("rows are written or read, not {what}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(words: [&str; 4]) -> Result<u64> {
        run(&words.map(str::to_owned)).map(|(number, _)| number)
    }

    #[test]
    fn rows_go_out_and_in() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().to_str().unwrap();
        assert!(task([task::ROWS, subject::ROWS_OUT, "1000", folder]).unwrap() > 0);
        assert!(task([task::ROWS, subject::ROWS_IN, "1000", folder]).unwrap() > 0);
        let error = task([task::ROWS, subject::ROWS_IN, "999", folder]).unwrap_err();
        assert!(error.to_string().contains("1000 were read"), "{error}");
    }

    #[test]
    fn trackers_and_idle_jobs_are_timed() {
        assert!(task([task::TRACK, subject::SPANS, "1000", "/"]).unwrap() > 0);
        assert!(task([task::TRACK, subject::RAW, "1000", "/"]).unwrap() > 0);
        assert!(task([task::JOBS, subject::THREADS, "100", "/"]).unwrap() > 0);
        assert!(task([task::WORKERS, subject::THREADS, "4", "/"]).is_ok());
    }

    #[test]
    fn what_is_no_task_is_refused() {
        assert!(task(["dance", "", "1", "/"]).is_err());
        assert!(task([task::JOBS, "fibers", "1", "/"]).is_err());
        assert!(task([task::JOBS, subject::THREADS, "many", "/"]).is_err());
        assert!(run(&[]).is_err());
    }
}
