//! Processes as `/proc` shows them.

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs;

/// The processes with this word in their environment. One that was not reaped yet has none.
pub fn marked(mark: &str) -> Vec<u32> {
    fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|pid| words(*pid, "environ").iter().any(|word| word == mark))
        .collect()
}

/// Whether this is the first argument of the process.
pub fn has_argument(pid: u32, argument: &str) -> bool {
    words(pid, "cmdline")
        .get(1)
        .is_some_and(|word| word == argument)
}

/// Sends a signal.
pub fn send(pid: u32, signal: Signal) {
    kill(Pid::from_raw(pid.try_into().unwrap()), signal).unwrap();
}

/// None if the process is gone by now.
fn words(pid: u32, file: &str) -> Vec<String> {
    let bytes = fs::read(format!("/proc/{pid}/{file}")).unwrap_or_default();
    bytes
        .split(|&byte| byte == 0)
        .map(|word| String::from_utf8_lossy(word).into_owned())
        .collect()
}
