//! What our own desk can do with samples: write them, read them, draw them.

use crate::desk::{Answer, Do, Request};
use crate::goals::subject;
use crate::pipeline;
use anyhow::{Result, bail};
use lab_plot::{Progress, Series, Tracker, TrackerFacet, TrackerRow};
use lab_record::burst::{Sample, Samples};
use lab_record::clock::now_ns;
use lab_record::samples::{self, SampleWriter};
use std::path::Path;

/// Two trials of four jobs.
const TRIALS: u64 = 2;
const JOBS: u64 = 4;
/// The time between two samples of a job.
const STEP_NS: u64 = 100;
/// Under a GIL a job has its turn, and three others have theirs.
const TURN: u64 = 50_000;

/// Does what is asked. What is written or drawn is made before the clock is started.
///
/// # Errors
/// If there is no such tool, or a file cannot be read or written.
pub(crate) fn answer(request: &Request) -> Result<Answer> {
    let (rows, path) = (request.rows, request.path.as_path());
    match (request.what, request.tool.as_str()) {
        (Do::Write, subject::OURS) => {
            let jobs = all_jobs(rows);
            timed(|| write(&jobs, path))
        }
        (Do::Read, subject::OURS) => timed(|| {
            let jobs = samples::read(path)?;
            Ok(jobs.iter().map(|job| job.samples.len() as u64).sum())
        }),
        (Do::Draw, tool @ (subject::RAW | subject::SPANS)) => {
            let jobs = all_jobs(rows);
            let spans: Vec<_> = jobs.iter().map(spans).collect();
            let progress = |job: usize| match tool {
                subject::RAW => Progress::Samples(jobs.get(job).map_or(&[], Samples::times_ns)),
                _ => Progress::Spans(spans.get(job).map_or(&[], Vec::as_slice)),
            };
            let facets = [Series::Threads, Series::Processes].into_iter().zip(0..);
            let facets = facets.map(|(series, trial): (_, usize)| TrackerFacet {
                title: "four jobs".to_owned(),
                series,
                zero_ns: 0,
                rows: (0..JOBS as usize)
                    .map(|job| TrackerRow {
                        label: format!("job {job}"),
                        progress: progress(trial * JOBS as usize + job),
                    })
                    .collect(),
            });
            let figure = Tracker {
                frame: pipeline::frame(),
                facets: facets.collect(),
            };
            timed(|| {
                lab_plot::tracker(&figure, path)?;
                Ok(rows)
            })
        }
        (_, tool) => bail!("there is no tool {tool}"),
    }
}

fn timed(work: impl FnOnce() -> Result<u64>) -> Result<Answer> {
    let start_ns = now_ns();
    let count = work()?;
    Ok(Answer {
        time_ns: now_ns() - start_ns,
        count,
        error: None,
    })
}

fn write(jobs: &[Samples], path: &Path) -> Result<u64> {
    let mut table = SampleWriter::create(path)?;
    for (samples, number) in jobs.iter().zip(0..) {
        let (trial, job) = (number / JOBS as u32, number % JOBS as u32);
        table.append(trial, job, 0, samples)?;
    }
    table.finish()?;
    Ok(jobs.iter().map(|samples| samples.len() as u64).sum())
}

/// So many samples, shared out among all jobs of both trials.
fn all_jobs(rows: u64) -> Vec<Samples> {
    let jobs = TRIALS * JOBS;
    let share = |number: u64| (number + 1) * rows / jobs - number * rows / jobs;
    (0..jobs)
        .map(|number| {
            (0..share(number))
                .map(|i| sample(number % JOBS, i))
                .collect()
        })
        .collect()
}

/// Sample `i` of a job that takes turns with the others of its trial, each turn on another core.
fn sample(job: u64, i: u64) -> Sample {
    let turn = i / TURN * JOBS + job;
    Sample {
        at_ns: (turn * TURN + i % TURN) * STEP_NS,
        core: (turn % 2) as u32,
    }
}

/// From the first to the last sample of each turn.
fn spans(samples: &Samples) -> Vec<(u64, u64)> {
    let turns = samples.times_ns().chunks(TURN as usize);
    turns
        .filter_map(|turn| Some((*turn.first()?, *turn.last()?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(what: Do, tool: &str, path: &Path) -> Result<Answer> {
        answer(&Request {
            what,
            tool: tool.to_owned(),
            rows: 8005,
            path: path.to_owned(),
        })
    }

    #[test]
    fn what_is_written_reads_back_and_pictures_are_drawn() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("samples.csv");
        assert_eq!(ask(Do::Write, subject::OURS, &path).unwrap().count, 8005);
        assert_eq!(ask(Do::Read, subject::OURS, &path).unwrap().count, 8005);
        for tool in [subject::RAW, subject::SPANS] {
            let path = folder.path().join(tool);
            assert_eq!(ask(Do::Draw, tool, &path).unwrap().count, 8005);
            assert!(path.is_file());
        }
        assert!(ask(Do::Draw, "crayon", &path).is_err());
    }

    #[test]
    fn jobs_take_turns_and_have_all_their_samples() {
        let jobs = all_jobs(8 * 120_000);
        assert_eq!(jobs.len(), 8);
        for (job, next) in jobs[..4].iter().zip(&jobs[1..4]) {
            assert_eq!(job.len(), 120_000);
            assert!(job.times_ns().is_sorted());
            let (spans, of_next) = (spans(job), spans(next));
            assert_eq!(spans.len(), 3);
            assert!(spans[0].1 < of_next[0].0);
        }
    }
}
