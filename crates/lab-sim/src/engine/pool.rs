//! What threads are there for: the pool's workers, whoever waits for them, and what runs beside them.

use super::Engine;
use crate::cores::Id;
use crate::plan::Executor;
use crate::profile::Step;
use crate::thread::{At, Doing, Kind, Park, Phase, Why};

/// A job beside the others has no end of its own.
const ENDLESS_NS: u64 = u64::MAX / 4;

impl Engine<'_> {
    /// Decides what a thread does next.
    pub(super) fn fetch(&mut self, me: Id) {
        match self.threads[me as usize].phase {
            Phase::Boot => self.boot(me),
            Phase::Arrive => self.arrive(me),
            Phase::Take => self.take_job(me),
            Phase::Begin => self.begin_job(me),
            Phase::InJob => self.next_step(me),
            Phase::Spawn(number) => self.spawn(me, number),
            Phase::Spawned(number) => self.spawned(me, number),
            Phase::Open => self.open(me),
            Phase::Loop => self.run_tasks(me),
            Phase::Answered => self.answered(me),
            Phase::Close => {
                self.out.closed_ns = self.now_ns;
                self.set(me, Doing::End);
            }
            Phase::Beside => {
                if let Some(job) = self.threads[me as usize].job {
                    let line = &mut self.out.jobs[job];
                    if self.pool.unanswered == 0 {
                        line.end_ns = Some(self.now_ns);
                        return self.set(me, Doing::End);
                    }
                    line.start_ns = self.now_ns;
                }
                self.threads[me as usize].work(Kind::Compute, ENDLESS_NS);
            }
        }
    }

    fn go_to(&mut self, me: Id, phase: Phase) {
        self.threads[me as usize].phase = phase;
    }

    fn number_of(&self, me: Id) -> usize {
        me.saturating_sub(self.pool.first_worker) as usize
    }

    fn boot(&mut self, me: Id) {
        self.go_to(me, Phase::Arrive);
        if self.plan.executor == Executor::Each {
            let number = self.number_of(me);
            let first = self.plan.jobs[number].steps.first();
            if let Some(Step::Wait(ns)) = first {
                self.start(me, number);
                self.threads[me as usize].step = 1;
                self.go_to(me, Phase::InJob);
                return self.set(me, Doing::Sleep(*ns));
            }
        }
        let boot_ns = self.queue.draw(self.plan.pool.start.boot);
        self.threads[me as usize].work(Kind::Native, boot_ns);
    }

    fn arrive(&mut self, me: Id) {
        let number = self.number_of(me);
        self.pool.is_there[number] = true;
        self.pool.there += 1;
        self.out.ready_ns = self.now_ns;
        self.look_after_caller();
        self.go_to(me, Phase::Take);
        if !self.pool.is_open {
            self.set(me, Doing::Park(Park::Opened));
        }
    }

    fn take_job(&mut self, me: Id) {
        let job = match self.plan.executor {
            Executor::Each => self.threads[me as usize].job.is_none().then(|| self.number_of(me)),
            _ => (self.pool.next_job < self.plan.jobs.len()).then_some(self.pool.next_job),
        };
        let Some(job) = job else {
            self.threads[me as usize].job = None;
            return match self.pool.caller == Some(me) {
                true => self.go_to(me, Phase::Answered),
                false => self.set(me, Doing::End),
            };
        };
        self.pool.next_job += 1;
        let hand_over_ns = self.queue.draw(self.plan.pool.hand_over);
        let thread = &mut self.threads[me as usize];
        thread.job = Some(job);
        thread.phase = Phase::Begin;
        // What is computed now is no part of the job.
        thread.step = 0;
        thread.work(Kind::Call, hand_over_ns);
    }

    fn begin_job(&mut self, me: Id) {
        if let Some(job) = self.threads[me as usize].job {
            self.start(me, job);
        }
        self.go_to(me, Phase::InJob);
    }

    /// Notes the start of a job, and draws how fast it is.
    fn start(&mut self, me: Id, job: usize) {
        let worker = self.number_of(me);
        let line = &mut self.out.jobs[job];
        line.worker = worker;
        line.start_ns = self.now_ns;
        let slower_ppm = self.draw_ppm();
        let thread = &mut self.threads[me as usize];
        thread.job = Some(job);
        thread.turn_ns = self.plan.jobs[job].turn_ns.get();
        thread.slower_ppm = slower_ppm;
    }

    pub(super) fn draw_ppm(&mut self) -> i64 {
        let most = u64::from(self.plan.kernel.jitter_ppm);
        let spread = lab_data::settings::costs::Spread::new(0, 2 * most);
        self.queue.draw(spread) as i64 - most as i64
    }

    fn next_step(&mut self, me: Id) {
        let thread = &mut self.threads[me as usize];
        let Some(job) = thread.job else { return self.go_to(me, Phase::Take) };
        let Some(step) = self.plan.jobs[job].steps.get(thread.step).copied() else {
            return self.end_job(me, job);
        };
        thread.step += 1;
        let scaled = |ns: u64| scaled(ns, thread.slower_ppm);
        match step {
            Step::Compute(ns) => thread.work(Kind::Compute, scaled(ns)),
            Step::Call(ns) => thread.work(Kind::Call, scaled(ns)),
            Step::Native(ns) => thread.work(Kind::Native, scaled(ns)),
            Step::Wait(ns) => {
                let longer_ns = self.queue.draw(self.plan.kernel.sleep);
                thread.doing = Doing::Sleep(ns.saturating_add(longer_ns));
            }
            Step::Acquire(lock) => thread.doing = Doing::Take(lock),
            Step::Release(lock) => self.release_lock(me, job, lock),
        }
    }

    fn end_job(&mut self, me: Id, job: usize) {
        self.answer(job);
        self.go_to(me, Phase::Take);
    }

    /// Notes the end of a job.
    pub(super) fn answer(&mut self, job: usize) {
        self.out.jobs[job].end_ns = Some(self.now_ns);
        self.pool.unanswered -= 1;
        if self.pool.caller.is_none() && self.pool.unanswered == 0 {
            self.stop_beside();
        }
        self.look_after_caller();
    }

    /// The job that a thread computes for, and the step.
    pub(super) fn line_of(&self, me: Id) -> Option<(usize, u32)> {
        let thread = &self.threads[me as usize];
        let job = thread.job?;
        match thread.phase {
            Phase::InJob | Phase::Loop => Some((job, thread.step.saturating_sub(1) as u32)),
            Phase::Beside => Some((job, 0)),
            _ => None,
        }
    }

    fn spawn(&mut self, me: Id, number: usize) {
        if number < self.pool.workers {
            self.go_to(me, Phase::Spawned(number));
            let spawn_ns = self.queue.draw(self.plan.pool.start.spawn);
            self.threads[me as usize].work(Kind::Call, spawn_ns);
        } else if self.plan.is_warm {
            self.go_to(me, Phase::Open);
            self.set(me, Doing::Park(Park::AllThere));
        } else {
            self.go_to(me, Phase::Answered);
            self.set(me, Doing::Park(Park::Answered));
        }
    }

    fn spawned(&mut self, me: Id, number: usize) {
        let worker = self.pool.first_worker + number as Id;
        self.threads[worker as usize].from_ns = self.now_ns;
        self.pool.born += 1;
        self.make_ready(worker);
        self.go_to(me, Phase::Spawn(number + 1));
        if self.plan.waits_for_start && self.plan.executor == Executor::Threads {
            self.set(me, Doing::Park(Park::Started(number)));
        }
    }

    fn open(&mut self, me: Id) {
        self.pool.is_open = true;
        for line in &mut self.out.jobs[..self.plan.jobs.len()] {
            line.submitted_ns = self.now_ns;
        }
        for worker in 0..self.threads.len() as Id {
            if self.threads[worker as usize].at == At::Blocked(Why::Pool(Park::Opened)) {
                self.wake(worker);
            }
        }
        self.go_to(me, Phase::Answered);
        self.set(me, Doing::Park(Park::Answered));
    }

    fn answered(&mut self, me: Id) {
        self.out.answered_ns = self.now_ns;
        self.stop_beside();
        self.go_to(me, Phase::Close);
        self.set(me, Doing::Park(Park::AllGone));
    }

    /// Ends what computes beside the jobs.
    fn stop_beside(&mut self) {
        for other in 0..self.threads.len() as Id {
            if self.threads[other as usize].phase == Phase::Beside {
                self.stop(other);
            }
        }
    }

    /// Tells one that computes beside the jobs to come to its end at its next turn.
    fn stop(&mut self, other: Id) {
        let core = self.threads[other as usize].core;
        if core.is_some_and(|at| self.cores.core(at).runs(other)) {
            self.account(other);
        }
        let thread = &mut self.threads[other as usize];
        thread.left_ns = thread.left_ns.min(thread.turn_ns);
        if thread.at == At::Running {
            self.appoint(other);
        }
    }

    pub(super) fn is_done(&self, what: Park) -> bool {
        match what {
            Park::Opened => self.pool.is_open,
            Park::Started(number) => self.pool.is_there[number],
            Park::AllThere => self.pool.there == self.pool.workers,
            Park::Answered => self.pool.unanswered == 0,
            Park::AllGone => self.pool.gone == self.pool.born + self.plan.beside.len(),
        }
    }

    /// Wakes whoever asked, if what it waits for has happened.
    pub(super) fn look_after_caller(&mut self) {
        let Some(caller) = self.pool.caller else { return };
        if let At::Blocked(Why::Pool(what)) = self.threads[caller as usize].at
            && self.is_done(what)
        {
            self.wake(caller);
        }
    }

    pub(super) fn end(&mut self, me: Id) {
        self.leave(me);
        if self.pool.caller != Some(me) {
            self.pool.gone += 1;
            self.look_after_caller();
        }
    }
}

/// A time, longer by so many parts per million.
pub(super) fn scaled(ns: u64, slower_ppm: i64) -> u64 {
    const MILLION: i128 = 1_000_000;
    let ns = i128::from(ns) * (MILLION + i128::from(slower_ppm)) / MILLION;
    u64::try_from(ns).unwrap_or(u64::MAX)
}
