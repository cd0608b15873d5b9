//! The signals that ask this process to end, or would end it without a word.
//!
//! They are caught and not held back: a mask that holds signals back is inherited by every program
//! that is started, and by whatever that starts, while a handler ends with `exec`.

use nix::sys::signal::Signal;
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;
use std::io;
use std::sync::Arc;

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
        let all = [Signal::SIGHUP, Signal::SIGINT, Signal::SIGTERM];
        let ignored = ignored();
        let heeded = all.into_iter().filter(|signal| !is_in(ignored, *signal));
        Signals::new(heeded.map(|signal| signal as i32)).map(EndingSignals)
    }

    /// Waits for the next one.
    pub fn wait(&mut self) -> Option<Signal> {
        self.0.forever().next().and_then(|number| Signal::try_from(number).ok())
    }
}

/// From now on a file that outgrows its limit (`ulimit -f`) is an error of the write, which can be told,
/// and no longer the end of this process.
///
/// # Errors
/// If the system refuses.
pub fn outlive_file_limit() -> io::Result<()> {
    // Who ignores it is not killed either, and its children are to go on ignoring it.
    if !is_in(ignored(), Signal::SIGXFSZ) {
        signal_hook::flag::register(Signal::SIGXFSZ as i32, Arc::default())?;
    }
    Ok(())
}

/// The signals that this process ignores, a bit for each.
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or_default()
}

fn is_in(mask: u64, signal: Signal) -> bool {
    mask & (1 << (signal as i32 - 1)) != 0
}

/// Ends this process by the signal, so that a shell's loop ends too.
pub fn end_by(signal: Signal) {
    let _ = emulate_default_handler(signal as i32);
}
