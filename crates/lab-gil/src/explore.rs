//! Exhaustive search: every interleaving of small programs, every choice of who is notified and
//! who times out, every wake-up for no reason, every death of a waiter.
//!
//! Model checkers that replace the standard library (loom, shuttle) never let a timed wait time
//! out; here that is a choice like any other, so all that follows from it is seen. Programs are
//! finite, so the set of states is: it is built whole, and then asked whether the end can be
//! reached from each.

use crate::machine::{At, Machine, Step};
use crate::rules::ThreadId;
use std::collections::HashMap;

/// One thing a thread does while it has the lock.
#[derive(Clone, Copy, Debug)]
enum Op {
    /// Look at the drop request; if it stands, let go and take it back.
    Turn,
    /// Let go, be away for any time, take it back.
    Block,
}

/// What the search may choose besides the order of steps.
#[derive(Clone, Copy)]
struct Choices {
    forced_switching: bool,
    /// Whether a requested release that did not wait breaks a promise.
    switch_promised: bool,
    time_outs: bool,
    spurious: bool,
    deaths: Deaths,
}

#[derive(Clone, Copy, PartialEq)]
enum Deaths {
    /// A waiter may die, and withdraws its request.
    Orderly,
    /// A waiter may die and leave its request behind (CPython before gh-96387).
    Rude,
}

const ALL: Choices = Choices {
    forced_switching: true,
    switch_promised: true,
    time_outs: true,
    spurious: true,
    deaths: Deaths::Orderly,
};

/// What a thread does once it has let go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Then {
    TakeAgain,
    BeAway,
}

/// What is remembered of a thread that is letting go, to hold the predicates against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct LettingGo {
    then: Then,
    requested: bool,
    another_held_it: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct State {
    machine: Machine,
    done: Vec<u8>,
    ended: Vec<bool>,
    letting_go: Vec<Option<LettingGo>>,
}

#[derive(Debug, PartialEq)]
enum Broken {
    TwoHolders,
    RequestedReleaseDidNotWait,
    VoluntaryReleaseWaited,
    RequestOutlivedItsWaiter,
    NoWayToTheEnd,
}

/// The number of states, or the first predicate that does not hold.
fn explore(programs: &[Vec<Op>], choices: Choices) -> Result<usize, Broken> {
    let start = State {
        machine: Machine::new(programs.len(), choices.forced_switching),
        done: vec![0; programs.len()],
        ended: vec![false; programs.len()],
        letting_go: vec![None; programs.len()],
    };
    let mut numbers = HashMap::from([(start.clone(), 0)]);
    let mut to_visit = vec![(0, start)];
    let mut before: Vec<Vec<usize>> = vec![vec![]];
    let mut finals = vec![];
    while let Some((number, state)) = to_visit.pop() {
        if state.ended.iter().all(|ended| *ended) {
            finals.push(number);
        }
        for next in successors(&state, programs, choices)? {
            let fresh = numbers.len();
            let next_number = *numbers.entry(next.clone()).or_insert(fresh);
            if next_number == fresh {
                before.push(vec![]);
                to_visit.push((fresh, next));
            }
            before[next_number].push(number);
        }
    }
    let mut reaches_end = vec![false; before.len()];
    while let Some(number) = finals.pop() {
        if !std::mem::replace(&mut reaches_end[number], true) {
            finals.extend(&before[number]);
        }
    }
    if reaches_end.iter().all(|reaches| *reaches) {
        Ok(before.len())
    } else {
        Err(Broken::NoWayToTheEnd)
    }
}

fn successors(state: &State, programs: &[Vec<Op>], choices: Choices) -> Result<Vec<State>, Broken> {
    let mut all = vec![];
    for (me, program) in programs.iter().enumerate() {
        let id = me as ThreadId;
        match state.machine.at(id) {
            _ if state.ended[me] => {}
            At::Away => all.push(with(state, |next| next.machine.want(id))),
            At::OnCond(_) => {
                if choices.time_outs {
                    all.push(with(state, |next| next.machine.wake(id, true)));
                }
                if choices.spurious {
                    all.push(with(state, |next| next.machine.wake(id, false)));
                }
            }
            At::OnSwitch => {
                if choices.spurious {
                    all.push(with(state, |next| next.machine.wake(id, false)));
                }
            }
            At::Looking | At::Woken(..) | At::Freed | At::Requested => {
                all.push(step(state, me, choices)?);
                all.extend(die(state, me, choices.deaths)?);
            }
            At::Holding => {
                let requested = state.machine.lock().drop_requested();
                match program.get(state.done[me] as usize) {
                    None => all.extend(let_go(state, me, None)),
                    Some(Op::Turn) if !requested => all.push(with(state, |n| n.done[me] += 1)),
                    Some(Op::Turn) => all.extend(let_go(state, me, Some(Then::TakeAgain))),
                    Some(Op::Block) => all.extend(let_go(state, me, Some(Then::BeAway))),
                }
            }
        }
    }
    Ok(all)
}

