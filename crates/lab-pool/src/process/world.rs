//! What a child finds when it starts: the world of whoever started this process.
//!
//! A user's command is measured as it would run in the user's shell, so nothing that the laboratory
//! sets for itself may reach it. Every child passes [`start`].
//!
//! | what a child inherits | how it stays the user's |
//! |---|---|
//! | signal mask, ignored signals | nothing is held back: see [`super::signals`]. Rust ignores SIGPIPE and restores it for children |
//! | limit of open files | raised only while a trial needs it, and lowered again for each child |
//! | other limits, environment, working folder, umask, niceness, affinity, user | never changed here |
//! | descriptors | all that this process opens are closed by `exec` |
//! | session, controlling terminal | the same; but a child that is not on the terminal in this process's place leads its own process group, and has nothing on stdin |
//!
//! The environment alone says more: a child bears the mark of its run (see [`super::guard`]).

use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit, setrlimit};
use std::io;
use std::process::{Child, Command};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The user's limit of open files while it is raised, and for how many it is.
static RAISED: Mutex<Option<(Rlimit, usize)>> = Mutex::new(None);

/// Files that this process has open besides those that a trial asks for.
const OTHERS: u64 = 100;

/// Starts the command.
pub(super) fn start(command: &mut Command) -> io::Result<Child> {
    let child = command.spawn()?;
    // Not held meanwhile: commands are started by many threads at once.
    if let Some((users, _)) = *raised() {
        // One that has ended already needs none.
        let pid = Pid::from_raw(child.id().cast_signed());
        let _ = prlimit(pid, Resource::Nofile, users);
    }
    Ok(child)
}

/// Room for many open files, for as long as it is held: a soft limit is often 1024, which a few
/// hundred children or a thousand connections exceed. Where the limit suffices, or cannot be raised,
/// it stays as it is.
#[derive(Debug)]
#[must_use = "the room is given back when this is dropped"]
pub struct RoomForFiles {
    is_raised: bool,
}

impl RoomForFiles {
    /// For this many besides those that are open anyway.
    pub fn make(count: u64) -> RoomForFiles {
        let needed = count.saturating_add(OTHERS);
        let mut raised = raised();
        let now = getrlimit(Resource::Nofile);
        let target = now.maximum.map_or(needed, |hard| hard.min(needed));
        let suffices = now.current.is_none_or(|soft| soft >= target);
        let limit = Rlimit { current: Some(target), maximum: now.maximum };
        let is_raised = match raised.as_mut() {
            // Whoever raised it may be done before this one is.
            Some((_, holders)) if suffices || setrlimit(Resource::Nofile, limit).is_ok() => {
                *holders += 1;
                true
            }
            None if !suffices && setrlimit(Resource::Nofile, limit).is_ok() => {
                *raised = Some((now, 1));
                true
            }
            _ => false,
        };
        RoomForFiles { is_raised }
    }
}

impl Drop for RoomForFiles {
    fn drop(&mut self) {
        let mut raised = raised();
        match raised.as_mut() {
            Some((_, holders)) if self.is_raised && *holders > 1 => *holders -= 1,
            Some((users, _)) if self.is_raised => {
                let _ = setrlimit(Resource::Nofile, *users);
                *raised = None;
            }
            _ => {}
        }
    }
}

fn raised() -> MutexGuard<'static, Option<(Rlimit, usize)>> {
    RAISED.lock().unwrap_or_else(PoisonError::into_inner)
}
