//! The verdict on a claim that has several parts.

use super::decide::Judge;
use super::reason::Reason;
use super::verdict::Verdict;
use crate::design::Design;
use crate::design::claim::{Claim, Combination, ESTIMATE};
use lab_stats::decide::decide;
use lab_stats::verdict::{Decision, all_of, any_level, any_of};

impl Judge<'_> {
    /// The verdicts on a claim: its own, its parts', and what is shown beside.
    pub(super) fn claim(&self, design: &Design, claim: &Claim) -> Vec<Verdict> {
        let ordinary = self.run.confidence();
        let shared = any_level(ordinary, claim.parts.len());
        let level = match claim.combination {
            Combination::AllShared => shared,
            _ => ordinary,
        };
        let decides = claim.combination != Combination::Check;
        let judged = |level| {
            let parts = claim.parts.iter();
            parts.map(move |part| self.part(design, claim, part, level, decides))
        };
        let mut parts: Vec<Verdict> = judged(level).collect();
        if claim.combination == Combination::Any {
            // One is enough to make the claim true, so that each of them must be surer of that.
            let surer: Vec<Verdict> = judged(shared).collect();
            for (part, surer) in parts.iter_mut().zip(surer) {
                if part.decision == Decision::True {
                    *part = surer;
                }
            }
        }
        let whole = match claim.combination {
            Combination::One | Combination::Check => None,
            Combination::All | Combination::AllShared => {
                self.whole(claim, &parts, shared, all_of, Decision::False)
            }
            Combination::Any => self.whole(claim, &parts, shared, any_of, Decision::True),
        };
        let beside = claim.beside.iter();
        let beside = beside.map(|part| self.part(design, claim, part, ordinary, false));
        let mut all: Vec<Verdict> = whole.into_iter().chain(parts).chain(beside).collect();
        self.add_notes(claim, &mut all);
        all
    }

    /// The verdict that follows from those of the parts; it shows the part that decided. Where all must
    /// hold, that is the one nearest to its edge; where one decides `alone`, the clearest of them: the one
    /// farthest from its edge. Each part may be judged at the ordinary level; one that decides alone must
    /// do so at the level that all of them share.
    fn whole(
        &self,
        claim: &Claim,
        parts: &[Verdict],
        shared: f64,
        sum: fn(&[Decision]) -> Decision,
        alone: Decision,
    ) -> Option<Verdict> {
        let decisions: Vec<Decision> = parts
            .iter()
            .map(|part| {
                if part.decision == alone && !holds_at(shared, part) {
                    Decision::Inconclusive
                } else {
                    part.decision
                }
            })
            .collect();
        let decision = sum(&decisions);
        let alike = parts.iter().zip(&decisions).filter(|(_, part)| **part == decision);
        let alike = alike.map(|(part, _)| (margin(part), part));
        let (_, part) = if decision == alone {
            alike.max_by(|a, b| a.0.total_cmp(&b.0))
        } else {
            alike.min_by(|a, b| a.0.total_cmp(&b.0))
        }?;
        let is_decided = matches!(decision, Decision::True | Decision::False);
        let reason = if is_decided && decision != alone {
            Reason::Finding(in_words(claim, part, parts))
        } else {
            Reason::OfPart {
                part: part.part.clone(),
                reason: Box::new(part.reason.clone()),
                by_chance: (part.decision != decision).then_some(parts.len()),
            }
        };
        Some(Verdict {
            part: String::new(),
            expected: claim.expected,
            article: claim.article,
            decision,
            reason,
            ..part.clone()
        })
    }

    /// Adds what the claim has to say besides, where it has a verdict.
    fn add_notes(&self, claim: &Claim, verdicts: &mut [Verdict]) {
        let Some(whole) = verdicts.first_mut().filter(|first| first.is_whole()) else {
            return;
        };
        if whole.decision == Decision::Inconclusive {
            return;
        }
        let notes: String = claim.notes.iter().filter_map(|note| note.of(self.run)).collect();
        if !notes.is_empty() {
            whole.reason = Reason::Finding(format!("{}{notes}", whole.reason));
        }
    }
}

/// The finding of a claim all of whose parts hold, by the part nearest to its edge.
fn in_words(claim: &Claim, part: &Verdict, parts: &[Verdict]) -> String {
    // Two parts may ask two things of one number.
    let all = || {
        let mut reasons: Vec<String> = parts.iter().map(|part| part.reason.to_string()).collect();
        reasons.dedup();
        reasons.join("; ")
    };
    match &claim.finding {
        None => format!("{}: {}", part.part, part.reason),
        Some(text) => text
            .replace("{part}", &part.part)
            .replace("{all}", &all())
            .replace(ESTIMATE, &part.reason.to_string()),
    }
}

/// Whether a verdict holds at a level as well.
fn holds_at(level: f64, part: &Verdict) -> bool {
    let wider = part.judged.and_then(|judged| judged.at(level).ok());
    wider.is_some_and(|wider| decide(&wider, &part.edges) == part.decision)
}

/// How far, on a log scale, the interval lies from its nearest edge; NaN without one.
fn margin(part: &Verdict) -> f64 {
    let Some(judged) = &part.judged else {
        return f64::NAN;
    };
    let edges = &part.edges;
    let far = |edge: f64| {
        let ends = [judged.low, judged.high].map(|end| (end / edge).ln().abs());
        ends[0].min(ends[1])
    };
    far(edges.true_low).min(far(edges.true_high))
}
