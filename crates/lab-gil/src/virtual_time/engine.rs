//! Advances the [`Machine`] by a clock.

use super::queue::Queue;
use super::{Setting, Span, ThreadLine, Timeline};
use crate::events::{Event, EventKind};
use crate::machine::{At, Machine, Step};
use crate::profile::{self, Profile};
use crate::rules::ThreadId;

pub(super) struct Engine<'a> {
    setting: &'a Setting,
    machine: Machine,
    queue: Queue,
    now_ns: u64,
    threads: Vec<Thread<'a>>,
    events: Vec<Event>,
}

/// How far a thread has come with its profile.
struct Thread<'a> {
    profile: &'a Profile,
    /// The step it is in.
    step: usize,
    /// How much of that step is done.
    done_ns: u64,
    /// Since when it has been going on with it.
    since_ns: u64,
    /// How long it is away after it has released the lock.
    away_ns: u64,
    line: ThreadLine,
}

impl Thread<'_> {
    fn current(&self) -> Option<profile::Step> {
        self.profile.steps.get(self.step).copied()
    }

    /// The end of the current step, if it needs the lock and nothing comes between.
    fn step_end_ns(&self) -> Option<u64> {
        match self.current()? {
            profile::Step::Compute(ns) | profile::Step::Call(ns) => {
                Some(self.since_ns.saturating_add(ns - self.done_ns))
            }
            profile::Step::Wait(_) => None,
        }
    }

    /// The first turn at or after `now_ns`, if one comes before the current step's end.
    fn next_turn_ns(&self, now_ns: u64) -> Option<u64> {
        let Some(profile::Step::Compute(_)) = self.current() else {
            return None;
        };
        let turn_ns = self.profile.turn_ns.get();
        let turns = (now_ns - self.since_ns).div_ceil(turn_ns).max(1);
        let at_ns = self.since_ns.saturating_add(turns.saturating_mul(turn_ns));
        (at_ns < self.step_end_ns()?).then_some(at_ns)
    }

    /// Accounts for the progress since the last event of this thread.
    fn progress_to(&mut self, now_ns: u64) {
        let start_ns = std::mem::replace(&mut self.since_ns, now_ns);
        if start_ns == now_ns {
            return;
        }
        self.done_ns += now_ns - start_ns;
        match self.line.spans.last_mut() {
            Some(last) if last.end_ns == start_ns => last.end_ns = now_ns,
            _ => self.line.spans.push(Span { start_ns, end_ns: now_ns }),
        }
    }
}

