//! The locks that jobs share, and the end of a run: all gone, or a deadlock.

use super::Engine;
use crate::cores::Id;
use crate::outcome::Outcome;
use crate::plan::SimError;
use crate::profile::LockId;
use crate::thread::{At, Doing, Park, Why};

impl Engine<'_> {
    /// Takes a lock that nobody has. Who has it already and takes it again waits for itself.
    pub(super) fn take_lock(&mut self, me: Id, lock: LockId) -> bool {
        let at = lock as usize;
        if self.locks.len() <= at {
            self.locks.resize_with(at + 1, Default::default);
        }
        let holder = &mut self.locks[at].holder;
        let is_free = holder.is_none();
        if is_free {
            *holder = Some(me);
        }
        is_free
    }

    pub(super) fn wait_for_lock(&mut self, me: Id, lock: LockId) {
        self.locks[lock as usize].waiting.push_back(me);
        self.set(me, Doing::Next);
        self.block(me, Why::Lock(lock), None);
        let circle = self.circle(me);
        if !circle.is_empty() {
            let waits = circle.into_iter().filter_map(|one| self.waits(one)).collect();
            self.error = Some(SimError::Deadlock(waits));
        }
    }

    /// Those who wait for locks of one another, from this one on; empty if the chain has an end.
    fn circle(&self, me: Id) -> Vec<Id> {
        let mut chain = vec![];
        let mut next = me;
        while let At::Blocked(Why::Lock(lock)) = self.threads[next as usize].at {
            chain.push(next);
            match self.locks[lock as usize].holder {
                Some(holder) if holder == me => return chain,
                Some(holder) if !chain.contains(&holder) => next = holder,
                _ => break,
            }
        }
        Vec::new()
    }

    /// Who has waited longest has the lock next.
    pub(super) fn release_lock(&mut self, me: Id, job: usize, lock: LockId) {
        let holder = self.locks.get(lock as usize).and_then(|mutex| mutex.holder);
        if holder != Some(me) {
            self.error = Some(SimError::NotHeld { job, lock });
            return;
        }
        let mutex = &mut self.locks[lock as usize];
        mutex.holder = mutex.waiting.pop_front();
        if let Some(next) = mutex.holder {
            self.wake(next);
        }
    }

    /// Nothing is going to happen any more: all must be gone.
    pub(super) fn check_all_gone(&self) -> Result<(), SimError> {
        let waits = (0..self.threads.len() as Id).filter_map(|me| self.waits(me));
        let waits: Vec<String> = waits.collect();
        if waits.is_empty() { Ok(()) } else { Err(SimError::Deadlock(waits)) }
    }

    /// For whom a blocked thread waits, in words.
    fn waits(&self, me: Id) -> Option<String> {
        let At::Blocked(why) = self.threads[me as usize].at else { return None };
        let who = self.name(me);
        Some(match why {
            Why::Lock(lock) => {
                let holder = self.locks[lock as usize].holder;
                let of = match holder {
                    Some(holder) if holder == me => "itself".to_owned(),
                    Some(holder) if self.threads[holder as usize].at == At::Ended => {
                        format!("{}, which has ended", self.name(holder))
                    }
                    Some(holder) => self.name(holder),
                    None => "nobody".to_owned(),
                };
                format!("{who} waits for lock {lock}, held by {of}")
            }
            Why::Gil | Why::Switch => format!("{who} waits for the interpreter's lock"),
            Why::Pool(Park::Opened) => format!("{who} waits for jobs"),
            Why::Pool(Park::Answered) => {
                format!("{who} waits for {} answers", self.pool.unanswered)
            }
            Why::Pool(_) => format!("{who} waits for the workers"),
            Why::Sleeps => format!("{who} sleeps"),
        })
    }

    fn name(&self, me: Id) -> String {
        match self.pool.caller {
            Some(caller) if caller == me => "whoever asked".to_owned(),
            _ => format!("worker {}", me.saturating_sub(self.pool.first_worker)),
        }
    }

    /// What is reported.
    pub(super) fn finished(mut self) -> Outcome {
        let ends = self.out.jobs.iter().filter_map(|line| line.end_ns);
        if self.pool.caller.is_none() {
            self.out.answered_ns = ends.max().unwrap_or(self.now_ns);
            self.out.closed_ns = self.out.answered_ns;
        }
        self.out
    }
}
