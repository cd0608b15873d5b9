//! Claims, and the verdicts on them: one row of `verdicts.csv` each.

use crate::arm::ArmId;
use crate::estimate::{Estimate, Measure};
use crate::recording::Recording;
use crate::words;
use lab_record::rows::VerdictRow;
use lab_stats::blocks::blocks_needed;
use lab_stats::control;
use lab_stats::edges::{Edges, decide};
use lab_stats::faster::{Faster, Outcome, against_half};
use lab_stats::interval::LEVEL;
use lab_stats::verdict::{Decision, all_of};

/// A statement to judge.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// In the words of those who make it.
    pub text: &'static str,
    /// The verdict that the experiment documents for a runtime.
    pub expected: fn(runtime: &str) -> Decision,
    /// What the article says.
    pub article: Option<Decision>,
}

/// A verdict in the making: what was measured, against which edges, and what could forbid it.
#[derive(Debug)]
pub struct Judgement<'a> {
    claim: &'a Claim,
    runtime: String,
    part: String,
    estimate: Estimate,
    kind: String,
    edges: Edges,
    decision: Option<Decision>,
    control_low: Option<f64>,
    null: Option<(f64, f64)>,
    article: Option<f64>,
    refusal: Option<String>,
}

impl<'a> Judgement<'a> {
    /// The claim, judged by this estimate against these edges.
    pub fn new(claim: &'a Claim, runtime: &str, estimate: Estimate, edges: Edges) -> Judgement<'a> {
        let inside = matches!(edges, Edges::TrueInside { .. });
        Judgement {
            claim,
            runtime: runtime.to_owned(),
            part: String::new(),
            kind: format!(
                "{}{}",
                estimate.kind.name(),
                if inside { " inside" } else { "" }
            ),
            refusal: estimate.interval.as_ref().err().cloned(),
            estimate,
            edges,
            decision: None,
            control_low: None,
            null: None,
            article: None,
        }
    }

    /// "Faster for CPU work": TRUE above half of the log speed-up that native processes reach in
    /// the same blocks, so that no constant is needed for 2, 4 or 64 cores.
    pub fn faster(
        claim: &'a Claim,
        runtime: &str,
        run: &Recording,
        measure: Measure,
        [serial, arm, control]: [&ArmId; 3],
    ) -> Judgement<'a> {
        let speed_up = run.ratio(measure, serial, arm);
        let judged = speed_up.interval.clone().and_then(|_| {
            let [serial, arm, control] = run.paired(measure, [serial, arm, control]);
            against_half(&serial, &arm, &control, LEVEL).map_err(|error| error.to_string())
        });
        let edge = judged.as_ref().map_or(f64::NAN, Faster::edge);
        let edges = Edges::TrueAbove {
            true_above: edge,
            false_below: edge,
        };
        let mut judgement = Judgement::new(claim, runtime, speed_up, edges);
        "speed-up".clone_into(&mut judgement.kind);
        match judged {
            Ok(faster) => {
                judgement.decision = Some(match faster.outcome() {
                    Outcome::Undecided => Decision::Inconclusive,
                    outcome => outcome.decision(),
                });
                judgement.needs_control(run, &run.ratio(measure, serial, control))
            }
            Err(reason) => judgement.refused(reason),
        }
    }

