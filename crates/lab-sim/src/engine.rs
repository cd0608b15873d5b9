//! The clock: it jumps from one event to the next, and whoever is due goes on.

mod event_loop;
mod finish;
mod gil;
mod kernel;
mod pool;

use crate::cores::{Cores, Id};
use crate::outcome::{JobLine, Outcome};
use crate::plan::{Beside, Executor, Plan, SimError};
use crate::queue::{Queue, Slot};
use crate::tasks::Tasks;
use crate::thread::{At, Doing, Kind, Mutex, Phase, Thread, Why};
use lab_gil::machine::Machine;

pub(crate) struct Engine<'a> {
    plan: &'a Plan,
    queue: Queue,
    now_ns: u64,
    cores: Cores,
    threads: Vec<Thread>,
    /// The lock of each process; none where there is none.
    gils: Vec<Option<Machine>>,
    /// The threads of each process, by their number in its lock.
    members: Vec<Vec<Id>>,
    locks: Vec<Mutex>,
    /// Who goes on at this moment: its core's appointment is made when it has stopped.
    moving: Option<Id>,
    pool: Pool,
    tasks: Tasks,
    error: Option<SimError>,
    out: Outcome,
}

/// What the threads of a pool share.
#[derive(Debug, Default)]
struct Pool {
    /// Who asked; none if nobody waits for the jobs.
    caller: Option<Id>,
    first_worker: Id,
    workers: usize,
    is_there: Vec<bool>,
    there: usize,
    next_job: usize,
    unanswered: usize,
    gone: usize,
    born: usize,
    is_open: bool,
}

