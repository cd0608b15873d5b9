//! Exhaustive search: every interleaving of small programs, every choice of who is notified and
//! who times out, every spurious wake-up, every death of a waiter.
//!
//! Model checkers that replace the standard library (loom, shuttle) never let a timed wait time
//! out; here that is a choice like any other, so everything that follows from it is seen. Programs
//! are finite, and so is the set of states: it is built whole, and then asked whether the end can be
//! reached from each of them.

use crate::machine::{At, Machine, Step};
use crate::rules::ThreadId;
use std::collections::HashMap;

mod promises;

/// One thing a thread does while it has the lock.
#[derive(Clone, Copy, Debug)]
enum Op {
    /// Look for a drop request; if there is one, release the lock and take it back.
    Turn,
    /// Release the lock, be away for any time, take it back.
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

/// What a thread does after it has released the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Then {
    TakeAgain,
    BeAway,
}

/// What is remembered of a thread that is releasing the lock, to check the predicates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Releasing {
    then: Then,
    requested: bool,
    another_held_it: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct State {
    machine: Machine,
    done: Vec<u8>,
    ended: Vec<bool>,
    releasing: Vec<Option<Releasing>>,
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
        releasing: vec![None; programs.len()],
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
                    None => all.extend(release(state, me, None)),
                    Some(Op::Turn) if !requested => all.push(with(state, |n| n.done[me] += 1)),
                    Some(Op::Turn) => all.extend(release(state, me, Some(Then::TakeAgain))),
                    Some(Op::Block) => all.extend(release(state, me, Some(Then::BeAway))),
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

/// The holder releases the lock and one of the waiters, any of them, is notified.
fn release(state: &State, me: usize, then: Option<Then>) -> Vec<State> {
    let freed = with(state, |next| {
        next.releasing[me] = then.map(|then| Releasing {
            then,
            requested: next.machine.lock().drop_requested(),
            another_held_it: false,
        });
        next.ended[me] = then.is_none();
        next.done[me] += 1;
        next.machine.release(me as ThreadId, then.is_none());
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
            for (other, releasing) in next.releasing.iter_mut().enumerate() {
                if let Some(releasing) = releasing
                    && other != me
                {
                    releasing.another_held_it = true;
                }
            }
            let holding = |other: &usize| next.machine.at(*other as ThreadId) == At::Holding;
            if (0..next.done.len()).filter(holding).count() != 1 {
                return Err(Broken::TwoHolders);
            }
        }
        Step::WaitsForSwitch => {
            if !next.releasing[me].is_some_and(|l| l.requested) {
                return Err(Broken::VoluntaryReleaseWaited);
            }
        }
        Step::Released => {
            if let Some(gone) = next.releasing[me].take() {
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
