//! The untimed state machine: a [`Lock`], the threads that use it, and two condition variables,
//! advanced one critical section at a time.
//!
//! ```text
//!            take_gil                                       drop_gil
//!  Away -> Looking ----------------------> Holding -> Freed ----------------> Away
//!             |        lock is free          ^          | request              ^
//!             v held                         |          v                      |
//!           OnCond -> Woken -----------------+      Requested -----------------+
//!             ^ wake    | held                          |  ^     another held it
//!             +---------+                               v  | wake
//!                                                      OnSwitch
//! ```
//!
//! A driver decides everything that the rules leave open: which thread moves next, which waiter a
//! signal wakes, when a wait times out. `lab-sim` decides by a clock; the exhaustive search (a test of this
//! crate) tries everything.
//!
//! A critical section is one step, since a mutex makes it one. What CPython reads outside the
//! mutexes are separate steps: when the holder, and later the dropper, looks at the drop request.

use crate::rules::{Lock, Look, ThreadId, Waiter};

/// How far a thread has come in `take_gil` and `drop_gil`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum At {
    /// Does not have the lock and does not want it.
    Away,
    /// Wants the lock and is about to look for the first time.
    Looking,
    /// Waits on the condition, for at most one interval.
    OnCond(Waiter),
    /// Is back from that wait (`timed_out`, or notified) and about to look again.
    Woken(Waiter, bool),
    /// Has the lock.
    Holding,
    /// Has released the lock and is about to see whether that had been requested.
    Freed,
    /// Saw the request and is about to see whether another has held the lock since.
    Requested,
    /// Waits on the switch condition, without a time-out.
    OnSwitch,
}

/// What a step led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The thread has the lock. The driver must signal the switch condition.
    Took,
    /// The thread waits on the condition; `asked` if it has just requested a drop.
    Waits {
        /// Whether the drop request was set in this step.
        asked: bool,
    },
    /// The thread has seen the drop request and must look at the last holder.
    SawRequest,
    /// The thread waits on the switch condition.
    WaitsForSwitch,
    /// The thread is done with releasing the lock.
    Released,
    /// The thread waits, holds or is away: it cannot be stepped.
    Nothing,
}

/// See the module's text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Machine {
    lock: Lock,
    threads: Vec<At>,
    cond: Vec<ThreadId>,
}

impl Machine {
    /// A free lock and `threads` threads that are away.
    pub fn new(threads: usize, forced_switching: bool) -> Machine {
        Machine {
            lock: Lock::new(forced_switching),
            threads: vec![At::Away; threads],
            cond: Vec::new(),
        }
    }

    /// The lock's own state.
    pub fn lock(&self) -> &Lock {
        &self.lock
    }

    /// How far a thread has come. One that the machine does not have is away.
    pub fn at(&self, me: ThreadId) -> At {
        self.threads.get(me as usize).copied().unwrap_or(At::Away)
    }

    /// Threads on the condition, the one that has waited longest first.
    pub fn on_cond(&self) -> &[ThreadId] {
        &self.cond
    }

    /// The thread on the switch condition. There is never a second: to get there a thread must
    /// have held the lock last.
    pub fn on_switch(&self) -> Option<ThreadId> {
        let found = self.threads.iter().position(|at| *at == At::OnSwitch);
        found.map(|index| index as ThreadId)
    }

    /// A thread that is away begins to take the lock.
    pub fn want(&mut self, me: ThreadId) {
        if self.at(me) == At::Away {
            self.set(me, At::Looking);
        }
    }

    /// The next critical section of a thread in the middle of taking or releasing the lock.
    pub fn step(&mut self, me: ThreadId) -> Step {
        match self.at(me) {
            At::Looking => self.look(me, Waiter::default(), false),
            At::Woken(mut waiter, timed_out) => {
                let asked = self.lock.after_wait(&mut waiter, timed_out);
                self.look(me, waiter, asked)
            }
            At::Freed if self.lock.drop_requested() => {
                self.set(me, At::Requested);
                Step::SawRequest
            }
            At::Requested if self.lock.must_wait_for_switch(me) => {
                self.set(me, At::OnSwitch);
                Step::WaitsForSwitch
            }
            At::Freed | At::Requested => {
                self.set(me, At::Away);
                Step::Released
            }
            At::Away | At::OnCond(_) | At::Holding | At::OnSwitch => Step::Nothing,
        }
    }

