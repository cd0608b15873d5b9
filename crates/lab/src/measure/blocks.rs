//! The scheduler: a warm-up block and then blocks that are judged, each of shuffled rounds.
//!
//! There are two rules by which a run ends ([`Until`]): at looks that were fixed before it began, or
//! when the budget is used up, and then what is clearly slower runs no more. Everything else is the
//! same for both.

use super::progress::Progress;
use super::rig::{Ready, Rig};
use super::store::Keep;
use crate::advise::race::Times;
use crate::design::quantity::Rows;
use crate::design::schedule::{Planned, Schedule};
use crate::judge::{Recording, Verdict, is_worth_going_on};
use anyhow::{Context, Result, bail};
use lab_data::rows::{Executor, Role};
use lab_data::run::Mode;
use lab_stats::shuffle::shuffle;
use oorandom::Rand64;
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
    /// After this time or so many blocks, or when only one number of workers is left: what is clearly
    /// slower than another, or fails, runs no more.
    Budget { time: Duration, most: u32, own: (Duration, Duration) },
}

/// After how many blocks the record is looked at, if nobody says otherwise.
pub fn looks_of(mode: Mode) -> &'static [u32] {
    match mode {
        Mode::Quick => &[5],
        Mode::Default => &[7, 14, 28],
        Mode::Article => &[7],
        Mode::Thorough => &[28],
    }
}

/// Judges a recording, as far as it goes.
pub(crate) type Judge<'j> = dyn Fn(&Recording) -> Vec<Verdict> + 'j;

type Group = Vec<Ready>;

impl Rig {
    /// Runs what is scheduled; each block runs every arm once per round, in an order shuffled from the
    /// run's seed.
    ///
    /// # Errors
    /// If no arm is left by the options, or a trial cannot be run or saved.
    pub(crate) fn run(&mut self, schedule: &Schedule, until: &Until, judge: &Judge) -> Result<()> {
        let mut groups = self.prepare(schedule)?;
        let rounds = schedule.rounds;
        let mut progress = self.begin_progress(&groups, rounds, until)?;
        let mut random = Rand64::new(self.info.seed.into());
        let begun = Instant::now();
        let mut times = Times::default();
        let mut block = 0;
        let mut order: (Option<u32>, Vec<Order>) = (None, Vec::new());
        loop {
            if let Until::Looks(looks) = until
                && !self.goes_on(looks, begun.elapsed(), judge, &mut progress)?
            {
                return Ok(());
            }
            // A block that is run again keeps its order, so that it follows from the seed.
            if order.0 != Some(block) {
                let rounds = if block == 0 { 1 } else { rounds };
                order = (Some(block), shuffles(&groups, rounds, &mut random));
            }
            let in_order: Vec<Vec<&Ready>> = order.1.iter().map(|at| pick(&groups, at)).collect();
            let attempt = Instant::now();
            let kept = keep(schedule.keep, block);
            self.run_rounds(block, &in_order, kept, &progress)?;
            let is_time_left = match until {
                Until::Looks(_) => true,
                Until::Budget { time, .. } => begun.elapsed() + attempt.elapsed() <= *time,
            };
            // As many blocks are run again as are judged, at most.
            let most_again = match until {
                Until::Looks(looks) => {
                    looks.iter().copied().find(|look| block <= *look).unwrap_or(0)
                }
                Until::Budget { .. } if is_time_left => block,
                Until::Budget { .. } => 0,
            };
            // A warm-up is not judged, so that it cannot be disturbed.
            if block > 0 && !self.gate.passes(self.tables.block(), most_again) {
                self.tables.discard_block()?;
                progress.again(in_order.iter().map(Vec::len).sum());
                continue;
            }
            if block > 0 {
                times.add(self.tables.block());
            }
            self.tables.end_block()?;
            self.info.blocks = block;
            block += 1;
            if let Until::Budget { most, .. } = until {
                let out = times.out();
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
        judge: &Judge,
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
        let goes_on = is_in_time(taken, judged, next, self.runtimes.len())
            && is_worth_going_on(&judge(&self.so_far()?));
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
                let key = ready.arm.key();
                progress.before(block, &key);
                self.run_trial(ready, block, round, keep)
                    .with_context(|| format!("block {block}, {key}"))?;
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
                Progress::begin(first, rounds, arms.len(), once)
            }
            Until::Budget { time, most, own } => {
                let once = self.forecast(&arms, Some(*own))?;
                Progress::race(*most, arms.len(), once, *time)
            }
        })
    }

    /// The arms that are left by the options, with their jobs, and notes of what they are and how they
    /// are run.
    fn prepare(&mut self, schedule: &Schedule) -> Result<Vec<Group>> {
        let mut groups: Vec<Group> = Vec::new();
        for group in &schedule.groups {
            let wanted = group.iter().filter(|planned| self.is_wanted(planned));
            let wanted: Vec<Planned> = wanted.cloned().collect();
            let mut ready = Vec::new();
            for planned in wanted {
                ready.push(self.ready(planned)?);
            }
            groups.push(ready);
        }
        groups.retain(|group| !group.is_empty());
        let arms: Vec<&Ready> = groups.iter().flatten().collect();
        if arms.iter().all(|ready| ready.role == Role::Control) {
            let names = Executor::ALL.map(Executor::name).join(", ");
            bail!(
                "nothing is left to measure: --executors and --runtimes leave out every arm of \
                 this experiment (there are {names})"
            );
        }
        super::memory::check(&arms, self.options.track.raw)?;
        self.note(&arms, schedule.rounds)?;
        Ok(groups)
    }

    fn ready(&mut self, planned: Planned) -> Result<Ready> {
        let has_gil = self
            .runtimes
            .iter()
            .any(|runtime| runtime.name == planned.arm.runtime && runtime.has_gil);
        Ok(Ready {
            jobs: self.resolve(&planned.arm.runtime, &planned.jobs)?,
            role: match (planned.is_control, planned.arm.is_replicate) {
                (_, true) => Role::Replicate,
                (true, false) => Role::Control,
                (false, false) => Role::Arm,
            },
            arm: planned.arm,
            setup: planned.setup,
            has_gil,
        })
    }

    fn is_wanted(&self, planned: &Planned) -> bool {
        let executors = &self.options.common.executors;
        planned.is_control || executors.is_empty() || executors.contains(&planned.arm.executor)
    }
}

