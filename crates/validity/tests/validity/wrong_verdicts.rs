//! How often a verdict is wrong: simulated runs whose true answer lies exactly on an edge, where
//! it is easiest to be wrong and where every verdict, TRUE, FALSE or NEITHER, says too much; on
//! machines as they are: with drift, with spikes, with steps, at full and at half speed in turn.
//!
//! Seeded, so that the counts are the same on every machine.

use crate::rules::{rule, rules};
use lab::prelude::{False, True};
use lab_data::run::{Mode, RunInfo};
use lab_stats::verdict::Decision;
use validity::rows::Counts;
use validity::rules::{Case, Rule};
use validity::simulated::machine::Machine;
use validity::simulated::runs::{Setting, conditions};
use validity::{NAME, Study};

const SEED: u64 = 20_260_101;
/// Runs on a quiet machine, and on any.
const RUNS: u32 = 10_000;
const RUNS_ON_EACH: u32 = 2000;
/// At most this share of verdicts is wrong.
const MOST: f64 = 0.05;

/// Of runs that are wrong 5 % of the time, this much more is seen by chance in one simulation of a
/// thousand: 3.1 standard errors.
fn chance(runs: u32) -> f64 {
    3.1 * (MOST * (1.0 - MOST) / f64::from(runs)).sqrt()
}

fn share(count: u32, runs: u32) -> f64 {
    f64::from(count) / f64::from(runs)
}

/// A setting of a rule with one part, of which this is true.
fn setting(rule: &Rule, truth: f64, machine: Machine) -> Setting<'_> {
    let case = Case { name: rule.name.clone(), effect: truth, truth: vec![truth] };
    Setting::new(rule, case, machine)
}

/// One value per block, with jitter and nothing else.
fn plain(rule: &Rule, truth: f64, jitter: f64, blocks: u32) -> Setting<'_> {
    let looks = vec![vec![blocks]];
    Setting { jitter, rounds: 1, looks, ..setting(rule, truth, Machine::Quiet) }
}

fn only(setting: &Setting, runs: u32, seed: u64) -> Counts {
    let [counts] = setting.count(runs, seed)[..] else { panic!("one list of looks") };
    counts
}

#[test]
fn verdicts_at_an_edge_are_wrong_in_five_of_a_hundred_runs_at_most() {
    for (id, truths) in [
        ("check useless", [1.05, 2.0]),
        ("check costly", [1.05, 1.10]),
        ("check same", [0.8, 1.25]),
    ] {
        let rule = rule(id);
        for truth in truths {
            for blocks in [5, 7] {
                for jitter in [0.02, 0.15] {
                    let counts = only(&plain(&rule, truth, jitter, blocks), RUNS, SEED);
                    assert!(
                        share(counts.wrong, RUNS) <= MOST + chance(RUNS),
                        "{id}: {counts:?} at {truth}, {blocks} blocks, jitter {jitter}"
                    );
                }
            }
        }
    }
}

#[test]
fn with_two_edges_true_and_false_together_stay_under_five_of_a_hundred() {
    for blocks in [5, 7] {
        for (id, truth) in [("check useless", 2.0), ("check costly", 1.05), ("check costly", 1.10)]
        {
            let rule = rule(id);
            let ends = plain(&rule, truth, 0.05, blocks).runs(RUNS, SEED);
            let is_one = |ends: &Vec<(Decision, u32)>| matches!(ends[0].0, True | False);
            let wrong = ends.iter().filter(|ends| is_one(ends)).count();
            assert!(
                share(wrong as u32, RUNS) <= MOST,
                "{id}: {wrong} of {RUNS} at {truth}, {blocks} blocks"
            );
        }
    }
}

/// How often a true answer is found; the second and the third say how many blocks "the same" takes.
#[test]
fn what_is_plain_is_decided_and_what_is_not_takes_more_blocks() {
    let right = |id, truth, jitter, blocks| {
        only(&plain(&rule(id), truth, jitter, blocks), RUNS, SEED).right
    };
    // Serial over sixteen threads is 10, far above 2.
    assert_eq!(right("check useless", 10.0, 0.03, 5), RUNS);
    let same_with_7 = share(right("check same", 1.0, 0.15, 7), RUNS);
    assert!((0.33..0.41).contains(&same_with_7), "{same_with_7}");
    let same_with_20 = share(right("check same", 1.0, 0.15, 20), RUNS);
    assert!(same_with_20 > 0.97, "{same_with_20}");
    // Twice the time is not the same time.
    let other = share(right("check same", 2.0, 0.15, 7), RUNS);
    assert!(other > 0.99, "{other}");
}

#[test]
fn each_rule_says_what_is_plain_and_is_silent_at_its_edges() {
    const RUNS: u32 = 1000;
    for rule in rules().into_iter().chain(validity::experiments::rules().unwrap()) {
        let plain = rule.off_edges();
        for case in rule.at_edges().iter().chain(&plain) {
            let looks = vec![vec![7]];
            let setting = Setting { looks, ..Setting::new(&rule, case.clone(), Machine::Quiet) };
            let counts = only(&setting, RUNS, 3);
            assert!(share(counts.wrong, RUNS) <= MOST + chance(RUNS), "{case:?}: {counts:?}");
            // What takes all parts takes more blocks, as "the same" does.
            let by_one_part = rule.alone_and_together().0;
            let is_plain = plain.contains(case) && setting.right() == by_one_part;
            assert!(!is_plain || counts.right > 950, "{case:?}: {counts:?}");
        }
    }
}

/// With every number of looks that a run may have.
#[test]
fn verdicts_at_an_edge_are_wrong_in_five_of_a_hundred_runs_at_most_on_every_machine() {
    let rules = rules();
    let few = || conditions(&rules, 100, SEED);
    assert_eq!(few(), few(), "a seed gives the same counts");
    let simulated = conditions(&rules, RUNS_ON_EACH, SEED);
    // Of the rules for one ratio, in which an A/A arm can veto, each condition by itself.
    for rule in ["faster", "useless", "costly", "same"].map(rule) {
        let own = simulated.iter().filter(|row| row.rule == rule.name && !row.has_truth());
        let own: Vec<_> = own.collect();
        assert_eq!(own.len(), rule.at_edges().len() * Machine::ALL.len() * 4);
        for row in own {
            assert_eq!(row.runs, RUNS_ON_EACH);
            assert!(row.wrong_share <= MOST + chance(RUNS_ON_EACH), "{row:?}");
        }
    }
    let study = Study {
        info: RunInfo::begin(NAME, Mode::Quick, Vec::new(), SEED),
        simulated,
        ..Study::default()
    };
    let target = &study.targets()[0];
    assert_eq!(target.met, Some(true), "{target}");
}

/// The power, and that going on finds what seven blocks do not, mostly without all 28.
#[test]
fn going_on_finds_what_seven_blocks_leave_open() {
    let same = rule("same");
    for machine in Machine::ALL {
        let found = |truth| {
            let looks = vec![vec![7, 14, 28], vec![7]];
            Setting { looks, ..setting(&same, truth, machine) }.count(RUNS_ON_EACH, 7)
        };
        let other = found(2.0)[0];
        assert!(share(other.right, RUNS_ON_EACH) > 0.95, "{machine:?}: {other:?}");
        assert!(share(other.blocks, RUNS_ON_EACH) < 10.0, "{machine:?}: {other:?}");
        let [going_on, seven] = found(1.0)[..] else { panic!("two lists of looks") };
        assert!(going_on.right >= seven.right, "{machine:?}: {going_on:?} and {seven:?}");
    }
}
