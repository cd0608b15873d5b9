//! The advice for somebody's own work: one number of workers, or why there is none. It is made from
//! what was recorded and from nothing else, so that a replay gives the same.

use super::PILOT;
use crate::arms::arm::Arm;
use crate::arms::runtime::Runtime;
use crate::arms::work::WaitCompute;
use crate::measure::blocks::race::MOST_ERRORS;
use crate::record::Recording;
use lab_data::rows::{Executor, TrialRow};
use lab_data::run::WorkKind;
use lab_pool::jobs::command::CommandAnswer;
use lab_stats::formulas::{goetz, python_default};
use lab_stats::median::Limits;
use lab_stats::sizing::{SAME, Size, best, shown_as_good};
use lab_stats::summary::median;
use serde::Serialize;
use std::collections::BTreeMap;

/// How many workers some work wants.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Advice {
    /// The smallest number shown to take at most 1.05 times as long as any other; none if the advice
    /// is refused.
    pub workers: Option<u32>,
    /// The number as an argument of Python's executors.
    pub paste: Option<String>,
    /// Why there is no advice.
    pub refused: Option<String>,
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
    /// Every number that was tried.
    pub tried: Vec<Tried>,
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
    /// How many workers the user's own work wants; none if it was not measured.
    pub fn advice(&self) -> Option<Advice> {
        self.is_of_own_work().then(|| Advice::of(self))
    }
}

impl Advice {
    fn of(run: &Recording) -> Advice {
        let sizes = sizes(run);
        let sound = sizes.iter().filter(|(_, errors)| *errors <= MOST_ERRORS);
        let sound: Vec<Size> = sound.map(|(size, _)| size.clone()).collect();
        let shown = shown_as_good(&sound);
        let is_shown = |workers| {
            let mut pairs = sound.iter().zip(&shown);
            pairs.any(|(size, shown)| size.workers == workers && *shown)
        };
        let advised = sound.iter().find(|size| is_shown(size.workers));
        let fastest = best(&sound, |_| true).and_then(|index| sound.get(index));
        let refused = refusal(run, &sound, advised);
        let advised = advised.filter(|_| refused.is_none());
        let others = sound.iter().filter(|size| Some(*size) != advised);
        let others: Vec<Size> = others.cloned().collect();
        let rival = fastest
            .filter(|fastest| Some(*fastest) != advised)
            .or_else(|| best(&others, |_| true).and_then(|index| others.get(index)));
        let work = run.piloted(&Runtime::rust().name, PILOT);
        let default = python_default(run.cores());
        let default_size = sizes.iter().map(|(size, _)| size).find(|size| {
            // More workers than jobs are as many as jobs.
            size.workers == default.min(measured_jobs(run).max(1))
        });
        Advice {
            workers: advised.map(|size| size.workers),
            paste: advised.map(|size| format!("max_workers={}", size.workers)),
            refused,
            jobs: run.info.settings.own_work.as_ref().map_or(0, |own| own.jobs),
            jobs_measured: measured_jobs(run),
            waits_ms: work.map(|work| work.waits_ns / 1e6),
            computes_ms: work.map(|work| work.computes_ns / 1e6),
            cores: run.cores(),
            formula: work.and_then(|work| formula(run, &work)),
            fastest: fastest.map(|size| size.workers),
            rival: rival.map(|size| size.workers),
            over_rival: advised.zip(rival).and_then(|(a, b)| Range::of(a, b)),
            memory_bytes_a_worker: memory(run, &sizes),
            errors: errors(run.all_trials().iter()),
            first_error: first_error(run),
            python_default: default,
            python_over_advice: default_size.zip(advised).and_then(|(a, b)| Range::of(a, b)),
            tried: sizes
                .iter()
                .map(|(size, errors)| Tried {
                    workers: size.workers,
                    seconds: median(&size.times).unwrap_or(f64::NAN) / 1e9,
                    errors: *errors,
                    blocks: size.times.len() as u32,
                    shown: is_shown(size.workers),
                })
                .collect(),
        }
    }
}

impl Range {
    fn of(size: &Size, other: &Size) -> Option<Range> {
        let limits = size.over(other);
        let ratios: Vec<f64> = size.times.iter().zip(&other.times).map(|(a, b)| a / b).collect();
        Some(Range {
            ratio: median(&ratios)?,
            low: limits.map(|limits| limits.low),
            high: limits.map(|limits| limits.high),
        })
    }
}

