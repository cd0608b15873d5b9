//! SHA-256 of a buffer: the same call, on the same bytes, with which CPython lets go of its lock.

use crate::host::Host;
use crate::job::Amount;
use lab_record::burst::Recorder;
use lab_record::clock;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::sync::atomic::AtomicBool;

/// A shorter buffer is digested without letting go of the lock (`HASHLIB_GIL_MINSIZE` in CPython's
/// `Modules/hashlib.h`), in bytes.
const LETS_GO_FROM: u64 = 2048;

/// The bytes that are hashed: 0, 1, … 250, 0, 1, … (a period that is no power of two).
pub(crate) fn buffer(bytes: u64) -> Vec<u8> {
    (0..bytes).map(|i| (i % 251) as u8).collect()
}

/// The digest in hexadecimal.
pub(crate) fn digest(buffer: &[u8]) -> String {
    Sha256::digest(buffer)
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            // Writing into a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Digests `bytes` bytes as often as `amount` says, each a span of its own; returns the number of
/// digests and the last one.
pub(crate) fn run(
    bytes: u64,
    amount: Amount,
    host: &mut impl Host,
    stop: &AtomicBool,
    recorder: &mut Recorder,
) -> (u64, String) {
    let buffer = buffer(bytes);
    let mut last = String::new();
    let mut done = 0;
    while !amount.is_reached(done, stop) {
        // The clock is read inside of the wait: neither letting go of a lock nor taking it back is
        // progress. Nor is waiting for a core, so that a span is no longer than its CPU time.
        let mut step = || {
            let (start, cpu) = (clock::now_ns(), clock::thread_cpu_ns());
            last = digest(&buffer);
            let (cpu, end) = (clock::thread_cpu_ns() - cpu, clock::now_ns());
            recorder.call(start, end.min(start + cpu), clock::core_id());
        };
        if bytes >= LETS_GO_FROM {
            host.wait(step);
        } else {
            step();
        }
        host.turn();
        done += 1;
    }
    (done, last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_that_of_every_other_program() {
        // printf '' | sha256sum; and, in Python,
        // hashlib.sha256(bytes(i % 251 for i in range(1 << 20))).hexdigest()
        assert_eq!(
            digest(&buffer(0)),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(
            digest(&buffer(1 << 20)),
            "631b84027d6b9e52b539c4e8373622d23032dfadc64d60af87339c9037e4f769"
        );
    }
}
