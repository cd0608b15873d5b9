//! The advice for somebody's own work: one number of workers, or why there is none. It is made from
//! what was recorded and from nothing else, so that a replay gives the same.

use super::answer::{Answer, answer, first_error};
use super::caveats::caveats;
use super::design::PILOT;
use crate::arms::runtime::Runtime;
use crate::measure::blocks::race::{MOST_ERRORS, Race, errors, fastest};
use crate::record::Recording;
use lab_data::run::WorkKind;
use lab_pool::jobs::command::CommandAnswer;
use lab_stats::formulas::goetz;
use lab_stats::sizing::{Size, shown_as_good};
use lab_stats::summary::median;
use serde::Serialize;

/// How many workers some work needs.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Advice {
    /// The smallest number shown to take at most 1.05 times as long as any other; if none was shown,
    /// the smallest that was measured to be as near as that to the fastest. None if the advice is
    /// refused.
    pub workers: Option<u32>,
    /// Whether it was shown.
    pub shown: bool,
    /// The number as an argument of Python's executors.
    pub paste: Option<String>,
    /// Why there is no advice.
    pub refused: Option<String>,
    /// Without an advice, the smallest number that was not shown to be slower than another.
    pub fallback: Option<u32>,
    /// What to keep in mind, a sentence each.
    pub caveats: Vec<String>,
    /// Jobs in the list.
    pub jobs: u32,
    /// Jobs that were measured.
    pub jobs_measured: u32,
    /// W, of a job in milliseconds.
    pub waits_ms: Option<f64>,
    /// C, of a job in milliseconds.
    pub computes_ms: Option<f64>,
    /// Cores that could be used.
    pub cores: u32,
    /// What Goetz's rule gives for W, C and the cores, before it is held to the number of jobs.
    pub formula: Option<u32>,
    /// The number with the least time.
    pub fastest: Option<u32>,
    /// The fastest of the numbers that are not advised.
    pub rival: Option<u32>,
    /// The time of the advised number over that of its rival.
    pub over_rival: Option<Range>,
    /// Memory of a further worker at its peak, in bytes; for commands, at most that.
    pub memory_bytes_a_worker: Option<u64>,
    /// Share of all measured jobs that failed.
    pub errors: f64,
    /// Why the first of them failed.
    pub first_error: Option<String>,
    /// Python's default number of threads here.
    pub python_default: u32,
    /// Its time over that of the advised number.
    pub python_over_advice: Option<Range>,
    /// The time of one worker over that of the advised number.
    pub serial_over_advice: Option<Range>,
    /// Every number that was tried.
    pub tried: Vec<Tried>,
    /// How the work would fare on other machines; none if nobody asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub simulated: Option<Simulated>,
}

/// How the measured work would fare on machines that do not exist: what a job waits and computes was
/// measured, all else is simulated.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Simulated {
    /// The machines, as they were asked for.
    pub machines: Vec<Elsewhere>,
    /// On this machine, with the advised number: the simulated time over the measured one.
    pub over_measured: Option<f64>,
    /// From how many times the measured time the simulation was found to give by `sim-model`, …
    pub low: Option<f64>,
    /// … to how many times; none if it has not been run.
    pub high: Option<f64>,
}

/// A machine that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Elsewhere {
    /// Its cores.
    pub cores: u32,
    /// The smallest number of workers that takes at most 1.05 times as long as any other there.
    pub workers: u32,
    /// How long all jobs of the list take on them, in seconds.
    pub seconds: f64,
}

/// A number of workers that was tried.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tried {
    /// How many.
    pub workers: u32,
    /// The median time of all jobs, in seconds.
    pub seconds: f64,
    /// Share of jobs that failed.
    pub errors: f64,
    /// In how many blocks it was measured: fewer than others if it was clearly slower.
    pub blocks: u32,
    /// Whether it was shown to take at most 1.05 times as long as any other.
    pub shown: bool,
}

/// A ratio of times: the median over the blocks that both have, with limits of which each is wrong
/// in at most 5 % of runs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Range {
    /// The best single number.
    pub ratio: f64,
    /// The lower limit; none if one of the two was left out after a few blocks.
    pub low: Option<f64>,
    /// The upper limit, as the lower one.
    pub high: Option<f64>,
}

impl Recording {
    /// How many workers the user's own work needs; none if it was not measured.
    pub fn advice(&self) -> Option<Advice> {
        self.is_of_own_work().then(|| Advice::of(self))
    }

