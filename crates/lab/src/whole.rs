//! The verdict on a claim that has several parts.

use crate::claim::Claim;
use crate::recording::Recording;
use crate::words;
use lab_record::rows::VerdictRow;
use lab_stats::verdict::{Decision, all_of, any_of};

/// The verdict on a claim that holds if all its parts do; it shows the part that decided it: of
/// those that say the same, the one nearest to its edge. `finding` is given that part if all hold.
pub fn all_parts(
    run: &Recording,
    claim: &Claim,
    parts: &[VerdictRow],
    finding: impl Fn(&VerdictRow) -> String,
) -> Option<VerdictRow> {
    whole(run, claim, parts, all_of, |decision, part| match decision {
        Decision::True => finding(part),
        _ => format!("{}: {}", part.case, part.reason),
    })
}

/// The verdict on a claim that holds if any of its parts does; it shows the part that decided it, as
/// [`all_parts`] does. `finding` is given that part if none holds. Each part is to be judged at
/// [`lab_stats::verdict::any_level`] to be TRUE.
pub fn any_part(
    run: &Recording,
    claim: &Claim,
    parts: &[VerdictRow],
    finding: impl Fn(&VerdictRow) -> String,
) -> Option<VerdictRow> {
    whole(run, claim, parts, any_of, |decision, part| match decision {
        Decision::False => finding(part),
        _ => format!("{}: {}", part.case, part.reason),
    })
}

fn whole(
    run: &Recording,
    claim: &Claim,
    parts: &[VerdictRow],
    sum: fn(&[Decision]) -> Decision,
    reason: impl Fn(Decision, &VerdictRow) -> String,
) -> Option<VerdictRow> {
    let decisions: Vec<Decision> = parts
        .iter()
        .map(|part| part.verdict.parse().unwrap_or(Decision::Inconclusive))
        .collect();
    let decision = sum(&decisions);
    let alike = parts
        .iter()
        .zip(&decisions)
        .filter(|(_, part)| **part == decision);
    let (part, _) = alike.min_by(|(a, _), (b, _)| margin(a).total_cmp(&margin(b)))?;
    Some(VerdictRow {
        case: String::new(),
        expected: claim.expected_in(run, &part.runtime),
        article_verdict: claim.article_verdict(),
        reason: reason(decision, part),
        ..part.clone()
    })
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
}
