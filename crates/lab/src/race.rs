//! Blocks of one round each, until the time is over: what is clearly out runs no more, so that the
//! time goes to those between which it is not clear.

use crate::advice::MOST_ERRORS;
use crate::arm::Arm;
use crate::blocks::Keep;
use crate::measuring::Lab;
use crate::progress::Progress;
use crate::shuffle::shuffled_by_group;
use anyhow::Result;
use lab_record::rows::{Role, TrialRow};
use lab_stats::sizing::{BLOCKS_TO_TELL, Size, clearly_out};
use oorandom::Rand64;
use std::time::{Duration, Instant};

impl Lab {
    /// Runs a warm-up and then at most `most` blocks that are judged, for at most about `time`, and one
    /// at least. A block is one round, since arms are compared best within a second or two, and one in which
    /// others had too much of the machine is run again while there is time.
    pub(crate) fn race(&mut self, arms: &[Arm], most: u32, time: Duration) -> Result<()> {
        let begun = Instant::now();
        let arms = self.prepare(arms, 1)?;
        let mut running: Vec<&Arm> = arms.iter().collect();
        let once = self.forecast.of_all(&mut self.pool, &running, &self.info)?;
        let progress = Progress::race(most, arms.len(), once, time);
        let mut random = Rand64::new(self.info.seed.into());
        let mut times = Times::default();
        let mut block = 0;
        while block <= most {
            let round = Instant::now();
            let order = shuffled_by_group(&running, &mut random);
            let keep = Keep::FirstBlock.of(block);
            self.run_round(block, 0, &order, keep, &progress)?;
            let is_time_left = begun.elapsed() + round.elapsed() <= time;
            // As many blocks are run again as are judged, at most.
            let again = if is_time_left { block } else { 0 };
            if block > 0 && !self.gate.passes(self.tables.block(), again) {
                self.tables.spoil_block()?;
                progress.again(order.len());
                continue;
            }
            if block > 0 {
                times.add(self.tables.block());
            }
            self.tables.end_block()?;
            self.info.blocks = block;
            block += 1;
            let out = times.out();
            running.retain(|arm| !out.contains(&arm.id.workers));
            // Where only one number is left, there is nothing more to tell.
            let is_over = running
                .chunk_by(|a, b| a.id.workers == b.id.workers)
                .count()
                < 2;
            // The warm-up tells nothing.
            if self.info.blocks > 0 && (is_over || !is_time_left) {
                break;
            }
        }
        Ok(())
    }
}

/// What became of every number of workers so far.
#[derive(Debug, Default)]
struct Times(Vec<Runner>);

#[derive(Debug)]
struct Runner {
    /// The makespans, block by block.
    size: Size,
    failed: u32,
    jobs: u32,
}

impl Runner {
    fn fails(&self) -> bool {
        f64::from(self.failed) > MOST_ERRORS * f64::from(self.jobs)
    }
}

impl Times {
    fn add(&mut self, trials: &[TrialRow]) {
        for trial in trials.iter().filter(|trial| trial.role != Role::Null) {
            let time = trial.makespan_ns.map_or(f64::NAN, |ns| ns as f64);
            let known = self
                .0
                .iter()
                .position(|one| one.size.workers == trial.workers);
            let at = known.unwrap_or_else(|| {
                self.0.push(Runner {
                    size: Size {
                        workers: trial.workers,
                        times: Vec::new(),
                    },
                    failed: 0,
                    jobs: 0,
                });
                self.0.len() - 1
            });
            if let Some(runner) = self.0.get_mut(at) {
                runner.size.times.push(time);
                runner.failed += trial.errors;
                runner.jobs += trial.jobs;
            }
        }
    }

    /// The numbers of workers that are out. One with which too many jobs fail is so after some
    /// blocks, and never the reason why another is: to fail is fast.
    fn out(&self) -> Vec<u32> {
        let (failing, sound): (Vec<&Runner>, Vec<&Runner>) =
            self.0.iter().partition(|runner| runner.fails());
        let sizes: Vec<Size> = sound.iter().map(|runner| runner.size.clone()).collect();
        let slower = sizes.iter().zip(clearly_out(&sizes));
        let slower = slower.filter(|(_, is_out)| *is_out).map(|(size, _)| size);
        let failing = failing.iter().map(|runner| &runner.size);
        slower
            .chain(failing.filter(|size| size.times.len() >= BLOCKS_TO_TELL))
            .map(|size| size.workers)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::tests::trial;
    use lab_record::rows::Executor;

    fn on(workers: u32, makespan_ns: u64, role: Role) -> TrialRow {
        TrialRow {
            executor: Executor::Threads,
            workers,
            role,
            makespan_ns: Some(makespan_ns),
            ..trial()
        }
    }

    #[test]
    fn what_is_slower_in_each_of_some_blocks_is_out_whatever_the_second_measurement_says() {
        let mut times = Times::default();
        for _ in 0..3 {
            assert!(times.out().is_empty());
            times.add(&[
                on(8, 100, Role::Arm),
                on(1, 300, Role::Arm),
                on(8, 900, Role::Null),
            ]);
        }
        assert_eq!(times.out(), [1]);
        times.add(&[on(8, 100, Role::Arm)]);
        assert_eq!(times.out(), [1], "it stays out");
    }

    #[test]
    fn to_fail_fast_is_no_reason_why_another_is_out() {
        let mut times = Times::default();
        let failing = TrialRow {
            errors: 1,
            ..on(64, 10, Role::Arm)
        };
        for _ in 0..3 {
            times.add(&[on(8, 100, Role::Arm), failing.clone()]);
        }
        assert_eq!(times.out(), [64]);
    }
}
