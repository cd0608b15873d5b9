//! What a thread does with the lock: `take_gil` and `drop_gil`.

use super::Gil;
use super::monitor::Cond;
use crate::events::{Event, EventKind};
use crate::rules::{Look, ThreadId, Waiter};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// One thread's access to a [`Gil`]. Releases the lock when it is dropped, even by a panic.
#[derive(Debug)]
pub struct GilThread {
    gil: Arc<Gil>,
    me: ThreadId,
    holding: bool,
    log: Log,
}

impl GilThread {
    pub(super) fn new(gil: Arc<Gil>, me: ThreadId) -> GilThread {
        let log = Log { on: gil.options.record, thread: me, events: Vec::new() };
        GilThread { gil, me, holding: false, log }
    }

    /// The number under which this thread appears in events.
    pub fn id(&self) -> ThreadId {
        self.me
    }

    /// Whether this thread has the lock.
    pub fn holds(&self) -> bool {
        self.holding
    }

    /// Waits for the lock and takes it. Nothing happens if this thread has it.
    pub fn take(&mut self) {
        if !self.holding {
            self.take_gil();
        }
    }

    /// Releases the lock. If that was requested, returns only after another thread has held it.
    /// Nothing happens if this thread does not have it.
    pub fn release(&mut self) {
        self.drop_gil(false);
    }

    /// Between two steps of work: looks for a drop request, and if there is one, releases the lock,
    /// waits until another has held it, and takes it back.
    #[inline(always)]
    pub fn turn(&mut self) {
        if self.gil.drop_request.load(Ordering::Relaxed) {
            self.switch();
        }
    }

    /// Around anything that blocks: runs `call` without the lock, and takes it back if this thread
    /// had it before.
    pub fn wait<R>(&mut self, call: impl FnOnce() -> R) -> R {
        let held = self.holding;
        self.release();
        let result = call();
        if held {
            self.take();
        }
        result
    }

    #[cold]
    #[inline(never)]
    fn switch(&mut self) {
        if self.holding {
            self.release();
            self.take();
        }
    }

    fn take_gil(&mut self) {
        self.log.note(EventKind::Want);
        let interval = self.gil.options.interval.duration();
        let mut waiter = Waiter::default();
        let mut lock = self.gil.lock();
        while lock.look(self.me, &mut waiter) == Look::Held {
            let timed_out = lock.wait_for(Cond::Free, interval);
            if lock.after_wait(&mut waiter, timed_out) {
                self.log.note(EventKind::Request);
                self.gil.publish(&lock);
            }
        }
        self.holding = true;
        self.log.note(EventKind::Take);
        self.gil.publish(&lock);
        lock.signal(Cond::Switched);
    }

    /// `for_good` is `final_release` in CPython.
    fn drop_gil(&mut self, for_good: bool) {
        if !self.holding {
            return;
        }
        self.holding = false;
        let mut lock = self.gil.lock();
        let requested = lock.drop_requested();
        self.log.note(EventKind::Drop { requested });
        lock.free(self.me);
        lock.signal(Cond::Free);
        drop(lock);

        if !for_good && self.gil.drop_request.load(Ordering::Relaxed) {
            self.wait_for_switch();
        }
    }

    fn wait_for_switch(&mut self) {
        let mut lock = self.gil.lock();
        if !lock.must_wait_for_switch(self.me) {
            return;
        }
        self.gil.publish(&lock);
        self.log.note(EventKind::ForcedWait);
        while lock.must_wait_for_switch(self.me) {
            lock.wait(Cond::Switched);
        }
        self.log.note(EventKind::Switched);
    }
}

impl Drop for GilThread {
    fn drop(&mut self) {
        self.drop_gil(true);
        self.gil.record(&mut self.log.events);
    }
}

/// What this thread has recorded; nobody else touches it before the thread ends.
#[derive(Debug)]
struct Log {
    on: bool,
    thread: ThreadId,
    events: Vec<Event>,
}

impl Log {
    fn note(&mut self, kind: EventKind) {
        if self.on {
            self.events.push(Event { at_ns: lab_data::clock::now_ns(), thread: self.thread, kind });
        }
    }
}
