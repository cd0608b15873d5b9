//! Which simulated conditions stand in the tables.

use crate::machine::Machine;
use crate::rows::{Condition, Part};
use crate::rules::RULES;
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
    let mut settings = Vec::new();
    for (rule, plain) in RULES {
        for machine in Machine::ALL {
            for mode in MODES {
                for truth in rule.at_edges().iter().chain(plain).copied() {
                    settings.push(Setting {
                        rule,
                        machine,
                        jitter: JITTER,
                        rounds: ROUNDS,
                        truth,
                        looks: lab::looks_of(mode).to_vec(),
                    });
                }
            }
        }
    }
    let counts = count_all(&settings, runs, seed)?;
    let rows = settings.iter().zip(counts).filter_map(|(setting, counts)| {
        let looks = looks_in_words(&setting.looks);
        let words = [setting.rule.name, setting.machine.name(), &looks];
        let truth = (setting.truth, setting.rule.right(setting.truth));
        Condition::of(Part::Simulated, words, truth, counts)
    });
    Ok(rows.collect())
}

/// `7/14/28`
pub(crate) fn looks_in_words(looks: &[u32]) -> String {
    let words: Vec<String> = looks.iter().map(u32::to_string).collect();
    words.join("/")
}
