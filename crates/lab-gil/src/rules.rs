//! The rules: who may take the lock, when a waiter asks for it, whether the one that releases it
//! must wait. No thread, no clock; each method is one critical section of CPython's
//! `Python/ceval_gil.c` (`ceval_gil.h` before 3.12), and names the function there.
//!
//! Both engines call these methods and decide nothing themselves: the real threads put a [`Lock`]
//! behind a mutex; virtual time and the exhaustive search put it into a [`crate::machine::Machine`].
//!
//! CPython knows a third state, "not created" (`locked` is -1), for the time before the interpreter
//! starts. A [`Lock`] that exists has been created, so it is either free or held.

/// A thread of one GIL: 0, 1, 2 … in the order in which they were attached.
pub type ThreadId = u32;

/// The state of the GIL (`struct _gil_runtime_state`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lock {
    forced_switching: bool,
    holder: Option<ThreadId>,
    last_holder: Option<ThreadId>,
    switch_number: u64,
    drop_request: bool,
}

/// What a thread remembers while it waits for the lock (the local variables of `take_gil`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Waiter {
    switch_number: u64,
    asked: bool,
}

impl Waiter {
    /// Whether it has requested a drop in this wait (`drop_requested` in `take_gil`).
    pub fn asked(&self) -> bool {
        self.asked
    }
}

/// What a thread that wants the lock sees when it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// It was free and is now this thread's. Signal the switch condition: the thread that released
    /// the lock may be waiting for this.
    Taken,
    /// Another thread has it: wait on the condition for at most one interval.
    Held,
}

impl Lock {
    /// A free lock that nobody has held yet. `forced_switching` is on in every CPython
    /// (`FORCE_SWITCHING`); without it, one sees what that rule is good for.
    pub fn new(forced_switching: bool) -> Lock {
        Lock {
            forced_switching,
            holder: None,
            last_holder: None,
            switch_number: 0,
            drop_request: false,
        }
    }

    /// The thread that has the lock.
    pub fn holder(&self) -> Option<ThreadId> {
        self.holder
    }

    /// Whether somebody asked the holder to release the lock (`gil_drop_request`; from 3.13 on a bit in the
    /// holder's own `eval_breaker`, which changes nothing: only a holder can be asked).
    pub fn drop_requested(&self) -> bool {
        self.drop_request
    }

    /// `take_gil`, under the mutex: take the lock if it is free, even if others have waited longer;
    /// there is no queue. The switch number counts changes of holder, so a thread that comes back to
    /// a lock that nobody else took does not count. The last holder has done what it was asked to.
    pub fn look(&mut self, me: ThreadId, waiter: &mut Waiter) -> Look {
        if self.holder.is_some() {
            waiter.switch_number = self.switch_number;
            return Look::Held;
        }
        self.holder = Some(me);
        if self.last_holder != Some(me) {
            self.last_holder = Some(me);
            self.switch_number += 1;
        }
        self.drop_request = false;
        Look::Taken
    }

    /// `take_gil`, back from the condition and under the mutex again: ask the holder to release the
    /// lock if a whole interval has passed without a hand-over. True if it asked.
    ///
    /// A waiter whose wait began before the last hand-over has to wait for a second interval: with
    /// three or more threads a slice can therefore grow to just under two intervals.
    pub fn after_wait(&mut self, waiter: &mut Waiter, timed_out: bool) -> bool {
        let asks = timed_out && self.holder.is_some() && self.switch_number == waiter.switch_number;
        if asks {
            self.drop_request = true;
            waiter.asked = true;
        }
        asks
    }

    /// `take_gil`, for a waiter that saw the lock held and gives up (CPython: the interpreter is
    /// being finalised): its request goes with it, or the holder would release the lock and wait for
    /// a successor that never comes (gh-96387). Others that had asked, too, ask again an interval
    /// later.
    pub fn withdraw(&mut self, waiter: Waiter) {
        if waiter.asked {
            self.drop_request = false;
        }
    }

    /// `drop_gil`, under the mutex: the lock is free. Signal the condition: one waiter wakes.
    pub fn free(&mut self, me: ThreadId) {
        if self.holder == Some(me) {
            self.holder = None;
        }
    }

