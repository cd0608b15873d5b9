//! Verdicts on claims of several parts.

use super::*;
use crate::design::claim::Combination;

/// The verdicts on a claim that holds if all (or any) of its parts do, the whole first.
fn whole(any: bool, edges: Edges, parts: &[(&str, [f64; 4])]) -> Vec<Verdict> {
    let combination = if any { Combination::Any } else { Combination::All };
    combined(combination, edges, "all hold; {part} {}", parts)
}

fn combined(
    combination: Combination,
    edges: Edges,
    finding: &str,
    parts: &[(&str, [f64; 4])],
) -> Vec<Verdict> {
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
    let claim = match combination {
        Combination::Any => claim.any_of(declared),
        Combination::AllShared => claim.all_of_shared(declared),
        _ => claim.all_of(declared),
    };
    let claim =
        claim.expect(False).article(True, None).note(|_| Some("; noted".to_owned())).note(|_| None);
    let _ = if finding.is_empty() { claim } else { claim.finding(finding) };
    judge(&[design], &run_of(rows))
}

#[test]
fn a_whole_is_as_its_worst_part_and_a_part_has_no_expected_verdict() {
    let holds = ("a", [1.0, 1.01, 1.02, 1.0]);
    let fails = ("b", [10.0, 10.1, 10.2, 10.0]);
    let rows = whole(false, USELESS, &[holds, fails]);
    assert_eq!((rows[0].decision, rows[0].reason.to_string().as_str()), (False, "b: 10.1×; noted"));
    let said = |row: &Verdict| (row.part.clone(), row.expected, row.article);
    assert_eq!(said(&rows[0]), (String::new(), Some(False), Some(True)));
    assert_eq!(said(&rows[1]), ("a".to_owned(), None, None));
    let rows = whole(false, USELESS, &[("c", [1.0, 1.001, 1.0, 1.002]), holds]);
    assert_eq!(
        rows[0].reason.to_string(),
        "all hold; a 1.01×; noted",
        "the one nearest to its edge"
    );
    let below = ("d", [0.95, 0.951, 0.95, 0.949]);
    let rows = whole(false, USELESS, &[("c", [1.0, 1.001, 1.0, 1.002]), below]);
    assert_eq!(rows[0].reason.to_string(), "all hold; c 1.00×; noted");
    let rows = whole(false, USELESS, &[fails, ("c", [20.0, 20.1, 20.2, 20.0]), holds]);
    assert_eq!(rows[0].reason.to_string(), "c: 20.1×; noted", "the clearest refutation");
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

#[test]
fn what_all_parts_say_is_said_once_and_each_is_as_sure_as_was_asked_for() {
    let (a, b) = ([1.0, 1.01, 1.02, 1.0], [1.0, 1.001, 1.0, 1.002]);
    let parts = [("a", a), ("b", b), ("c", b)];
    for (combination, finding, level, text) in [
        (Combination::AllShared, "{all}", 1.0 - 0.05 / 3.0, "1.01×; 1.00×; noted"),
        (Combination::All, "", LEVEL, "a: 1.01×; noted"),
    ] {
        let rows = combined(combination, USELESS, finding, &parts);
        assert_eq!((rows[0].decision, rows[0].reason.to_string().as_str()), (True, text));
        for row in &rows {
            assert!(row.judged.is_some_and(|judged| (judged.level - level).abs() < 1e-9));
        }
    }
    // Where none holds although one would suffice, it is the one that came nearest.
    let rows = whole(true, Edges::true_above(2.0).false_below(1.05), &parts);
    assert_eq!(rows[0].reason, Reason::Finding("all hold; a 1.01×; noted".to_owned()));
    let neither = whole(false, USELESS, &[("a", a), ("d", [1.5, 1.51, 1.5, 1.49])]);
    assert_eq!(
        (neither[0].decision, neither[0].reason.to_string().as_str()),
        (Neither, "d: 1.50×; noted")
    );
}

#[test]
fn the_machine_vetoes_nothing_that_no_claim_rests_on() {
    let (mut design, [alone, pool]) = design(plain);
    design.replicate(&pool);
    let run = run_of(vec![
        trials(&alone, Role::Arm, &[2.2, 2.25, 2.2, 2.25, 2.2]),
        trials(&pool, Role::Arm, &[1.0; 5]),
        trials(&pool.replicate(), Role::Replicate, &[1.2, 1.21, 1.19, 1.2, 1.2]),
    ]);
    let beside = Part { name: "beside".to_owned(), ..design.claims[0].parts[0].clone() };
    design.claims[0].beside.push(beside);
    for (combination, decision) in [(Combination::One, Inconclusive), (Combination::Check, False)] {
        design.claims[0].combination = combination;
        let rows = judge(std::slice::from_ref(&design), &run);
        let found: Vec<_> = rows.iter().map(|row| (row.part.as_str(), row.decision)).collect();
        assert_eq!(found, [("", decision), ("beside", False)]);
    }
}
