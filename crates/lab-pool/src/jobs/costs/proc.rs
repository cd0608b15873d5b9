//! What the kernel says of this process's memory.

use crate::work::JobError;
use rustix::fd::AsFd;
use rustix::fs::{Mode, OFlags, open};

/// Proportional share of resident memory, and what only this process has and has written, in bytes.
/// Allocates nothing: a forked child may ask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Memory {
    pub pss: u64,
    pub private_dirty: u64,
}

impl Memory {
    /// Of this process, now.
    ///
    /// # Errors
    /// If the kernel does not say (`smaps_rollup` is there since Linux 4.14).
    pub fn now() -> Result<Memory, rustix::io::Errno> {
        let mut text = [0; 4096];
        let text = read(c"/proc/self/smaps_rollup", &mut text)?;
        let bytes = |name| number_after(text, name).unwrap_or_default() * 1024;
        Ok(Memory { pss: bytes(b"\nPss:"), private_dirty: bytes(b"\nPrivate_Dirty:") })
    }
}

/// How much address space this process has, in bytes.
pub(super) fn address_space() -> Result<u64, rustix::io::Errno> {
    let mut text = [0; 4096];
    let text = read(c"/proc/self/status", &mut text)?;
    Ok(number_after(text, b"\nVmSize:").unwrap_or_default() * 1024)
}

/// Whether this process may lock as much memory as it likes (`CAP_IPC_LOCK`).
pub(super) fn may_lock_all() -> Result<bool, JobError> {
    const CAP_IPC_LOCK: u32 = 14;
    let mut text = [0; 4096];
    let text = read(c"/proc/self/status", &mut text).map_err(unknown)?;
    let digits = after(text, b"\nCapEff:").and_then(|rest| rest.get(..16));
    let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
    let capabilities = digits.and_then(|digits| u64::from_str_radix(digits, 16).ok());
    Ok(capabilities.is_some_and(|all| all >> CAP_IPC_LOCK & 1 == 1))
}

/// Why a job that needs these numbers has no answer.
pub(super) fn unknown(cause: rustix::io::Errno) -> JobError {
    JobError::new(format_args!("the kernel does not say how much memory is used ({cause})"))
}

/// The beginning of a file.
fn read<'t>(path: &std::ffi::CStr, text: &'t mut [u8]) -> Result<&'t [u8], rustix::io::Errno> {
    let file = open(path, OFlags::RDONLY, Mode::empty())?;
    let length = rustix::io::read(file.as_fd(), &mut *text)?;
    Ok(text.get(..length).unwrap_or_default())
}

/// The number that follows a name.
fn number_after(text: &[u8], name: &[u8]) -> Option<u64> {
    let digits = after(text, name)?.iter().take_while(|digit| digit.is_ascii_digit());
    Some(digits.fold(0, |number, digit| 10 * number + u64::from(digit - b'0')))
}

fn after<'t>(text: &'t [u8], name: &[u8]) -> Option<&'t [u8]> {
    let at = text.windows(name.len()).position(|part| part == name)?;
    Some(text.get(at + name.len()..)?.trim_ascii_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_by_their_names() {
        let text = b"00-ff ---p\nRss:   9 kB\nPss:      1234 kB\nPss_Dirty: 7 kB\nThreads:\t12\n";
        assert_eq!(number_after(text, b"\nPss:"), Some(1234));
        assert_eq!(number_after(text, b"\nThreads:"), Some(12));
        assert_eq!(number_after(text, b"\nSwap:"), None);
    }

    #[test]
    fn what_is_written_is_private_and_dirty() {
        let before = Memory::now().unwrap();
        let written = std::hint::black_box(vec![1u8; 32 << 20]);
        let grown = Memory::now().unwrap().private_dirty.saturating_sub(before.private_dirty);
        // Other tests of this process allocate as well.
        assert!(grown >= 24 << 20, "{grown}");
        drop(written);
        assert!(address_space().unwrap() >= 1 << 20);
    }
}
