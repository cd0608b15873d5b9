//! Estimates of recordings that were made up: what rounds, gaps and failures make of them, and what
//! sentences ask for.

use super::*;
use crate::design::quantity::{MAKESPAN, Quantity, WINDOW};
use crate::judge::estimate::Blocks;
use crate::record::test_rows::job;
use lab_data::rows::{JobRow, Kind};

/// Native threads whose jobs wait.
fn pool(workers: u32) -> Arm {
    threads(workers).of_case(&Runtime::rust(), "")
}

/// The rows of an arm for each round, in milliseconds per block.
fn rounds<const N: usize>(arm: &Arm, times: [&[f64]; N]) -> [Vec<TrialRow>; N] {
    times.map(|of| trials(arm, Role::Arm, of))
}

#[test]
fn a_block_is_its_median_round_unless_one_failed_or_is_missing() {
    let arm = pool(2);
    let [mut first, mut second, mut third] =
        rounds(&arm, [&[1.0, 9.0, 5.0, 2.0], &[3.0, 4.0, 5.0, 2.0], &[2.0, 8.0, 6.0, 2.0]]);
    second[1].errors = 1;
    third.remove(2);
    first[3].makespan_ns = None;
    let run = run_of(vec![first, second, third]);
    assert_eq!(run.blocks(&makespan(&arm)), Blocks::from([(1, 2e6)]));
    assert_eq!(run.blocks(&window(&arm)), Blocks::from([(1, 2e6), (4, 2e6)]));
    // Of what did not fail: 1, 3, 2; 9, 8; 5, 5; 2, 2.
    assert_eq!(run.median(&makespan(&arm)), Some(3e6));
    assert_eq!(run.median(&makespan(&pool(4))), None);
}

#[test]
fn the_ratio_of_two_arms_is_by_block_and_that_of_one_arm_by_trial() {
    let (two, four) = (pool(2), pool(4));
    let mut of_two = rounds(&two, [&[2.0, 4.0], &[8.0, 8.0], &[3.0, 3.0]]);
    for (ms, round) in (1..).zip(&mut of_two) {
        round.iter_mut().for_each(|row| row.window_ns = Some(ms * 1_000_000));
    }
    let run = run_of([&of_two[..], &rounds(&four, [&[1.0, 2.0, 7.0]])].concat());
    for (comparison, values, words, shown) in [
        (makespan(&two) / window(&two), [2.0, 4.0], ["makespan over work window", ""], "2.83×"),
        (
            makespan(&two) / makespan(&four),
            [3.0, 2.0],
            ["makespan of threads 2 / threads 4", "threads 4"],
            "2.45×",
        ),
        (makespan(&two).as_share(), [3e6, 4e6], ["makespan", ""], "350000000 %"),
    ] {
        assert_eq!(run.values(&comparison), Blocks::from([(1, values[0]), (2, values[1])]));
        let found = run.estimate(&comparison, 0.9);
        assert_eq!([found.measure, found.arm_b], words);
        assert_eq!((found.arm_a.as_str(), found.blocks), ("threads 2", 2));
        assert!(found.interval.is_ok_and(|interval| interval.level == 0.9));
        assert!(run.interval(&comparison).is_some_and(|interval| interval.level == LEVEL));
        assert_eq!(run.shown(&comparison), shown);
    }
    assert_eq!(run.excess_ns(&makespan(&two), &makespan(&four)), Some(2e6));
    assert_eq!(run.shown(&(makespan(&two) / makespan(&pool(8)))), "?");
}

