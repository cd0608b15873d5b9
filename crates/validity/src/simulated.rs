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

/// Of a rule for several parts, whose blocks have many arms, one of so many runs.
const OF_SEVERAL_PARTS: u32 = 4;

/// Simulates so many runs of every rule on every machine, at its edges and where its answer is plain;
/// of a rule for several parts, a fourth of them.
///
/// # Errors
/// If the simulation gives times that are none.
pub fn conditions(runs: u32, seed: u64) -> Result<Vec<Condition>> {
    let mut cases: Vec<Case> = Vec::new();
    let mut settings: Vec<(Setting, u32)> = Vec::new();
    for rule in RULES {
        let runs = match rule.parts() {
            1 => runs,
            _ => runs / OF_SEVERAL_PARTS,
        };
        for case in rule.at_edges().into_iter().chain(rule.off_edges()) {
            for machine in Machine::ALL {
                let setting = Setting {
                    rule,
                    machine,
                    jitter: JITTER,
                    rounds: ROUNDS,
                    truth: case.truth.clone(),
                    looks: MODES.map(|mode| lab::looks_of(mode).to_vec()).into(),
                };
                settings.push((setting, runs));
                cases.push(case.clone());
            }
        }
    }
    let counts = count_all(&settings, seed)?;
    let mut rows = Vec::new();
    for (case, ((setting, _), counts)) in cases.iter().zip(settings.iter().zip(counts)) {
        for (looks, counts) in setting.looks.iter().zip(counts) {
            let looks = looks_in_words(looks);
            let words = [&*case.name, setting.machine.name(), &looks];
            let truth = (case.effect, setting.rule.right(&case.truth));
            rows.extend(Condition::of(Part::Simulated, words, truth, counts));
        }
    }
    Ok(rows)
}

/// `7/14/28`
pub(crate) fn looks_in_words(looks: &[u32]) -> String {
    let words: Vec<String> = looks.iter().map(u32::to_string).collect();
    words.join("/")
}
