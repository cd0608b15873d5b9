//! Many simulated runs of a rule: how often the verdict is right, absent, wrong.

use crate::part::Part;
use crate::rows::{Condition, Counts, looks_in_words};
use crate::rules::{Case, Rule};
use crate::simulated::machine::{Clock, Drawn, Machine};
use crate::simulated::record::Record;
use lab::measure::looks_of;
use lab_data::run::Mode;
use lab_stats::verdict::Decision;
use rayon::prelude::*;

/// Standard deviation of the log of a trial's time.
const JITTER: f64 = 0.05;
/// Rounds in a block.
const ROUNDS: usize = 5;
/// Every number of looks that a run may have.
const MODES: [Mode; 4] = [Mode::Quick, Mode::Article, Mode::Thorough, Mode::Default];
/// A rule for several parts, whose blocks have many arms, is simulated in this fraction of the runs.
const OF_SEVERAL_PARTS: u32 = 4;
/// How far apart the seeds of two settings are.
const APART: u64 = 1 << 32;

/// What is simulated.
#[derive(Clone, Debug)]
pub struct Setting<'r> {
    /// How it is judged.
    pub rule: &'r Rule,
    /// What is true.
    pub case: Case,
    /// What disturbs.
    pub machine: Machine,
    /// Standard deviation of the log of a trial's time.
    pub jitter: f64,
    /// Rounds in a block.
    pub rounds: usize,
    /// After how many blocks the record is looked at; each list is a separate run on the same
    /// blocks.
    pub looks: Vec<Vec<u32>>,
}

impl<'r> Setting<'r> {
    /// A setting as the tables have it.
    pub fn new(rule: &'r Rule, case: Case, machine: Machine) -> Setting<'r> {
        Setting {
            rule,
            case,
            machine,
            jitter: JITTER,
            rounds: ROUNDS,
            looks: MODES.map(|mode| looks_of(mode).to_vec()).into(),
        }
    }

    /// The verdict that is right: the judge's on blocks that scatter by next to nothing.
    /// INCONCLUSIVE on an edge, where none is.
    pub fn right(&self) -> Decision {
        /// Enough to swallow what is lost in rounding, so that what lies on an edge does so.
        const SCATTER: f64 = 1e-6;
        const BLOCKS: u32 = 64;
        let truth = self.rule.truth(&self.case.truth);
        let mut record = Record::new(&truth);
        for block in 0..BLOCKS {
            // Each quantity goes up and down in its own pattern (Walsh's), which is as often up
            // as down, and so does the ratio of two.
            let value = |(pattern, (_, drawn)): (u32, &(_, Drawn))| {
                let is_up = (block & pattern).count_ones() % 2 == 0;
                drawn.truth() * if is_up { 1.0 + SCATTER } else { 1.0 - SCATTER }
            };
            let patterns = (1..BLOCKS).cycle();
            record.add(patterns.zip(&truth).map(value).collect());
        }
        record.judge(self.rule, &[BLOCKS])
    }

    /// Simulates this many runs; the same seed gives the same counts, on every machine. One count per
    /// list of looks.
    pub fn count(&self, runs: u32, seed: u64) -> Vec<Counts> {
        let right = self.right();
        let mut counts = vec![Counts::default(); self.looks.len()];
        self.each_run(runs, seed, |ends| {
            for (counts, (decision, blocks)) in counts.iter_mut().zip(ends) {
                counts.add(decision, right, blocks);
            }
        });
        counts
    }

    /// The same runs one by one: the verdict per list of looks, and how many blocks it took.
    pub fn runs(&self, runs: u32, seed: u64) -> Vec<Vec<(Decision, u32)>> {
        let mut all = Vec::new();
        self.each_run(runs, seed, |ends| all.push(ends));
        all
    }

    fn each_run(&self, runs: u32, seed: u64, mut take: impl FnMut(Vec<(Decision, u32)>)) {
        let truth = self.rule.truth(&self.case.truth);
        let mut record = Record::new(&truth);
        for run in 0..runs {
            take(self.run(&mut record, seed.wrapping_add(run.into())));
        }
    }

    /// For each list of looks, a run that ends at the first one that decides: its verdict, and how
    /// many blocks it took.
    fn run(&self, record: &mut Record, seed: u64) -> Vec<(Decision, u32)> {
        let mut clock = Clock::new(self.machine, self.jitter, seed);
        let mut ends = vec![(Decision::Inconclusive, 0); self.looks.len()];
        let goes_on = |looks: &[u32], (decision, blocks): (Decision, u32)| {
            decision == Decision::Inconclusive && looks.last().is_some_and(|last| blocks < *last)
        };
        record.clear();
        let mut block = 0;
        while self.looks.iter().zip(&ends).any(|(looks, end)| goes_on(looks, *end)) {
            block += 1;
            record.add(clock.block(&record.drawn, self.rounds));
            for (looks, end) in self.looks.iter().zip(&mut ends) {
                if looks.contains(&block) && goes_on(looks, *end) {
                    *end = (record.judge(self.rule, looks), block);
                }
            }
        }
        ends
    }
}

/// Simulates this many runs of every rule on every machine, at its edges and where its answer is plain;
/// of a rule for several parts, a fourth of them. On as many threads as there are cores; no two
/// settings share a seed.
pub fn conditions(rules: &[Rule], runs: u32, seed: u64) -> Vec<Condition> {
    let mut settings: Vec<(Setting, u32)> = Vec::new();
    for rule in rules {
        let runs = if rule.parts() > 1 { runs / OF_SEVERAL_PARTS } else { runs };
        for case in rule.at_edges().into_iter().chain(rule.off_edges()) {
            let on = |machine| (Setting::new(rule, case.clone(), machine), runs);
            settings.extend(Machine::ALL.map(on));
        }
    }
    let of = |(index, (setting, runs)): (usize, &(Setting, u32))| {
        let counts = setting.count(*runs, seed.wrapping_add((index as u64).wrapping_mul(APART)));
        let truth = (setting.case.effect, setting.right());
        let row = |(looks, counts): (&Vec<u32>, Counts)| {
            let words = [&*setting.case.name, setting.machine.name(), &looks_in_words(looks)];
            Condition::of(Part::Simulated, words, truth, counts)
        };
        setting.looks.iter().zip(counts).filter_map(row).collect::<Vec<_>>()
    };
    settings.par_iter().enumerate().flat_map_iter(of).collect()
}
