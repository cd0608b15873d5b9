//! How often a verdict is wrong: simulated runs whose true answer lies exactly on an edge, where
//! it is easiest to be wrong and where every verdict, TRUE, FALSE or NEITHER, says too much; on
//! machines as they are: with drift, with spikes, with steps, at full and at half speed by spells.
//!
//! Seeded, so that the counts are the same on every machine.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "everything here is a test")]

use lab::prelude::*;
use lab_data::run::{Mode, RunInfo};
use lab_stats::verdict::Decision::{self, Inconclusive};
use validity::machine::Machine;
use validity::rules::{Rule, of_all, of_designs};
use validity::simulate::{Setting, conditions};
use validity::{NAME, Study};

const SEED: u64 = 20_260_101;

const FASTER: Edges = Edges::true_above(1.0);
const USELESS: Edges = Edges::true_below(1.05).false_above(2.0);
const COSTLY: Edges = Edges::true_above(1.10).false_below(1.05);
const SAME: Edges = Edges::true_within(1.25);
const PARALLEL: Edges = Edges::true_above(0.5).false_below(0.1);

/// A claim of each kind; `SAME` also as a check, in which no A/A arm can forbid a verdict.
fn rules() -> Vec<Rule> {
    let mut design = Design::new(&Runtime::model(), work::additions(ms(1)).times(4));
    let alone = design.arm(serial());
    let some = design.arms(&[2, 4, 8], threads);
    let ratio = |at: usize| makespan(&alone) / makespan(&some[at]);
    for (id, edges) in
        [("faster", FASTER), ("useless", USELESS), ("costly", COSTLY), ("same", SAME)]
    {
        design.claim(id, "", edges).compare(ratio(0));
    }
    design.claim("check", "", SAME).check_each([part("it", ratio(0))]);
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

fn rule(id: &str) -> Rule {
    let mut all = rules().into_iter();
    all.find(|rule| rule.claims[0].1 == id).unwrap()
}

/// How often the rule's plain cases are found, TRUE and FALSE, after each of these looks.
fn found(
    rule: &Rule,
    machine: Machine,
    jitter: f64,
    rounds: usize,
    looks: &[&[u32]],
) -> Vec<[f64; 2]> {
    const RUNS: u32 = 2000;
    let off = rule.off_edges();
    let counts = |case: usize| {
        let setting = Setting {
            jitter,
            rounds,
            looks: looks.iter().map(|looks| looks.to_vec()).collect(),
            ..Setting::new(rule, off[case].clone(), machine)
        };
        setting.count(RUNS, SEED)
    };
    let share = |counts: &validity::simulate::Counts| f64::from(counts.right) / f64::from(RUNS);
    let both = counts(0).into_iter().zip(counts(1));
    both.map(|(yes, no)| [share(&yes), share(&no)]).collect()
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

#[test]
fn verdicts_at_an_edge_are_wrong_in_five_of_a_hundred_runs_at_most() {
    let rules = rules();
    let simulated = conditions(&rules, 2000, SEED);
    assert_eq!(simulated, conditions(&rules, 2000, SEED), "a seed gives the same counts");
    let study = Study {
        info: RunInfo::begin(NAME, Mode::Quick, Vec::new(), SEED),
        simulated,
        claims: Vec::new(),
        runs: Vec::new(),
    };
    let target = &study.targets()[0];
    assert_eq!(target.met, Some(true), "{target}");
}

#[test]
fn going_on_finds_what_seven_blocks_leave_open() {
    let same = rule("same");
    for machine in Machine::ALL {
        let found = found(&same, machine, 0.05, 5, &[&[7, 14, 28], &[7]]);
        let [[same, other], [same_with_7, _]] = found[..] else {
            unreachable!("two lists of looks")
        };
        assert!(other > 0.95, "{machine:?}: {found:?}");
        assert!(same >= same_with_7, "{machine:?}: {found:?}");
    }
}

/// With jitter and nothing else, how many blocks "the same" takes.
#[test]
fn what_is_plain_is_decided_and_what_is_not_takes_more_blocks() {
    let found = found(&rule("check"), Machine::Quiet, 0.15, 1, &[&[7], &[20]]);
    let [[with_7, other], [with_20, _]] = found[..] else { unreachable!("two lists of looks") };
    assert!((0.33..0.41).contains(&with_7), "{found:?}");
    assert!(with_20 > 0.97 && other > 0.98, "{found:?}");
}

fn right(rule: &Rule, cases: Vec<validity::rules::Case>) -> Vec<Decision> {
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
    let rules = of_all().unwrap();
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
