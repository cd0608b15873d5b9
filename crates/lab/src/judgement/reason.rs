//! Why a verdict is not given, and what would help.

use super::Judgement;
use lab_stats::blocks::blocks_needed;
use lab_stats::edges::decide;
use lab_stats::interval::Interval;
use lab_stats::null::vetoes;
use lab_stats::verdict::Decision;

/// The option that measures more blocks.
const LONGER: &str = "--thorough";

impl Judgement<'_> {
    /// What to say after a sentence that gives no verdict: what is known to have hindered. That it
    /// takes longer is not said again.
    pub(super) fn hindered(&self, sentence: &str) -> String {
        let hindrances = self.run.hindrances(sentence.contains(LONGER));
        hindrances.iter().map(|what| format!("; {what}")).collect()
    }

    /// Why the null arm forbids what the interval says, if it does.
    pub(super) fn vetoed(&self) -> Option<String> {
        let (judged, null) = (self.estimate.interval.as_ref().ok()?, self.null?);
        let is_decided = decide(judged, &self.edges) != Decision::Inconclusive;
        (is_decided && vetoes(&null, judged, &self.edges)).then(|| {
            let reason = format!(
                "an arm that was measured twice took {:.2}–{:.2}× its own time, and that much would \
                 carry this verdict over its edge: the machine was not steady, so measure again, or \
                 longer, with {LONGER}",
                null.low, null.high
            );
            let hindered = self.hindered(&reason);
            reason + &hindered
        })
    }

    /// Why others' work forbids what the interval says, if that is what it can bring about.
    pub(super) fn disturbed(&self) -> Option<String> {
        let judged = self.estimate.interval.as_ref().ok()?;
        let decision = decide(judged, &self.edges);
        if self.imitated != Some(decision) {
            return None;
        }
        let disturbance = self.run.disturbance()?;
        Some(format!(
            "it looks {decision}, and a busy neighbour makes it look so: {disturbance}"
        ))
    }

    /// What would decide a claim whose interval reaches over an edge.
    pub(super) fn remedy(&self, interval: &Interval) -> String {
        let needed = blocks_needed(interval, &self.edges);
        let blocks = self.run.info.blocks;
        let remedy = match (self.run.looks_left_out(), needed) {
            (Some(_), Some(needed)) => format!(
                "undecided after {blocks} blocks within the default time; {needed} ({LONGER}, or \
                 --blocks)"
            ),
            (Some(_), None) => {
                format!("undecided after {blocks} blocks within the default time: {LONGER}")
            }
            (None, Some(needed)) => format!("{needed} (--blocks)"),
            (None, None) => format!("measure more blocks, as {LONGER} does"),
        };
        let hindered = self.hindered(&remedy);
        remedy + &hindered
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judgement::ONE_CORE;
    use crate::judgement::tests::{CLAIM, EDGES, estimate};
    use crate::looks::{LOOKS, is_worth_going_on};
    use crate::recording::tests::{empty, trial, with};
    use lab_record::rows::{TrialRow, VerdictRow};
    use lab_stats::interval::Scale;
    use lab_stats::null::NULL_LEVEL;

    /// A judgement with an arm that differs from itself by so much.
    fn beside_null(values: &[f64], low: f64, high: f64) -> VerdictRow {
        let run = empty();
        let mut judgement = Judgement::new(&run, &CLAIM, "rust", estimate(values), EDGES);
        judgement.null = Some(Interval {
            estimate: (low * high).sqrt(),
            low,
            high,
            level: NULL_LEVEL,
            blocks: 5,
            scale: Scale::Log,
        });
        judgement.says(str::to_owned)
    }

    #[test]
    fn an_unsteady_machine_gives_no_verdict_that_it_could_have_made_itself() {
        let near = [2.2, 2.25, 2.2, 2.25, 2.2];
        let far = [10.0, 10.5, 10.2, 10.1, 10.3];
        assert_eq!(beside_null(&near, 0.8, 1.3).verdict, "FALSE");
        assert_eq!(beside_null(&far, 1.1, 1.3).verdict, "FALSE");
        let vetoed = beside_null(&near, 1.1, 1.3);
        assert_eq!(vetoed.verdict, "INCONCLUSIVE");
        assert!(
            vetoed.reason.contains("took 1.10–1.30× its own time"),
            "{}",
            vetoed.reason
        );
        assert_eq!((vetoed.null_low, vetoed.null_high), (Some(1.1), Some(1.3)));
    }

    #[test]
    fn what_a_neighbour_can_bring_about_is_said_on_a_quiet_machine_only() {
        let noisy = |others_ms: i64, steal_ms: u64, imitated| {
            let block = TrialRow {
                closed_ns: Some(1_000_000_000),
                others_cpu_ns: Some(others_ms * 1_000_000),
                steal_ns: Some(steal_ms * 1_000_000),
                ..trial()
            };
            let mut run = with(&[block], &[], &[]);
            run.info.machine.cores.logical = 2;
            let decided = estimate(&[10.0, 10.5, 10.2, 10.1, 10.3]);
            Judgement::new(&run, &CLAIM, "rust", decided, EDGES)
                .imitated_by_noise(imitated)
                .says(str::to_owned)
        };
        let beside = |others_ms, imitated| noisy(others_ms, 0, imitated);
        assert_eq!(beside(50, Decision::False).verdict, "FALSE");
        assert_eq!(beside(900, Decision::True).verdict, "FALSE");
        let refused = beside(900, Decision::False);
        assert_eq!(refused.verdict, "INCONCLUSIVE");
        assert_eq!(
            refused.reason,
            "it looks FALSE, and a busy neighbour makes it look so: another program used up to 45 % of \
             this machine in 1 of 1 blocks: close it, and run again"
        );
        let reason = noisy(0, 900, Decision::False).reason;
        assert!(
            reason.ends_with(": run again later, or elsewhere"),
            "{reason}"
        );
    }

    #[test]
    fn to_measure_for_longer_is_advised_once() {
        let mut run = empty();
        run.info.machine.virtual_machine = Some(true);
        let over_an_edge = estimate(&[1.0, 3.0, 1.2, 2.9, 2.0]);
        let row = Judgement::new(&run, &CLAIM, "rust", over_an_edge, EDGES).says(str::to_owned);
        assert!(row.reason.contains("virtual machine"), "{}", row.reason);
        assert_eq!(row.reason.matches(LONGER).count(), 1, "{}", row.reason);
        let failed = Judgement::new(&run, &CLAIM, "rust", estimate(&[1.0, 2.0]), EDGES)
            .provided(Err("the control failed"))
            .says(str::to_owned);
        assert_eq!(
            failed.reason.matches(LONGER).count(),
            1,
            "{}",
            failed.reason
        );
    }

    #[test]
    fn a_run_that_ended_before_its_last_look_says_so() {
        let mut run = empty();
        let looks = vec![7, 14, 28];
        run.info.settings.insert(LOOKS.to_owned(), looks.into());
        run.info.blocks = 14;
        let undecided = estimate(&[1.0, 3.0, 1.2, 2.9, 2.0]);
        let row = Judgement::new(&run, &CLAIM, "rust", undecided, EDGES).says(str::to_owned);
        assert!(
            row.reason
                .contains("undecided after 14 blocks within the default time: --thorough"),
            "{}",
            row.reason
        );
        assert!(is_worth_going_on(std::slice::from_ref(&row)));
        let one_core = Judgement::new(&run, &CLAIM, "rust", estimate(&[1.0, 2.0, 3.0]), EDGES)
            .refused(ONE_CORE)
            .says(str::to_owned);
        let part = VerdictRow {
            case: "a part".to_owned(),
            ..row
        };
        assert!(!is_worth_going_on(&[one_core, part]));
    }
}
