//! What would be found if a claim were true, and if it were false: for those who predict before they look.

use crate::design::claim::{Claim, Combination, ESTIMATE, Part};
use lab_data::rows::VerdictRow;
use lab_stats::edges::Edges;
use lab_stats::format;
use lab_stats::verdict::Decision;

/// What either verdict on a claim would mean, each as a sentence without its full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// `2 threads run at the same time for more than 50 % of the time`.
    pub if_true: String,
    /// `2 threads run at the same time for less than 10 % of the time`.
    pub if_false: String,
}

impl Meaning {
    /// From the first comparison of a claim and the edges that its rows have; none where it has no number, or
    /// no edges.
    pub fn of(claim: &Claim, rows: &[VerdictRow]) -> Option<Meaning> {
        let first = claim.parts.first()?;
        let edges = edges(claim, first, rows)?;
        let kind = first.basis.as_ref().ok()?.kind();
        let found = |decision| {
            let where_so = format::region(kind, &edges, decision)?;
            let is_said = first.finding.contains(ESTIMATE);
            is_said.then(|| first.finding.replace(ESTIMATE, &where_so) + others(claim, decision))
        };
        Some(Meaning { if_true: found(Decision::True)?, if_false: found(Decision::False)? })
    }
}

/// The edges of a part, of what is shown of it.
fn edges(claim: &Claim, part: &Part, rows: &[VerdictRow]) -> Option<Edges> {
    let is_own = |row: &&VerdictRow| row.claim_id == claim.id && row.part == part.name;
    let measured = rows.iter().filter(is_own).find_map(VerdictRow::shown_edges);
    // Half of a control is not known before it is measured.
    measured.or(part.edges.filter(|_| !part.over_half_of_control))
}

/// What a verdict says of the other comparisons.
fn others(claim: &Claim, decision: Decision) -> &'static str {
    match (claim.combination, decision) {
        _ if claim.parts.len() < 2 => "",
        (Combination::Any, Decision::True) => ", or another comparison holds",
        (Combination::Any, _) => ", and no other comparison holds",
        (_, Decision::True) => ", and the other comparisons hold as well",
        _ => ", or another comparison fails",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arms::arm::{serial, threads};
    use crate::arms::runtime::Runtime;
    use crate::design::Design;
    use crate::design::claim::part;
    use crate::design::quantity;

    /// A claim that two threads are faster, of so many parts.
    fn meaning(parts: usize, rows: &[VerdictRow]) -> Option<Meaning> {
        let mut design = Design::new(&Runtime::rust(), []);
        let [one, two] =
            [serial(), threads(2)].map(|workers| quantity::makespan(&design.arm(workers)));
        let of = |_: usize| {
            part("", one.clone() / two.clone()).finding(format!("2 threads are {ESTIMATE} as fast"))
        };
        let edges = Edges::true_above(1.5).false_below(1.0);
        design.claim("faster", "Faster.", edges).all_of((0..parts).map(of));
        Meaning::of(&design.claims[0], rows)
    }

    #[test]
    fn either_verdict_is_said_with_the_edges_of_what_is_shown() {
        let alone = meaning(1, &[]).unwrap();
        assert_eq!(alone.if_true, "2 threads are more than 1.5× as fast");
        assert_eq!(alone.if_false, "2 threads are less than 1× as fast");
        let row = VerdictRow {
            claim_id: "faster".to_owned(),
            true_low: Some(1.0),
            false_low: Some(1.0),
            estimate: Some(1.0),
            shown_estimate: Some(1.34),
            ..VerdictRow::default()
        };
        let measured = meaning(2, &[row]).unwrap();
        assert_eq!(
            measured.if_true,
            "2 threads are more than 1.34× as fast, and the other comparisons hold as well"
        );
        assert!(measured.if_false.ends_with(", or another comparison fails"));
        assert_eq!(meaning(0, &[]), None);
    }
}