/// Whether the next look comes in time, going by the blocks so far.
fn is_in_time(taken: Duration, blocks: u32, next: u32, runtimes: usize) -> bool {
    let needed = taken.as_secs_f64() * f64::from(next) / f64::from(blocks.max(1));
    needed <= TIME_PER_RUNTIME.as_secs_f64() * runtimes as f64
}

/// Which arm of which group comes after which.
type Order = Vec<(usize, usize)>;

/// For each round the groups in shuffled order, the arms of each shuffled.
fn shuffles(groups: &[Group], rounds: u32, random: &mut Rand64) -> Vec<Order> {
    let shuffled = |_| {
        let places = groups
            .iter()
            .enumerate()
            .map(|(at, group)| -> Order { (0..group.len()).map(|arm| (at, arm)).collect() });
        let mut order: Vec<Order> = places.collect();
        shuffle(&mut order, random);
        for group in &mut order {
            shuffle(group, random);
        }
        order.concat()
    };
    (0..rounds).map(shuffled).collect()
}

/// The arms in an order.
fn pick<'g>(groups: &'g [Group], order: &Order) -> Vec<&'g Ready> {
    order.iter().filter_map(|(group, arm)| groups.get(*group)?.get(*arm)).collect()
}

/// Whether there is nothing more to tell apart.
fn is_one_number(groups: &[Group]) -> bool {
    let mut workers: Vec<u32> = groups.iter().flatten().map(|ready| ready.arm.workers).collect();
    workers.sort_unstable();
    workers.dedup();
    workers.len() < 2
}

/// Which rows of a block are kept: what claims read of all blocks, what figures show of the first
/// judged one.
fn keep(of_all: Rows, block: u32) -> Keep {
    let is_first = block == 1;
    Keep {
        jobs: block > 0 && (is_first || of_all >= Rows::Jobs),
        spans: block > 0 && (is_first || of_all >= Rows::Spans),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_look_must_come_within_half_a_minute_per_runtime() {
        let seconds = Duration::from_secs;
        assert!(is_in_time(seconds(15), 7, 14, 1));
        assert!(!is_in_time(seconds(16), 7, 14, 1));
        assert!(is_in_time(seconds(45), 14, 28, 3));
        assert!(!is_in_time(seconds(46), 14, 28, 3));
    }

    #[test]
    fn of_all_blocks_only_what_claims_read_is_kept() {
        let kept = |rows, block| {
            let keep = keep(rows, block);
            (keep.jobs, keep.spans)
        };
        for rows in [Rows::Trial, Rows::Jobs, Rows::Spans] {
            assert_eq!(kept(rows, 0), (false, false), "a warm-up");
            assert_eq!(kept(rows, 1), (true, true), "a figure shows the first");
        }
        assert_eq!(kept(Rows::Trial, 2), (false, false));
        assert_eq!(kept(Rows::Jobs, 2), (true, false));
        assert_eq!(kept(Rows::Spans, 2), (true, true));
    }
}
