//! What holds for all small programs, and what the search finds where a rule is missing.

use super::*;

/// All programs of up to `length` operations.
fn programs(length: usize) -> Vec<Vec<Op>> {
    let mut all = vec![vec![]];
    let mut last = all.clone();
    for _ in 0..length {
        last = last
            .iter()
            .flat_map(|program| {
                [Op::Turn, Op::Block].map(|op| [program.as_slice(), &[op]].concat())
            })
            .collect();
        all.extend(last.clone());
    }
    all
}

#[test]
fn two_threads_keep_every_promise() {
    let all = programs(3);
    let mut states = 0;
    for (i, a) in all.iter().enumerate() {
        for b in &all[i..] {
            states += explore(&[a.clone(), b.clone()], ALL).unwrap();
        }
    }
    println!("two threads: {states} states");
}

/// With two operations in each thread it also passes: 5.3 million states, 17 s.
#[test]
fn three_threads_keep_every_promise() {
    let short = programs(1);
    let mut states = 0;
    for a in programs(2) {
        for (i, b) in short.iter().enumerate() {
            for c in &short[i..] {
                states += explore(&[a.clone(), b.clone(), c.clone()], ALL).unwrap();
            }
        }
    }
    println!("three threads: {states} states");
}

/// A spurious wake-up, or a time-out, hides a signal that was never sent. So the end must be reached
/// without them, too: without either, and with the time-outs that lead to forced switches.
#[test]
fn no_signal_is_missing() {
    for time_outs in [false, true] {
        let choices = Choices { time_outs, spurious: false, ..ALL };
        for a in programs(2) {
            explore(&[a.clone(), vec![Op::Turn]], choices).unwrap();
            explore(&[a.clone(), vec![Op::Turn], vec![Op::Block]], choices).unwrap();
            explore(&[a, vec![Op::Turn], vec![Op::Turn]], choices).unwrap();
        }
    }
}

#[test]
fn without_forced_switching_a_dropper_may_take_it_again_at_once_and_that_is_all() {
    let mut choices = Choices { forced_switching: false, ..ALL };
    let found = explore(&[vec![Op::Turn], vec![]], choices);
    assert_eq!(found, Err(Broken::RequestedReleaseDidNotWait));
    choices.switch_promised = false;
    for a in programs(2) {
        explore(&[a.clone(), a, vec![Op::Turn]], choices).unwrap();
    }
}

/// That the search is worth its while: it finds the fault that CPython had until gh-96387.
#[test]
fn a_waiter_that_dies_and_leaves_its_request_hangs_the_dropper() {
    let choices = Choices { deaths: Deaths::Rude, ..ALL };
    let found = explore(&[vec![Op::Turn], vec![]], choices);
    assert_eq!(found, Err(Broken::NoWayToTheEnd));
}
