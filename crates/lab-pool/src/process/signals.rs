//! The signals that ask this process to end.
//!
//! They are caught and not held back: a mask that holds signals back is inherited by every program
//! that is started, and by whatever that starts, while a handler ends with `exec`.

use nix::sys::signal::Signal;
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;
use std::io;

/// HUP, INT and TERM, except those that this process is to ignore (by nohup, say), from the moment
/// at which they were first watched for.
#[derive(Debug)]
pub struct EndingSignals(Signals);

impl EndingSignals {
    /// From now on none of them ends this process by itself.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn watch() -> io::Result<EndingSignals> {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let ignored = status
            .lines()
            .find_map(|line| line.strip_prefix("SigIgn:"))
            .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
            .unwrap_or_default();
        let all = [Signal::SIGHUP, Signal::SIGINT, Signal::SIGTERM].map(|signal| signal as i32);
        let heeded = all.into_iter().filter(|signal| ignored & (1 << (signal - 1)) == 0);
        Signals::new(heeded).map(EndingSignals)
    }

    /// Waits for the next one.
    pub fn wait(&mut self) -> Option<Signal> {
        self.0.forever().next().and_then(|number| Signal::try_from(number).ok())
    }
}

/// Ends this process by the signal, so that a shell's loop ends too.
pub fn end_by(signal: Signal) {
    let _ = emulate_default_handler(signal as i32);
}
