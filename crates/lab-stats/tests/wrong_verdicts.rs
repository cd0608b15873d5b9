//! How often a verdict is wrong: simulated runs whose true answer lies exactly on an edge, where
//! it is easiest to be wrong and where every verdict, TRUE, FALSE or NEITHER, says too much.
//!
//! Seeded, so that the counts are the same on every machine.

use lab_stats::edges::{Edges, decide};
use lab_stats::interval::{LEVEL, StatsError, ratio};
use lab_stats::verdict::Decision;
use oorandom::Rand64;

const RUNS: u32 = 10_000;

/// Of runs that are wrong 5 % of the time, this much more than 5 % is seen by chance in one
/// simulation of a thousand: 3.1 standard errors, 3.1 √(0.05 · 0.95 / 10 000).
const CHANCE: f64 = 0.0068;

/// One simulated experiment: true ratio `truth`, log-normal jitter in either arm, and a drift from
/// block to block that falls on both.
fn verdict(
    rng: &mut Rand64,
    truth: f64,
    jitter: f64,
    blocks: usize,
    edges: &Edges,
) -> Result<Decision, StatsError> {
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for _ in 0..blocks {
        let drift = 100.0 * (0.3 * normal(rng)).exp();
        first.push(drift * truth * (jitter * normal(rng)).exp());
        second.push(drift * (jitter * normal(rng)).exp());
    }
    Ok(decide(&ratio(&first, &second, LEVEL)?, edges))
}

/// A standard normal number (Box & Muller 1958).
fn normal(rng: &mut Rand64) -> f64 {
    let radius = (-2.0 * (1.0 - rng.rand_float()).ln()).sqrt();
    radius * (std::f64::consts::TAU * rng.rand_float()).cos()
}

/// The share of runs that answer one of `wanted`.
fn share(
    truth: f64,
    jitter: f64,
    blocks: usize,
    edges: &Edges,
    wanted: &[Decision],
) -> Result<f64, StatsError> {
    let mut rng = Rand64::new(20_260_101);
    let mut hits = 0;
    for _ in 0..RUNS {
        let decision = verdict(&mut rng, truth, jitter, blocks, edges)?;
        hits += u32::from(wanted.contains(&decision));
    }
    Ok(f64::from(hits) / f64::from(RUNS))
}

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
                    let any = [Decision::True, Decision::False, Decision::Neither];
                    let wrong = share(truth, jitter, blocks, &edges, &any)?;
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
            let wrong = share(
                truth,
                0.05,
                blocks,
                &edges,
                &[Decision::True, Decision::False],
            )?;
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
    assert_eq!(share(10.0, 0.03, 5, &USELESS, &[Decision::False])?, 1.0);
    let same_with_7 = share(1.0, 0.15, 7, &SAME, &[Decision::True])?;
    assert!((0.33..0.41).contains(&same_with_7), "{same_with_7}");
    let same_with_20 = share(1.0, 0.15, 20, &SAME, &[Decision::True])?;
    assert!(same_with_20 > 0.97, "{same_with_20}");
    // Twice the time is not the same time.
    assert!(share(2.0, 0.15, 7, &SAME, &[Decision::False])? > 0.99);
    Ok(())
}
