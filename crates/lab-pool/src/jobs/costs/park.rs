//! Workers that are there and do nothing: what each of them holds.

use super::STARTS_ITS_OWN;
use super::proc::{Memory, address_space, may_lock_all, unknown};
use crate::work::{Answer, Done, Host, JobContext, JobError, Plan, Work};
use lab_data::burst::Recorder;
use lab_data::rows::Executor;
use nix::sys::mman::{MlockAllFlags, mlockall, munlockall};
use nix::sys::resource::{Resource, getrlimit};
use serde::{Deserialize, Serialize};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// The stack that each thread is given, in bytes: what a thread has by default where nobody says
/// otherwise (`ulimit -s`). In Rust's standard library the default is 2 MiB.
const STACK: u64 = 8 << 20;
/// What else may be locked while memory is.
const LOCKED_BESIDE: u64 = 64 << 20;

/// What is parked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Parked {
    /// Threads that wait for a word.
    Threads,
    /// The same, where every page of a stack is made resident when it is mapped (`mlockall`).
    LockedThreads,
    /// Tasks of an event loop.
    Tasks,
    /// Forked copies of this process; in CPython only.
    Processes,
    /// Interpreters of this process; in CPython 3.14 and later.
    Interpreters,
}

/// Starts workers that wait, and sees by how much memory grows. The answer is two numbers of bytes: the
/// growth of resident memory (PSS), and that of address space.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Park {
    /// What they are.
    pub parked: Parked,
    /// How many.
    pub workers: u64,
}

impl Work for Park {
    const KIND: &'static str = "park";

    fn run<H: Host>(&self, _: &mut JobContext<H>, _: &mut Recorder) -> Done {
        match self.parked {
            Parked::Threads => self.threads(),
            Parked::LockedThreads => {
                may_lock(self.workers * STACK + LOCKED_BESIDE)?;
                mlockall(MlockAllFlags::MCL_FUTURE).map_err(cannot_lock)?;
                let done = self.threads();
                munlockall().map_err(cannot_lock)?;
                done
            }
            Parked::Tasks => self.tasks(),
            Parked::Processes => Err(JobError::new("natively a process is started anew")),
            Parked::Interpreters => Err(JobError::new("natively there are no interpreters")),
        }
    }

    fn unfit(&self, executor: Executor) -> Option<&'static str> {
        let fits = matches!(executor, Executor::Serial | Executor::Processes);
        (!fits).then_some(STARTS_ITS_OWN)
    }

    fn plan(&self) -> Plan {
        const SLOW_START_NS: u64 = 50_000_000;
        let bytes = match self.parked {
            // What is touched of a thread, with the kernel's share.
            Parked::Threads => 200 << 10,
            Parked::LockedThreads => STACK + (200 << 10),
            Parked::Tasks => 4 << 10,
            Parked::Processes => 16 << 20,
            Parked::Interpreters => 8 << 20,
        };
        Plan {
            bytes: self.workers.saturating_mul(bytes),
            ..Plan::steps(self.workers).waiting(self.workers.saturating_mul(SLOW_START_NS))
        }
    }

    fn expected(&self, _: u64) -> Option<Answer> {
        None
    }
}

/// What parked threads wait for: how many are there, and whether they may go.
#[derive(Debug, Default)]
struct Room {
    inside: Mutex<(u64, bool)>,
    /// Where the one waits who started them, …
    entered: Condvar,
    /// … and where all of them do: nobody is woken for nothing.
    opened: Condvar,
}

impl Room {
    fn lock(&self) -> MutexGuard<'_, (u64, bool)> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn park(&self) {
        let mut inside = self.lock();
        inside.0 += 1;
        self.entered.notify_one();
        while !inside.1 {
            inside = self.opened.wait(inside).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn wait_for(&self, workers: u64) {
        let mut inside = self.lock();
        while inside.0 < workers {
            inside = self.entered.wait(inside).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn open(&self) {
        self.lock().1 = true;
        self.opened.notify_all();
    }
}

impl Park {
    fn threads(&self) -> Done {
        let room = Room::default();
        let before = Before::now()?;
        thread::scope(|scope| {
            let mut threads = Vec::with_capacity(self.workers as usize);
            let started = (1..=self.workers).try_for_each(|number| {
                let thread = thread::Builder::new().stack_size(STACK as usize);
                let thread = thread.spawn_scoped(scope, || room.park()).map_err(|cause| {
                    JobError::new(format_args!(
                        "thread {number} of {} could not be started ({cause}): see ulimit -u and -v, and \
                         the pids limit of its cgroup",
                        self.workers
                    ))
                })?;
                threads.push(thread);
                Ok(())
            });
            let grown = started.and_then(|()| {
                room.wait_for(self.workers);
                before.growth()
            });
            room.open();
            // Until they are gone: the end of the scope waits for their work only.
            let gone = threads.into_iter().try_for_each(|thread| thread.join());
            gone.map_err(|_| JobError::new("a thread that only waits has panicked"))?;
            Ok((self.workers, grown?))
        })
    }

    fn tasks(&self) -> Done {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let runtime = runtime.map_err(JobError::new)?;
        let before = Before::now()?;
        let tasks: Vec<_> =
            (0..self.workers).map(|_| runtime.spawn(std::future::pending::<()>())).collect();
        // Each is there when it has run up to its wait.
        runtime.block_on(tokio::task::yield_now());
        let grown = before.growth()?;
        match tasks.iter().all(|task| !task.is_finished()) {
            true => Ok((self.workers, grown)),
            false => Err(JobError::new("wrong answer: a task that waits forever has ended")),
        }
    }
}

/// This process before the workers were there.
struct Before {
    pss: u64,
    size: u64,
}

impl Before {
    fn now() -> Result<Before, JobError> {
        let pss = Memory::now().map_err(unknown)?.pss;
        Ok(Before { pss, size: address_space().map_err(unknown)? })
    }

    /// Since then, of resident memory and of address space.
    fn growth(&self) -> Result<Answer, JobError> {
        let now = Before::now()?;
        let grown = [now.pss.saturating_sub(self.pss), now.size.saturating_sub(self.size)];
        Ok(grown.map(|bytes| bytes.to_string()).join(" ").into())
    }
}

/// Beyond the limit every further allocation would fail, and the process with it. Who has the
/// capability has no limit.
fn may_lock(bytes: u64) -> Result<(), JobError> {
    let (limit, _) = getrlimit(Resource::RLIMIT_MEMLOCK).map_err(cannot_lock)?;
    match limit >= bytes || may_lock_all()? {
        true => Ok(()),
        false => Err(cannot_lock(format_args!("{limit} bytes are allowed, and it takes {bytes}"))),
    }
}

fn cannot_lock(cause: impl std::fmt::Display) -> JobError {
    JobError::new(format_args!("memory cannot be locked ({cause}): raise ulimit -l"))
}
