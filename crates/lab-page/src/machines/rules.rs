//! What a submission is held against: the claims of this commit, with their edges.

use lab_data::rows::{Decision, Kind, VerdictRow};
use std::collections::BTreeMap;

/// Two edges that differ by less than this part of themselves are one that was written as text.
const ROUNDING: f64 = 1e-9;

/// The claims that this commit judges, by their ids.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    claims: BTreeMap<String, Rule>,
}

/// One claim.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) experiment: String,
    /// In the words of those who make it.
    pub(crate) text: String,
    /// Kinds of measure with their edges: those of each part that can decide it.
    edges: Vec<(Kind, [Option<f64>; 4])>,
    /// Whether each verdict that this commit reached has a control; none if it reached none.
    is_controlled: Option<bool>,
}

impl Rules {
    /// From verdicts that this commit reached.
    pub fn of<'a>(rows: impl IntoIterator<Item = &'a VerdictRow>) -> Rules {
        let mut claims: BTreeMap<String, Rule> = BTreeMap::new();
        for row in rows {
            let rule = claims.entry(row.claim_id.clone()).or_insert_with(|| Rule {
                experiment: row.experiment.clone(),
                text: row.claim.clone(),
                edges: Vec::new(),
                is_controlled: None,
            });
            let edges = (row.kind, edges(row));
            if !rule.edges.contains(&edges) {
                rule.edges.push(edges);
            }
            if row.part.is_empty() && row.verdict != Decision::Inconclusive {
                let others = rule.is_controlled.unwrap_or(true);
                rule.is_controlled = Some(others && row.control_low.is_some());
            }
        }
        Rules { claims }
    }

    pub(crate) fn get(&self, claim: &str) -> Option<&Rule> {
        self.claims.get(claim)
    }
}

impl Rule {
    /// Whether a verdict on the claim needs a control.
    pub(crate) fn is_controlled(&self) -> bool {
        self.is_controlled == Some(true)
    }

    /// The kind of what is judged by a row's edges; none if this commit has no such edges for the claim.
    /// Of a level, earlier files do not say the unit.
    pub(crate) fn kind(&self, row: &VerdictRow) -> Option<Kind> {
        let own = edges(row);
        let same = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() <= ROUNDING * a.abs().max(b.abs()),
            (a, b) => a == b,
        };
        let is = |(kind, edges): &(Kind, [Option<f64>; 4])| {
            (*kind == row.kind || row.kind == Kind::Level && kind.is_level())
                && edges.iter().zip(own).all(|(a, b)| same(*a, b))
        };
        self.edges.iter().find(|one| is(one)).map(|(kind, _)| *kind)
    }
}

fn edges(row: &VerdictRow) -> [Option<f64>; 4] {
    [row.true_low, row.true_high, row.false_low, row.false_high]
}
