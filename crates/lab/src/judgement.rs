//! From an estimate to a verdict: one row of `verdicts.csv`.

mod faster;
mod reason;

use crate::arm::ArmId;
use crate::claim::Claim;
use crate::control::Control;
use crate::estimate::{Estimate, Measure};
use crate::recording::Recording;
use crate::words;
use lab_record::rows::{TrialRow, VerdictRow};
use lab_stats::control;
use lab_stats::edges::{Edges, decide};
use lab_stats::interval::Interval;
use lab_stats::null::NULL_LEVEL;
use lab_stats::verdict::Decision;

/// The reason where a question asks for two cores and there is one.
pub(crate) const ONE_CORE: &str = "this process may use one core only, and the question makes no sense there: measure on a \
     machine with two, or without taskset or quota";

/// A verdict in the making: what was measured, against which edges, and what could forbid it.
#[derive(Debug)]
pub struct Judgement<'a> {
    run: &'a Recording,
    claim: &'a Claim,
    runtime: String,
    part: String,
    estimate: Estimate,
    kind: String,
    edges: Edges,
    control_low: Option<f64>,
    null: Option<Interval>,
    article: Option<f64>,
    refusal: Option<String>,
    /// What the sentence is given instead of the estimate.
    said: Option<f64>,
    /// What a busy neighbour can bring about by itself.
    imitated: Option<Decision>,
}

