//! The rules that are simulated: one of each kind, and those of the experiments themselves.

use lab::prelude::*;
use lab_stats::verdict::Decision::{self, Inconclusive};
use validity::rules::{Case, Rule, of_designs};
use validity::simulated::machine::Machine;
use validity::simulated::runs::Setting;

const FASTER: Edges = Edges::true_above(1.0);
const USELESS: Edges = Edges::true_below(1.05).false_above(2.0);
const COSTLY: Edges = Edges::true_above(1.10).false_below(1.05);
const SAME: Edges = Edges::true_within(1.25);
const PARALLEL: Edges = Edges::true_above(0.5).false_below(0.1);

/// A claim of each kind; `SAME` also as a check, in which no A/A arm can forbid a verdict.
pub(crate) fn rules() -> Vec<Rule> {
    let mut design = Design::new(&Runtime::model(), work::additions(ms(1)).times(4));
    let alone = design.arm(serial());
    let some = design.arms(&[2, 4, 8], threads);
    let ratio = |at: usize| makespan(&alone) / makespan(&some[at]);
    for (id, edges) in
        [("faster", FASTER), ("useless", USELESS), ("costly", COSTLY), ("same", SAME)]
    {
        design.claim(id, "", edges).compare(ratio(0));
    }
    design.claim("check same", "", SAME).check_each([part("it", ratio(0))]);
    design.claim("half", "", FASTER).compare(part("", ratio(0)).over_half_of_control());
    let share = || quantity::two_or_more(&some[0]).as_share();
    design.claim("parallel", "", PARALLEL).compare(share()).needs_calibration();
    let steps = || [part("first", ratio(0)), part("second", ratio(1))];
    design.claim("steps", "", COSTLY).all_of(steps());
    design.claim("one level", "", COSTLY).all_of_shared(steps());
    let mut parts = steps();
    parts[1] = part("best", makespan(&some[1]).over_best(&some));
    design.claim("any", "", COSTLY).any_of(parts);
    let twice =
        [part("little", ratio(0)).edges(USELESS), part("something", ratio(0)).edges(FASTER)];
    design.claim("between", "", SAME).all_of(twice);
    of_designs("test", &[design])
}

/// More checks, whose edges are those of claims above.
fn checks() -> Vec<Rule> {
    let mut design = Design::new(&Runtime::model(), work::additions(ms(1)).times(4));
    let [alone, two] = [serial(), threads(2)].map(|workers| design.arm(workers));
    for (id, edges) in [("check useless", USELESS), ("check costly", COSTLY)] {
        let ratio = makespan(&alone) / makespan(&two);
        design.claim(id, "", edges).check_each([part("it", ratio)]);
    }
    of_designs("test", &[design])
}

pub(crate) fn rule(id: &str) -> Rule {
    let mut all = rules().into_iter().chain(checks());
    all.find(|rule| rule.claims[0].1 == id).unwrap()
}

#[test]
fn rules_are_told_apart_by_how_they_judge() {
    let names: Vec<String> = rules().into_iter().map(|rule| rule.name).collect();
    assert_eq!(
        names,
        [
            "ratio above 1, below 1",
            "ratio below 1.05, above 2",
            "ratio above 1.1, below 1.05",
            "ratio inside 1/1.25 to 1.25",
            "ratio inside 1/1.25 to 1.25, without an A/A arm",
            "speed-up over half of the control's above 1, below 1",
            "share above 0.5, below 0.1, and calibrators",
            "all of 2: 2 × ratio above 1.1, below 1.05",
            "all of 2 at one level: 2 × ratio above 1.1, below 1.05",
            "any of 2: ratio above 1.1, below 1.05; time over the best above 1.1, below 1.05",
            "all of 2: ratio below 1.05, above 2; ratio above 1, below 1",
        ]
    );
}

fn right(rule: &Rule, cases: Vec<Case>) -> Vec<Decision> {
    let of = |case| Setting::new(rule, case, Machine::Quiet).right();
    cases.into_iter().map(of).collect()
}

#[test]
fn on_an_edge_no_verdict_is_right_and_off_it_one_is() {
    for rule in rules() {
        let at_edges = right(&rule, rule.at_edges());
        assert!(at_edges.iter().all(|right| *right == Inconclusive), "{}: {at_edges:?}", rule.name);
        let name = &rule.name;
        assert_eq!(right(&rule, rule.off_edges()), [True, False], "{name}");
    }
}

/// What the experiments themselves declare, so that a new one is in the study as soon as its folder
/// is there.
#[test]
fn every_claim_of_every_experiment_is_simulated_at_its_edges_and_off_them() {
    let rules = validity::experiments::rules().unwrap();
    let folders = lab::programs::Programs::find(None).unwrap();
    for name in folders.names() {
        let is_of = |rule: &Rule| rule.claims.iter().any(|(experiment, _)| experiment == name);
        assert!(rules.iter().any(is_of), "{name}");
    }
    for rule in &rules {
        let at_edges = right(rule, rule.at_edges());
        assert!(!at_edges.is_empty(), "{}", rule.name);
        assert!(at_edges.iter().all(|right| *right == Inconclusive), "{}: {at_edges:?}", rule.name);
        let off = right(rule, rule.off_edges());
        assert!(off.ends_with(&[True, False]), "{}: {off:?}", rule.name);
    }
}
