//! Which numbers of workers run no more: what is clearly slower than another, so that the time goes to
//! those between which it is not clear, and what fails.

use lab_data::rows::{Role, TrialRow};
use lab_stats::sizing::{BLOCKS_TO_TELL, Size, clearly_out};

/// If more of the jobs fail, their times say nothing about the work.
pub(crate) const MOST_ERRORS: f64 = 0.05;

/// What became of every number of workers so far.
#[derive(Debug, Default)]
pub(crate) struct Times(Vec<Runner>);

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
    /// Adds a judged block.
    pub(crate) fn add(&mut self, trials: &[TrialRow]) {
        for trial in trials.iter().filter(|trial| trial.role != Role::Replicate) {
            let time = trial.makespan_ns.map_or(f64::NAN, |ns| ns as f64);
            let known = self.0.iter().position(|one| one.size.workers == trial.workers);
            let at = known.unwrap_or_else(|| {
                self.0.push(Runner {
                    size: Size { workers: trial.workers, times: Vec::new() },
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
    pub(crate) fn out(&self) -> Vec<u32> {
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
    use crate::record::test_rows::trial;
    use lab_data::rows::Executor;

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
            times.add(&[on(8, 100, Role::Arm), on(1, 300, Role::Arm), on(8, 900, Role::Replicate)]);
        }
        assert_eq!(times.out(), [1]);
        times.add(&[on(8, 100, Role::Arm)]);
        assert_eq!(times.out(), [1], "it stays out");
    }

    #[test]
    fn to_fail_fast_is_no_reason_why_another_is_out() {
        let mut times = Times::default();
        let failing = TrialRow { errors: 1, ..on(64, 10, Role::Arm) };
        for _ in 0..3 {
            times.add(&[on(8, 100, Role::Arm), failing.clone()]);
        }
        assert_eq!(times.out(), [64]);
    }
}
