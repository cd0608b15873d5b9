//! The one clock of the laboratory: `CLOCK_MONOTONIC`, which every process of a machine shares.
//!
//! CPython's `time.perf_counter` reads the same clock on Linux, so rows of a Rust thread, of a
//! child process and of a Python worker share one axis. Counters that each process calibrates (TSC
//! libraries) cannot do that.

use rustix::time::{ClockId, clock_gettime};

/// The core id that is recorded where the kernel does not tell it.
pub const UNKNOWN_CORE: u32 = u32::MAX;

/// Nanoseconds since an arbitrary moment before the machine's start, the same in every process.
#[inline]
pub fn now_ns() -> u64 {
    nanoseconds(ClockId::Monotonic)
}

/// CPU time that the calling thread has used so far, in nanoseconds.
#[inline]
pub fn thread_cpu_ns() -> u64 {
    nanoseconds(ClockId::ThreadCPUTime)
}

/// The core on which the calling thread runs at this moment, or [`UNKNOWN_CORE`].
///
/// Goes through the C library, which reads it from the thread's restartable-sequence area (1–3 ns)
/// where the kernel has one.
#[inline]
pub fn core_id() -> u32 {
    match nix::sched::sched_getcpu() {
        Ok(core) => core as u32,
        Err(_) => UNKNOWN_CORE,
    }
}

/// The smallest step that the clock claims to make, in nanoseconds.
pub fn resolution_ns() -> u64 {
    let step = rustix::time::clock_getres(ClockId::Monotonic);
    step.tv_sec as u64 * 1_000_000_000 + step.tv_nsec as u64
}

#[inline]
fn nanoseconds(clock: ClockId) -> u64 {
    let time = clock_gettime(clock);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_never_goes_back() {
        let times: Vec<u64> = (0..10_000).map(|_| now_ns()).collect();
        assert!(times.windows(2).all(|pair| pair[0] <= pair[1]));
    }

    #[test]
    fn a_thread_that_computes_uses_cpu_time() {
        let before = thread_cpu_ns();
        let mut sum = 0u64;
        while thread_cpu_ns() == before {
            sum = std::hint::black_box(sum + 1);
        }
        assert!(thread_cpu_ns() > before);
    }

    #[test]
    fn the_core_is_one_of_the_machines() {
        let core = core_id();
        assert!(core == UNKNOWN_CORE || (core as usize) < 4096, "{core}");
    }
}