/// Every number of workers with its times in nanoseconds, one a block, and its share of errors. What
/// was clearly out has the first blocks only; of the others, blocks that one lacks are left out.
fn sizes(run: &Recording) -> Vec<(Size, f64)> {
    let arms: Vec<Arm> = run.tried_workers().into_iter().map(on).collect();
    let times: Vec<BTreeMap<u32, f64>> = arms.iter().map(|arm| by_block(run, arm)).collect();
    // An arm's last block tells when it was left out.
    let lasts = |block: &u32, times: &BTreeMap<u32, f64>| {
        times.last_key_value().is_some_and(|(last, _)| block <= last)
    };
    let is_whole = |block: &u32| {
        let running = times.iter().filter(|times| lasts(block, times));
        running.into_iter().all(|times| times.contains_key(block))
    };
    arms.iter()
        .zip(&times)
        .map(|(arm, times)| {
            let whole = times.iter().filter(|(block, _)| is_whole(block));
            let size = Size { workers: arm.workers, times: whole.map(|(_, time)| *time).collect() };
            (size, errors(run.trials(arm).map(|trial| trial.row)))
        })
        .collect()
}

/// The median makespan of each block. A job that failed took its time as well: whether too many did
/// is asked elsewhere.
fn by_block(run: &Recording, arm: &Arm) -> BTreeMap<u32, f64> {
    let mut rounds: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    for trial in run.trials(arm) {
        if let Some(makespan) = trial.row.makespan_ns {
            rounds.entry(trial.row.block).or_default().push(makespan as f64);
        }
    }
    rounds.into_iter().filter_map(|(block, times)| Some((block, median(&times)?))).collect()
}

fn refusal(run: &Recording, sound: &[Size], advised: Option<&Size>) -> Option<String> {
    if sound.is_empty() {
        let share = errors(run.all_trials().iter());
        if run.info.blocks == 0 && share <= MOST_ERRORS {
            return Some(
                "nothing was judged: the run ended before its first block. Run it again, and give it \
                 longer with --budget"
                    .to_owned(),
            );
        }
        let cause = first_error(run).unwrap_or_else(|| "no cause was kept".to_owned());
        return Some(format!(
            "{:.0} % of the jobs failed, where at most {:.0} % may. The first: {cause}",
            100.0 * share,
            100.0 * MOST_ERRORS
        ));
    }
    if advised.is_none() {
        let blocks = sound.iter().map(|size| size.times.len()).max().unwrap_or(0);
        let fastest = best(sound, |_| true).and_then(|index| sound.get(index));
        let fastest = fastest.map_or("none".to_owned(), |size| size.workers.to_string());
        return Some(match blocks {
            ..5 => format!(
                "the numbers that were not clearly slower were measured {}, and it takes 5 times to \
                 tell chance from them ({fastest} had the least time). Give it longer with --budget, \
                 or more with --blocks",
                match blocks {
                    1 => "once".to_owned(),
                    _ => format!("{blocks} times"),
                }
            ),
            _ => format!(
                "the machine was too noisy: none of {} numbers of workers was shown to take at most \
                 {SAME}× as long as any other ({fastest} had the least time). Close other programs, or \
                 give it longer with --budget",
                sound.len()
            ),
        });
    }
    let (workers, twice) = sound.iter().find_map(|size| {
        let again: Vec<f64> = by_block(run, &on(size.workers).replicate()).into_values().collect();
        let again = Size { workers: size.workers, times: again };
        Some((size.workers, again.over(size)?))
    })?;
    let differs = |limits: &Limits| limits.low > SAME || limits.high < 1.0 / SAME;
    differs(&twice).then(|| {
        format!(
            "the machine changed too much: {workers} workers took {:.2}× as long as the same \
             {workers} workers in the same blocks. Close other programs, or run it again",
            twice.median
        )
    })
}

fn errors<'a>(trials: impl Iterator<Item = &'a TrialRow>) -> f64 {
    let (mut failed, mut all) = (0u64, 0u64);
    for trial in trials {
        failed += u64::from(trial.errors);
        all += u64::from(trial.jobs);
    }
    if all == 0 {
        return 0.0;
    }
    failed as f64 / all as f64
}

fn first_error(run: &Recording) -> Option<String> {
    let jobs = run.all_trials().iter().flat_map(|trial| run.jobs(trial));
    jobs.map(|job| &job.outcome).find(|outcome| *outcome != "ok").cloned()
}

