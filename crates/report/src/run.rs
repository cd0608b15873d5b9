//! What is known of one run: how it was made, its verdicts, and what its experiment says of itself.

use anyhow::Result;
use lab::design::claim::Claim;
use lab::show::describe::Described;
use lab::show::predicted::Answered;
use lab_data::rows::VerdictRow;
use lab_data::run::RunInfo;
use lab_data::tables;
use std::collections::BTreeMap;
use std::path::Path;

/// The file that makes a folder the data folder of an experiment.
pub(crate) const RUN: &str = "run.json";

/// A saved run.
#[derive(Debug)]
pub(crate) struct Run {
    /// The experiment.
    pub(crate) name: String,
    /// How its data were made.
    pub(crate) info: RunInfo,
    /// Its verdicts.
    pub(crate) rows: Vec<VerdictRow>,
    /// What its experiment says; nothing where nobody asked.
    pub(crate) about: About,
    /// What its experiment prints of it; nothing where nobody asked.
    pub(crate) printed: String,
}

/// What an experiment says of itself, whatever was measured.
#[derive(Debug, Default)]
pub(crate) struct About {
    /// Its own text, in Markdown.
    pub(crate) text: String,
    /// What it asks its reader to predict, and what its data answer.
    pub(crate) predicted: Answered,
    /// What a reader takes home from each claim, by the claim's id.
    lessons: BTreeMap<String, Claim>,
}

impl About {
    /// The claims that its text begins with, as people make them, in quotation marks.
    pub(crate) fn claims(&self) -> Vec<String> {
        let lines = self.text.lines().take_while(|line| !line.starts_with('#'));
        let quoted = lines.filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix('"'));
        quoted.map(|claim| format!("“{claim}”")).collect()
    }
}

impl From<Described> for About {
    fn from(described: Described) -> About {
        let claims = described.designs.into_iter().flat_map(|design| design.claims);
        About {
            text: described.text,
            predicted: described.predicted,
            lessons: claims
                .filter(|claim| claim.lesson.is_some())
                .map(|claim| (claim.id.clone(), claim))
                .collect(),
        }
    }
}

impl Run {
    /// Reads a data folder, whichever experiment it is of.
    ///
    /// # Errors
    /// If a file is missing or damaged, with line and column.
    pub(crate) fn read(folder: &Path) -> Result<Run> {
        let info = RunInfo::read(&folder.join(RUN))?;
        Ok(Run {
            name: info.experiment.clone(),
            rows: tables::read_verdicts(folder, &info)?,
            info,
            about: About::default(),
            printed: String::new(),
        })
    }

    /// The verdicts on its claims, without those on their parts.
    pub(crate) fn claims(&self) -> impl Iterator<Item = &VerdictRow> {
        self.rows.iter().filter(|row| row.part.is_empty())
    }

    /// The same, of each claim together; claims in the order of the table.
    pub(crate) fn by_claim(&self) -> Vec<Vec<&VerdictRow>> {
        let mut claims: Vec<Vec<&VerdictRow>> = Vec::new();
        for row in self.claims() {
            let is_same = |rows: &&mut Vec<&VerdictRow>| {
                rows.first().is_some_and(|first| first.claim == row.claim)
            };
            match claims.iter_mut().find(is_same) {
                Some(rows) => rows.push(row),
                None => claims.push(vec![row]),
            }
        }
        claims
    }

    /// What a reader takes home from a claim; none if a verdict on it is another than the experiment
    /// documents, if none is of a CPython, or if native code could have another and was not measured.
    pub(crate) fn lesson(&self, claim_id: &str) -> Option<&str> {
        let rows = || self.claims().filter(|row| row.claim_id == claim_id);
        // A claim without a verdict in Rust, in a run that measured Rust, is about CPython alone.
        let claim = self.about.lessons.get(claim_id)?;
        let is_given = rows().all(|row| claim.teaches(row.verdict, row.expected))
            && rows().any(|row| is_cpython(&row.runtime))
            && self.info.settings.runtimes.iter().any(|runtime| runtime == "rust");
        claim.lesson.as_deref().filter(|_| is_given)
    }
}

/// Whether a runtime of this name is a CPython.
pub(crate) fn is_cpython(runtime: &str) -> bool {
    runtime.starts_with("cpython")
}
