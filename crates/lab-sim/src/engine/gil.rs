//! The interpreter's lock of each process: the rules of `lab-gil`, on this machine's clock.

use super::Engine;
use crate::cores::Id;
use crate::thread::{At, Phase, Why};
use lab_gil::events::{Event, EventKind};
use lab_gil::machine::{At as InGil, Step};

impl Engine<'_> {
    fn in_gil(&self, me: Id) -> Option<InGil> {
        let thread = &self.threads[me as usize];
        Some(self.gils[thread.process].as_ref()?.at(thread.member))
    }

    pub(super) fn has_gil(&self, me: Id) -> bool {
        self.in_gil(me) == Some(InGil::Holding)
    }

    /// Whether its process has a lock.
    pub(super) fn is_under_gil(&self, me: Id) -> bool {
        self.gils[self.threads[me as usize].process].is_some()
    }

    /// Whether a thread needs the lock to see what is next: between two steps it runs the interpreter.
    /// Not before its first, and not if it begins with a wait.
    pub(super) fn needs_gil_next(&self, me: Id) -> bool {
        self.is_under_gil(me) && self.threads[me as usize].phase != Phase::Boot
    }

    /// Whether it holds the lock and somebody has asked for that.
    pub(super) fn is_gil_wanted(&self, me: Id) -> bool {
        let gil = self.gils[self.threads[me as usize].process].as_ref();
        gil.is_some_and(|gil| gil.lock().drop_requested()) && self.has_gil(me)
    }

    pub(super) fn want_gil(&mut self, me: Id) {
        self.note(me, EventKind::Want);
        let thread = &self.threads[me as usize];
        if let Some(gil) = &mut self.gils[thread.process] {
            gil.want(thread.member);
        }
    }

    /// The next move of a thread in the middle of taking or releasing the lock, and whether it goes on
    /// then; none if it is in neither.
    pub(super) fn moves_in_gil(&mut self, me: Id) -> Option<bool> {
        let (process, member) = {
            let thread = &self.threads[me as usize];
            (thread.process, thread.member)
        };
        let gil = self.gils[process].as_mut()?;
        if matches!(gil.at(member), InGil::Away | InGil::Holding) {
            return None;
        }
        Some(match gil.step(member) {
            Step::Took => {
                let dropper = gil.on_switch();
                self.note(me, EventKind::Take);
                if let Some(dropper) = dropper {
                    self.signal(process, dropper);
                }
                true
            }
            Step::Waits { asked } => {
                if asked {
                    self.note(me, EventKind::Request);
                    self.hurry_holder(process);
                }
                let interval_ns = self.plan.gil.map_or(0, |gil| gil.interval.ns());
                self.block(me, Why::Gil, Some(self.now_ns.saturating_add(interval_ns)));
                false
            }
            Step::WaitsForSwitch => {
                self.note(me, EventKind::ForcedWait);
                self.block(me, Why::Switch, None);
                false
            }
            Step::SawRequest | Step::Released | Step::Nothing => true,
        })
    }

    /// The holder releases the lock, and the first of those who wait for it wakes up.
    pub(super) fn release_gil(&mut self, me: Id, for_good: bool) {
        let (process, member) = {
            let thread = &self.threads[me as usize];
            (thread.process, thread.member)
        };
        let Some(gil) = self.gils[process].as_mut() else { return };
        let requested = gil.lock().drop_requested();
        gil.release(member, for_good);
        let first = gil.on_cond().first().copied();
        self.note(me, EventKind::Drop { requested });
        if let Some(first) = first {
            self.signal(process, first);
        }
    }

    /// Wakes a thread that waits on one of the lock's two conditions.
    fn signal(&mut self, process: usize, member: u32) {
        let woken = self.members[process][member as usize];
        if self.threads[woken as usize].at == At::Blocked(Why::Switch) {
            self.note(woken, EventKind::Switched);
        }
        if let Some(gil) = &mut self.gils[process] {
            gil.wake(member, false);
        }
        self.wake(woken);
    }

    /// A thread has waited for the lock for a whole interval.
    pub(super) fn gil_timed_out(&mut self, me: Id) {
        let thread = &self.threads[me as usize];
        if let Some(gil) = &mut self.gils[thread.process] {
            gil.wake(thread.member, true);
        }
    }

    /// A request: the holder need not go on to the end of its step, but to its next turn only.
    fn hurry_holder(&mut self, process: usize) {
        let holder = self.gils[process].as_ref().and_then(|gil| gil.lock().holder());
        let Some(holder) = holder.map(|member| self.members[process][member as usize]) else {
            return;
        };
        if self.threads[holder as usize].at == At::Running {
            self.appoint(holder);
        }
    }

    fn note(&mut self, me: Id, kind: EventKind) {
        let thread = &self.threads[me as usize];
        if self.plan.records && thread.process == 0 {
            self.out.lock.push(Event { at_ns: self.now_ns, thread: thread.member, kind });
        }
    }
}