    /// The holder releases the lock, for whatever reason. The driver must signal the condition.
    /// `for_good`: it will never want the lock again, so it does not look at the request.
    pub fn release(&mut self, me: ThreadId, for_good: bool) {
        if self.at(me) == At::Holding {
            self.lock.free(me);
            self.set(me, if for_good { At::Away } else { At::Freed });
        }
    }

    /// A thread that waits on one of the two conditions wakes: because it was signalled, because
    /// its time is up (`timed_out`), or spuriously.
    pub fn wake(&mut self, me: ThreadId, timed_out: bool) {
        match self.at(me) {
            At::OnCond(waiter) => {
                self.cond.retain(|waiting| *waiting != me);
                self.set(me, At::Woken(waiter, timed_out));
            }
            At::OnSwitch => self.set(me, At::Requested),
            _ => {}
        }
    }

    /// A thread back from the condition that finds the lock still held ends its wait without it.
    /// True if it did. While the lock is free it has to take it, since the signal that it may have
    /// consumed was meant to lead to that.
    pub fn give_up(&mut self, me: ThreadId) -> bool {
        let At::Woken(waiter, _) = self.at(me) else {
            return false;
        };
        let held = self.lock.holder().is_some();
        if held {
            self.lock.withdraw(waiter);
            self.set(me, At::Away);
        }
        held
    }

    fn look(&mut self, me: ThreadId, mut waiter: Waiter, asked: bool) -> Step {
        match self.lock.look(me, &mut waiter) {
            Look::Taken => {
                self.set(me, At::Holding);
                Step::Took
            }
            Look::Held => {
                self.cond.push(me);
                self.set(me, At::OnCond(waiter));
                Step::Waits { asked }
            }
        }
    }

    fn set(&mut self, me: ThreadId, at: At) {
        if let Some(slot) = self.threads.get_mut(me as usize) {
            *slot = at;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: ThreadId = 0;
    const B: ThreadId = 1;

    /// A has the lock, and B waits for it.
    fn b_waits() -> Machine {
        let mut machine = Machine::new(2, true);
        machine.want(A);
        assert_eq!(machine.step(A), Step::Took);
        machine.want(B);
        assert_eq!(machine.step(B), Step::Waits { asked: false });
        machine
    }

    /// B has waited for an interval and asked.
    fn b_has_asked() -> Machine {
        let mut machine = b_waits();
        machine.wake(B, true);
        assert_eq!(machine.step(B), Step::Waits { asked: true });
        machine
    }

    #[test]
    fn one_forced_switch_step_by_step() {
        let mut machine = b_has_asked();
        machine.release(A, false);
        assert_eq!(machine.step(A), Step::SawRequest);
        assert_eq!(machine.step(A), Step::WaitsForSwitch);
        assert_eq!(machine.on_switch(), Some(A));
        machine.wake(B, false);
        assert_eq!(machine.step(B), Step::Took);
        machine.wake(A, false);
        assert_eq!(machine.step(A), Step::Released);
        assert_eq!(machine.at(A), At::Away);
    }

    #[test]
    fn a_drop_without_request_and_a_drop_for_good_wait_for_nobody() {
        let mut machine = b_waits();
        machine.release(A, false);
        assert_eq!(machine.step(A), Step::Released);
        let mut machine = b_has_asked();
        machine.release(A, true);
        assert_eq!(machine.at(A), At::Away);
    }

    #[test]
    fn a_waiter_may_give_up_a_held_lock_but_not_a_free_one() {
        let mut machine = b_has_asked();
        machine.wake(B, true);
        machine.release(A, false);
        assert!(!machine.give_up(B));
        assert_eq!(machine.step(B), Step::Took);

        machine.step(A);
        machine.want(A);
        machine.step(A);
        machine.wake(A, false);
        assert!(machine.give_up(A));
        assert_eq!(machine.at(A), At::Away);
    }
}
