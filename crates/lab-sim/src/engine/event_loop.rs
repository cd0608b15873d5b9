//! Tasks of one thread: an event loop goes on with whichever is due.

use super::Engine;
use super::pool::scaled;
use crate::cores::Id;
use crate::plan::SimError;
use crate::profile::Step;
use crate::tasks::Task;
use crate::thread::{Doing, Kind, Phase};
use std::cmp::Reverse;

impl Engine<'_> {
    /// Goes on with the tasks until one computes, or all wait.
    pub(super) fn run_tasks(&mut self, me: Id) {
        if self.tasks.all.is_empty() {
            self.tasks.all = vec![Task::default(); self.plan.workers];
            self.tasks.due = (0..self.plan.workers).collect();
            self.out.ready_ns = self.now_ns;
        }
        if let Some(task) = self.tasks.at.take() {
            // It was in the middle, and nothing takes the thread from it before it waits.
            self.tasks.due.push_front(task);
        }
        loop {
            while let Some(Reverse((at_ns, task))) = self.tasks.timers.peek().copied()
                && at_ns <= self.now_ns
            {
                self.tasks.timers.pop();
                self.tasks.due.push_back(task);
            }
            let Some(task) = self.tasks.due.pop_front() else { break };
            if self.run_task(me, task) {
                self.tasks.at = Some(task);
                return;
            }
        }
        match self.tasks.timers.peek() {
            Some(Reverse((at_ns, _))) => self.set(me, Doing::Sleep(at_ns - self.now_ns)),
            None if self.pool.unanswered > 0 => {
                let waits = self.tasks.locks.iter().enumerate().flat_map(|(lock, mutex)| {
                    let waiting = mutex.waiting.iter();
                    waiting.map(move |task| format!("task {task} waits for lock {lock}"))
                });
                self.error = Some(SimError::Deadlock(waits.collect()));
            }
            None => {
                let thread = &mut self.threads[me as usize];
                thread.job = None;
                thread.phase = Phase::Answered;
            }
        }
    }

    /// Goes on with a task. True if it computes, false if it waits or is over.
    fn run_task(&mut self, me: Id, task: usize) -> bool {
        loop {
            let Some(job) = self.tasks.all[task].job else {
                if !self.take_as_task(task) {
                    return false;
                }
                continue;
            };
            let step = self.tasks.all[task].step;
            let Some(next) = self.plan.jobs[job].steps.get(step).copied() else {
                self.tasks.all[task].job = None;
                self.answer(job);
                continue;
            };
            self.tasks.all[task].step += 1;
            match next {
                Step::Compute(ns) | Step::Call(ns) | Step::Native(ns) => {
                    let ns = scaled(ns, self.tasks.all[task].slower_ppm);
                    let thread = &mut self.threads[me as usize];
                    (thread.job, thread.step) = (Some(job), step + 1);
                    thread.turn_ns = self.plan.jobs[job].turn_ns.get();
                    thread.work(Kind::Compute, ns);
                    return true;
                }
                Step::Wait(ns) => {
                    let longer_ns = self.queue.draw(self.plan.pool.loop_wait);
                    let at_ns = self.now_ns.saturating_add(ns).saturating_add(longer_ns);
                    self.tasks.timers.push(Reverse((at_ns, task)));
                    return false;
                }
                Step::Acquire(lock) if !self.tasks.take_lock(task, lock) => return false,
                Step::Acquire(_) => {}
                Step::Release(lock) if self.tasks.release_lock(task, lock) => {}
                Step::Release(lock) => {
                    self.error = Some(SimError::NotHeld { job, lock });
                    return false;
                }
            }
        }
    }

    /// Gives a task the next job; false if there is none.
    fn take_as_task(&mut self, task: usize) -> bool {
        let job = self.pool.next_job;
        if job >= self.plan.jobs.len() {
            return false;
        }
        self.pool.next_job += 1;
        let slower_ppm = self.draw_ppm();
        self.tasks.all[task] = Task { job: Some(job), step: 0, slower_ppm };
        let line = &mut self.out.jobs[job];
        line.worker = task;
        line.start_ns = self.now_ns;
        true
    }
}