fn with(state: &State, change: impl FnOnce(&mut State)) -> State {
    let mut next = state.clone();
    change(&mut next);
    next
}

/// The holder lets go and one of the waiters, any of them, is notified.
fn let_go(state: &State, me: usize, then: Option<Then>) -> Vec<State> {
    let freed = with(state, |next| {
        next.letting_go[me] = then.map(|then| LettingGo {
            then,
            requested: next.machine.lock().drop_requested(),
            another_held_it: false,
        });
        next.ended[me] = then.is_none();
        next.done[me] += 1;
        next.machine.let_go(me as ThreadId, then.is_none());
    });
    let waiters = freed.machine.on_cond().to_vec();
    if waiters.is_empty() {
        return vec![freed];
    }
    waiters.into_iter().map(|woken| with(&freed, |next| next.machine.wake(woken, false))).collect()
}

fn step(state: &State, me: usize, choices: Choices) -> Result<State, Broken> {
    let mut next = state.clone();
    let id = me as ThreadId;
    match next.machine.step(id) {
        Step::Took => {
            if let Some(dropper) = next.machine.on_switch() {
                next.machine.wake(dropper, false);
            }
            for (other, letting_go) in next.letting_go.iter_mut().enumerate() {
                if let Some(letting_go) = letting_go
                    && other != me
                {
                    letting_go.another_held_it = true;
                }
            }
            let holding = |other: &usize| next.machine.at(*other as ThreadId) == At::Holding;
            if (0..next.done.len()).filter(holding).count() != 1 {
                return Err(Broken::TwoHolders);
            }
        }
        Step::WaitsForSwitch => {
            if !next.letting_go[me].is_some_and(|l| l.requested) {
                return Err(Broken::VoluntaryReleaseWaited);
            }
        }
        Step::LetGo => {
            if let Some(gone) = next.letting_go[me].take() {
                if choices.switch_promised && gone.requested && !gone.another_held_it {
                    return Err(Broken::RequestedReleaseDidNotWait);
                }
                if gone.then == Then::TakeAgain {
                    next.machine.want(id);
                }
            }
        }
        Step::Waits { .. } | Step::SawRequest | Step::Nothing => {}
    }
    Ok(next)
}

/// A waiter that is back from the condition dies, if the rules let it.
fn die(state: &State, me: usize, deaths: Deaths) -> Result<Option<State>, Broken> {
    let id = me as ThreadId;
    let At::Woken(waiter, _) = state.machine.at(id) else {
        return Ok(None);
    };
    let mut next = state.clone();
    next.ended[me] = match deaths {
        Deaths::Orderly => next.machine.give_up(id),
        Deaths::Rude => state.machine.lock().holder().is_some(),
    };
    if deaths == Deaths::Orderly && next.ended[me] {
        let request_left = next.machine.lock().drop_requested();
        if waiter.asked() && request_left {
            return Err(Broken::RequestOutlivedItsWaiter);
        }
    }
    Ok(next.ended[me].then_some(next))
}

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

/// A wake-up that comes by itself, or by time-out, hides a signal that was never sent. So without
/// them the end must be reached as well: without either, and with the time-outs that lead to forced
/// switches.
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

/// What the search is worth: it finds the fault that CPython had until gh-96387.
#[test]
fn a_waiter_that_dies_and_leaves_its_request_hangs_the_dropper() {
    let choices = Choices { deaths: Deaths::Rude, ..ALL };
    let found = explore(&[vec![Op::Turn], vec![]], choices);
    assert_eq!(found, Err(Broken::NoWayToTheEnd));
}
