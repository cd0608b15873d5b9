//! A verdict: what was estimated, what it is held against, and what follows.

use super::reason::Reason;
use lab_data::rows::{Kind, VerdictRow};
use lab_data::run::RunInfo;
use lab_stats::edges::Edges;
use lab_stats::interval::Interval;
use lab_stats::verdict::Decision;

/// One estimate of a claim, or of a part of one, and what follows from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The claim's slug.
    pub claim_id: String,
    /// The claim in words.
    pub claim: String,
    /// Which part; empty for the claim's own verdict.
    pub part: String,
    /// In which runtime.
    pub runtime: String,
    /// Whether the estimate is a ratio, a share or a level.
    pub kind: Kind,
    /// What was estimated, in words.
    pub measure: String,
    /// The arm above the line.
    pub arm_a: String,
    /// The arm below the line; empty if there is none.
    pub arm_b: String,
    /// What is judged; none if nothing could be estimated.
    pub judged: Option<Interval>,
    /// What is shown, where that is not what is judged.
    pub shown: Option<Interval>,
    /// How many blocks were judged.
    pub blocks: u32,
    /// Where it is TRUE and where FALSE.
    pub edges: Edges,
    /// Lower limit of the positive control, where the verdict needs one.
    pub control_low: Option<f64>,
    /// The A/A arm's ratio to itself.
    pub replicate: Option<Interval>,
    /// What follows.
    pub decision: Decision,
    /// Why.
    pub reason: Reason,
    /// What the experiment documents; none for a part.
    pub expected: Option<Decision>,
    /// The same number, from the article.
    pub article_estimate: Option<f64>,
    /// What the article says; none for a part.
    pub article: Option<Decision>,
}

impl Verdict {
    /// Whether it is a claim's own, not one of a part.
    pub fn is_whole(&self) -> bool {
        self.part.is_empty()
    }

    /// What a reader is shown: the natural speed-up where the judged number is over half of the
    /// control's.
    pub fn estimate(&self) -> Option<&Interval> {
        self.shown.as_ref().or(self.judged.as_ref())
    }

    /// Its row of `verdicts.csv`.
    pub fn row(&self, info: &RunInfo) -> VerdictRow {
        let [true_low, true_high, false_low, false_high] = self.edges.cells();
        let cells =
            |of: Option<Interval>| (of.map(|i| i.estimate), of.map(|i| i.low), of.map(|i| i.high));
        let (estimate, low, high) = cells(self.judged);
        let (shown_estimate, shown_low, shown_high) = cells(self.shown);
        let (_, null_low, null_high) = cells(self.replicate);
        VerdictRow {
            experiment: info.experiment.clone(),
            run_id: info.run_id.clone(),
            claim_id: self.claim_id.clone(),
            claim: self.claim.clone(),
            part: self.part.clone(),
            runtime: self.runtime.clone(),
            kind: self.kind,
            measure: self.measure.clone(),
            arm_a: self.arm_a.clone(),
            arm_b: self.arm_b.clone(),
            estimate,
            low,
            high,
            level: self.judged.map(|judged| judged.level),
            shown_estimate,
            shown_low,
            shown_high,
            blocks: self.blocks,
            true_low,
            true_high,
            false_low,
            false_high,
            control_low: self.control_low,
            null_low,
            null_high,
            verdict: self.decision,
            expected: self.expected,
            reason: self.reason.to_string(),
            article_estimate: self.article_estimate,
            article_verdict: self.article,
        }
    }
}

/// A verdict on nothing, with this estimate if there is one, as tests need it.
#[cfg(test)]
pub(crate) fn made_up(runtime: &str, estimate: Option<f64>) -> Verdict {
    let interval = |estimate| Interval {
        estimate,
        low: estimate / 1.2,
        high: 1.2 * estimate,
        level: 0.95,
        blocks: 5,
        scale: lab_stats::interval::Scale::Log,
    };
    Verdict {
        claim_id: "faster".to_owned(),
        claim: "Threads are faster.".to_owned(),
        part: String::new(),
        runtime: runtime.to_owned(),
        kind: Kind::Ratio,
        measure: String::new(),
        arm_a: String::new(),
        arm_b: String::new(),
        judged: estimate.map(interval),
        shown: None,
        blocks: 5,
        edges: Edges::true_above(1.0),
        control_low: None,
        replicate: None,
        decision: Decision::Inconclusive,
        reason: Reason::OneCore,
        expected: None,
        article_estimate: None,
        article: None,
    }
}
