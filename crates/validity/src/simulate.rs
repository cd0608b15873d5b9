//! Many simulated runs of a rule: how often the verdict is right, absent, wrong.

use crate::machine::{Clock, Machine};
use crate::rules::Rule;
use lab_stats::interval::{LEVEL, StatsError};
use lab_stats::verdict::{Decision, any_level};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What is simulated.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// How it is judged.
    pub rule: Rule,
    /// What disturbs.
    pub machine: Machine,
    /// Standard deviation of the log of a trial's time.
    pub jitter: f64,
    /// Rounds in a block.
    pub rounds: usize,
    /// The true ratio or share of everything that the rule measures.
    pub truth: Vec<f64>,
    /// After how many blocks the record is looked at; each list is a run of its own on the same
    /// blocks.
    pub looks: Vec<Vec<u32>>,
}

/// What came of some runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Runs in all.
    pub runs: u32,
    /// Gave the right verdict.
    pub right: u32,
    /// Gave none.
    pub absent: u32,
    /// Gave another one.
    pub wrong: u32,
    /// Blocks of all of them.
    pub blocks: u32,
}

impl Counts {
    /// Adds a run that answered `decision` where `right` is right; INCONCLUSIVE if nothing is.
    pub fn add(&mut self, decision: Decision, right: Decision, blocks: u32) {
        self.runs += 1;
        self.blocks += blocks;
        match decision {
            Decision::Inconclusive => self.absent += 1,
            given if given == right => self.right += 1,
            _ => self.wrong += 1,
        }
    }
}

impl Setting {
    /// Simulates so many runs; the same seed gives the same counts, on every machine. One count for
    /// each list of looks.
    ///
    /// # Errors
    /// If the simulation gives times that are none.
    pub fn count(&self, runs: u32, seed: u64) -> Result<Vec<Counts>, StatsError> {
        let right = self.rule.right(&self.truth);
        let mut counts = vec![Counts::default(); self.looks.len()];
        for run in 0..runs {
            let ends = self.run(seed.wrapping_add(run.into()))?;
            for (counts, (decision, blocks)) in counts.iter_mut().zip(ends) {
                counts.add(decision, right, blocks);
            }
        }
        Ok(counts)
    }

    /// For each list of looks, a run that ends at the first one that decides: its verdict, and how
    /// many blocks it took.
    ///
    /// # Errors
    /// If the simulation gives times that are none.
    pub fn run(&self, seed: u64) -> Result<Vec<(Decision, u32)>, StatsError> {
        let mut clock = Clock::new(self.machine, self.jitter, seed);
        let arms = self.rule.arms(&self.truth);
        let mut columns: Vec<Vec<f64>> = vec![Vec::new(); arms.len()];
        let mut ends = vec![(Decision::Inconclusive, 0); self.looks.len()];
        let goes_on = |looks: &[u32], (decision, blocks): (Decision, u32)| {
            decision == Decision::Inconclusive && looks.last().is_some_and(|last| blocks < *last)
        };
        let mut blocks = 0;
        while self
            .looks
            .iter()
            .zip(&ends)
            .any(|(looks, end)| goes_on(looks, *end))
        {
            for (column, value) in columns.iter_mut().zip(clock.block(&arms, self.rounds)) {
                column.push(value);
            }
            blocks += 1;
            for (looks, end) in self.looks.iter().zip(&mut ends) {
                if looks.contains(&blocks) && goes_on(looks, *end) {
                    let level = any_level(LEVEL, looks.len());
                    *end = (self.rule.judge(&columns, level)?, blocks);
                }
            }
        }
        Ok(ends)
    }
}

/// Counts all settings, each with so many runs, on as many threads as there are cores. Each setting
/// has a seed of its own.
///
/// # Errors
/// Those of [`Setting::count`].
pub fn count_all(settings: &[(Setting, u32)], seed: u64) -> Result<Vec<Vec<Counts>>, StatsError> {
    /// Seeds of two settings are so far apart.
    const APART: u64 = 1 << 32;
    let next = AtomicUsize::new(0);
    type Numbered = (usize, Result<Vec<Counts>, StatsError>);
    let results: Mutex<Vec<Numbered>> = Mutex::default();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores.min(settings.len()) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some((setting, runs)) = settings.get(index) else {
                        break;
                    };
                    let own = seed.wrapping_add((index as u64).wrapping_mul(APART));
                    let counts = setting.count(*runs, own);
                    if let Ok(mut results) = results.lock() {
                        results.push((index, counts));
                    }
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_default();
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, counts)| counts).collect()
}