impl<'a> Judgement<'a> {
    /// The claim, judged by this estimate against these edges.
    pub fn new(
        run: &'a Recording,
        claim: &'a Claim,
        runtime: &str,
        estimate: Estimate,
        edges: Edges,
    ) -> Judgement<'a> {
        let sense = match edges {
            Edges::TrueInside { .. } => words::INSIDE,
            Edges::TrueAbove {
                true_above,
                false_below,
            } if true_above == false_below => words::ABOVE,
            _ => "",
        };
        Judgement {
            run,
            claim,
            runtime: runtime.to_owned(),
            part: String::new(),
            kind: format!("{}{sense}", estimate.kind.name()),
            refusal: estimate.interval.as_ref().err().cloned(),
            estimate,
            edges,
            control_low: None,
            null: None,
            article: None,
            said: None,
            imitated: None,
        }
    }

    /// This row is about a part of the claim; the claim's own verdict is another row.
    pub fn part(mut self, part: &str) -> Judgement<'a> {
        part.clone_into(&mut self.part);
        self
    }

    /// The positive control: no verdict unless native processes were faster than serial in the
    /// same blocks.
    pub fn needs_control(mut self, measure: Measure, control: &Control) -> Judgement<'a> {
        let speed_up = control.speed_up(self.run, measure);
        self.control_low = speed_up.interval.as_ref().ok().map(|i| i.low);
        if self.run.cores() < 2 {
            // Whatever else is missing follows from that.
            self.refusal = Some(ONE_CORE.to_owned());
            return self;
        }
        match &speed_up.interval {
            Ok(interval) => self.provided(control::speed_up(interval)),
            Err(reason) => self.refused(reason),
        }
    }

    /// No verdict on one core, where every busy neighbour hinders.
    pub fn needs_two_cores(self) -> Judgement<'a> {
        match self.run.cores() {
            0 | 1 => self.refused(ONE_CORE),
            _ => self,
        }
    }

    /// No verdict, for this reason. The first refusal stands.
    pub fn refused(mut self, reason: impl Into<String>) -> Judgement<'a> {
        self.refusal.get_or_insert(reason.into());
        self
    }

    /// No verdict if something that must hold of the machine does not; the reason says also what is
    /// known to have hindered.
    pub fn provided<E: std::fmt::Display>(self, holds: Result<(), E>) -> Judgement<'a> {
        match holds {
            Ok(()) => self,
            Err(failure) => {
                let failure = failure.to_string();
                let hindered = self.hindered(&failure);
                self.refused(failure + &hindered)
            }
        }
    }

    /// No verdict that says this while others had too much of judged blocks: a busy neighbour can
    /// bring it about by itself, and no control would tell.
    pub fn imitated_by_noise(mut self, decision: Decision) -> Judgement<'a> {
        self.imitated = Some(decision);
        self
    }

    /// The null arm: the same arm twice in each block. No verdict if it differs from itself by more
    /// than the verdict's distance from its edge.
    pub fn null(mut self, measure: Measure, arm: &ArmId) -> Judgement<'a> {
        let null = self
            .run
            .ratio_at(NULL_LEVEL, measure, &arm.clone().again(), arm);
        self.null = null.interval.ok();
        self
    }

    /// The null arm, by what `value` gives for a trial; `what` says of what.
    pub fn null_of(
        mut self,
        what: &str,
        arm: &ArmId,
        value: impl Fn(&TrialRow) -> Option<f64>,
    ) -> Judgement<'a> {
        let again = arm.clone().again();
        let null = self.run.ratio_between(NULL_LEVEL, what, &again, arm, value);
        self.null = null.interval.ok();
        self
    }

    /// The same measure, from the article's own numbers.
    pub fn article(mut self, estimate: Option<f64>) -> Judgement<'a> {
        self.article = estimate;
        self
    }

    /// The verdict. `finding` puts the estimate, which it is given as it is to be printed, into a
    /// sentence.
    pub fn says(mut self, finding: impl Fn(&str) -> String) -> VerdictRow {
        if self.refusal.is_none() {
            self.refusal = self.vetoed().or_else(|| self.disturbed());
        }
        let interval = self.estimate.interval.as_ref().ok();
        let decision = match (&self.refusal, interval) {
            (Some(_), _) | (None, None) => Decision::Inconclusive,
            (None, Some(interval)) => decide(interval, &self.edges),
        };
        let reason = match (&self.refusal, interval) {
            (Some(refusal), _) => refusal.clone(),
            (None, None) => "nothing was measured".to_owned(),
            (None, Some(interval)) => {
                let shown = |value| words::value(self.estimate.kind, value);
                let finding = match self.said {
                    None => finding(&shown(interval.estimate)),
                    Some(said) => format!(
                        "{}, which is {} the square root of the control's",
                        finding(&shown(said)),
                        shown(interval.estimate)
                    ),
                };
                match decision {
                    Decision::Inconclusive => {
                        let remedy = self.remedy(interval);
                        format!("{finding}, but the interval reaches over an edge: {remedy}")
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
                false => self.claim.expected_in(self.run, &self.runtime),
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
            null_low: self.null.map(|null| null.low),
            null_high: self.null.map(|null| null.high),
            verdict: decision.to_string(),
            reason,
            article_estimate: self.article,
            article_verdict: match is_part {
                true => String::new(),
                false => self.claim.article_verdict(),
            },
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::claim::Expected;
    use crate::estimate::Kind;
    use crate::recording::tests::empty;
    use lab_stats::interval::{self, LEVEL};

    pub(crate) const CLAIM: Claim = Claim {
        text: "Threads are useless.",
        expected: Expected::always(Decision::False),
        article: Some(Decision::False),
    };
    pub(crate) const EDGES: Edges = Edges::TrueBelow {
        true_below: 1.05,
        false_above: 2.0,
    };

    pub(crate) fn estimate(values: &[f64]) -> Estimate {
        let ones = vec![1.0; values.len()];
        Estimate {
            kind: Kind::Ratio,
            measure: "makespan of serial / threads 16".to_owned(),
            arm_a: "serial".to_owned(),
            arm_b: "threads 16".to_owned(),
            blocks: values.len() as u32,
            interval: interval::ratio(values, &ones, LEVEL).map_err(|e| e.to_string()),
        }
    }

    fn row(values: &[f64]) -> VerdictRow {
        Judgement::new(&empty(), &CLAIM, "rust", estimate(values), EDGES)
            .article(Some(12.7))
            .says(|times| format!("16 threads are {times} faster"))
    }

    #[test]
    fn an_interval_beyond_an_edge_decides_and_is_said_with_its_number() {
        let row = row(&[10.0, 10.5, 10.2, 10.1, 10.3]);
        assert_eq!(
            (row.verdict.as_str(), row.expected.as_str()),
            ("FALSE", "FALSE")
        );
        assert_eq!(row.reason, "16 threads are 10.2× faster");
        assert_eq!((row.true_edge, row.false_edge), (Some(1.05), Some(2.0)));
        assert_eq!(
            words::verdict_line(&row),
            "FALSE         \"Threads are useless.\"  Rust: 16 threads are 10.2× faster \
             (9.98–10.5; FALSE from 2×; the article: 12.7×)"
        );
    }

    #[test]
    fn between_the_edges_is_neither() {
        assert_eq!(row(&[1.50, 1.51, 1.49, 1.50, 1.52]).verdict, "NEITHER");
    }

    #[test]
    fn an_interval_over_an_edge_is_inconclusive_and_says_what_to_do() {
        let row = row(&[1.0, 3.0, 1.2, 2.9, 2.0]);
        assert_eq!(row.verdict, "INCONCLUSIVE");
        assert!(row.reason.contains("--thorough"), "{}", row.reason);
    }

    #[test]
    fn a_refusal_stands_whatever_the_interval_says() {
        let row = Judgement::new(
            &empty(),
            &CLAIM,
            "rust",
            estimate(&[10.0, 10.1, 10.2]),
            EDGES,
        )
        .refused("the first reason")
        .refused("the second")
        .says(str::to_owned);
        assert_eq!(row.verdict, "INCONCLUSIVE");
        assert_eq!(row.reason, "the first reason");
        assert!(row.estimate.is_some(), "what was measured stays in the row");
    }

    #[test]
    fn without_an_interval_there_is_no_verdict_and_no_number() {
        let row = row(&[10.0]);
        assert_eq!(row.verdict, "INCONCLUSIVE");
        assert_eq!((row.estimate, row.low, row.high), (None, None, None));
    }
}