    /// Whether the user's own work was measured.
    pub fn is_of_own_work(&self) -> bool {
        self.info.settings.own_work.is_some()
    }
}

impl Advice {
    fn of(run: &Recording) -> Advice {
        let race = Race::of(run);
        let sizes = race.sizes();
        let sound = sizes.iter().filter(|(_, errors)| *errors <= MOST_ERRORS);
        let sound: Vec<Size> = sound.map(|(size, _)| size.clone()).collect();
        let shown = sound.iter().zip(shown_as_good(&sound)).filter(|(_, is_shown)| *is_shown);
        let shown: Vec<&Size> = shown.map(|(size, _)| size).collect();
        let first = fastest(&sound);
        let answer = answer(run, &race, &sound);
        let caveats = caveats(run, &race, &answer);
        let advised = sound.iter().find(|size| Some(size.workers) == answer.workers());
        let others = sound.iter().filter(|size| Some(*size) != advised);
        let others: Vec<Size> = others.cloned().collect();
        let rival = first.filter(|first| Some(*first) != advised).or_else(|| fastest(&others));
        let work = run.piloted(&Runtime::rust().name, PILOT);
        let judged = run.all_trials().iter().filter(|trial| trial.judged);
        let jobs_measured = judged.map(|trial| trial.jobs).max().unwrap_or(0);
        let python = run.python_default();
        // More workers than jobs are as many as jobs.
        let jobs = run.info.settings.own_work.as_ref().map_or(0, |own| own.jobs);
        let at_most = python.min(jobs.max(1));
        let over_advice = |on: u32| {
            let size = sizes.iter().map(|(size, _)| size).find(|size| size.workers == on)?;
            Range::of(size, advised?)
        };
        Advice {
            workers: advised.map(|size| size.workers),
            paste: advised.map(|size| format!("max_workers={}", size.workers)),
            shown: matches!(answer, Answer::Shown(_)),
            caveats,
            fallback: match &answer {
                Answer::Refused { fallback, .. } => *fallback,
                _ => None,
            },
            refused: match answer {
                Answer::Refused { reason, .. } => Some(reason),
                _ => None,
            },
            jobs,
            jobs_measured,
            waits_ms: work.map(|work| work.waits_ns / 1e6),
            computes_ms: work.map(|work| work.computes_ns / 1e6),
            cores: run.cores(),
            formula: work
                .and_then(|work| goetz(work.waits_ns, work.computes_ns, run.cores(), u32::MAX)),
            fastest: first.map(|size| size.workers),
            rival: rival.map(|size| size.workers),
            over_rival: advised.zip(rival).and_then(|(a, b)| Range::of(a, b)),
            memory_bytes_a_worker: memory(run, &race),
            errors: errors(run.all_trials()),
            first_error: first_error(run),
            python_default: python,
            python_over_advice: over_advice(at_most),
            serial_over_advice: over_advice(1),
            tried: sizes
                .iter()
                .map(|(size, errors)| Tried {
                    workers: size.workers,
                    seconds: median(&size.times).unwrap_or(f64::NAN) / 1e9,
                    errors: *errors,
                    blocks: size.times.len() as u32,
                    shown: shown.contains(&size),
                })
                .collect(),
            simulated: None,
        }
    }
}

impl Range {
    fn of(size: &Size, other: &Size) -> Option<Range> {
        let limits = size.over(other);
        Some(Range {
            ratio: median(&size.ratios(other))?,
            low: limits.map(|limits| limits.low),
            high: limits.map(|limits| limits.high),
        })
    }
}

/// For commands, the most memory that one of them had; else what more workers added, for each.
fn memory(run: &Recording, race: &Race) -> Option<u64> {
    let own = run.info.settings.own_work.as_ref();
    if own.is_some_and(|own| own.kind == WorkKind::Command) {
        let jobs = run.all_trials().iter().flat_map(|trial| run.jobs(trial));
        let answers = jobs
            .filter(|job| job.outcome == "ok")
            .filter_map(|job| job.answer.parse::<CommandAnswer>().ok());
        return answers.map(|answer| answer.peak_rss_bytes).max();
    }
    let workers = race.workers();
    let (&first, &last) = (workers.first()?, workers.last()?);
    let more = last.checked_sub(first).filter(|more| *more > 0)?;
    let added = (race.peak_bytes(last)? - race.peak_bytes(first)?) / f64::from(more);
    (added >= 0.0).then_some(added as u64)
}
