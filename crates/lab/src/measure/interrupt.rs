//! Ctrl-C: the children end, the unfinished folder goes, and the process dies of the signal, so
//! that a shell loop stops too. The last complete data stays.

use anyhow::{Context, Result};
use lab_data::folder::RunFolder;
use lab_pool::process::{EndingSignals, end_by, outlive_file_limit};
use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, getpid, getppid};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Watches for signals that ask the process to end.
///
/// # Errors
/// If the system does not report the signals, or no thread can be started.
pub fn watch() -> Result<()> {
    outlive_file_limit().context("the signal for files that grow too large cannot be caught")?;
    let mut signals =
        EndingSignals::watch().context("the signals that end a run cannot be watched for")?;
    std::thread::Builder::new()
        .name("interrupt".to_owned())
        .spawn(move || {
            if let Some(signal) = signals.wait() {
                clean_up();
                end_by(signal);
            }
        })
        .context("no thread could be started")?;
    Ok(())
}

/// The variable in which a suite tells the experiments that it starts its process id.
pub const SUITE: &str = "LAB_SUITE";

/// If a suite started this process, asks for SIGTERM when the suite ends, however it does: what
/// would go on without it would disturb the next one, and nobody would hear of it.
///
/// # Errors
/// If the system refuses.
pub(crate) fn end_with_suite() -> Result<()> {
    let suite = std::env::var(SUITE).ok().and_then(|pid| pid.parse().ok());
    let Some(suite) = suite.map(Pid::from_raw).filter(|pid| *pid == getppid()) else {
        return Ok(());
    };
    set_pdeathsig(Signal::SIGTERM).context("the end of the suite cannot be watched")?;
    // It may have ended a moment ago.
    if getppid() != suite {
        let _ = kill(getpid(), Signal::SIGTERM);
    }
    Ok(())
}

/// Says which folder is to go if the run is interrupted.
pub fn set_scratch(folder: PathBuf) {
    *UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner) = Some(folder);
}

/// Puts a complete run in the place of the last one. Before that nothing is to go any more: whoever
/// still removed the run then would remove the last one's files. Does not return if it is being
/// removed already.
///
/// # Errors
/// As [`RunFolder::commit`].
pub fn commit(folder: RunFolder) -> Result<()> {
    *UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner) = None;
    park_if_interrupted();
    folder.commit()?;
    Ok(())
}

/// Replaces a file that is no part of the run's folder, such as a figure. An interruption waits until that
/// is done: it would leave a part of the new file behind.
///
/// # Errors
/// What `write` gives.
pub fn whole<T, E>(write: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    let _held = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
    write()
}

/// A run that was interrupted fails in many ways, as its children are gone; none of them is worth
/// a word. Waits for the end if there was an interruption.
pub fn park_if_interrupted() {
    while INTERRUPTED.load(Ordering::SeqCst) {
        std::thread::park();
    }
}

fn clean_up() {
    INTERRUPTED.store(true, Ordering::SeqCst);
    lab_pool::process::kill_all();
    let mut unfinished = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(folder) = unfinished.take() {
        // What cannot be removed now, the next run removes.
        let _ = std::fs::remove_dir_all(folder);
    }
    // Whoever is about to write waits for the end.
    std::mem::forget(unfinished);
}
