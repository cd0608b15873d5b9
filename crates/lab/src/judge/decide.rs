//! From an estimate to a decision.

use super::estimate::Estimate;
use super::hindrances::Hindrances;
use super::reason::{Missing, Reason, Remedy};
use super::verdict::Verdict;
use crate::design::claim::{Claim, ESTIMATE, Part};
use crate::design::quantity::{Comparison, What};
use crate::design::schedule::{Control, replicates};
use crate::design::{Design, Replicate};
use crate::record::Recording;
use lab_data::rows::Kind;
use lab_stats::blocks::blocks_needed;
use lab_stats::decide::decide;
use lab_stats::edges::Edges;
use lab_stats::format;
use lab_stats::interval::Interval;
use lab_stats::verdict::Decision;

/// What all parts of a run are judged with.
pub(super) struct Judge<'r> {
    pub(super) designs: &'r [Design],
    pub(super) run: &'r Recording,
    pub(super) control: Option<Control>,
    pub(super) replicates: Vec<Replicate>,
}

impl<'r> Judge<'r> {
    pub(super) fn new(designs: &'r [Design], run: &'r Recording) -> Judge<'r> {
        Judge { designs, run, control: Control::of(designs), replicates: replicates(designs) }
    }

    /// The verdict on a part at a level of confidence. `decides` says whether the claim rests on it.
    pub(super) fn part(
        &self,
        design: &Design,
        claim: &Claim,
        part: &Part,
        level: f64,
        decides: bool,
    ) -> Verdict {
        let (estimate, shown) = self.estimate(design, part, level);
        let declared = part.edges.unwrap_or(Edges::true_above(1.0));
        let edges = if part.over_half_of_control { Edges::true_above(1.0) } else { declared };
        let beside = self.beside(design, part, decides);
        let replicate = beside.replicate.as_ref();
        let allowed = match (beside.allowed, &estimate.interval) {
            // On one core, whatever else is missing follows from that.
            (Err(Reason::OneCore), _) => Err(Reason::OneCore),
            (_, Err(missing)) => Err(Reason::Missing(missing.clone())),
            (allowed, Ok(judged)) => allowed
                .and_then(|()| self.is_steady(judged, &edges, replicate))
                .and_then(|()| self.is_undisturbed(part, judged, &edges))
                .map(|()| judged),
        };
        let (decision, reason) = match allowed {
            Err(refusal) => (Decision::Inconclusive, refusal),
            Ok(judged) => {
                let finding = self.finding(part, shown.as_ref().unwrap_or(judged));
                match decide(judged, &edges) {
                    Decision::Inconclusive => {
                        let remedy = self.remedy(judged, &edges);
                        let hindrances = self.hindrances(remedy.takes_longer());
                        let reason = Reason::OverAnEdge { finding, remedy, hindrances };
                        (Decision::Inconclusive, reason)
                    }
                    decision => (decision, Reason::Finding(finding)),
                }
            }
        };
        let is_whole = part.name.is_empty();
        Verdict {
            claim_id: claim.id.clone(),
            claim: claim.text.clone(),
            part: part.name.clone(),
            runtime: claim.runtime.clone(),
            kind: kind(part),
            measure: estimate.measure,
            arm_a: estimate.arm_a,
            arm_b: estimate.arm_b,
            judged: estimate.interval.ok(),
            shown,
            blocks: estimate.blocks,
            edges,
            control_low: beside.control_low,
            replicate: beside.replicate,
            decision,
            reason,
            expected: claim.expected.filter(|_| is_whole),
            article_estimate: part.article,
            article: claim.article.filter(|_| is_whole),
        }
    }

    /// What is judged, and what is shown where that is another number.
    fn estimate(&self, design: &Design, part: &Part, level: f64) -> (Estimate, Option<Interval>) {
        let comparison = match &part.basis {
            Ok(comparison) => comparison,
            Err(text) => return (Estimate::none(Missing::Declared(text.clone())), None),
        };
        let estimate = self.run.estimate(comparison, level);
        if comparison.is_of_one_side() {
            let interval = Err(Missing::OneSide);
            return (Estimate { interval, ..estimate }, None);
        }
        match &comparison.what {
            What::Ratio { over, under } if part.over_half_of_control => {
                let shown = estimate.interval.as_ref().ok().copied();
                (self.over_half(design, over, under, estimate, level), shown)
            }
            _ => (estimate, None),
        }
    }

    fn finding(&self, part: &Part, shown: &Interval) -> String {
        let text = match &part.finding_if_slower {
            Some(slower) if shown.is_below(1.0) => slower,
            _ => &part.finding,
        };
        let mut finding = text.replace(ESTIMATE, &format::found(kind(part), shown));
        finding.extend(part.notes.iter().filter_map(|note| note.of(self.run)));
        finding
    }

    pub(super) fn hindrances(&self, takes_longer: bool) -> Hindrances {
        Hindrances { all: self.run.hindrances(), takes_longer }
    }

    fn remedy(&self, judged: &Interval, edges: &Edges) -> Remedy {
        // A forecast takes longer than all else together, and of drawn numbers nobody reads it.
        let is_read = self.run.drawn().is_none();
        let needed = is_read.then(|| blocks_needed(judged, edges)).flatten();
        match self.run.looks_left_out() {
            Some(_) => Remedy::Undecided { after: self.run.info.blocks, needed },
            None => Remedy::Blocks(needed),
        }
    }
}

fn kind(part: &Part) -> Kind {
    part.basis.as_ref().map_or(Kind::Ratio, Comparison::kind)
}
