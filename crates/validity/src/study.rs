//! The study as it is saved: counts of simulated runs, and every real run.

use crate::longer::{EFFECTS, right, rule_in_words};
use crate::part::Part;
use crate::rows::{ArmRow, ClaimRow, Condition, Counts, NAME, RunRow, WorldRow};
use crate::rules::Rule;
use anyhow::{Context, Result, ensure};
use lab_data::run::RunInfo;
use lab_data::tables;
use serde::{Serialize, de::DeserializeOwned};
use std::collections::BTreeSet;
use std::path::Path;

/// The table of all conditions.
pub const CONDITIONS: &str = "conditions.csv";
const RUNS: &str = "runs.csv";
const CLAIMS: &str = "claims.csv";
const WORLDS: &str = "worlds.csv";
const ARMS: &str = "arms.csv";
const RUN: &str = "run.json";

/// What is known of how often verdicts are wrong.
#[derive(Clone, Debug, Default)]
pub struct Study {
    /// How, when and where it was made.
    pub info: RunInfo,
    /// The simulated conditions.
    pub simulated: Vec<Condition>,
    /// Which claims are judged by their rules; none in a study of the first format.
    pub claims: Vec<ClaimRow>,
    /// The real runs.
    pub runs: Vec<RunRow>,
    /// The verdicts in broken worlds.
    pub worlds: Vec<WorldRow>,
    /// The measured arms beside those in virtual time.
    pub arms: Vec<ArmRow>,
}

impl Study {
    /// Reads a saved study. The shares of simulated runs are made again from their counts.
    ///
    /// # Errors
    /// If a file is missing or damaged, with file and line, or is of something else.
    pub fn read(folder: &Path) -> Result<Study> {
        let info = RunInfo::read(&folder.join(RUN))?;
        ensure!(
            info.experiment == NAME,
            "{} holds a run of {}, not of {NAME}",
            folder.display(),
            info.experiment
        );
        let path = folder.join(CONDITIONS);
        let saved: Vec<Condition> = tables::read(&path)?;
        let mut simulated = Vec::new();
        for (row, line) in saved.iter().zip(2..) {
            if row.part == Part::Simulated {
                let again = recounted(row);
                simulated.push(again.with_context(|| format!("{}, line {line}", path.display()))?);
            }
        }
        Ok(Study {
            info,
            simulated,
            claims: read_if_there(&folder.join(CLAIMS))?,
            runs: tables::read(&folder.join(RUNS))?,
            worlds: read_if_there(&folder.join(WORLDS))?,
            arms: read_if_there(&folder.join(ARMS))?,
        })
    }

    /// Writes all files into a folder.
    ///
    /// # Errors
    /// If one cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        self.write_conditions(folder)?;
        tables::write(&folder.join(CLAIMS), &self.claims)?;
        tables::write(&folder.join(RUNS), &self.runs)?;
        tables::write(&folder.join(WORLDS), &self.worlds)?;
        tables::write(&folder.join(ARMS), &self.arms)?;
        self.info.write(&folder.join(RUN))?;
        Ok(())
    }

    /// Writes the table that is made from the others.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_conditions(&self, folder: &Path) -> Result<()> {
        tables::write(&folder.join(CONDITIONS), &self.conditions())?;
        Ok(())
    }

    /// All conditions, simulated and real.
    pub fn conditions(&self) -> Vec<Condition> {
        let real = Part::ALL.into_iter().flat_map(|part| self.real(part));
        self.simulated.iter().cloned().chain(real).collect()
    }

    /// The conditions of a part of the real runs: with the control where there is one, and without.
    fn real(&self, part: Part) -> Vec<Condition> {
        let runs: Vec<&RunRow> = self.runs.iter().filter(|run| run.part == part).collect();
        let looks: BTreeSet<&str> = runs.iter().map(|run| run.looks.as_str()).collect();
        let with_control = part.is_cpu().then_some(true);
        let mut rows = Vec::new();
        for has_control in with_control.into_iter().chain([false]) {
            let rule = rule_in_words(has_control);
            for looks in &looks {
                for effect in EFFECTS {
                    let mut counts = Counts::default();
                    let alike = |run: &&&RunRow| run.looks == *looks && run.effect == effect;
                    for run in runs.iter().filter(alike) {
                        let verdict = if has_control { run.verdict } else { run.without_control };
                        counts.add(verdict, right(effect), run.blocks);
                    }
                    let truth = (effect, right(effect));
                    let row = Condition::of(part, [&rule, "", looks], truth, counts);
                    rows.extend(row.map(|row| Condition { has_control, ..row }));
                }
            }
        }
        rows
    }
}

fn read_if_there<R: Serialize + Default + DeserializeOwned>(path: &Path) -> Result<Vec<R>> {
    Ok(if path.exists() { tables::read(path)? } else { Vec::new() })
}

/// Which claims are judged by the rules, at each of the cases that are simulated.
pub fn claims(rules: &[Rule]) -> Vec<ClaimRow> {
    let mut rows: Vec<ClaimRow> = Vec::new();
    for rule in rules {
        for case in rule.at_edges().into_iter().chain(rule.off_edges()) {
            let of = |(experiment, claim_id): &(String, String)| ClaimRow {
                rule: case.name.clone(),
                experiment: experiment.clone(),
                claim_id: claim_id.clone(),
            };
            for row in rule.claims.iter().map(of) {
                if !rows.contains(&row) {
                    rows.push(row);
                }
            }
        }
    }
    rows
}

/// The same row, made from its counts alone.
fn recounted(row: &Condition) -> Result<Condition> {
    let sum = u64::from(row.right) + u64::from(row.absent) + u64::from(row.wrong);
    ensure!(
        sum == u64::from(row.runs) && sum > 0,
        "right, absent and wrong make {sum} runs, and there are {}: restore the file, or run it again",
        row.runs
    );
    let counts = Counts {
        runs: row.runs,
        right: row.right,
        absent: row.absent,
        wrong: row.wrong,
        blocks: row.blocks,
    };
    let words = [&*row.rule, &*row.machine, &*row.looks];
    let truth = (row.effect, row.truth);
    Condition::of(row.part, words, truth, counts).context("without runs there is no share")
}
