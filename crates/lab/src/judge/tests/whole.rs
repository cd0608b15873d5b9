//! Verdicts on claims of several parts.

use super::*;

/// The verdicts on a claim that holds if all (or any) of its parts do, the whole first.
fn whole(any: bool, edges: Edges, parts: &[(&str, [f64; 4])]) -> Vec<Verdict> {
    let mut design = Design::new(&Runtime::rust(), work::nothing().times(2));
    let mut rows = Vec::new();
    let mut declared = Vec::new();
    for (name, ratios) in parts {
        let mut case = design.case(*name, work::nothing().times(2));
        let [alone, pool] = [case.arm(serial()), case.arm(threads(2))];
        rows.push(trials(&alone, Role::Arm, ratios));
        rows.push(trials(&pool, Role::Arm, &[1.0; 4]));
        declared.push(part(*name, makespan(&alone) / makespan(&pool)).finding(ESTIMATE));
    }
    let claim = design.claim("x", TEXT, edges);
    let claim = if any { claim.any_of(declared) } else { claim.all_of(declared) };
    claim.expect(False).finding(format!("all hold; {{part}} {ESTIMATE}"));
    judge(&[design], &run_of(rows))
}

#[test]
fn a_whole_is_as_its_worst_part_and_a_part_has_no_expected_verdict() {
    let holds = ("a", [1.0, 1.01, 1.02, 1.0]);
    let fails = ("b", [10.0, 10.1, 10.2, 10.0]);
    let rows = whole(false, USELESS, &[holds, fails]);
    assert_eq!((rows[0].decision, rows[0].reason.to_string().as_str()), (False, "b: 10.1×"));
    assert_eq!((rows[0].is_whole(), rows[0].expected), (true, Some(False)));
    assert_eq!((rows[1].part.as_str(), rows[1].expected), ("a", None));
    let rows = whole(false, USELESS, &[("c", [1.0, 1.001, 1.0, 1.002]), holds]);
    assert_eq!(rows[0].reason.to_string(), "all hold; a 1.01×", "the one nearest to its edge");
    let rows = whole(false, USELESS, &[fails, ("c", [20.0, 20.1, 20.2, 20.0]), holds]);
    assert_eq!(rows[0].reason.to_string(), "c: 20.1×", "the clearest refutation");
    assert!(whole(false, USELESS, &[]).is_empty());
}

#[test]
fn a_part_that_decides_alone_must_be_surer() {
    // Above the FALSE edge of 2 at 95 %, and not at 97.5 %.
    let barely = ("b", [2.2214, 2.6863, 2.2214, 2.6863]);
    let holds = ("a", [1.0, 1.01, 1.02, 1.0]);
    let both = whole(false, USELESS, &[holds, barely]);
    assert_eq!(both[2].decision, False);
    assert_eq!(both[0].decision, Inconclusive);
    let reason = &both[0].reason;
    assert!(matches!(reason, Reason::OfPart { by_chance: Some(2), .. }), "{reason:?}");
    assert_eq!(whole(false, USELESS, &[barely])[0].decision, False);
    // One example is enough for "any", and is judged at the level that all of them share.
    let edges = Edges::true_above(2.0).false_below(1.05);
    let any = whole(true, edges, &[holds, barely]);
    let decisions: Vec<Decision> = any.iter().map(|row| row.decision).collect();
    assert_eq!(decisions, [Inconclusive, False, Inconclusive]);
    assert!(any[2].judged.is_some_and(|judged| judged.level > 0.97));
}