impl<'a> Engine<'a> {
    pub(crate) fn new(plan: &'a Plan) -> Engine<'a> {
        let mut engine = Engine {
            plan,
            queue: Queue::new(0, plan.seed),
            now_ns: 0,
            cores: Cores::new(plan.cores, plan.pairs_percent.is_some()),
            threads: Vec::new(),
            gils: Vec::new(),
            members: vec![Vec::new()],
            locks: Vec::new(),
            moving: None,
            pool: Pool { unanswered: plan.jobs.len(), is_open: !plan.is_warm, ..Pool::default() },
            tasks: Tasks::default(),
            error: None,
            out: Outcome::default(),
        };
        engine.populate();
        let slots = engine.threads.len() + engine.cores.number();
        engine.queue = Queue::new(slots, plan.seed);
        let lock = |of: &Vec<Id>| plan.gil.map(|gil| Machine::new(of.len(), gil.forced_switching));
        engine.gils = engine.members.iter().map(lock).collect();
        engine
    }

    /// Who there is: whoever asks, the workers, and what computes beside them.
    fn populate(&mut self) {
        let plan = self.plan;
        let caller = match plan.executor {
            Executor::Each => None,
            Executor::Serial => Some(Phase::Take),
            Executor::Async => Some(Phase::Loop),
            Executor::Threads | Executor::Processes => Some(Phase::Spawn(0)),
        };
        self.pool.workers = match plan.executor {
            Executor::Each => plan.jobs.len(),
            Executor::Serial | Executor::Async => 0,
            Executor::Threads if plan.waits_for_start && !plan.is_warm => {
                plan.workers.min(plan.jobs.len())
            }
            Executor::Threads | Executor::Processes => plan.workers,
        };
        self.pool.caller = caller.map(|phase| self.add(0, phase));
        self.pool.first_worker = self.threads.len() as Id;
        self.pool.is_there = vec![false; self.pool.workers];
        for _ in 0..self.pool.workers {
            let process = if plan.executor == Executor::Processes { self.members.len() } else { 0 };
            self.add(process, Phase::Boot);
        }
        self.out.jobs = vec![JobLine::default(); plan.jobs.len() + plan.beside.len()];
        let workers = self.pool.workers.max(1);
        for (number, beside) in plan.beside.iter().enumerate() {
            let process = if *beside == Beside::Process { self.members.len() } else { 0 };
            let me = self.add(process, Phase::Beside);
            let job = plan.jobs.len() + number;
            self.threads[me as usize].job = Some(job);
            self.out.jobs[job].worker = workers + number;
        }
    }

    fn add(&mut self, process: usize, phase: Phase) -> Id {
        if self.members.len() <= process {
            self.members.push(Vec::new());
        }
        let me = self.threads.len() as Id;
        let members = &mut self.members[process];
        self.threads.push(Thread::new(process, members.len() as u32, phase));
        members.push(me);
        me
    }

    pub(crate) fn run(mut self) -> Result<Outcome, SimError> {
        let is_there = |me: &Id| match self.threads[*me as usize].phase {
            Phase::Boot => self.plan.executor == Executor::Each,
            _ => true,
        };
        let from_the_start: Vec<Id> = (0..self.threads.len() as Id).filter(is_there).collect();
        for me in from_the_start {
            self.make_ready(me);
        }
        let until_ns = self.plan.until_ns.unwrap_or(u64::MAX);
        let longest_ns = self.plan.longest_ns();
        while let Some((at_ns, slot)) = self.queue.next() {
            if at_ns > until_ns {
                self.cut_off(until_ns);
                return Ok(self.finished());
            }
            if at_ns > longest_ns {
                return Err(SimError::Starved(longest_ns));
            }
            #[cfg(test)]
            assert!(at_ns >= self.now_ns, "virtual time goes back");
            self.now_ns = at_ns;
            self.out.events += 1;
            self.event(slot);
            if let Some(error) = self.error.take() {
                return Err(error);
            }
            #[cfg(test)]
            self.cores.check();
        }
        self.check_all_gone()?;
        Ok(self.finished())
    }

    fn event(&mut self, slot: Slot) {
        let threads = self.threads.len() as Slot;
        match slot.checked_sub(threads) {
            None => self.time_is_up(slot),
            Some(core) => self.core_is_due(core as usize),
        }
    }

    /// A blocked thread has waited for as long as it wanted to.
    fn time_is_up(&mut self, me: Id) {
        if self.threads[me as usize].at == At::Blocked(Why::Gil) {
            self.gil_timed_out(me);
        }
        self.make_ready(me);
    }

    /// Goes on with a thread that is on a core, until it computes, blocks or ends.
    fn advance(&mut self, me: Id) {
        self.moving = Some(me);
        while self.error.is_none() && self.goes_on(me) {}
        self.moving = None;
        if self.threads[me as usize].at == At::Running {
            self.threads[me as usize].since_ns = self.now_ns;
            self.appoint(me);
        }
    }

    /// One move of a thread. False if it stops: computes on, or has left its core.
    fn goes_on(&mut self, me: Id) -> bool {
        if let Some(goes_on) = self.moves_in_gil(me) {
            return goes_on;
        }
        let has_gil = self.has_gil(me);
        let doing = self.threads[me as usize].doing;
        match doing {
            Doing::Next if self.needs_gil_next(me) && !has_gil => self.want_gil(me),
            Doing::Next => self.fetch(me),
            Doing::Work(_) if self.threads[me as usize].left_ns == 0 => self.set(me, Doing::Next),
            Doing::Work(Kind::Native) if has_gil => self.release_gil(me, false),
            Doing::Work(Kind::Native) => return false,
            Doing::Work(_) if !has_gil && self.is_under_gil(me) => self.want_gil(me),
            Doing::Work(_) if self.is_gil_wanted(me) && self.threads[me as usize].is_at_turn() => {
                self.release_gil(me, false);
            }
            Doing::Work(_) => return false,
            Doing::Park(_) | Doing::Take(_) if self.is_in_time(me) => {}
            Doing::Sleep(_) | Doing::Park(_) | Doing::Take(_) if has_gil => {
                self.release_gil(me, false);
            }
            Doing::Sleep(ns) => {
                self.set(me, Doing::Next);
                self.block(me, Why::Sleeps, Some(self.now_ns.saturating_add(ns)));
                return false;
            }
            Doing::Park(what) => {
                self.set(me, Doing::Next);
                self.block(me, Why::Pool(what), None);
                return false;
            }
            Doing::Take(lock) => {
                self.wait_for_lock(me, lock);
                return false;
            }
            Doing::End => {
                if has_gil {
                    self.release_gil(me, true);
                }
                self.end(me);
                return false;
            }
        }
        true
    }

    /// Whether what a thread is about to wait for is there already; then it goes on.
    fn is_in_time(&mut self, me: Id) -> bool {
        let is_there = match self.threads[me as usize].doing {
            Doing::Park(what) => self.is_done(what),
            Doing::Take(lock) => self.take_lock(me, lock),
            _ => false,
        };
        if is_there {
            self.set(me, Doing::Next);
        }
        is_there
    }

    fn set(&mut self, me: Id, doing: Doing) {
        self.threads[me as usize].doing = doing;
    }

    /// Runs out of time: everybody's progress counts up to here.
    fn cut_off(&mut self, until_ns: u64) {
        self.now_ns = until_ns;
        for at in 0..self.cores.number() {
            let core = self.cores.core(at);
            if let Some(me) = core.running.filter(|me| core.runs(*me)) {
                self.account(me);
            }
        }
    }
}
