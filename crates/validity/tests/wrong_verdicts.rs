//! How often a verdict is wrong: simulated runs whose true answer lies exactly on an edge, where
//! it is easiest to be wrong and where every verdict, TRUE, FALSE or NEITHER, says too much.
//!
//! Seeded, so that the counts are the same on every machine.

#![allow(
    clippy::panic,
    clippy::indexing_slicing,
    reason = "everything here is a test"
)]

use lab_stats::edges::Edges;
use lab_stats::interval::StatsError;
use lab_stats::verdict::Decision;
use validity::machine::Machine;
use validity::rules::{Kind, Measured, RULES, Rule, Sum};
use validity::simulate::{Counts, Setting};

const RUNS: u32 = 10_000;
const SEED: u64 = 20_260_101;
/// Of runs that are wrong 5 % of the time, this much more than 5 % is seen by chance in one
/// simulation of a thousand: 3.1 standard errors, 3.1 √(0.05 · 0.95 / 10 000).
const CHANCE: f64 = 0.0068;

static USELESS: [Measured; 1] = one(&[Edges::TrueBelow {
    true_below: 1.05,
    false_above: 2.0,
}]);
static COSTLY: [Measured; 1] = one(&[Edges::TrueAbove {
    true_above: 1.10,
    false_below: 1.05,
}]);
static SAME: [Measured; 1] = one(&[Edges::TrueInside {
    low: 1.0 / 1.25,
    high: 1.25,
}]);

/// One ratio, against these edges.
const fn one(edges: &'static [Edges]) -> [Measured; 1] {
    [Measured {
        what: "all of it",
        kind: Kind::Ratio,
        number: 1,
        edges,
        plainly: (1.0, 1.0),
    }]
}

/// One value a block, with jitter and nothing else; and no arm that could veto.
fn setting(measured: &'static [Measured], truth: f64, jitter: f64, blocks: u32) -> Setting {
    Setting {
        rule: Rule {
            name: "plain",
            experiments: &[],
            measured,
            sum: Sum::All,
            has_null: false,
            effects: &[],
        },
        machine: Machine::Quiet,
        jitter,
        rounds: 1,
        truth: vec![truth],
        looks: vec![vec![blocks]],
    }
}

fn plain(
    measured: &'static [Measured],
    truth: f64,
    jitter: f64,
    blocks: u32,
) -> Result<Counts, StatsError> {
    only(&setting(measured, truth, jitter, blocks), RUNS, SEED)
}

/// The counts of a setting with one list of looks.
fn only(setting: &Setting, runs: u32, seed: u64) -> Result<Counts, StatsError> {
    Ok(setting.count(runs, seed)?.pop().unwrap_or_default())
}

fn share(count: u32) -> f64 {
    f64::from(count) / f64::from(RUNS)
}

#[test]
fn verdicts_at_an_edge_are_wrong_in_five_of_a_hundred_runs_at_most() -> Result<(), StatsError> {
    let cases = [
        (&USELESS, [1.05, 2.0]),
        (&COSTLY, [1.05, 1.10]),
        (&SAME, [0.8, 1.25]),
    ];
    for (measured, truths) in cases {
        for truth in truths {
            for blocks in [5, 7] {
                for jitter in [0.02, 0.15] {
                    let wrong = share(plain(measured, truth, jitter, blocks)?.wrong);
                    assert!(
                        wrong <= 0.05 + CHANCE,
                        "{:?}: {wrong} at {truth}, {blocks} blocks, jitter {jitter}",
                        measured[0].edges
                    );
                }
            }
        }
    }
    Ok(())
}

#[test]
fn with_two_edges_true_and_false_together_stay_under_five_of_a_hundred() -> Result<(), StatsError> {
    for blocks in [5, 7] {
        for (measured, truth) in [(&USELESS, 2.0), (&COSTLY, 1.05), (&COSTLY, 1.10)] {
            let setting = setting(measured, truth, 0.05, blocks);
            let mut wrong = 0;
            for run in 0..u64::from(RUNS) {
                let ends = setting.run(SEED + run)?;
                let is_one = |(decision, _): &(Decision, u32)| {
                    matches!(decision, Decision::True | Decision::False)
                };
                wrong += u32::from(ends.iter().any(is_one));
            }
            let wrong = share(wrong);
            assert!(
                wrong <= 0.05,
                "{:?}: {wrong} at {truth}, {blocks} blocks",
                measured[0].edges
            );
        }
    }
    Ok(())
}

/// How often a true answer is found; the second and the third say how many blocks "the same" takes.
#[test]
fn what_is_plain_is_decided_and_what_is_not_takes_more_blocks() -> Result<(), StatsError> {
    // Serial over sixteen threads is 10, far above 2.
    assert_eq!(plain(&USELESS, 10.0, 0.03, 5)?.right, RUNS);
    let same_with_7 = share(plain(&SAME, 1.0, 0.15, 7)?.right);
    assert!((0.33..0.41).contains(&same_with_7), "{same_with_7}");
    let same_with_20 = share(plain(&SAME, 1.0, 0.15, 20)?.right);
    assert!(same_with_20 > 0.97, "{same_with_20}");
    // Twice the time is not the same time.
    assert!(share(plain(&SAME, 2.0, 0.15, 7)?.right) > 0.99);
    Ok(())
}

#[test]
fn each_rule_says_what_is_plain_and_is_silent_at_its_edges() -> Result<(), StatsError> {
    for rule in RULES {
        let plain = rule.off_edges();
        for case in rule.at_edges().iter().chain(&plain) {
            let setting = Setting {
                rule,
                machine: Machine::Quiet,
                jitter: 0.05,
                rounds: 5,
                truth: case.truth.clone(),
                looks: vec![vec![7]],
            };
            let counts = only(&setting, 1000, 3)?;
            // 3.1 standard errors of a thousand runs.
            assert!(counts.wrong <= 71, "{case:?}: {counts:?}");
            let right = rule.right(&case.truth);
            // What takes all parts takes more blocks, as "the same" does.
            let by_one_part = match rule.sum {
                Sum::Any => Decision::True,
                Sum::All | Sum::AllShared => Decision::False,
            };
            let is_plain = plain.contains(case) && right == by_one_part;
            assert!(!is_plain || counts.right > 950, "{case:?}: {counts:?}");
        }
    }
    Ok(())
}

#[test]
fn on_an_edge_no_verdict_is_right_and_off_it_one_is() {
    for rule in RULES {
        for case in rule.at_edges() {
            assert_eq!(rule.right(&case.truth), Decision::Inconclusive, "{case:?}");
        }
        let off = rule.off_edges();
        let [.., yes, no] = &off[..] else {
            panic!("{}", rule.name)
        };
        let right = [yes, no].map(|case| rule.right(&case.truth));
        assert_eq!(right, [Decision::True, Decision::False], "{}", rule.name);
    }
}
