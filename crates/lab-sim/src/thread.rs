//! A thread of the simulated machine: where it is, and what it is at.

use crate::cores::Id;
use crate::profile::LockId;
use lab_gil::rules::ThreadId;

/// Where a thread is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At {
    /// Nobody has started it yet.
    Unborn,
    /// In line for a core.
    Ready,
    /// On its core.
    Running,
    /// Off all cores until something happens.
    Blocked(Why),
    /// Gone.
    Ended,
}

/// What a blocked thread waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// A time.
    Sleeps,
    /// The interpreter's lock, for at most an interval.
    Gil,
    /// That another has had the interpreter's lock.
    Switch,
    /// A lock of the jobs.
    Lock(LockId),
    /// Something of the pool.
    Pool(Park),
}

/// What one waits for in a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Park {
    /// That jobs may be taken.
    Opened,
    /// That this worker runs.
    Started(usize),
    /// That all workers are there.
    AllThere,
    /// That all jobs are answered.
    Answered,
    /// That all other threads are gone.
    AllGone,
}

/// How a thread computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// With the interpreter's lock and turns.
    Compute,
    /// With the interpreter's lock, without turns.
    Call,
    /// Without the interpreter's lock.
    Native,
}

/// What a thread is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doing {
    /// Has come to the end of something, and looks what is next.
    Next,
    /// Computes.
    Work(Kind),
    /// Is going to sleep for this long.
    Sleep(u64),
    /// Is going to wait for something of the pool.
    Park(Park),
    /// Is going to take a lock.
    Take(LockId),
    /// Is going to end.
    End,
}

/// How far a thread has come with what it is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// A worker before its first step.
    Boot,
    /// A worker that is there.
    Arrive,
    /// A worker that takes the next job.
    Take,
    /// A worker that has a job in hand.
    Begin,
    /// A worker in a job.
    InJob,
    /// Whoever asks: about to start this worker.
    Spawn(usize),
    /// Has started it.
    Spawned(usize),
    /// All workers are there.
    Open,
    /// Goes on with the tasks that are due.
    Loop,
    /// All answers are in hand.
    Answered,
    /// All others are gone.
    Close,
    /// Computes beside the jobs.
    Beside,
}

#[derive(Debug)]
pub(crate) struct Thread {
    /// Its process.
    pub(crate) process: usize,
    /// Its number among those that share its process's lock.
    pub(crate) member: ThreadId,
    pub(crate) at: At,
    pub(crate) phase: Phase,
    pub(crate) doing: Doing,
    /// How long what it is at takes in all.
    pub(crate) total_ns: u64,
    /// How much of that is left, as of `since_ns`.
    pub(crate) left_ns: u64,
    /// Since when it goes on with it.
    pub(crate) since_ns: u64,
    /// Between two looks at the request for the lock.
    pub(crate) turn_ns: u64,
    /// The job it is at, and the step of it that comes next.
    pub(crate) job: Option<usize>,
    pub(crate) step: usize,
    /// How much longer this job computes than its profile says, in parts per million.
    pub(crate) slower_ppm: i64,
    /// Its core, or its last one; none before the first.
    pub(crate) core: Option<usize>,
    /// How much it has run, compared with others on its core; while blocked, compared with the least.
    pub(crate) age: i64,
    /// Until when that is accounted for.
    pub(crate) charged_ns: u64,
    /// Since when it is in line, or blocked.
    pub(crate) from_ns: u64,
}

impl Thread {
    pub(crate) fn new(process: usize, member: ThreadId, phase: Phase) -> Thread {
        Thread {
            process,
            member,
            at: At::Unborn,
            phase,
            doing: Doing::Next,
            total_ns: 0,
            left_ns: 0,
            since_ns: 0,
            turn_ns: crate::profile::DEFAULT_TURN_NS.get(),
            job: None,
            step: 0,
            slower_ppm: 0,
            core: None,
            age: 0,
            charged_ns: 0,
            from_ns: 0,
        }
    }

    /// Begins to compute for `ns`.
    pub(crate) fn work(&mut self, kind: Kind, ns: u64) {
        self.doing = Doing::Work(kind);
        self.total_ns = ns;
        self.left_ns = ns;
    }

    /// Whether it is between two turns' worth of computing, where it looks at the request.
    pub(crate) fn is_at_turn(&self) -> bool {
        let done_ns = self.total_ns - self.left_ns;
        done_ns == 0
            || self.doing == Doing::Work(Kind::Compute) && done_ns.is_multiple_of(self.turn_ns)
    }

    /// When it comes to the end of what it computes, or if somebody wants its lock to its next turn, at
    /// this pace.
    pub(crate) fn due_ns(&self, now_ns: u64, is_wanted: bool, pace: Pace) -> u64 {
        let end_ns = self.since_ns.saturating_add(pace.takes_ns(self.left_ns));
        if !is_wanted || self.doing != Doing::Work(Kind::Compute) {
            return end_ns;
        }
        let done_ns = self.total_ns - self.left_ns + pace.done_ns(now_ns - self.since_ns);
        let to_turn_ns = (self.turn_ns - done_ns % self.turn_ns) % self.turn_ns;
        end_ns.min(now_ns.saturating_add(pace.takes_ns(to_turn_ns)))
    }
}

/// How much of its full speed a core has, in per cent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pace(pub(crate) u32);

impl Pace {
    pub(crate) const FULL: Pace = Pace(100);

    /// How much is computed in a time.
    pub(crate) fn done_ns(self, ns: u64) -> u64 {
        match self {
            Pace::FULL => ns,
            Pace(percent) => (u128::from(ns) * u128::from(percent) / 100) as u64,
        }
    }

    /// How long computing takes: in that time exactly so much is done.
    pub(crate) fn takes_ns(self, ns: u64) -> u64 {
        match self {
            Pace::FULL => ns,
            Pace(percent) => {
                let takes_ns = (u128::from(ns) * 100).div_ceil(u128::from(percent));
                u64::try_from(takes_ns).unwrap_or(u64::MAX)
            }
        }
    }
}

/// Who has a lock of the jobs, and who waits for it, first come first.
#[derive(Debug, Default)]
pub(crate) struct Mutex {
    pub(crate) holder: Option<Id>,
    pub(crate) waiting: std::collections::VecDeque<Id>,
}