#[test]
fn what_cannot_be_estimated_says_why() {
    let (two, four) = (pool(2), pool(4));
    let mut rows = trials(&two, Role::Arm, &[1.0; 3]);
    rows.extend(trials(&four, Role::Arm, &[1.0; 3]));
    (rows[1].errors, rows[1].jobs, rows[1].trial) = (1, 2, 1);
    for row in &mut rows[3..] {
        row.window_ns = None;
    }
    let bad = JobRow { outcome: "no such page".to_owned(), ..job(&rows[1], 1, 0, 9) };
    let run = recorded(&rows, &[job(&rows[1], 0, 0, 9), bad], &[]);
    let (arm, cause) = ("threads 2".to_owned(), Some("no such page".to_owned()));
    let failed = Missing::Failed { arm, errors: 1, jobs: 2, block: 2, cause };
    for (comparison, why) in [
        (makespan(&two) / makespan(&four), failed.clone()),
        (makespan(&four).over_best(&[four.clone(), two]), failed),
        (window(&four).as_share(), Missing::NothingRecorded("threads 4".to_owned())),
        (makespan(&pool(8)).as_share(), Missing::NotMeasured("threads 8".to_owned())),
        (window(&four).over_best(&[four.clone(), pool(8)]), Missing::NoCommonBlock),
    ] {
        assert_eq!(run.estimate(&comparison, LEVEL).interval.unwrap_err(), why);
        assert_eq!(run.interval(&comparison), None);
    }
}

#[test]
fn the_best_of_several_arms_is_held_against_an_arm_that_was_measured_again() {
    let all = [1, 4, 8].map(pool);
    let times: [&[f64]; 3] = [
        &[200.0, 202.0, 199.0, 201.0, 200.0],
        &[102.0, 101.0, 102.0, 103.0, 101.0, 1.0],
        &[100.0, 101.0, 100.0, 101.0, 100.0],
    ];
    let rows = all.iter().zip(times).map(|(arm, times)| trials(arm, Role::Arm, times));
    let again = trials(&all[1].replicate(), Role::Replicate, &[200.0, 202.0, 200.0, 202.0, 200.0]);
    let run = run_of(rows.chain([again]).collect());
    assert_eq!(run.best_of(&MAKESPAN, &all), Some(all[2].clone()));
    assert_eq!(run.smallest_as_good(&MAKESPAN, &all), Some(4));
    assert_eq!(run.best_of(&MAKESPAN, &[pool(2)]), None);
    let found = run.estimate(&makespan(&all[1]).over_best(&all), LEVEL);
    let best = "the best of 3 numbers of workers";
    assert_eq!(found.measure, format!("makespan of threads 4, again / {best}"));
    assert_eq!((found.arm_a.as_str(), found.arm_b.as_str()), ("threads 4, again", best));
    let twice = found.interval.map(|interval| (interval.estimate * 1e9).round() / 1e9);
    assert_eq!((found.blocks, twice), (5, Ok(2.0)));
}

/// A run of which only numbers were drawn: the makespan of 16 threads is 1, and serial's is this.
fn drawn(ratios: &[f64]) -> (Design, Recording, Quantity) {
    let (design, [alone, threads]) = design(plain);
    let numbers = |values: &[f64]| {
        let blocks: Blocks = (1..).zip(values.iter().copied()).collect();
        HashMap::from([("makespan".to_owned(), blocks)])
    };
    let ones = numbers(&vec![1.0; ratios.len()]);
    let all = HashMap::from([(alone.clone(), numbers(ratios)), (threads, ones)]);
    let info = recorded(&[], &[], &[]).info().clone();
    (design, Recording::simulated(info, all), makespan(&alone))
}

#[test]
fn numbers_that_were_drawn_are_judged_as_if_measured_and_forecast_nothing() {
    let (mut design, run, alone) = drawn(&FAR);
    assert_eq!(run.values(&alone.clone().as_share()).get(&2), Some(&10.5));
    design.claim("share", TEXT, USELESS).compare(alone.clone().as_share());
    let found = judge(&[design], &run).into_iter().map(|of| (of.kind, of.reason.to_string()));
    let texts = [(Kind::Ratio, "16 threads are 10.2× as fast"), (Kind::Share, "1022 %")];
    assert!(found.eq(texts.map(|(kind, text)| (kind, text.to_owned()))));
    let missing = run.estimate(&WINDOW.on(alone.arm()).as_share(), LEVEL).interval;
    assert_eq!(missing.unwrap_err(), Missing::NothingRecorded("serial".to_owned()));
    let (design, run, _) = drawn(&[1.9, 2.2, 2.0, 2.1, 1.9, 2.1, 2.0]);
    let reason = &judge(&[design], &run)[0].reason;
    assert!(
        matches!(reason, Reason::OverAnEdge { remedy: Remedy::Blocks(None), .. }),
        "{reason:?}"
    );
}
