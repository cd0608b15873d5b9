//! CPU time of single jobs, read as seldom as that can honestly be done.
//!
//! The kernel alone knows how long a thread was on a core, and asking it takes half a microsecond:
//! many times what a job that does nothing takes. So a reading serves the job before it and the
//! job after it, and one that ended within [`SHORTEST_NS`] has no CPU time: nobody asked.

use lab_data::clock;

/// A job that ended sooner has no CPU time, in nanoseconds.
const SHORTEST_NS: u64 = 20_000;

/// An older reading does not serve the next job, in nanoseconds. What lies between them are jobs
/// too short to be switched away from, so all of it was CPU time; if none was, the next job's is
/// too small by this much.
const FRESH_NS: u64 = 5_000;

/// Reads the CPU time of the one thread that it is used on.
#[derive(Debug, Default)]
pub(crate) struct CpuMeter {
    /// When the last reading began. An interrupt may fall between the two, and is CPU time.
    read_from_ns: u64,
    /// When it was there; 0 before the first.
    read_at_ns: u64,
    /// What it said.
    cpu_ns: u64,
}

impl CpuMeter {
    /// A job begins: when, in nanoseconds of [`clock::now_ns`].
    #[inline]
    pub fn begin(&mut self) -> u64 {
        let now_ns = clock::now_ns();
        if now_ns.wrapping_sub(self.read_at_ns) < FRESH_NS {
            return now_ns;
        }
        self.read()
    }

    /// The job ends that began at `start_ns`: when, and the CPU time in between, which is none for
    /// a job of less than [`SHORTEST_NS`].
    #[inline]
    pub fn end(&mut self, start_ns: u64) -> (u64, Option<u64>) {
        let end_ns = clock::now_ns();
        if end_ns.wrapping_sub(start_ns) < SHORTEST_NS {
            return (end_ns, None);
        }
        // Nothing lies between a reading and the job that began with it.
        let since_ns = if start_ns == self.read_at_ns {
            0
        } else {
            start_ns.saturating_sub(self.read_from_ns)
        };
        let before_ns = self.cpu_ns + since_ns;
        self.read();
        (end_ns, Some(self.cpu_ns.saturating_sub(before_ns)))
    }

    #[inline(never)]
    fn read(&mut self) -> u64 {
        self.read_from_ns = clock::now_ns();
        self.cpu_ns = clock::thread_cpu_ns();
        self.read_at_ns = clock::now_ns();
        self.read_at_ns
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const CPU_NS: u64 = 2_000_000;

    fn spin() {
        let until = clock::thread_cpu_ns() + CPU_NS;
        while clock::thread_cpu_ns() < until {}
    }

    fn nap() {
        std::thread::sleep(Duration::from_millis(20));
    }

    /// CPU time of a job, which is never more than what the kernel says of the time around it.
    fn metered(meter: &mut CpuMeter, job: fn()) -> Option<u64> {
        let before = clock::thread_cpu_ns();
        let start_ns = meter.begin();
        job();
        let (end_ns, cpu_ns) = meter.end(start_ns);
        let around = clock::thread_cpu_ns() - before;
        assert!(start_ns <= end_ns);
        assert!(cpu_ns.unwrap_or_default() <= around, "{cpu_ns:?} of {around}");
        cpu_ns
    }

    #[test]
    fn a_job_used_what_it_computed_and_no_other() {
        let mut meter = CpuMeter::default();
        for _ in 0..5 {
            let cpu_ns = metered(&mut meter, spin).unwrap();
            assert!(cpu_ns + FRESH_NS >= CPU_NS, "{cpu_ns}");
        }
        assert!(metered(&mut meter, nap).unwrap() < 20_000_000);
        // Short ones have none (but for some that were interrupted), nor do they count for the
        // next one.
        let short = (0..100_000).filter(|_| metered(&mut meter, || {}).is_none());
        assert!(short.count() > 50_000);
        metered(&mut meter, nap);
    }
}
