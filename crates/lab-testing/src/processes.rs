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
    words(pid, "cmdline").get(1).is_some_and(|word| word == argument)
}

/// Sends a signal.
pub fn send(pid: u32, signal: Signal) {
    kill(Pid::from_raw(pid.try_into().unwrap()), signal).unwrap();
}

/// Whether this process was told to ignore SIGHUP, SIGINT or SIGTERM.
pub fn ignores_an_ending_signal() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = u64::from_str_radix(ignored.unwrap().trim(), 16).unwrap();
    let ending = [Signal::SIGHUP, Signal::SIGINT, Signal::SIGTERM];
    ending.into_iter().any(|signal| ignored & (1 << (signal as u64 - 1)) != 0)
}

/// None if the process is gone by now.
fn words(pid: u32, file: &str) -> Vec<String> {
    let bytes = fs::read(format!("/proc/{pid}/{file}")).unwrap_or_default();
    bytes.split(|&byte| byte == 0).map(|word| String::from_utf8_lossy(word).into_owned()).collect()
}
