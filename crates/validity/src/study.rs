//! The study as it is saved: counts of simulated runs, and every real run.

use crate::real::EFFECTS;
use crate::rows::{Condition, Part, RunRow};
use crate::rules::FASTER_OR_SLOWER;
use crate::simulate::Counts;
use anyhow::{Context, Result, ensure};
use lab_record::run::RunInfo;
use lab_record::tables;
use lab_stats::verdict::Decision;
use std::path::Path;

/// Name of the package, the data folder and the figure.
pub const NAME: &str = "validity";

/// The table of all conditions.
pub const CONDITIONS: &str = "conditions.csv";
const RUNS: &str = "runs.csv";
const RUN: &str = "run.json";

/// Follows a rule's name where the claim needs the control as well.
const AND_CONTROL: &str = ", and the control";

/// What is known of how often verdicts are wrong.
#[derive(Clone, Debug)]
pub struct Study {
    /// How, when and where it was made.
    pub info: RunInfo,
    /// The simulated conditions.
    pub simulated: Vec<Condition>,
    /// The real runs.
    pub runs: Vec<RunRow>,
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
        let path = folder.join(RUNS);
        let runs: Vec<RunRow> = tables::read(&path)?;
        for (row, line) in runs.iter().zip(2..) {
            for word in [&row.verdict, &row.without_control] {
                let known = word.parse::<Decision>();
                known.with_context(|| format!("{}, line {line}", path.display()))?;
            }
        }
        Ok(Study {
            info,
            simulated,
            runs,
        })
    }

    /// Writes all files into a folder.
    ///
    /// # Errors
    /// If one cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        self.write_conditions(folder)?;
        tables::write(&folder.join(RUNS), &self.runs)?;
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
        let with = match part.is_cpu() {
            true => Some(format!("{}{AND_CONTROL}", FASTER_OR_SLOWER.name)),
            false => None,
        };
        let without = FASTER_OR_SLOWER.name.to_owned();
        let mut looks: Vec<&str> = runs.iter().map(|run| run.looks.as_str()).collect();
        looks.sort_unstable();
        looks.dedup();
        let mut rows = Vec::new();
        for (rule, has_control) in with
            .iter()
            .map(|rule| (rule, true))
            .chain([(&without, false)])
        {
            for looks in &looks {
                for effect in EFFECTS {
                    let right = FASTER_OR_SLOWER.right(&[effect]);
                    let mut counts = Counts::default();
                    let alike = |run: &&&RunRow| run.looks == *looks && run.effect == effect;
                    for run in runs.iter().filter(alike) {
                        let verdict = match has_control {
                            true => &run.verdict,
                            false => &run.without_control,
                        };
                        let decision = verdict.parse().unwrap_or(Decision::Inconclusive);
                        counts.add(decision, right, run.blocks);
                    }
                    rows.extend(Condition::of(
                        part,
                        [rule, "", looks],
                        (effect, right),
                        counts,
                    ));
                }
            }
        }
        rows
    }

    /// How long reading the record and judging it took of all the time of the real runs; none
    /// without real runs.
    pub fn judging_share(&self) -> Option<f64> {
        let sum = |of: fn(&RunRow) -> u64| self.runs.iter().map(of).sum::<u64>() as f64;
        let took = sum(|run| run.took_ns);
        (took > 0.0).then(|| sum(|run| run.judging_ns) / took)
    }
}

impl Condition {
    /// Whether the experiments decide so: with the control, where there is one.
    pub fn is_as_decided(&self) -> bool {
        !self.part.is_cpu() || self.rule.ends_with(AND_CONTROL)
    }
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
    let truth = (row.effect, row.truth.parse()?);
    Condition::of(row.part, words, truth, counts).context("without runs there is no share")
}
