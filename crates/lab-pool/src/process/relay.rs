//! Programs that run in this one's place, on its terminal.

use super::signals::{EndingSignals, end_by};
use super::world;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
    /// Begins to watch for [`EndingSignals`]. While no program runs, one of them ends this process.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn watch() -> io::Result<SignalRelay> {
        let mut signals = EndingSignals::watch()?;
        let state = Arc::new(Mutex::new(State::default()));
        let watched = Arc::clone(&state);
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            while let Some(signal) = signals.wait() {
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
        let child = world::start(command)?;
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
