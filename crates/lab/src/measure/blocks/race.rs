//! What was tried so far, number by number of workers. The race within the budget and the advice at
//! its end rest on the same times.

use crate::record::Recording;
use lab_data::rows::{Role, TrialRow};
use lab_stats::sizing::{BLOCKS_TO_TELL, Size, best, clearly_out};
use lab_stats::summary::median;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// If more of the jobs fail, their times say nothing about the work.
pub(crate) const MOST_ERRORS: f64 = 0.05;

/// With fewer judged blocks nothing is shown: the sign test needs five.
pub(crate) const FEWEST: u32 = 5;

/// The judged trials of a race, as far as it has come.
#[derive(Debug, Default)]
pub(crate) struct Race {
    judged: Vec<TrialRow>,
    /// What each number of workers took in the block before, in nanoseconds, trial by trial.
    took: BTreeMap<u32, Vec<f64>>,
}

impl Race {
    /// The race of a run that was recorded.
    pub(crate) fn of(run: &Recording) -> Race {
        let judged = run.all_trials().iter().filter(|trial| trial.judged).cloned().collect();
        Race { judged, took: BTreeMap::new() }
    }

    /// Adds a block, of which what was no more than a warm-up only tells how long it takes.
    pub(crate) fn add(&mut self, trials: &[TrialRow], is_judged: bool) {
        self.took.clear();
        for trial in trials {
            let took = self.took.entry(trial.workers).or_default();
            took.extend(trial.makespan_ns.map(|ns| ns as f64));
        }
        if is_judged {
            self.judged.extend_from_slice(trials);
        }
    }

    /// The numbers of workers that make room for the others, if in the time that is left they all
    /// would not come to [`FEWEST`] blocks, or to `most`: the slowest of the block before. Two stay,
    /// one of them the number to be kept.
    pub(crate) fn makes_room(&self, left: Duration, most: u32, keep: u32) -> Vec<u32> {
        let judged = self.judged.last().map_or(0, |trial| trial.block);
        let missing = f64::from(FEWEST.min(most).saturating_sub(judged));
        let sum = |took: &Vec<f64>| took.iter().sum::<f64>();
        let mut all: f64 = self.took.values().map(sum).sum();
        let mut slowest: Vec<_> = self
            .took
            .iter()
            .filter_map(|(on, took)| Some((*on, sum(took), median(took)?)))
            .collect();
        slowest.sort_by(|(_, _, a), (_, _, b)| b.total_cmp(a));
        // The fastest stays.
        let fastest = slowest.pop().map(|(on, _, _)| on);
        slowest.retain(|(on, _, _)| *on != keep);
        let stays = 2 - usize::from(fastest != Some(keep) && self.took.contains_key(&keep));
        let spare = slowest.len().saturating_sub(stays - 1);
        let mut out = Vec::new();
        for (on, sum, _) in slowest.into_iter().take(spare) {
            if missing * all <= left.as_nanos() as f64 {
                break;
            }
            all -= sum;
            out.push(on);
        }
        out
    }

    /// The numbers of workers that run no more: what is clearly slower than another, so that the time
    /// goes to those between which it is not clear. One with which too many jobs fail is out after
    /// some blocks, and never the reason why another is: to fail is fast.
    pub(crate) fn out(&self) -> Vec<u32> {
        let (sound, failing): (Vec<_>, Vec<_>) =
            self.sizes().into_iter().partition(|(_, errors)| *errors <= MOST_ERRORS);
        let sound: Vec<Size> = sound.into_iter().map(|(size, _)| size).collect();
        let slower = sound.iter().zip(clearly_out(&sound)).filter(|(_, is_out)| *is_out);
        let failing = failing.iter().filter(|(size, _)| size.times.len() >= BLOCKS_TO_TELL);
        slower.map(|(size, _)| size.workers).chain(failing.map(|(size, _)| size.workers)).collect()
    }

