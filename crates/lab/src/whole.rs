//! The verdict on a claim that has several parts.

use crate::claim::Claim;
use crate::estimate::Kind;
use crate::recording::Recording;
use crate::words;
use lab_record::rows::VerdictRow;
use lab_stats::edges::{Edges, decide};
use lab_stats::interval::{Interval, Scale};
use lab_stats::verdict::{Decision, all_of, any_level, any_of};

/// The verdict on a claim that holds if all its parts do; it shows the part that decided it: of
/// those that say the same, the one nearest to its edge. `finding` is given that part if all hold.
/// Each part may be judged at the ordinary level; one that alone makes the whole FALSE must be so at
/// the level that all of them share.
pub fn all_parts(
    run: &Recording,
    claim: &Claim,
    parts: &[VerdictRow],
    finding: impl Fn(&VerdictRow) -> String,
) -> Option<VerdictRow> {
    whole(run, claim, parts, (all_of, Decision::False), finding)
}

/// The verdict on a claim that holds if any of its parts does; it shows the part that decided it, as
/// [`all_parts`] does. `finding` is given that part if none holds. One that alone makes the whole
/// TRUE must be so at the level that all of them share.
pub fn any_part(
    run: &Recording,
    claim: &Claim,
    parts: &[VerdictRow],
    finding: impl Fn(&VerdictRow) -> String,
) -> Option<VerdictRow> {
    whole(run, claim, parts, (any_of, Decision::True), finding)
}

/// `alone` is the decision that one part can make for all.
fn whole(
    run: &Recording,
    claim: &Claim,
    parts: &[VerdictRow],
    (sum, alone): (fn(&[Decision]) -> Decision, Decision),
    finding: impl Fn(&VerdictRow) -> String,
) -> Option<VerdictRow> {
    let level = any_level(run.confidence(), parts.len());
    let decisions: Vec<Decision> = parts
        .iter()
        .map(|part| match part.verdict.parse() {
            Ok(decision) if decision == alone && !holds_at(level, part, decision) => {
                Decision::Inconclusive
            }
            Ok(decision) => decision,
            Err(_) => Decision::Inconclusive,
        })
        .collect();
    let decision = sum(&decisions);
    let alike = parts
        .iter()
        .zip(&decisions)
        .filter(|(_, part)| **part == decision);
    let (part, _) = alike.min_by(|(a, _), (b, _)| margin(a).total_cmp(&margin(b)))?;
    let verdict = decision.to_string();
    let reason = match decision {
        Decision::True | Decision::False if decision != alone => finding(part),
        _ if part.verdict == verdict => format!("{}: {}", part.case, part.reason),
        _ => format!(
            "{}: {}, but one of {} parts may well look so by chance: measure more blocks, as \
             --thorough does",
            part.case,
            part.reason,
            parts.len()
        ),
    };
    Some(VerdictRow {
        case: String::new(),
        expected: claim.expected_in(run, &part.runtime),
        article_verdict: claim.article_verdict(),
        verdict,
        reason,
        ..part.clone()
    })
}

/// Whether the verdict of a row stands at a level as well. Some rows were judged at it already.
fn holds_at(level: f64, row: &VerdictRow, decision: Decision) -> bool {
    /// Levels are sums of decimal fractions.
    const ROUNDING: f64 = 1e-9;
    let interval = || {
        Some(Interval {
            estimate: row.estimate?,
            low: row.low?,
            high: row.high?,
            level: row.level?,
            blocks: row.blocks as usize,
            scale: match row.kind.starts_with(Kind::Ratio.name()) {
                true => Scale::Log,
                false => Scale::Linear { resolution: 0.0 },
            },
        })
    };
    let Some((interval, edges)) = interval().zip(edges(row)) else {
        return false;
    };
    let at_level = || interval.at(level).map(|wider| decide(&wider, &edges));
    interval.level >= level - ROUNDING || at_level() == Ok(decision)
}

