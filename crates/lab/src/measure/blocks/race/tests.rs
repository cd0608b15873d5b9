//! Races of made-up times.

use super::*;
use crate::record::test_rows::trial;

/// What is out after each of some blocks, of which each has the same trials.
fn out(blocks: u32, trials: &[(u32, u64, Role, u32)]) -> Vec<Vec<u32>> {
    let mut race = Race::default();
    let after = (1..=blocks).map(|block| {
        let rows = trials.iter().map(|&(workers, ns, role, errors)| TrialRow {
            block,
            workers,
            role,
            errors,
            makespan_ns: Some(ns),
            ..trial()
        });
        race.add(&rows.collect::<Vec<_>>(), true);
        race.out()
    });
    after.collect()
}

#[test]
fn what_is_slower_in_each_of_some_blocks_is_out_whatever_the_second_measurement_says() {
    let trials = [(8, 100, Role::Arm, 0), (1, 300, Role::Arm, 0), (8, 900, Role::Replicate, 0)];
    assert_eq!(out(3, &trials), [vec![], vec![], vec![1]]);
    let mut race = Race::default();
    for block in 1..=4 {
        let on = |workers, ns| TrialRow { block, workers, makespan_ns: Some(ns), ..trial() };
        race.add(&[on(8, 100), on(1, 300)][..if block < 4 { 2 } else { 1 }], true);
    }
    assert_eq!(race.out(), [1], "it stays out");
}

#[test]
fn to_fail_fast_is_no_reason_why_another_is_out() {
    let trials = [(8, 100, Role::Arm, 0), (64, 10, Role::Arm, 1)];
    assert_eq!(out(3, &trials).pop().unwrap(), [64]);
}

/// What makes room after a warm-up of these times in milliseconds, with so many of them left.
fn room(trials: &[(u32, u64)], left: u64, keep: u32) -> Vec<u32> {
    let mut race = Race::default();
    let on = |&(workers, ms): &(u32, u64)| TrialRow {
        block: 0,
        workers,
        makespan_ns: Some(1_000_000 * ms),
        ..trial()
    };
    race.add(&trials.iter().map(on).collect::<Vec<_>>(), false);
    race.makes_room(Duration::from_millis(left), 30, keep)
}

#[test]
fn the_slowest_make_room_if_time_is_short_and_two_stay() {
    let trials = [(1, 400), (2, 200), (4, 100), (4, 110), (6, 120), (8, 130)];
    for (left, keep, out) in [
        // All take 1.06 s, five times.
        (5300, 6, &[][..]),
        (5299, 6, &[1]),
        (3299, 6, &[1, 2]),
        (2000, 6, &[1, 2, 8]),
        (0, 6, &[1, 2, 8]),
        (0, 4, &[1, 2, 8]),
        (0, 1, &[2, 8, 6]),
        (0, 99, &[1, 2, 8]),
    ] {
        assert_eq!(room(&trials, left, keep), out, "{left} {keep}");
    }
    assert!(room(&trials[1..3], 0, 99).is_empty());
    assert!(room(&[], 0, 6).is_empty());
}

#[test]
fn with_enough_blocks_nothing_makes_room() {
    let mut race = Race::default();
    let on = |workers| TrialRow { block: 5, workers, makespan_ns: Some(100), ..trial() };
    race.add(&[1, 2, 4].map(on), true);
    assert!(race.makes_room(Duration::ZERO, 30, 6).is_empty());
}

#[test]
fn a_disturbed_block_is_run_again_if_the_missing_ones_come_in_time_all_the_same() {
    let second = Duration::from_secs(1);
    for (block, left, is_run) in [(1, 5, true), (1, 4, false), (5, 1, true), (9, 0, false)] {
        assert_eq!(is_time_to_repeat(block, second, left * second), is_run, "{block} {left}");
    }
}
