//! How often a verdict is wrong: simulated runs whose true answer lies exactly on an edge, where
//! it is easiest to be wrong and where every verdict, TRUE, FALSE or NEITHER, says too much.
//!
//! Seeded, so that the counts are the same on every machine.

use lab_stats::edges::Edges;
use lab_stats::interval::StatsError;
use lab_stats::verdict::Decision;
use validity::machine::Machine;
use validity::rules::{Kind, RULES, Rule};
use validity::simulate::{Counts, Setting};

const RUNS: u32 = 10_000;
const SEED: u64 = 20_260_101;
/// Of runs that are wrong 5 % of the time, this much more than 5 % is seen by chance in one
/// simulation of a thousand: 3.1 standard errors, 3.1 √(0.05 · 0.95 / 10 000).
const CHANCE: f64 = 0.0068;

const USELESS: Edges = Edges::TrueBelow {
    true_below: 1.05,
    false_above: 2.0,
};
const COSTLY: Edges = Edges::TrueAbove {
    true_above: 1.10,
    false_below: 1.05,
};
const SAME: Edges = Edges::TrueInside {
    low: 1.0 / 1.25,
    high: 1.25,
};

/// One value a block, with jitter and nothing else; and no arm that could veto.
fn setting(edges: Edges, truth: f64, jitter: f64, blocks: u32) -> Setting {
    Setting {
        rule: Rule {
            name: "plain",
            kind: Kind::Ratio,
            edges,
            has_null: false,
        },
        machine: Machine::Quiet,
        jitter,
        rounds: 1,
        truth,
        looks: vec![blocks],
    }
}

fn plain(edges: Edges, truth: f64, jitter: f64, blocks: u32) -> Result<Counts, StatsError> {
    setting(edges, truth, jitter, blocks).count(RUNS, SEED)
}

fn share(count: u32) -> f64 {
    f64::from(count) / f64::from(RUNS)
}

#[test]
fn verdicts_at_an_edge_are_wrong_in_five_of_a_hundred_runs_at_most() -> Result<(), StatsError> {
    let cases = [
        (USELESS, [1.05, 2.0]),
        (COSTLY, [1.05, 1.10]),
        (SAME, [0.8, 1.25]),
    ];
    for (edges, truths) in cases {
        for truth in truths {
            for blocks in [5, 7] {
                for jitter in [0.02, 0.15] {
                    let wrong = share(plain(edges, truth, jitter, blocks)?.wrong);
                    assert!(
                        wrong <= 0.05 + CHANCE,
                        "{edges}: {wrong} at {truth}, {blocks} blocks, jitter {jitter}"
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
        for (edges, truth) in [(USELESS, 2.0), (COSTLY, 1.05), (COSTLY, 1.10)] {
            let setting = setting(edges, truth, 0.05, blocks);
            let mut wrong = 0;
            for run in 0..u64::from(RUNS) {
                let (decision, _) = setting.run(SEED + run)?;
                wrong += u32::from(matches!(decision, Decision::True | Decision::False));
            }
            let wrong = share(wrong);
            assert!(
                wrong <= 0.05,
                "{edges}: {wrong} at {truth}, {blocks} blocks"
            );
        }
    }
    Ok(())
}

/// How often a true answer is found; the second and the third say how many blocks "the same" takes.
#[test]
fn what_is_plain_is_decided_and_what_is_not_takes_more_blocks() -> Result<(), StatsError> {
    // Serial over sixteen threads is 10, far above 2.
    assert_eq!(plain(USELESS, 10.0, 0.03, 5)?.right, RUNS);
    let same_with_7 = share(plain(SAME, 1.0, 0.15, 7)?.right);
    assert!((0.33..0.41).contains(&same_with_7), "{same_with_7}");
    let same_with_20 = share(plain(SAME, 1.0, 0.15, 20)?.right);
    assert!(same_with_20 > 0.97, "{same_with_20}");
    // Twice the time is not the same time.
    assert!(share(plain(SAME, 2.0, 0.15, 7)?.right) > 0.99);
    Ok(())
}

#[test]
fn each_rule_says_what_is_plain_and_is_silent_at_its_edges() -> Result<(), StatsError> {
    for (rule, plain) in RULES {
        for truth in rule.at_edges().iter().chain(plain).copied() {
            let setting = Setting {
                rule,
                machine: Machine::Quiet,
                jitter: 0.05,
                rounds: 5,
                truth,
                looks: vec![7],
            };
            let counts = setting.count(1000, 3)?;
            // 3.1 standard errors of a thousand runs.
            assert!(counts.wrong <= 71, "{} at {truth}: {counts:?}", rule.name);
            let is_far = plain.last() == Some(&truth);
            assert!(
                !is_far || counts.right > 950,
                "{} at {truth}: {counts:?}",
                rule.name
            );
        }
    }
    Ok(())
}
