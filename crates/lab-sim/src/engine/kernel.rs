//! The kernel: who gets a core, for how long, and who has to make room.

use super::Engine;
use crate::cores::{Id, State};
use crate::outcome::Span;
use crate::thread::{At, Doing, Pace, Why};

impl Engine<'_> {
    fn slot_of(&self, core: usize) -> u32 {
        (self.threads.len() + core) as u32
    }

    /// How fast a core computes now.
    fn pace(&mut self, at: usize) -> Pace {
        let Some(percent) = self.plan.pairs_percent else { return Pace::FULL };
        let sibling = self.cores.sibling(at);
        if self.cores.core(sibling).state == State::Busy { Pace(percent) } else { Pace::FULL }
    }

    /// A core begins or ends something; its sibling goes on at another pace.
    fn set_state(&mut self, at: usize, state: State) {
        let changes = (self.cores.core(at).state == State::Busy) != (state == State::Busy);
        let beside = (changes && self.plan.pairs_percent.is_some()).then(|| {
            let sibling = self.cores.sibling(at);
            let core = self.cores.core(sibling);
            core.running.filter(|me| core.runs(*me))
        });
        let beside = beside.flatten();
        if let Some(other) = beside {
            self.account(other);
        }
        self.cores.set_state(at, state);
        if let Some(other) = beside {
            self.appoint(other);
        }
    }

    /// Puts a thread in line for a core, and sees to it that the core comes to it.
    pub(super) fn make_ready(&mut self, me: Id) {
        let thread = &mut self.threads[me as usize];
        let slept_ns = self.now_ns - thread.from_ns;
        let at = match thread.core {
            Some(last) => self.cores.for_woken(last),
            None => self.cores.for_new(),
        };
        thread.at = At::Ready;
        thread.from_ns = self.now_ns;
        let is_new = thread.core.is_none();
        let lag = thread.age;
        let kernel = self.plan.kernel;
        let least = self.least_age(at);
        // Who slept is let in earlier, by what it slept and at most half a slice.
        let credit = if is_new { 0 } else { slept_ns.min(kernel.slice_ns / 2) as i64 };
        let age = least + if is_new { 0 } else { lag } - credit;
        self.cores.push(at, age, me);
        match self.cores.core(at).state {
            State::Idle => {
                let wake_ns = self.queue.draw(kernel.wake);
                self.set_state(at, State::Waking);
                self.queue.set(self.slot_of(at), self.now_ns.saturating_add(wake_ns));
            }
            State::Busy => {
                if let Some(running) = self.cores.core(at).running {
                    let ahead = self.age_now(running).saturating_sub(age);
                    if ahead > kernel.preempt_ns as i64 {
                        self.cores.core(at).preempts = true;
                    }
                    self.appoint(running);
                }
            }
            State::Waking | State::Switching => {}
        }
    }

    fn age_now(&self, me: Id) -> i64 {
        let thread = &self.threads[me as usize];
        thread.age + (self.now_ns - thread.charged_ns) as i64
    }

    /// The age of the youngest on a core: it never goes back.
    fn least_age(&mut self, at: usize) -> i64 {
        let running = self.cores.core(at).running.map(|me| self.age_now(me));
        let core = self.cores.core(at);
        let youngest = [running, core.first_age()].into_iter().flatten().min();
        core.least = core.least.max(youngest.unwrap_or(core.least));
        core.least
    }

    /// When the core of a thread that computes is due again: at the end of that, at the end of its slice
    /// if another waits for the core, or at once if one must not wait.
    pub(super) fn appoint(&mut self, me: Id) {
        let core = self.threads[me as usize].core;
        let Some(at) = core.filter(|_| self.moving != Some(me)) else { return };
        let pace = self.pace(at);
        let thread = &self.threads[me as usize];
        let core = self.cores.core(at);
        if core.state != State::Busy {
            return;
        }
        // Who pressed may have been pulled elsewhere meanwhile.
        let is_pressed = core.preempts && core.has_line();
        let slice_end_ns = core.picked_ns.saturating_add(self.plan.kernel.slice_ns);
        let has_line = core.has_line();
        let mut due_ns = thread.due_ns(self.now_ns, self.is_gil_wanted(me), pace);
        if has_line {
            due_ns = due_ns.min(slice_end_ns.max(self.now_ns));
        }
        if is_pressed {
            due_ns = self.now_ns;
        }
        self.queue.set(self.slot_of(at), due_ns);
    }

    pub(super) fn core_is_due(&mut self, at: usize) {
        let core = self.cores.core(at);
        match (core.state, core.running) {
            (State::Waking, _) => self.dispatch(at),
            (State::Switching, Some(me)) => {
                self.set_state(at, State::Busy);
                self.threads[me as usize].since_ns = self.now_ns;
                self.advance(me);
            }
            (State::Busy, Some(me)) => {
                let is_over =
                    self.now_ns >= core.picked_ns.saturating_add(self.plan.kernel.slice_ns);
                let has_line = core.has_line();
                core.preempts &= has_line;
                let makes_room = has_line && (core.preempts || is_over);
                self.account(me);
                // Who has come to an end goes on, and makes room if it computes again.
                if makes_room && self.threads[me as usize].left_ns > 0 {
                    self.preempt(me, at);
                } else {
                    self.advance(me);
                }
            }
            _ => {}
        }
    }

    fn preempt(&mut self, me: Id, at: usize) {
        self.charge(me);
        let thread = &mut self.threads[me as usize];
        thread.at = At::Ready;
        thread.from_ns = self.now_ns;
        self.out.involuntary_switches += 1;
        let age = thread.age;
        self.cores.push(at, age, me);
        self.dispatch(at);
    }

    /// Gives a core to the next in line.
    fn dispatch(&mut self, at: usize) {
        let core = self.cores.core(at);
        core.preempts = false;
        core.running = None;
        let Some((next, age)) = self.cores.take(at) else {
            self.set_state(at, State::Idle);
            self.queue.cancel(self.slot_of(at));
            return;
        };
        let thread = &mut self.threads[next as usize];
        self.out.run_delay_ns += self.now_ns - thread.from_ns;
        thread.at = At::Running;
        thread.core = Some(at);
        thread.age = age;
        thread.charged_ns = self.now_ns;
        let core = self.cores.core(at);
        core.picked_ns = self.now_ns;
        core.running = Some(next);
        let is_back = core.last.replace(next) == Some(next);
        let switch_ns = if is_back { 0 } else { self.queue.draw(self.plan.kernel.switch) };
        self.set_state(at, State::Switching);
        self.queue.set(self.slot_of(at), self.now_ns.saturating_add(switch_ns));
    }

    /// A thread leaves its core until something happens, or until a time.
    pub(super) fn block(&mut self, me: Id, why: Why, until_ns: Option<u64>) {
        self.charge(me);
        let slice_ns = self.plan.kernel.slice_ns as i64;
        let at = self.threads[me as usize].core.unwrap_or(0);
        let least = self.least_age(at);
        let thread = &mut self.threads[me as usize];
        thread.age = (thread.age - least).clamp(-slice_ns / 2, slice_ns);
        thread.at = At::Blocked(why);
        thread.from_ns = self.now_ns;
        self.out.voluntary_switches += 1;
        match until_ns {
            Some(until_ns) => self.queue.set(me, until_ns),
            None => self.queue.cancel(me),
        }
        self.dispatch(at);
    }

    /// A blocked thread need not wait any longer.
    pub(super) fn wake(&mut self, me: Id) {
        self.queue.cancel(me);
        self.make_ready(me);
    }

    /// A thread leaves its core for good.
    pub(super) fn leave(&mut self, me: Id) {
        self.charge(me);
        let thread = &mut self.threads[me as usize];
        thread.at = At::Ended;
        let at = thread.core.unwrap_or(0);
        self.dispatch(at);
    }

    /// Counts what a thread has had of its core.
    fn charge(&mut self, me: Id) {
        let thread = &mut self.threads[me as usize];
        let had_ns = self.now_ns - thread.charged_ns;
        thread.charged_ns = self.now_ns;
        thread.age += had_ns as i64;
        self.out.cpu_ns += had_ns;
    }

    /// Counts how far a thread has come with what it computes.
    pub(super) fn account(&mut self, me: Id) {
        let core = self.threads[me as usize].core.unwrap_or(0);
        let pace = self.pace(core);
        let thread = &mut self.threads[me as usize];
        let start_ns = std::mem::replace(&mut thread.since_ns, self.now_ns);
        let done_ns = self.now_ns - start_ns;
        if done_ns == 0 || !matches!(thread.doing, Doing::Work(_)) {
            return;
        }
        thread.left_ns = thread.left_ns.saturating_sub(pace.done_ns(done_ns));
        let Some((line, step)) = self.line_of(me) else { return };
        let core = core as u32;
        let records = self.plan.records;
        let line = &mut self.out.jobs[line];
        line.cpu_ns += done_ns;
        if !records {
            return;
        }
        match line.spans.last_mut() {
            Some(last) if last.end_ns == start_ns && (last.core, last.step) == (core, step) => {
                last.end_ns = self.now_ns;
            }
            _ => line.spans.push(Span { start_ns, end_ns: self.now_ns, core, step }),
        }
    }
}
