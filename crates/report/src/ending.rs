//! Signals that end a suite: they go to the experiment that runs, which ends its children, and
//! only then does this process die of them; so a shell loop around it stops too.

use anyhow::{Context, Result};
use nix::sys::signal::{SigSet, Signal, kill, raise};
use nix::unistd::Pid;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Output};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Watches for the signals that ask a process to end.
#[derive(Debug)]
pub(crate) struct Ending {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// The experiment that runs.
    child: Option<Pid>,
    /// What asked us to end.
    signal: Option<Signal>,
}

impl Ending {
    /// Begins to watch. To be called before any other thread starts, since threads inherit which
    /// signals are held back.
    ///
    /// # Errors
    /// If the system refuses.
    pub(crate) fn watch() -> Result<Ending> {
        let signals = lab::ending_signals();
        signals
            .thread_block()
            .context("the signals that end a suite cannot be held back")?;
        let state = Arc::new(Mutex::new(State::default()));
        let watched = Arc::clone(&state);
        std::thread::Builder::new()
            .name("ending".to_owned())
            .spawn(move || {
                while let Ok(signal) = signals.wait() {
                    let mut state = lock(&watched);
                    state.signal = Some(signal);
                    match state.child {
                        // It may be gone already, which is as good.
                        Some(child) => {
                            let _ = kill(child, signal);
                        }
                        None => die_of(signal),
                    }
                }
            })
            .context("no thread could be started")?;
        Ok(Ending { state })
    }

    /// Waits until an experiment ends. If it or this process was asked to end by a signal, this
    /// process ends as well.
    ///
    /// # Errors
    /// If the system refuses.
    pub(crate) fn wait(&self, child: Child, name: &str) -> Result<Output> {
        {
            let mut state = lock(&self.state);
            let pid = Pid::from_raw(child.id().cast_signed());
            state.child = Some(pid);
            // The signal may have come before there was a child to hand it to.
            if let Some(signal) = state.signal {
                let _ = kill(pid, signal);
            }
        }
        let output = child
            .wait_with_output()
            .with_context(|| format!("{name} cannot be waited for"))?;
        let mut state = lock(&self.state);
        state.child = None;
        let own = output
            .status
            .signal()
            .and_then(|number| Signal::try_from(number).ok());
        if let Some(signal) = own.or(state.signal) {
            eprintln!(
                "run-all: {name} was ended by a signal; the same command goes on where it stopped"
            );
            die_of(signal);
        }
        Ok(output)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends this process by the signal, whose action was never changed.
fn die_of(signal: Signal) {
    let mut only = SigSet::empty();
    only.add(signal);
    let _ = only.thread_unblock();
    let _ = raise(signal);
}
