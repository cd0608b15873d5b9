//! Ends what children leave behind, however this process ends.
//!
//! A worker leaves when its stdin ends; a user's command need not, nor what an interpreter started.
//! So another process, the guard, waits for the end of a pipe whose other end only this process
//! holds, and then kills every process whose environment bears the run's mark. With a mark in the
//! environment there is no moment in which a child runs and is not yet known, and a child cannot
//! lose it by leaving its process group or its parent.

use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Command, ExitCode, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustix::process::{Pid, Signal, kill_process};

use super::error::Error;
use super::program::ChildCommand;
use super::world;

/// The variable that children bear.
const VARIABLE: &str = "LAB_RUN";
/// The mark of this process's children, once it has a guard.
static MARK: OnceLock<String> = OnceLock::new();
/// A process that forks while it is looked for is found the next time.
const LOOKS: u32 = 200;
const BETWEEN_LOOKS: Duration = Duration::from_millis(5);

/// Holds the pipe; when it is dropped, nothing is left of the children.
#[derive(Debug)]
pub struct Guard {
    child: Child,
    stdin: Option<ChildStdin>,
}

impl Guard {
    /// Starts the guard; `command` must call [`serve_guard`] first thing. It is given the mark as
    /// its last argument.
    ///
    /// # Errors
    /// [`Fault::Start`](super::Fault::Start).
    pub fn start(command: &ChildCommand) -> Result<Guard, Error> {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let own = format!("{}-{}", std::process::id(), since_1970.as_nanos());
        let mark = MARK.get_or_init(|| own);
        let mut guard = Command::new(&command.program);
        guard
            .args(&command.args)
            .arg(mark)
            // One run may start another: the guard of the outer one must not end the inner one's.
            .env_remove(VARIABLE)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // An interrupt from the terminal must not reach it before its work is done.
            .process_group(0);
        let mut child = world::start(&mut guard).map_err(|cause| command.could_not_start(cause))?;
        let stdin = child.stdin.take();
        Ok(Guard { child, stdin })
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.stdin = None;
        let _ = self.child.wait();
    }
}

/// What a child bears: variable and value; none without a guard.
pub(super) fn mark() -> Option<(&'static str, &'static str)> {
    Some((VARIABLE, MARK.get()?.as_str()))
}

/// The guard's life: waits until stdin ends, then kills whoever bears the mark.
pub fn serve_guard(mark: &str) -> ExitCode {
    // Whatever the pipe says, only its end counts.
    let _ = io::stdin().lock().read_to_end(&mut Vec::new());
    let wanted = format!("{VARIABLE}={mark}");
    for _ in 0..LOOKS {
        let bearers = bearers(wanted.as_bytes());
        if bearers.is_empty() {
            return ExitCode::SUCCESS;
        }
        for pid in bearers {
            // One that ended by itself is as good.
            let _ = kill_process(pid, Signal::KILL);
        }
        std::thread::sleep(BETWEEN_LOOKS);
    }
    ExitCode::FAILURE
}

/// All processes whose environment has the variable. One that is dead has none.
fn bearers(wanted: &[u8]) -> Vec<Pid> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| {
            let number = entry.file_name().to_str()?.parse().ok()?;
            let environment = std::fs::read(entry.path().join("environ")).ok()?;
            let bears = environment.split(|byte| *byte == 0).any(|v| v == wanted);
            Pid::from_raw(number).filter(|_| bears)
        })
        .collect()
}