    /// The numbers of workers, in order.
    pub(crate) fn workers(&self) -> Vec<u32> {
        let first = self.judged.iter().filter(|trial| trial.role != Role::Replicate);
        let workers: BTreeSet<u32> = first.map(|trial| trial.workers).collect();
        workers.into_iter().collect()
    }

    /// Every number of workers with its times in nanoseconds, one per block, and its share of errors.
    /// What was clearly out has the first blocks only; of the others, blocks that one lacks are left
    /// out.
    pub(crate) fn sizes(&self) -> Vec<(Size, f64)> {
        let workers = self.workers();
        let times: Vec<_> = workers.iter().map(|&on| by_block(self.trials(on, false))).collect();
        // An arm's last block tells when it was left out.
        let runs_in = |block: &u32, times: &BTreeMap<u32, f64>| {
            times.last_key_value().is_some_and(|(last, _)| block <= last)
        };
        let is_whole = |block: &u32| {
            times.iter().all(|times| !runs_in(block, times) || times.contains_key(block))
        };
        let sizes = workers.iter().zip(&times).map(|(&workers, times)| {
            let whole = times.iter().filter(|(block, _)| is_whole(block));
            let times = whole.map(|(_, time)| *time).collect();
            (Size { workers, times }, errors(self.trials(workers, false)))
        });
        sizes.collect()
    }

    /// The times of the second measurement of a number of workers, where it has one.
    pub(crate) fn again(&self, workers: u32) -> Size {
        let times = by_block(self.trials(workers, true)).into_values().collect();
        Size { workers, times }
    }

    /// The median of what all workers together took of the memory at their peak, in bytes.
    pub(crate) fn peak_bytes(&self, workers: u32) -> Option<f64> {
        let trials = self.trials(workers, false);
        let peaks: Option<Vec<f64>> =
            trials.map(|trial| trial.peak_rss_bytes.map(|bytes| bytes as f64)).collect();
        median(&peaks?)
    }

    fn trials(&self, workers: u32, again: bool) -> impl Iterator<Item = &TrialRow> {
        self.judged.iter().filter(move |trial| {
            trial.workers == workers && (trial.role == Role::Replicate) == again
        })
    }
}

/// Whether a block that was disturbed is run again: if there is time for that, and for all the blocks
/// that are missing after it. On a busy machine a disturbed block is better than none.
pub(crate) fn is_time_to_repeat(block: u32, attempt: Duration, left: Duration) -> bool {
    left >= attempt * (FEWEST.saturating_sub(block) + 1)
}

/// The one with the least time, of those that stayed the longest.
pub(crate) fn fastest(sizes: &[Size]) -> Option<&Size> {
    let most = sizes.iter().map(|size| size.times.len()).max()?;
    let stayed: Vec<&Size> = sizes.iter().filter(|size| size.times.len() == most).collect();
    let all: Vec<Size> = stayed.iter().map(|size| (*size).clone()).collect();
    best(&all, |_| true).and_then(|index| stayed.get(index).copied())
}

/// The median makespan of each block. A job that failed took its time as well: whether too many did
/// is asked elsewhere.
fn by_block<'t>(trials: impl Iterator<Item = &'t TrialRow>) -> BTreeMap<u32, f64> {
    let mut rounds: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    for trial in trials {
        if let Some(makespan) = trial.makespan_ns {
            rounds.entry(trial.block).or_default().push(makespan as f64);
        }
    }
    rounds.into_iter().filter_map(|(block, times)| Some((block, median(&times)?))).collect()
}

/// The share of jobs that failed; none of none.
pub(crate) fn errors<'t>(trials: impl IntoIterator<Item = &'t TrialRow>) -> f64 {
    let (failed, all) = trials.into_iter().fold((0u64, 0u64), |(failed, all), trial| {
        (failed + u64::from(trial.errors), all + u64::from(trial.jobs))
    });
    failed as f64 / all.max(1) as f64
}

#[cfg(test)]
mod tests;
