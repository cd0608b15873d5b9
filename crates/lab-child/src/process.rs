//! A child as the kernel sees it: started, killed, reaped, and known to the whole process, so that
//! an interrupt can end all of them.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitStatus};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

/// All children of this process that were not reaped yet.
static LIVING: Mutex<Vec<Arc<Mutex<State>>>> = Mutex::new(Vec::new());

/// Kills every living child with its process group, and reaps them.
///
/// For an interrupt: call it from an ordinary thread, not from inside a signal handler. Whoever
/// still waits for one of them sees it killed.
pub fn kill_all() {
    let living = std::mem::take(&mut *lock(&LIVING));
    for state in living {
        // One that cannot be killed must not keep the others alive.
        let _ = lock(&state).kill();
    }
}

/// A started process. Dropping it kills and reaps it.
#[derive(Debug)]
pub(crate) struct Process {
    state: Arc<Mutex<State>>,
    pid: u32,
}

#[derive(Debug)]
struct State {
    child: std::process::Child,
    /// Known once it was reaped; from then on its pid may be somebody else's.
    status: Option<ExitStatus>,
}

impl Process {
    /// Starts the command in a process group of its own. Also gives the parent's ends of its pipes.
    pub fn start(command: &mut Command) -> io::Result<(Process, Ends)> {
        let mut living = lock(&LIVING);
        let mut child = command.process_group(0).spawn()?;
        let ends = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let pid = child.id();
        let state = Arc::new(Mutex::new(State {
            child,
            status: None,
        }));
        living.push(Arc::clone(&state));
        Ok((Process { state, pid }, ends))
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// How it ended, if it did; then it is reaped and nothing of its group is left. Never waits.
    pub fn status(&self) -> io::Result<Option<ExitStatus>> {
        lock(&self.state).look()
    }

    /// Ends it now, with its group. How it ended is its own doing if it was quicker.
    pub fn kill(&self) -> io::Result<ExitStatus> {
        lock(&self.state).kill()
    }
}

/// The parent's ends of stdin, stdout and stderr.
pub(crate) type Ends = (
    Option<std::process::ChildStdin>,
    Option<std::process::ChildStdout>,
    Option<std::process::ChildStderr>,
);

impl Drop for Process {
    fn drop(&mut self) {
        lock(&LIVING).retain(|state| !Arc::ptr_eq(state, &self.state));
        let _ = self.kill();
    }
}

impl State {
    fn look(&mut self) -> io::Result<Option<ExitStatus>> {
        if self.status.is_some() {
            return Ok(self.status);
        }
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        match waitid(WaitId::Pid(self.pid()?), options)? {
            None => Ok(None),
            Some(_) => self.reap().map(Some),
        }
    }

    fn kill(&mut self) -> io::Result<ExitStatus> {
        match self.look()? {
            Some(status) => Ok(status),
            None => {
                self.child.kill()?;
                self.reap()
            }
        }
    }

    /// What is left of the group goes first: until the leader is reaped its id cannot be another's.
    fn reap(&mut self) -> io::Result<ExitStatus> {
        // Fails where nothing is left, which is the aim.
        let _ = kill_process_group(self.pid()?, Signal::KILL);
        let status = self.child.wait()?;
        self.status = Some(status);
        Ok(status)
    }

    fn pid(&self) -> io::Result<Pid> {
        Pid::from_raw(self.child.id() as i32).ok_or(io::ErrorKind::NotFound.into())
    }
}

/// A panic elsewhere must not keep children alive.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
