//! SHA-256 of a buffer: the same call, on the same bytes, around which CPython releases its lock.

use crate::work::{Amount, Answer, Done, Host, JobContext, Plan, Work};
use lab_data::burst::Recorder;
use lab_data::clock;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// A shorter buffer is digested without releasing the lock (`HASHLIB_GIL_MINSIZE` in CPython's
/// `Modules/hashlib.h`), in bytes.
const RELEASES_FROM: u64 = 2048;

/// Digests a buffer several times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hash {
    /// Length of the buffer.
    pub bytes: u64,
    /// Number of digests, each one step and one span.
    pub amount: Amount,
    /// The digest in hexadecimal, as [`Hash::new`] computed it.
    pub digest: String,
}

impl Hash {
    /// Computes the digest once, so that workers can be checked.
    pub fn new(bytes: u64, amount: Amount) -> Hash {
        Hash { bytes, amount, digest: digest(&buffer(bytes)) }
    }
}

impl Work for Hash {
    const KIND: &'static str = "hash";

    fn run<H: Host>(&self, context: &mut JobContext<H>, recorder: &mut Recorder) -> Done {
        let buffer = buffer(self.bytes);
        let mut last = String::new();
        let mut done = 0;
        while !self.amount.is_reached(done, context.stop) {
            // The clock is read inside the wait: neither releasing a lock nor taking it back is
            // progress. Nor is waiting for a core, so that a span is no longer than its CPU time.
            let mut step = || {
                let (start, cpu) = (clock::now_ns(), clock::thread_cpu_ns());
                last = digest(&buffer);
                let (cpu, end) = (clock::thread_cpu_ns() - cpu, clock::now_ns());
                recorder.call(start, end.min(start + cpu), clock::core_id());
            };
            if self.bytes >= RELEASES_FROM {
                context.host.wait(step);
            } else {
                step();
            }
            context.host.turn();
            done += 1;
        }
        Ok((done, last.into()))
    }

    fn plan(&self) -> Plan {
        const SLOW_BYTE_NS: u64 = 100;
        let bytes = self.amount.steps().unwrap_or_default().saturating_mul(self.bytes);
        Plan::of(self.amount).waiting(bytes.saturating_mul(SLOW_BYTE_NS))
    }

    fn set_amount(&mut self, amount: Amount) {
        self.amount = amount;
    }

    fn expected(&self, _: u64) -> Option<Answer> {
        Some(self.digest.clone().into())
    }
}

/// The bytes that are hashed: 0, 1, … 250, 0, 1, … (a period that is no power of two).
fn buffer(bytes: u64) -> Vec<u8> {
    (0..bytes).map(|i| (i % 251) as u8).collect()
}

fn digest(buffer: &[u8]) -> String {
    Sha256::digest(buffer).iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing into a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_that_of_every_other_program() {
        // printf '' | sha256sum; and, in Python,
        // hashlib.sha256(bytes(i % 251 for i in range(1 << 20))).hexdigest()
        for (bytes, known) in [
            (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (1 << 20, "631b84027d6b9e52b539c4e8373622d23032dfadc64d60af87339c9037e4f769"),
        ] {
            assert_eq!(Hash::new(bytes, Amount::Steps(1)).digest, known);
        }
    }
}