    /// `drop_gil`, second part, for a thread that freed the lock and then saw a drop request:
    /// whether it must wait on the switch condition, because nobody has held the lock since.
    ///
    /// To be asked again after every wake-up. CPython looks only once and trusts that its
    /// condition variables never wake spuriously; looking again keeps the promise even if they do.
    pub fn must_wait_for_switch(&mut self, me: ThreadId) -> bool {
        let not_yet = self.forced_switching && self.last_holder == Some(me);
        if not_yet {
            self.drop_request = false;
        }
        not_yet
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: ThreadId = 0;
    const B: ThreadId = 1;
    const C: ThreadId = 2;

    fn held_by(me: ThreadId, forced_switching: bool) -> Lock {
        let mut lock = Lock::new(forced_switching);
        assert_eq!(lock.look(me, &mut Waiter::default()), Look::Taken);
        lock
    }

    /// A waiter that has looked once and found the lock held.
    fn waiting(lock: &mut Lock, me: ThreadId) -> Waiter {
        let mut waiter = Waiter::default();
        assert_eq!(lock.look(me, &mut waiter), Look::Held);
        waiter
    }

    #[test]
    fn a_waiter_asks_only_after_an_interval_without_a_hand_over() {
        let mut lock = held_by(A, true);
        let mut b = waiting(&mut lock, B);
        assert!(!lock.after_wait(&mut b, false));
        assert!(lock.after_wait(&mut b, true));
        assert!(lock.drop_requested());
    }

    #[test]
    fn a_hand_over_costs_the_waiter_a_second_interval() {
        let mut lock = held_by(A, true);
        let mut b = waiting(&mut lock, B);
        lock.free(A);
        lock.look(C, &mut Waiter::default());
        assert!(!lock.after_wait(&mut b, true));
        assert_eq!(lock.look(B, &mut b), Look::Held);
        assert!(lock.after_wait(&mut b, true));
    }

    #[test]
    fn coming_back_to_a_lock_that_nobody_took_is_no_switch() {
        let mut lock = held_by(A, true);
        let mut b = waiting(&mut lock, B);
        lock.free(A);
        lock.look(A, &mut Waiter::default());
        assert!(lock.after_wait(&mut b, true));
    }

    #[test]
    fn nobody_asks_for_a_lock_that_is_free() {
        let mut lock = held_by(A, true);
        let mut b = waiting(&mut lock, B);
        lock.free(A);
        assert!(!lock.after_wait(&mut b, true));
        assert!(!lock.drop_requested());
    }

    /// A has released the lock, which B had asked for.
    fn released_on_request(forced_switching: bool) -> (Lock, Waiter) {
        let mut lock = held_by(A, forced_switching);
        let mut b = waiting(&mut lock, B);
        assert!(lock.after_wait(&mut b, true));
        lock.free(A);
        (lock, b)
    }

    #[test]
    fn taking_clears_the_request() {
        let (mut lock, _) = released_on_request(false);
        lock.look(A, &mut Waiter::default());
        assert!(!lock.drop_requested());
    }

    #[test]
    fn the_dropper_waits_until_another_has_held_the_lock_if_switching_is_forced() {
        let (mut lock, mut b) = released_on_request(true);
        assert!(lock.must_wait_for_switch(A));
        assert!(lock.must_wait_for_switch(A), "woken by nobody");
        lock.look(B, &mut b);
        assert!(!lock.must_wait_for_switch(A));
        let (mut lock, _) = released_on_request(false);
        assert!(!lock.must_wait_for_switch(A));
    }

    #[test]
    fn a_waiter_that_gives_up_takes_its_request_with_it() {
        let mut lock = held_by(A, true);
        let mut b = waiting(&mut lock, B);
        let c = waiting(&mut lock, C);
        lock.after_wait(&mut b, true);
        lock.withdraw(c);
        assert!(lock.drop_requested(), "C had asked nothing");
        lock.withdraw(b);
        assert!(!lock.drop_requested());
    }

    #[test]
    fn only_the_holder_can_free_it() {
        let mut lock = held_by(A, true);
        lock.free(B);
        assert_eq!(lock.holder(), Some(A));
    }
}
