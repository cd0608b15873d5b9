//! How often a verdict is wrong if a run looks at 7, 14 and 28 blocks and ends at the first that
//! decides, on machines as they are: with drift, with spikes, with steps, at full and at half speed
//! for seconds at a time. The true answer lies on an edge, where every verdict says too much.
//!
//! Seeded, so that the counts are the same on every machine.

use lab_stats::interval::StatsError;
use validity::machine::Machine;
use validity::rules::{AS_FAST, Kind, Measured, RULES, Rule};
use validity::simulate::{Counts, Setting};

const RUNS: u32 = 2000;

/// Of runs that are wrong 5 % of the time, this much more is seen by chance in one simulation of a
/// thousand: 3.1 √(0.05 · 0.95 / 2000).
const CHANCE: f64 = 0.0151;

const LOOKS: [u32; 3] = [7, 14, 28];

fn count(rule: Rule, machine: Machine, truth: f64, looks: &[u32]) -> Result<Counts, StatsError> {
    let setting = Setting {
        rule,
        machine,
        jitter: 0.05,
        rounds: 5,
        truth: vec![truth],
        looks: vec![looks.to_vec()],
    };
    Ok(setting.count(RUNS, 7)?.pop().unwrap_or_default())
}

fn share(count: u32) -> f64 {
    f64::from(count) / f64::from(RUNS)
}

/// The rules for one ratio, in which an arm that is measured twice can veto.
fn ratios() -> impl Iterator<Item = Rule> {
    let is_one_ratio = |rule: &Rule| {
        let one = matches!(
            rule.measured,
            [Measured {
                kind: Kind::Ratio,
                number: 1,
                ..
            }]
        );
        one && rule.has_null
    };
    RULES.into_iter().filter(is_one_ratio)
}

#[test]
fn verdicts_at_an_edge_are_wrong_in_five_of_a_hundred_runs_at_most() -> Result<(), StatsError> {
    for rule in ratios() {
        for machine in Machine::ALL {
            for truth in rule.at_edges().into_iter().map(|case| case.effect) {
                for looks in [&LOOKS[..], &[5], &[7], &[28]] {
                    let wrong = share(count(rule, machine, truth, looks)?.wrong);
                    assert!(
                        wrong <= 0.05 + CHANCE,
                        "{machine:?}, {} at {truth}, looks {looks:?}: wrong in {wrong}",
                        rule.name
                    );
                }
            }
        }
    }
    Ok(())
}

/// The power, and that going on finds what seven blocks do not, mostly without all 28.
#[test]
fn going_on_finds_what_seven_blocks_leave_open() -> Result<(), StatsError> {
    for machine in Machine::ALL {
        let plain = count(AS_FAST, machine, 2.0, &LOOKS)?;
        assert!(share(plain.right) > 0.95, "{machine:?}: {plain:?}");
        assert!(share(plain.blocks) < 10.0, "{machine:?}: {plain:?}");
        let going_on = count(AS_FAST, machine, 1.0, &LOOKS)?.right;
        let seven = count(AS_FAST, machine, 1.0, &[7])?.right;
        assert!(going_on >= seven, "{machine:?}: {going_on} and {seven}");
    }
    Ok(())
}