/// For commands, the most memory that one of them had; else what more workers added, for each.
fn memory(run: &Recording, sizes: &[(Size, f64)]) -> Option<u64> {
    let commands = run
        .all_trials()
        .iter()
        .flat_map(|trial| run.jobs(trial))
        .filter(|job| job.outcome == "ok")
        .filter_map(|job| job.answer.parse::<CommandAnswer>().ok())
        .map(|answer| answer.peak_rss_bytes)
        .max();
    let own = run.info.settings.own_work.as_ref();
    if own.is_some_and(|own| own.kind == WorkKind::Command) {
        return commands;
    }
    let (first, last) = (&sizes.first()?.0, &sizes.last()?.0);
    let peak = |size: &Size| {
        let arm = on(size.workers);
        let peaks: Option<Vec<f64>> = run
            .trials(&arm)
            .map(|trial| trial.row.peak_rss_bytes.map(|bytes| bytes as f64))
            .collect();
        median(&peaks?)
    };
    let more = last.workers.checked_sub(first.workers).filter(|more| *more > 0)?;
    let added = (peak(last)? - peak(first)?) / f64::from(more);
    (added >= 0.0).then_some(added as u64)
}

fn formula(run: &Recording, work: &WaitCompute) -> Option<u32> {
    goetz(work.waits_ns, work.computes_ns, run.cores(), u32::MAX)
}

fn measured_jobs(run: &Recording) -> u32 {
    let judged = run.all_trials().iter().filter(|trial| trial.judged);
    judged.map(|trial| trial.jobs).max().unwrap_or(0)
}

/// The arm of so many threads.
fn on(workers: u32) -> Arm {
    Arm {
        runtime: Runtime::rust().name,
        executor: Executor::Threads,
        start_method: None,
        workers,
        case: String::new(),
        is_replicate: false,
    }
}

impl Recording {
    /// The numbers of threads on which the user's own work was judged, in order.
    pub(super) fn tried_workers(&self) -> Vec<u32> {
        let of = |trial: &&TrialRow| trial.judged && on(trial.workers).includes(trial);
        let tried = self.all_trials().iter().filter(of);
        let mut workers: Vec<u32> = tried.map(|trial| trial.workers).collect();
        workers.sort_unstable();
        workers.dedup();
        workers
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::test_rows::{recorded, trial};
    use lab_data::rows::{Executor, Role};
    use lab_data::run::OwnWork;

    /// The reason why there is no advice, of own work with so many judged blocks.
    fn refused(blocks: u32, trials: &[TrialRow]) -> String {
        let mut run = recorded(trials, &[], &[]);
        run.info.blocks = blocks;
        run.info.settings.own_work = Some(OwnWork {
            kind: WorkKind::Command,
            jobs: 2,
            budget_ms: 1,
            command: None,
            inputs: None,
            shell: false,
        });
        run.advice().unwrap().refused.unwrap_or_default()
    }

    #[test]
    fn what_was_not_judged_is_told_from_what_failed() {
        let warmup =
            |errors| TrialRow { block: 0, role: Role::Warmup, judged: false, errors, ..trial() };
        assert!(refused(0, &[warmup(0)]).starts_with("nothing was judged"));
        assert!(refused(0, &[warmup(1)]).starts_with("100 % of the jobs failed"));
    }

    #[test]
    fn too_few_blocks_are_counted_of_what_was_not_out() {
        let on = |block: u32, workers: u32, ns: u64| TrialRow {
            block,
            workers,
            executor: Executor::Threads,
            makespan_ns: Some(ns),
            window_ns: Some(ns),
            ..trial()
        };
        let mut trials: Vec<TrialRow> = (1..=3).map(|block| on(block, 1, 900)).collect();
        for block in 1..=4 {
            trials.extend([on(block, 4, 100), on(block, 8, 101)]);
        }
        trials.sort_by_key(|trial| trial.block);
        (0..).zip(&mut trials).for_each(|(number, trial)| trial.trial = number);
        let reason = refused(4, &trials);
        assert!(reason.contains("not clearly slower were measured 4 times"), "{reason}");
        assert!(reason.contains("(4 had the least time)"), "{reason}");
        assert!(reason.contains("--budget") && reason.contains("--blocks"), "{reason}");
        let once = refused(1, &[on(1, 4, 100), on(1, 8, 101)]);
        assert!(once.contains("were measured once"), "{once}");
    }
}
