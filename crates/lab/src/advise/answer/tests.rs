//! Answers from made-up times.

use crate::advise::Advice;
use crate::record::test_rows::{recorded, trial};
use lab_data::rows::{Executor, Role, TrialRow};
use lab_data::run::{Noise, OwnWork};

/// The advice from own work with this many judged blocks.
fn advice(blocks: u32, trials: &[TrialRow]) -> Advice {
    beside(0.0, blocks, trials)
}

/// The same, while others had this share of the machine.
fn beside(others_share: f64, blocks: u32, trials: &[TrialRow]) -> Advice {
    let mut run = recorded(trials, &[], &[]);
    run.info.noise = Some(Noise { others_share: Some(others_share), steal_share: None });
    run.info.blocks = blocks;
    run.info.settings.own_work = Some(OwnWork { jobs: 2, ..OwnWork::default() });
    run.advice().unwrap()
}

fn on(block: u32, workers: u32, ns: u64) -> TrialRow {
    TrialRow {
        block,
        workers,
        executor: Executor::Threads,
        makespan_ns: Some(ns),
        window_ns: Some(ns),
        ..trial()
    }
}

/// The advice from the times of some numbers of workers, one per block.
fn from(times: &[(u32, &[u64])]) -> Advice {
    let blocks = times.iter().map(|(_, times)| times.len()).max().unwrap();
    let of = |&(workers, times): &(u32, &[u64])| {
        (1..).zip(times.to_vec()).map(move |(block, ns)| on(block, workers, ns))
    };
    advice(blocks as u32, &times.iter().flat_map(of).collect::<Vec<_>>())
}

#[test]
fn what_was_not_judged_is_told_from_what_failed() {
    let refused = |errors| {
        let warmup = TrialRow { block: 0, role: Role::Warmup, judged: false, errors, ..trial() };
        let advice = advice(0, &[warmup]);
        assert_eq!(advice.fallback, None);
        advice.refused.unwrap()
    };
    assert!(refused(0).starts_with("nothing was judged"));
    assert!(refused(1).starts_with("100 % of the jobs failed"));
}

#[test]
fn what_is_shown_has_no_caveat() {
    let given = from(&[(1, &[900; 3]), (4, &[100; 6]), (8, &[101; 6])]);
    assert_eq!((given.workers, given.shown), (Some(4), true));
    assert!(given.caveats.is_empty(), "{:?}", given.caveats);
}

#[test]
fn few_rounds_or_scatter_give_an_answer_if_something_is_slower_and_say_what_is_not_sure() {
    for (times, workers, caveat) in [
        // One round, and one number takes more than twice as long.
        (&[(1, &[900_u64][..]), (4, &[100]), (8, &[102])][..], 4, "only 1 round fitted"),
        (&[(1, &[900; 4]), (4, &[110; 4]), (8, &[100; 4])], 8, "only 4 rounds"),
        (&[(1, &[900; 3]), (4, &[110, 99, 130, 90, 120]), (8, &[100; 5])], 8, "scatter"),
        (&[(1, &[900; 3]), (4, &[104, 99, 130, 90, 103]), (8, &[100; 5])], 4, "scatter"),
    ] {
        let given = from(times);
        assert_eq!((given.workers, given.shown), (Some(workers), false), "{given:?}");
        assert!(given.caveats[0].starts_with("not certain: "), "{:?}", given.caveats);
        assert!(given.caveats[0].contains(caveat), "{:?}", given.caveats);
        assert_eq!((given.refused, given.fallback), (None, None));
    }
}

#[test]
fn what_is_as_good_within_a_quarter_is_an_answer_that_says_so() {
    let given = from(&[(2, &[112, 100, 95, 104, 97]), (4, &[100; 5])]);
    assert_eq!((given.workers, given.shown), (Some(2), false), "{given:?}");
    assert!(given.caveats[0].contains("at most 1.12× as long"), "{:?}", given.caveats);
}

#[test]
fn where_nothing_differs_from_chance_there_is_a_fallback_and_no_advice() {
    for (times, reason) in [
        (&[(2, &[190_u64][..]), (4, &[100])][..], "only 1 round"),
        (&[(2, &[100, 130, 80, 120, 99]), (4, &[110, 95, 121, 80, 120])], "scatter"),
    ] {
        let given = from(times);
        assert_eq!((given.workers, given.fallback), (None, Some(2)), "{given:?}");
        let said = given.refused.unwrap();
        assert!(said.contains(reason) && said.contains("--budget"), "{said}");
    }
}

#[test]
fn a_machine_on_which_a_number_differs_from_itself_gives_what_exceeds_that() {
    let given = |serial: u64| {
        let rows = (1..=6).flat_map(|block| {
            let again = TrialRow { role: Role::Replicate, ..on(block, 4, 130) };
            [on(block, 1, serial), on(block, 4, 100), on(block, 8, 101), again]
        });
        advice(6, &rows.collect::<Vec<_>>())
    };
    let apart = given(900);
    assert_eq!((apart.workers, apart.shown), (Some(4), false));
    assert!(apart.caveats[0].contains("1.30× as long as the same 4"), "{:?}", apart.caveats);
    let near = given(104);
    assert_eq!((near.workers, near.fallback), (None, Some(1)));
}

#[test]
fn on_a_busy_machine_one_round_tells_nothing_and_three_give_an_answer_with_its_caveat() {
    let rows = |blocks: u32| -> Vec<TrialRow> {
        (1..=blocks).flat_map(|block| [on(block, 2, 900), on(block, 4, 100)]).collect()
    };
    let once = beside(0.5, 1, &rows(1));
    assert_eq!((once.workers, once.fallback), (None, Some(2)));
    let thrice = beside(0.5, 3, &rows(3));
    assert_eq!(thrice.workers, Some(4));
    for given in [once, thrice] {
        let said = given.caveats.join(" ");
        assert!(said.contains("other programs used 50 % of this machine"), "{said}");
    }
}

#[test]
fn what_made_room_is_named_and_never_the_answer() {
    let mut rows: Vec<TrialRow> =
        (1..=5).flat_map(|block| [on(block, 4, 100), on(block, 8, 101)]).collect();
    rows.push(on(1, 2, 90));
    rows.push(TrialRow { judged: false, role: Role::Warmup, ..on(0, 6, 300) });
    let given = advice(5, &rows);
    assert_eq!(given.workers, Some(4));
    assert!(given.caveats[0].ends_with(": 2, 6"), "{:?}", given.caveats);
}
