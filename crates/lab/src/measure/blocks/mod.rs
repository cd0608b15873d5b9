//! The scheduler: a warm-up block and then blocks that are judged, each of shuffled rounds.
//!
//! There are two rules by which a run ends ([`Until`]): at looks that were fixed before it began, or
//! when the budget is used up, and then what is clearly slower runs no more. Everything else is the
//! same for both.

mod order;
mod prepare;
mod progress;
pub(crate) mod race;

use crate::design::schedule::Schedule;
use crate::measure::rig::Rig;
use crate::measure::rig::ready::Ready;
use crate::measure::rig::store::Keep;
use crate::record::Recording;
use anyhow::{Context, Result};
use oorandom::Rand64;
use order::{Group, Orders};
use progress::Progress;
use race::Race;
use std::collections::HashSet;
use std::time::{Duration, Instant};

/// In the default mode a run goes on while it is undecided, if the next look comes within this time
/// per runtime: as long as people wait for a figure, and fourteen experiments in three runtimes then
/// take twenty minutes.
const TIME_PER_RUNTIME: Duration = Duration::from_secs(30);

/// When a run is at its end.
#[derive(Clone, Debug)]
pub(crate) enum Until {
    /// At one of these numbers of blocks: at the first at which all claims are decided, or at the last
    /// that comes in time.
    Looks(Vec<u32>),
    /// After this time or this many blocks, or when only one number of workers is left: what is
    /// clearly slower than another, or fails, runs no more, and if time is short the slowest make
    /// room, but for `keep` workers. `own` is what a job waits and computes.
    Budget { time: Duration, most: u32, keep: u32, own: (Duration, Duration) },
}

/// Whether more blocks could decide what a recording leaves undecided.
pub(crate) type IsWorthMore<'j> = dyn Fn(&Recording) -> bool + 'j;

impl Rig {
    /// Runs what is scheduled; each block runs every arm once per round, in an order shuffled from the
    /// run's seed.
    ///
    /// # Errors
    /// If no arm is left by the options, or a trial cannot be run or saved.
    pub(crate) fn run(
        &mut self,
        schedule: &Schedule,
        until: &Until,
        is_worth_more: &IsWorthMore,
    ) -> Result<()> {
        let mut groups = self.prepare(schedule)?;
        let mut progress = self.begin_progress(&groups, schedule.rounds, until)?;
        let mut random = Rand64::new(self.info.seed.into());
        let begun = Instant::now();
        let mut race = Race::default();
        let mut block = 0;
        let mut orders: Option<Orders> = None;
        loop {
            if let Until::Looks(looks) = until
                && !self.goes_on(looks, begun.elapsed(), is_worth_more, &mut progress)?
            {
                return Ok(());
            }
            // A block that is run again keeps its order, so that it follows from the seed.
            let order = match orders.take().filter(|orders| orders.is_of(block)) {
                Some(order) => order,
                None => {
                    let rounds = if block == 0 { 1 } else { schedule.rounds };
                    Orders::of(block, &groups, rounds, &mut random)
                }
            };
            let in_order = order.pick(&groups);
            let trials = in_order.iter().map(Vec::len).sum();
            let attempt = Instant::now();
            self.run_rounds(block, &in_order, Keep::of(schedule.keep, block), &progress)?;
            for group in &mut groups {
                group.retain(|ready| !self.is_lost(&ready.arm));
            }
            // As many blocks are run again as are judged, at most.
            let (is_time_left, most_again) = match until {
                Until::Looks(looks) => {
                    (true, looks.iter().copied().find(|look| block <= *look).unwrap_or(0))
                }
                Until::Budget { time, .. } => {
                    let (left, took) = (time.saturating_sub(begun.elapsed()), attempt.elapsed());
                    let is_repeated = race::is_time_to_repeat(block, took, left);
                    (took <= left, if is_repeated { block } else { 0 })
                }
            };
            // A warm-up is not judged, so that it cannot be disturbed.
            if block > 0 && !self.gate.passes(self.tables.block(), most_again) {
                self.tables.discard_block()?;
                progress.again(trials);
                orders = Some(order);
                continue;
            }
            race.add(self.tables.block(), block > 0);
            self.tables.end_block()?;
            self.info.blocks = block;
            if block == 0 {
                progress.warmed_up(attempt.elapsed());
            }
            block += 1;
            if let Until::Budget { time, most, keep, .. } = until {
                let mut out = race.out();
                let left = time.saturating_sub(begun.elapsed());
                out.extend(race.makes_room(left, *most, *keep));
                for group in &mut groups {
                    group.retain(|ready| !out.contains(&ready.arm.workers));
                }
                let is_over = is_one_number(&groups) || !is_time_left || block > *most;
                // The warm-up tells nothing.
                if self.info.blocks > 0 && is_over {
                    return Ok(());
                }
            }
        }
    }

