//! What one machine found, as one small file: facts of the machine, and its verdicts. No name of a
//! host or a user, no path, no address, no command, and no time that somebody could compare.

use anyhow::{Context, Result, ensure};
use lab_data::machine::Machine;
use lab_data::rows::{Decision, Kind, VerdictRow};
use lab_data::run::{Mode, Noise, PageSet, Python, RunInfo};
use serde::{Deserialize, Serialize};

/// The format that this version writes and reads.
pub(crate) const FORMAT: u32 = 1;

/// What one machine found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    /// The format of the file; 1.
    pub(crate) format: u32,
    /// Where it was measured.
    pub(crate) machine: Machine,
    /// Each interpreter that took part.
    pub(crate) pythons: Vec<Python>,
    /// How each experiment was run.
    pub(crate) runs: Vec<Ran>,
    /// The verdicts on whole claims.
    pub(crate) verdicts: Vec<Judged>,
}

/// How an experiment was run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ran {
    pub(crate) experiment: String,
    /// The day, in UTC: `2026-02-03`.
    pub(crate) date: String,
    pub(crate) mode: Mode,
    pub(crate) commit: Option<String>,
    pub(crate) dirty: Option<bool>,
    pub(crate) blocks: u32,
    pub(crate) noise: Option<Noise>,
}

/// A verdict: the columns of `verdicts.csv` that hold no text, each named once.
macro_rules! judged {
    ($($column:ident: $type:ty,)*) => {
        /// A verdict without its texts.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct Judged {
            pub(crate) claim_id: String,
            pub(crate) runtime: String,
            $(pub(crate) $column: $type,)*
        }

        impl Judged {
            fn of(row: &VerdictRow) -> Judged {
                let (claim_id, runtime) = (row.claim_id.clone(), row.runtime.clone());
                Judged { claim_id, runtime, $($column: row.$column,)* }
            }

            /// The same as a row of the table.
            pub(crate) fn row(&self) -> VerdictRow {
                VerdictRow {
                    claim_id: self.claim_id.clone(),
                    runtime: self.runtime.clone(),
                    $($column: self.$column,)*
                    ..VerdictRow::default()
                }
            }
        }
    };
}

judged! {
    kind: Kind,
    verdict: Decision,
    blocks: u32,
    estimate: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    level: Option<f64>,
    true_low: Option<f64>,
    true_high: Option<f64>,
    false_low: Option<f64>,
    false_high: Option<f64>,
    shown_estimate: Option<f64>,
    shown_low: Option<f64>,
    shown_high: Option<f64>,
    control_low: Option<f64>,
    null_low: Option<f64>,
    null_high: Option<f64>,
}

impl Submission {
    /// From the runs of one machine. Runs of somebody's own work or own pages are left out, since
    /// nobody else has them; and what was simulated, which is not about this machine.
    ///
    /// # Errors
    /// If none is left, or they are not of one machine.
    pub fn of<'a>(
        runs: impl IntoIterator<Item = (&'a RunInfo, &'a [VerdictRow])>,
    ) -> Result<Submission> {
        let is_here = |info: &RunInfo| !is_own(info) && !info.is_simulated();
        let runs: Vec<_> = runs.into_iter().filter(|(info, _)| is_here(info)).collect();
        let (first, _) =
            runs.first().context("there are no runs to submit: run `scripts/run-all` first")?;
        let same = |machine: &Machine| Machine { load_average: None, ..machine.clone() };
        let machine = same(&first.machine);
        let mut pythons: Vec<Python> = Vec::new();
        for (info, _) in &runs {
            ensure!(
                same(&info.machine) == machine,
                "{} and {} were not run on one machine: run both again, or name a folder with --data that holds \
                 the runs of one",
                first.experiment,
                info.experiment
            );
            for python in &info.pythons {
                match pythons.iter().find(|known| known.runtime == python.runtime) {
                    Some(known) => ensure!(
                        known == python,
                        "{} was not the same in all runs: {} and {}; run all of them again",
                        python.runtime,
                        known.version,
                        python.version
                    ),
                    None => pythons.push(python.clone()),
                }
            }
        }
        let ran = |(info, _): &(&RunInfo, &[VerdictRow])| Ran {
            experiment: info.experiment.clone(),
            date: info.date.get(..10).unwrap_or(&info.date).to_owned(),
            mode: info.mode,
            commit: info.commit.clone(),
            dirty: info.dirty,
            blocks: info.blocks,
            noise: info.noise,
        };
        let whole = runs.iter().flat_map(|(_, rows)| rows.iter().filter(|row| row.part.is_empty()));
        Ok(Submission {
            format: FORMAT,
            pythons,
            runs: runs.iter().map(ran).collect(),
            verdicts: whole.map(Judged::of).collect(),
            machine,
        })
    }

    /// As a file.
    ///
    /// # Errors
    /// If a number in it is none.
    pub fn to_json(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(self).context("the results cannot be written as JSON")?
            + "\n")
    }

    /// Processor, cores, day and commit: what tells one machine from another.
    pub fn label(&self) -> String {
        let machine = &self.machine;
        let pythons: Vec<&str> =
            self.pythons.iter().map(|python| python.version.as_str()).collect();
        let pythons = if pythons.is_empty() {
            String::new()
        } else {
            format!(", CPython {}", pythons.join(", "))
        };
        let first = self.runs.first();
        format!(
            "{}, {} of {} cores, {}{pythons}, {}",
            machine.cpu_model.as_deref().unwrap_or("processor not known"),
            machine.cores.usable,
            machine.cores.logical,
            machine.kernel,
            first.map_or("", |run| &run.date),
        )
    }

    /// The day, and how many cores: the beginning of a name for the file.
    pub fn stem(&self) -> String {
        let day = self.runs.first().map_or(String::new(), |run| run.date.replace('-', ""));
        format!("{day}-{}-cores", self.machine.cores.usable)
    }
}

/// Whether a run is of the reader's own work or pages.
fn is_own(info: &RunInfo) -> bool {
    let settings = &info.settings;
    settings.own_work.is_some()
        || settings.page_sets.iter().any(|set| matches!(set, PageSet::Urls { .. }))
}
