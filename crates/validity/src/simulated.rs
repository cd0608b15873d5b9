//! Which simulated conditions stand in the tables.

use crate::machine::Machine;
use crate::rows::{Condition, Part};
use crate::rules::{Case, RULES};
use crate::simulate::{Setting, count_all};
use anyhow::Result;
use lab_record::run::Mode;

/// Standard deviation of the log of a trial's time.
const JITTER: f64 = 0.05;
/// Rounds in a block.
const ROUNDS: usize = 5;
/// Every number of looks that a run may have.
const MODES: [Mode; 4] = [Mode::Quick, Mode::Article, Mode::Thorough, Mode::Default];

/// Simulates so many runs of every rule on every machine, at its edges and where its answer is plain.
///
/// # Errors
/// If the simulation gives times that are none.
pub fn conditions(runs: u32, seed: u64) -> Result<Vec<Condition>> {
    let mut cases: Vec<(Case, Setting)> = Vec::new();
    for rule in RULES {
        for case in rule.at_edges().into_iter().chain(rule.off_edges()) {
            for machine in Machine::ALL {
                for mode in MODES {
                    let setting = Setting {
                        rule,
                        machine,
                        jitter: JITTER,
                        rounds: ROUNDS,
                        truth: case.truth.clone(),
                        looks: lab::looks_of(mode).to_vec(),
                    };
                    cases.push((case.clone(), setting));
                }
            }
        }
    }
    let settings: Vec<&Setting> = cases.iter().map(|(_, setting)| setting).collect();
    let counts = count_all(&settings, runs, seed)?;
    let rows = cases
        .iter()
        .zip(counts)
        .filter_map(|((case, setting), counts)| {
            let looks = looks_in_words(&setting.looks);
            let words = [&*case.name, setting.machine.name(), &looks];
            let truth = (case.effect, setting.rule.right(&case.truth));
            Condition::of(Part::Simulated, words, truth, counts)
        });
    Ok(rows.collect())
}

/// `7/14/28`
pub(crate) fn looks_in_words(looks: &[u32]) -> String {
    let words: Vec<String> = looks.iter().map(u32::to_string).collect();
    words.join("/")
}