    /// This row is about a part of the claim; the claim's own verdict is another row.
    pub fn part(mut self, part: &str) -> Judgement<'a> {
        part.clone_into(&mut self.part);
        self
    }

    /// The positive control: no verdict unless native processes were faster than serial in the
    /// same blocks.
    pub fn needs_control(mut self, run: &Recording, speed_up: &Estimate) -> Judgement<'a> {
        self.control_low = speed_up.interval.as_ref().ok().map(|i| i.low);
        if run.cores() < 2 {
            // Whatever else is missing follows from that.
            self.refusal = Some(
                "this process may use one core only, and the question makes no sense there: \
                 measure on a machine with two, or without taskset"
                    .to_owned(),
            );
            return self;
        }
        match &speed_up.interval {
            Ok(interval) => match control::speed_up(interval) {
                Ok(()) => self,
                Err(failure) => self.refused(failure.to_string()),
            },
            Err(reason) => {
                let reason = reason.clone();
                self.refused(reason)
            }
        }
    }

    /// No verdict, for this reason. The first refusal stands.
    pub fn refused(mut self, reason: impl Into<String>) -> Judgement<'a> {
        self.refusal.get_or_insert(reason.into());
        self
    }

    /// No verdict if something that must hold does not.
    pub fn provided<E: std::fmt::Display>(self, holds: Result<(), E>) -> Judgement<'a> {
        match holds {
            Ok(()) => self,
            Err(reason) => self.refused(reason.to_string()),
        }
    }

    /// The null arm: the same arm twice in each block, with its 99 % interval.
    pub fn null(mut self, run: &Recording, measure: Measure, arm: &ArmId) -> Judgement<'a> {
        const NULL_LEVEL: f64 = 0.99;
        let null = run.ratio_at(NULL_LEVEL, measure, &arm.clone().again(), arm);
        self.null = null.interval.ok().map(|i| (i.low, i.high));
        self
    }

    /// The same measure, from the article's own numbers.
    pub fn article(mut self, estimate: Option<f64>) -> Judgement<'a> {
        self.article = estimate;
        self
    }

    /// The verdict. `finding` puts the estimate, which it is given as it is to be printed, into a
    /// sentence.
    pub fn says(self, finding: impl Fn(&str) -> String) -> VerdictRow {
        let interval = self.estimate.interval.as_ref().ok();
        let decision = match (&self.refusal, interval) {
            (Some(_), _) | (None, None) => Decision::Inconclusive,
            (None, Some(interval)) => self
                .decision
                .unwrap_or_else(|| decide(interval, &self.edges)),
        };
        let reason = match (&self.refusal, interval) {
            (Some(refusal), _) => refusal.clone(),
            (None, None) => "nothing was measured".to_owned(),
            (None, Some(interval)) => {
                let finding = finding(&words::value(self.estimate.kind, interval.estimate));
                match decision {
                    Decision::Inconclusive => {
                        let more = blocks_needed(interval, &self.edges)
                            .map_or("measure more blocks".to_owned(), |more| more.to_string());
                        format!("{finding}, but the interval reaches over an edge: {more}")
                    }
                    _ => finding,
                }
            }
        };
        let (true_edge, false_edge) = match self.edges {
            Edges::TrueAbove {
                true_above,
                false_below,
            } => (true_above, false_below),
            Edges::TrueBelow {
                true_below,
                false_above,
            } => (true_below, false_above),
            Edges::TrueInside { high, .. } => (high, high),
        };
        let known = |edge: f64| edge.is_finite().then_some(edge);
        let is_part = !self.part.is_empty();
        VerdictRow {
            claim: self.claim.text.to_owned(),
            expected: match is_part {
                true => String::new(),
                false => (self.claim.expected)(&self.runtime).to_string(),
            },
            runtime: self.runtime,
            case: self.part,
            kind: self.kind,
            measure: self.estimate.measure,
            arm_a: self.estimate.arm_a,
            arm_b: self.estimate.arm_b,
            estimate: interval.map(|i| i.estimate),
            low: interval.map(|i| i.low),
            high: interval.map(|i| i.high),
            level: interval.map(|i| i.level),
            blocks: self.estimate.blocks,
            true_edge: known(true_edge),
            false_edge: known(false_edge),
            control_low: self.control_low,
            null_low: self.null.map(|(low, _)| low),
            null_high: self.null.map(|(_, high)| high),
            verdict: decision.to_string(),
            reason,
            article_estimate: self.article,
            article_verdict: match is_part {
                true => String::new(),
                false => article_verdict(self.claim),
            },
        }
    }
}

/// The verdict on a claim that holds if all its parts do; it shows the part that decided it.
/// `finding` is given that part.
pub fn all_parts(
    claim: &Claim,
    parts: &[VerdictRow],
    finding: impl Fn(&VerdictRow) -> String,
) -> Option<VerdictRow> {
    let decisions: Vec<Decision> = parts
        .iter()
        .map(|part| part.verdict.parse().unwrap_or(Decision::Inconclusive))
        .collect();
    let decision = all_of(&decisions);
    let at = decisions.iter().position(|part| *part == decision)?;
    let part = parts.get(at)?;
    Some(VerdictRow {
        case: String::new(),
        expected: (claim.expected)(&part.runtime).to_string(),
        article_verdict: article_verdict(claim),
        reason: match decision {
            Decision::Inconclusive => format!("{}: {}", part.case, part.reason),
            _ => finding(part),
        },
        ..part.clone()
    })
}

fn article_verdict(claim: &Claim) -> String {
    claim
        .article
        .map(|verdict| verdict.to_string())
        .unwrap_or_default()
}

impl Recording {
    /// Block by block, the times of three arms; only blocks that have all three.
    fn paired(&self, measure: Measure, arms: [&ArmId; 3]) -> [Vec<f64>; 3] {
        let [a, b, c] = arms.map(|arm| self.blocks(arm, |trial| measure.of(trial)));
        let mut all = [Vec::new(), Vec::new(), Vec::new()];
        for (block, a) in &a {
            if let (Some(b), Some(c)) = (b.get(block), c.get(block)) {
                for (values, value) in all.iter_mut().zip([a, b, c]) {
                    values.push(*value);
                }
            }
        }
        all
    }
}
