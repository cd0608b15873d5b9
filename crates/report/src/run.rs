//! What is known of one run: how it was made, its verdicts, and what its experiment says of itself.

use anyhow::Result;
use lab::design::claim::{Claim, Combination};
use lab::show::describe::Described;
use lab::show::meaning::Meaning;
use lab::show::predicted::Answered;
use lab_data::rows::{Decision, VerdictRow};
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
    /// Its claims as they are declared, by their ids: where several runtimes declare one, with a lesson if
    /// there is any.
    claims: BTreeMap<String, Claim>,
}

impl About {
    /// The claims that its text begins with, as people make them, in quotation marks.
    pub(crate) fn claims(&self) -> Vec<String> {
        let lines = self.text.lines().take_while(|line| !line.starts_with('#'));
        let quoted = lines.filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix('"'));
        quoted.map(|claim| format!("“{claim}”")).collect()
    }

    /// The ids of its claims.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.claims.keys().map(String::as_str)
    }

    /// Whether a part of a claim is shown beside it, and has no say in its verdict.
    pub(crate) fn is_beside(&self, claim_id: &str, part: &str) -> bool {
        let mut claims = self.claims.get(claim_id).into_iter();
        claims.any(|claim| claim.beside.iter().any(|one| one.name == part))
    }

    /// What either verdict on a claim would mean.
    pub(crate) fn meaning(&self, claim_id: &str, rows: &[VerdictRow]) -> Option<Meaning> {
        Meaning::of(self.claims.get(claim_id)?, rows)
    }
}

impl From<Described> for About {
    fn from(described: Described) -> About {
        let mut claims: BTreeMap<String, Claim> = BTreeMap::new();
        for claim in described.designs.into_iter().flat_map(|design| design.claims) {
            match claims.get_mut(&claim.id) {
                Some(known) if known.lesson.is_some() => known.beside.extend(claim.beside),
                _ => drop(claims.insert(claim.id.clone(), claim)),
            }
        }
        About { text: described.text, predicted: described.predicted, claims }
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

    /// The name of the part that a claim's own verdict shows, where it has several.
    pub(crate) fn part(&self, whole: &VerdictRow) -> Option<&str> {
        let is_it = |part: &&VerdictRow| {
            !part.part.is_empty()
                && (&part.claim_id, &part.runtime) == (&whole.claim_id, &whole.runtime)
                && (&part.arm_a, &part.arm_b, part.estimate)
                    == (&whole.arm_a, &whole.arm_b, whole.estimate)
        };
        Some(self.rows.iter().find(is_it)?.part.as_str())
    }

    /// Whether a claim's own verdict follows from all of its parts together, not from one alone.
    pub(crate) fn is_of_all_parts(&self, whole: &VerdictRow) -> bool {
        let combination = self.about.claims.get(&whole.claim_id).map(|claim| claim.combination);
        matches!(
            (combination, whole.verdict),
            (Some(Combination::All | Combination::AllShared), Decision::True)
                | (Some(Combination::Any), Decision::False)
        )
    }

    /// What a reader takes home from a claim, if that follows from its verdicts.
    pub(crate) fn lesson(&self, claim_id: &str) -> Option<&str> {
        let rows = self.claims().filter(|row| row.claim_id == claim_id);
        let verdicts = rows.map(|row| (row.verdict, row.expected));
        self.about.claims.get(claim_id)?.lesson_of(verdicts, &self.info.settings.runtimes)
    }
}

/// Whether a runtime of this name is a CPython.
pub(crate) fn is_cpython(runtime: &str) -> bool {
    runtime.starts_with("cpython")
}

#[cfg(test)]
mod tests {
    use super::*;
    use lab::design::Design;
    use lab::design::claim::missing;
    use lab::design::runtime::Runtime;
    use lab_data::run::Mode;
    use lab_stats::edges::Edges;

    #[test]
    fn where_all_parts_hold_the_one_whose_number_is_shown_is_known() {
        let mut design = Design::new(&Runtime::rust(), []);
        let parts = ["near", "far"].map(|name| missing(name, "nothing is measured here"));
        design.claim("both", "Both.", Edges::true_below(1.0)).all_of(parts);
        let claims = design.claims.iter().map(|claim| (claim.id.clone(), claim.clone()));
        let row = |part: &str, estimate, verdict| VerdictRow {
            claim_id: "both".to_owned(),
            part: part.to_owned(),
            estimate: Some(estimate),
            verdict,
            ..VerdictRow::default()
        };
        for (verdict, is_of_all) in [(Decision::True, true), (Decision::False, false)] {
            let rows = [("", 0.9), ("far", 0.1), ("near", 0.9)];
            let run = Run {
                name: "it".to_owned(),
                info: RunInfo::begin("it", Mode::Quick, Vec::new(), 1),
                rows: rows.map(|(part, estimate)| row(part, estimate, verdict)).to_vec(),
                about: About { claims: claims.clone().collect(), ..About::default() },
                printed: String::new(),
            };
            assert_eq!(run.part(&run.rows[0]), Some("near"));
            assert_eq!(run.is_of_all_parts(&run.rows[0]), is_of_all);
        }
    }

    #[test]
    fn a_lesson_needs_the_documented_verdicts_in_all_that_could_have_one() {
        let mut design = Design::new(&Runtime::rust(), []);
        design
            .claim("cheap", "It is cheap.", Edges::true_below(1.0))
            .expect(Decision::True)
            .lesson("Use it.");
        let lesson = |rows: &[(&str, Decision)], measured: &[&str]| {
            let row = |(runtime, verdict): &(&str, Decision)| VerdictRow {
                claim_id: "cheap".to_owned(),
                runtime: (*runtime).to_owned(),
                verdict: *verdict,
                // With another lock another verdict is documented.
                expected: Some(match *runtime {
                    "cpython-3.11" => Decision::False,
                    _ => Decision::True,
                }),
                ..VerdictRow::default()
            };
            let mut info = RunInfo::begin("it", Mode::Quick, Vec::new(), 1);
            info.settings.runtimes = measured.iter().map(|name| (*name).to_owned()).collect();
            let claims = design.claims.iter().map(|claim| (claim.id.clone(), claim.clone()));
            let about = About { claims: claims.collect(), ..About::default() };
            let rows = rows.iter().map(row).collect();
            let run = Run { name: "it".to_owned(), info, rows, about, printed: String::new() };
            run.lesson("cheap").map(str::to_owned)
        };
        let (python, rust) = (("cpython-3.14", Decision::True), ("rust", Decision::True));
        let both = ["cpython-3.14", "rust"];
        let told = Some("Use it.".to_owned());
        assert_eq!(lesson(&[python, rust], &both), told);
        let all = ["cpython-3.11", "cpython-3.14", "rust"];
        assert_eq!(lesson(&[("cpython-3.11", Decision::False), python, rust], &all), told);
        assert_eq!(lesson(&[("cpython-3.11", Decision::True), python, rust], &all), None);
        // About native code alone, or about CPython alone: the other was measured, and has no verdict.
        assert_eq!(lesson(&[rust], &both), told);
        assert_eq!(lesson(&[python], &both), told);
        // The other might have had one.
        assert_eq!(lesson(&[rust], &["rust"]), None);
        assert_eq!(lesson(&[python], &["cpython-3.14"]), None);
        assert_eq!(lesson(&[python, ("rust", Decision::False)], &both), None);
        assert_eq!(lesson(&[], &both), None);
    }
}
