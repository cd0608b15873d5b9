//! Signals that ask this process to end: held back until its children and files are in order, and
//! handed on to a program that runs in its place.

use nix::sys::signal::{SigSet, Signal, kill, raise};
use nix::unistd::Pid;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The signals that ask a process to end (HUP, INT, TERM), except those that it is to ignore
/// (by nohup, say).
pub fn ending_signals() -> SigSet {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or_default();
    [Signal::SIGHUP, Signal::SIGINT, Signal::SIGTERM]
        .into_iter()
        .filter(|signal| ignored & (1 << (*signal as u64 - 1)) == 0)
        .collect()
}

/// Ends this process by the signal, whose action was never changed, so that a shell's loop ends too.
pub fn end_by(signal: Signal) {
    let mut only = SigSet::empty();
    only.add(signal);
    let _ = only.thread_unblock();
    let _ = raise(signal);
}

/// Runs programs one after another on this process's terminal, and hands signals on to them.
#[derive(Debug)]
pub struct SignalRelay {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// The program that runs.
    program: Option<Pid>,
    /// What asked this process to end.
    signal: Option<Signal>,
}

impl SignalRelay {
    /// Begins to watch for [`ending_signals`]. To be called before any other thread starts, since
    /// threads inherit which signals are held back. While no program runs, a signal ends this
    /// process.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn watch() -> io::Result<SignalRelay> {
        let signals = ending_signals();
        signals.thread_block()?;
        let state = Arc::new(Mutex::new(State::default()));
        let watched = Arc::clone(&state);
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            while let Ok(signal) = signals.wait() {
                let mut state = lock(&watched);
                state.signal = Some(signal);
                match state.program {
                    // It may be gone already, which is as good.
                    Some(program) => drop(kill(program, signal)),
                    None => end_by(signal),
                }
            }
        })?;
        Ok(SignalRelay { state })
    }

    /// Runs the program to its end. Also gives the signal by which it ended or that asked this
    /// process to end meanwhile: then the caller should [`end_by`] it.
    ///
    /// # Errors
    /// If it cannot be started or waited for.
    pub fn run(&self, command: &mut Command) -> io::Result<(Output, Option<Signal>)> {
        let child = command.spawn()?;
        {
            let mut state = lock(&self.state);
            let pid = Pid::from_raw(child.id().cast_signed());
            state.program = Some(pid);
            // The signal may have come before there was a program to hand it to.
            if let Some(signal) = state.signal {
                let _ = kill(pid, signal);
            }
        }
        let output = child.wait_with_output();
        let mut state = lock(&self.state);
        state.program = None;
        let output = output?;
        let ended_by = output.status.signal();
        let own = ended_by.and_then(|number| Signal::try_from(number).ok());
        Ok((output, own.or(state.signal)))
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