impl<'a> Engine<'a> {
    pub(super) fn new(profiles: &'a [Profile], setting: &'a Setting) -> Engine<'a> {
        let start = |profile| Thread {
            profile,
            step: 0,
            done_ns: 0,
            since_ns: 0,
            away_ns: 0,
            line: ThreadLine::default(),
        };
        Engine {
            setting,
            machine: Machine::new(profiles.len(), setting.forced_switching),
            queue: Queue::new(profiles.len(), setting.seed),
            now_ns: 0,
            threads: profiles.iter().map(start).collect(),
            events: Vec::new(),
        }
    }

    pub(super) fn run(mut self) -> Timeline {
        for (me, thread) in self.threads.iter_mut().enumerate() {
            if let Some(profile::Step::Wait(ns)) = thread.current() {
                thread.step = 1;
                self.queue.set(me as ThreadId, ns);
            } else {
                self.queue.set(me as ThreadId, 0);
            }
        }
        let until_ns = self.setting.until_ns.unwrap_or(u64::MAX);
        while let Some((at_ns, me)) = self.queue.next() {
            if at_ns > until_ns {
                self.cut_off(until_ns);
                break;
            }
            self.now_ns = at_ns;
            while self.advance(me) {}
        }
        Timeline {
            threads: self.threads.into_iter().map(|t| t.line).collect(),
            events: self.events,
        }
    }

    fn cut_off(&mut self, until_ns: u64) {
        if let Some(holder) = self.machine.lock().holder() {
            self.threads[holder as usize].progress_to(until_ns);
        }
    }

    /// One step of a thread that is due. True if it can go on at this instant.
    fn advance(&mut self, me: ThreadId) -> bool {
        match self.machine.at(me) {
            At::Away => {
                self.note(me, EventKind::Want);
                self.machine.want(me);
                return true;
            }
            At::OnCond(_) => {
                self.machine.wake(me, true);
                return true;
            }
            At::Holding => return self.go_on(me),
            At::Looking | At::Woken(..) | At::Freed | At::Requested | At::OnSwitch => {}
        }
        match self.machine.step(me) {
            Step::Took => {
                self.note(me, EventKind::Take);
                self.threads[me as usize].since_ns = self.now_ns;
                if let Some(dropper) = self.machine.on_switch() {
                    self.wake(dropper);
                }
                true
            }
            Step::Waits { asked } => {
                if asked {
                    self.note(me, EventKind::Request);
                    self.hurry_holder();
                }
                let patience_ns = self.setting.interval.ns() + self.latency_ns();
                self.queue.set(me, self.now_ns.saturating_add(patience_ns));
                false
            }
            Step::SawRequest => true,
            Step::WaitsForSwitch => {
                self.note(me, EventKind::ForcedWait);
                false
            }
            Step::Released => {
                let away_ns = std::mem::take(&mut self.threads[me as usize].away_ns);
                self.queue.set(me, self.now_ns.saturating_add(away_ns));
                false
            }
            Step::Nothing => false,
        }
    }

    /// The holder has come to a turn or to the end of a step, or has just taken the lock.
    fn go_on(&mut self, me: ThreadId) -> bool {
        let requested = self.machine.lock().drop_requested();
        let thread = &mut self.threads[me as usize];
        thread.progress_to(self.now_ns);
        if thread.step_end_ns() == Some(self.now_ns) {
            thread.step += 1;
            thread.done_ns = 0;
        }
        match thread.current() {
            None => {
                thread.line.end_ns = Some(self.now_ns);
                self.release(me, true);
                false
            }
            Some(profile::Step::Wait(ns)) => {
                thread.step += 1;
                thread.away_ns = ns;
                self.release(me, false);
                true
            }
            Some(_) if requested => {
                self.release(me, false);
                true
            }
            Some(_) => {
                if let Some(end_ns) = thread.step_end_ns() {
                    self.queue.set(me, end_ns);
                }
                false
            }
        }
    }

    /// A request: the holder need not go on to the end of its step, but to its next turn only.
    fn hurry_holder(&mut self) {
        let Some(holder) = self.machine.lock().holder() else {
            return;
        };
        if let Some(at_ns) = self.threads[holder as usize].next_turn_ns(self.now_ns) {
            self.queue.set(holder, at_ns);
        }
    }

    fn release(&mut self, me: ThreadId, for_good: bool) {
        let requested = self.machine.lock().drop_requested();
        self.note(me, EventKind::Drop { requested });
        self.machine.release(me, for_good);
        if let Some(&first) = self.machine.on_cond().first() {
            self.wake(first);
        }
    }

    /// Signals a thread that waits on one of the two conditions.
    fn wake(&mut self, thread: ThreadId) {
        if self.machine.at(thread) == At::OnSwitch {
            self.note(thread, EventKind::Switched);
        }
        self.machine.wake(thread, false);
        let at_ns = self.now_ns.saturating_add(self.latency_ns());
        self.queue.set(thread, at_ns);
    }

    fn latency_ns(&mut self) -> u64 {
        let extra_ns = self.queue.draw(self.setting.jitter_ns);
        self.setting.wake_ns.saturating_add(extra_ns)
    }

    fn note(&mut self, thread: ThreadId, kind: EventKind) {
        self.events.push(Event { at_ns: self.now_ns, thread, kind });
    }
}