    /// Whether another block is run: up to the first look, and at each look while a claim is undecided
    /// and the next look comes in time.
    fn goes_on(
        &mut self,
        looks: &[u32],
        taken: Duration,
        is_worth_more: &IsWorthMore,
        progress: &mut Progress,
    ) -> Result<bool> {
        let judged = self.info.blocks;
        if !looks.contains(&judged) {
            return Ok(looks.last().is_some_and(|last| judged < *last));
        }
        let Some(next) = looks.iter().copied().find(|look| *look > judged) else {
            return Ok(false);
        };
        let begun = Instant::now();
        let goes_on =
            is_in_time(taken, judged, next, self.runtimes.len()) && is_worth_more(&self.so_far()?);
        self.judging += begun.elapsed();
        if goes_on {
            progress.up_to(next);
        }
        Ok(goes_on)
    }

    fn run_rounds(
        &mut self,
        block: u32,
        order: &[Vec<&Ready>],
        keep: Keep,
        progress: &Progress,
    ) -> Result<()> {
        for (round, arms) in (0..).zip(order) {
            for ready in arms {
                let arm = &ready.arm;
                if !self.is_lost(arm) {
                    let key = arm.key();
                    progress.before(block, &key);
                    let run = self.run_trial(ready, block, round, keep);
                    if let Err(error) = run.with_context(|| format!("block {block}, {key}")) {
                        progress.say(&self.lose(&arm.runtime, arm.executor, error)?);
                    }
                }
                progress.after();
            }
        }
        Ok(())
    }

    fn begin_progress(&mut self, groups: &[Group], rounds: u32, until: &Until) -> Result<Progress> {
        if self.is_silent {
            return Ok(Progress::hidden());
        }
        let arms: Vec<&Ready> = groups.iter().flatten().collect();
        Ok(match until {
            Until::Looks(looks) => {
                let once = self.forecast(&arms, None)?;
                let first = looks.first().copied().unwrap_or_default();
                let different: HashSet<_> = arms.iter().map(|ready| &ready.arm).collect();
                Progress::begin(first, rounds, (arms.len(), different.len()), once)
            }
            Until::Budget { time, most, own, .. } => {
                let once = self.forecast(&arms, Some(*own))?.unwrap_or_default();
                Progress::race(*most, arms.len(), once, *time)
            }
        })
    }
}

/// Whether the next look comes in time, going by the blocks so far.
fn is_in_time(taken: Duration, blocks: u32, next: u32, runtimes: usize) -> bool {
    let needed = taken.as_secs_f64() * f64::from(next) / f64::from(blocks.max(1));
    needed <= TIME_PER_RUNTIME.as_secs_f64() * runtimes as f64
}

/// Whether there is nothing more to tell apart.
fn is_one_number(groups: &[Group]) -> bool {
    let mut workers = groups.iter().flatten().map(|ready| ready.arm.workers);
    let first = workers.next();
    workers.all(|other| Some(other) == first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_look_must_come_within_half_a_minute_per_runtime() {
        for (seconds, blocks, next, runtimes, is_soon) in [
            (15, 7, 14, 1, true),
            (16, 7, 14, 1, false),
            (45, 14, 28, 3, true),
            (46, 14, 28, 3, false),
        ] {
            assert_eq!(is_in_time(Duration::from_secs(seconds), blocks, next, runtimes), is_soon);
        }
    }
}