/// The edges of a row; none if one lies at infinity and stands empty.
fn edges(row: &VerdictRow) -> Option<Edges> {
    let (true_edge, false_edge) = (row.true_edge?, row.false_edge?);
    if row.kind.ends_with(words::INSIDE) {
        return Some(Edges::TrueInside {
            low: 1.0 / true_edge,
            high: true_edge,
        });
    }
    Some(
        match true_edge > false_edge || row.kind.ends_with(words::ABOVE) {
            true => Edges::TrueAbove {
                true_above: true_edge,
                false_below: false_edge,
            },
            false => Edges::TrueBelow {
                true_below: true_edge,
                false_above: false_edge,
            },
        },
    )
}

/// How far, on a log scale, the interval of a row lies from its nearest edge; NaN without one.
fn margin(row: &VerdictRow) -> f64 {
    let (Some(low), Some(high), Some(edge)) = (row.low, row.high, row.true_edge) else {
        return f64::NAN;
    };
    match row.kind.ends_with(words::INSIDE) {
        true => (edge / high).min(low * edge).ln(),
        false => (low / edge).ln().abs().min((high / edge).ln().abs()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judgement::Judgement;
    use crate::judgement::tests::{CLAIM, EDGES, estimate};
    use crate::recording::tests::empty;

    #[test]
    fn a_whole_is_as_its_worst_part_and_a_part_has_no_expected_verdict() {
        let run = empty();
        let part = |name: &str, values: &[f64]| {
            Judgement::new(&run, &CLAIM, "rust", estimate(values), EDGES)
                .part(name)
                .says(str::to_owned)
        };
        let parts = [
            part("a", &[1.0, 1.01, 1.02, 1.0]),
            part("b", &[10.0, 10.1, 10.2, 10.0]),
        ];
        assert_eq!(parts[0].verdict, "TRUE");
        assert_eq!(parts[0].expected, "");
        let whole = all_parts(&run, &CLAIM, &parts, |part| part.case.clone()).unwrap();
        assert_eq!(
            (whole.verdict.as_str(), whole.reason.as_str()),
            ("FALSE", "b: 10.1×")
        );
        assert_eq!(
            (whole.case.as_str(), whole.expected.as_str()),
            ("", "FALSE")
        );
        let slower = part("c", &[1.0, 1.001, 1.0, 1.002]);
        let both = [slower, parts[0].clone()];
        let whole = all_parts(&run, &CLAIM, &both, |part| {
            format!("all hold; {}", part.case)
        })
        .unwrap();
        assert_eq!(whole.reason, "all hold; a", "the one nearest to its edge");
        assert!(all_parts(&run, &CLAIM, &[], |part| part.case.clone()).is_none());
    }

    #[test]
    fn a_part_that_decides_alone_must_be_surer() {
        let run = empty();
        let part = |name: &str, values: &[f64]| {
            Judgement::new(&run, &CLAIM, "rust", estimate(values), EDGES)
                .part(name)
                .says(str::to_owned)
        };
        let whole = |parts: &[VerdictRow]| all_parts(&run, &CLAIM, parts, |_| String::new());
        // Above the FALSE edge of 2 at 95 %, and not at 97.5 %.
        let barely = part("b", &[2.2214, 2.6863, 2.2214, 2.6863]);
        let surely = part("c", &[10.0, 10.1, 10.2, 10.0]);
        let holds = part("a", &[1.0, 1.01, 1.02, 1.0]);
        assert_eq!(barely.verdict, "FALSE");
        let both = whole(&[holds.clone(), barely.clone()]).unwrap();
        assert_eq!(both.verdict, "INCONCLUSIVE");
        assert!(
            both.reason
                .contains("one of 2 parts may well look so by chance"),
            "{}",
            both.reason
        );
        let alone = whole(std::slice::from_ref(&barely)).unwrap();
        assert_eq!(alone.verdict, "FALSE");
        assert_eq!(whole(&[holds, surely]).unwrap().verdict, "FALSE");
        // Judged at that level from the start, it decides.
        let at_level = VerdictRow {
            level: Some(0.975),
            ..barely
        };
        assert_eq!(
            whole(&[at_level.clone(), at_level]).unwrap().verdict,
            "FALSE"
        );
    }
}
