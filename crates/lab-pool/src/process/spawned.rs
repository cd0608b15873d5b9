//! A process as the kernel sees it: started, killed, reaped, and known to the whole of this process,
//! so that an interrupt can end all of them.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use rustix::process::{
    Pid, PidfdFlags, Signal, WaitId, WaitIdOptions, kill_process_group, pidfd_open, waitid,
};
use wait4::Wait4;

use super::{guard, world};

/// All processes that were started here and not reaped yet.
static LIVING: Mutex<Vec<Arc<Mutex<State>>>> = Mutex::new(Vec::new());
/// Held for reading by whoever starts one, from before it runs until it is known.
static STARTING: RwLock<()> = RwLock::new(());

/// Kills every living child and command with its process group, and reaps them.
///
/// For an interrupt: call it from an ordinary thread, not from inside a signal handler. Whoever
/// still waits for one of them sees it killed.
pub fn kill_all() {
    let all_are_known = STARTING.write();
    let living = std::mem::take(&mut *lock(&LIVING));
    drop(all_are_known);
    for state in living {
        // One that cannot be killed must not keep the others alive.
        let _ = lock(&state).kill();
    }
}

/// How a process ended, and what it and all that it waited for used.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ended {
    pub status: ExitStatus,
    pub cpu: Duration,
    /// Memory of the largest of them at its peak.
    pub peak_rss_bytes: u64,
}

/// A started process. Dropping it kills and reaps it.
#[derive(Debug)]
pub(super) struct Spawned {
    state: Arc<Mutex<State>>,
    pid: u32,
    /// Becomes readable when it ends; none if the kernel has no such files.
    end: Option<OwnedFd>,
}

#[derive(Debug)]
enum State {
    Living(Child),
    /// From now on its pid may be somebody else's.
    Reaped(Ended),
    /// It could not be waited for.
    Lost,
}

impl Spawned {
    /// Starts the command in its own process group, with the run's mark. Also gives the std handle's pipes.
    pub fn start(command: &mut Command) -> io::Result<(Spawned, Pipes)> {
        // Not the list's lock: commands are started by many threads at once.
        let starting = STARTING.read();
        let mut child = world::start(command.envs(guard::mark()).process_group(0))?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let pid = child.id();
        let state = Arc::new(Mutex::new(State::Living(child)));
        lock(&LIVING).push(Arc::clone(&state));
        drop(starting);
        let end = raw_pid(pid).and_then(|pid| Ok(pidfd_open(pid, PidfdFlags::empty())?));
        let spawned = Spawned { state, pid, end: end.ok() };
        Ok((spawned, pipes))
    }

    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Readable from its end on.
    pub fn end(&self) -> Option<BorrowedFd<'_>> {
        self.end.as_ref().map(AsFd::as_fd)
    }

    /// As on a kernel that has no such files.
    #[cfg(test)]
    pub fn forget_end(&mut self) {
        self.end = None;
    }

    /// How it ended, if it did; then it is reaped and nothing of its group is left. Never waits.
    pub fn ended(&self) -> io::Result<Option<Ended>> {
        lock(&self.state).look()
    }

    /// Ends it now, with its group. How it ended is its own doing if it was quicker.
    pub fn kill(&self) -> io::Result<Ended> {
        lock(&self.state).kill()
    }
}

/// The parent's ends of stdin, stdout and stderr.
pub(super) type Pipes = (
    Option<std::process::ChildStdin>,
    Option<std::process::ChildStdout>,
    Option<std::process::ChildStderr>,
);

impl Drop for Spawned {
    fn drop(&mut self) {
        lock(&LIVING).retain(|state| !Arc::ptr_eq(state, &self.state));
        let _ = self.kill();
    }
}

impl State {
    fn look(&mut self) -> io::Result<Option<Ended>> {
        match self {
            State::Living(child) => {
                let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
                match waitid(WaitId::Pid(raw_pid(child.id())?), options)? {
                    None => Ok(None),
                    Some(_) => self.reap().map(Some),
                }
            }
            State::Reaped(ended) => Ok(Some(*ended)),
            State::Lost => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn kill(&mut self) -> io::Result<Ended> {
        if let Some(ended) = self.look()? {
            return Ok(ended);
        }
        if let State::Living(child) = self {
            child.kill()?;
        }
        self.reap()
    }

    /// What is left of the group goes first: until the leader is reaped its id cannot be another's.
    fn reap(&mut self) -> io::Result<Ended> {
        let State::Living(child) = std::mem::replace(self, State::Lost) else {
            return Err(io::ErrorKind::NotFound.into());
        };
        // Fails where nothing is left, which is the aim.
        let _ = kill_process_group(raw_pid(child.id())?, Signal::KILL);
        let reaped = child.wait4()?;
        let ended = Ended {
            status: reaped.status,
            cpu: reaped.rusage.utime + reaped.rusage.stime,
            peak_rss_bytes: reaped.rusage.maxrss,
        };
        *self = State::Reaped(ended);
        Ok(ended)
    }
}

fn raw_pid(pid: u32) -> io::Result<Pid> {
    Pid::from_raw(pid.cast_signed()).ok_or(io::ErrorKind::NotFound.into())
}

/// A panic elsewhere must not keep children alive.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
