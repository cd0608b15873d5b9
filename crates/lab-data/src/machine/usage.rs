//! What a trial cost: CPU time, switches, memory, and what the rest of the machine did meanwhile.
//!
//! A value that this kernel does not report is `None`.

use std::fs;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// Beyond this share of the machine's time, others disturb what is measured.
pub const TOO_MUCH: f64 = 0.10;

/// The kernel counts in ticks of 10 ms. Of this much time of all cores 10 % are two ticks; in less
/// time, noise cannot be distinguished from rounding.
pub const SHORTEST_NS: f64 = 200e6;

/// What a process and its threads used: a reading since its start, or the difference of two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resources {
    /// CPU time in user and kernel mode, in nanoseconds.
    pub cpu_ns: u64,
    /// Times a thread gave its core away.
    pub voluntary_switches: u64,
    /// Times the kernel took a thread's core away.
    pub involuntary_switches: u64,
}

impl Resources {
    /// This process so far, threads that ended included.
    pub fn own() -> Option<Resources> {
        Resources::of(UsageWho::RUSAGE_SELF)
    }

    /// Children that ended and were waited for so far, with those that they waited for.
    pub fn children() -> Option<Resources> {
        Resources::of(UsageWho::RUSAGE_CHILDREN)
    }

    /// What was used since then.
    pub fn since(self, earlier: Resources) -> Resources {
        Resources {
            cpu_ns: self.cpu_ns.saturating_sub(earlier.cpu_ns),
            voluntary_switches: self.voluntary_switches.saturating_sub(earlier.voluntary_switches),
            involuntary_switches: self
                .involuntary_switches
                .saturating_sub(earlier.involuntary_switches),
        }
    }

    fn of(who: UsageWho) -> Option<Resources> {
        let usage = getrusage(who).ok()?;
        let cpu = usage.user_time() + usage.system_time();
        Some(Resources {
            cpu_ns: u64::try_from(cpu.num_nanoseconds()).ok()?,
            voluntary_switches: u64::try_from(usage.voluntary_context_switches()).ok()?,
            involuntary_switches: u64::try_from(usage.involuntary_context_switches()).ok()?,
        })
    }
}

/// What all cores of the machine did together: a reading since its start, or the difference of
/// two. Moves in ticks (mostly 10 ms) for each core.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MachineTimes {
    /// Time at work for anybody, interrupts included, in nanoseconds.
    pub busy_ns: u64,
    /// Time that the hypervisor gave to other machines, in nanoseconds.
    pub steal_ns: u64,
}

impl MachineTimes {
    /// The machine so far.
    pub fn read() -> Option<MachineTimes> {
        let tick_ns = 1_000_000_000_u64.checked_div(rustix::param::clock_ticks_per_second())?;
        machine_times(&fs::read_to_string("/proc/stat").ok()?, tick_ns)
    }

    /// What was used since then.
    pub fn since(self, earlier: MachineTimes) -> MachineTimes {
        MachineTimes {
            busy_ns: self.busy_ns.saturating_sub(earlier.busy_ns),
            steal_ns: self.steal_ns.saturating_sub(earlier.steal_ns),
        }
    }
}

/// Reads all counters before a trial and again after it.
#[derive(Debug)]
pub struct Meter {
    own: Option<Resources>,
    children: Option<Resources>,
    machine: Option<MachineTimes>,
    peak_was_reset: bool,
}

/// What a [`Meter`] saw between start and stop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Of this process.
    pub own: Option<Resources>,
    /// Of children that were waited for in between, over their whole lives.
    pub children: Option<Resources>,
    /// Of the whole machine.
    pub machine: Option<MachineTimes>,
    /// The most memory that this process held at once in between.
    pub peak_rss_bytes: Option<u64>,
}

impl Cost {
    /// CPU time of this process and of its children, in nanoseconds.
    pub fn cpu_ns(&self) -> Option<u64> {
        Some(self.own?.cpu_ns + self.children?.cpu_ns)
    }

    /// CPU time of everybody else, in nanoseconds; `beside_ns` is that of our processes that have
    /// not ended. Since the machine counts in ticks, it may be negative.
    pub fn others_cpu_ns(&self, beside_ns: u64) -> Option<i64> {
        let (machine, ours) = (self.machine?, self.cpu_ns()?);
        Some(machine.busy_ns as i64 - ours as i64 - beside_ns as i64)
    }
}

impl Meter {
    /// To be called just before the trial.
    pub fn start() -> Meter {
        let peak_was_reset = reset_peak_rss();
        Meter {
            own: Resources::own(),
            children: Resources::children(),
            machine: MachineTimes::read(),
            peak_was_reset,
        }
    }

    /// To be called just after the trial, when its children have been waited for.
    pub fn stop(self) -> Cost {
        let since = |now: Option<Resources>, then: Option<Resources>| Some(now?.since(then?));
        Cost {
            own: since(Resources::own(), self.own),
            children: since(Resources::children(), self.children),
            machine: MachineTimes::read().zip(self.machine).map(|(now, then)| now.since(then)),
            // A peak that was not reset may be that of an earlier trial.
            peak_rss_bytes: peak_rss_bytes().filter(|_| self.peak_was_reset),
        }
    }
}

/// How long the calling thread was ready to run and had no core, since its start, in nanoseconds.
/// `None` in kernels without scheduler statistics.
pub fn thread_run_delay_ns() -> Option<u64> {
    run_delay(&fs::read_to_string("/proc/thread-self/schedstat").ok()?)
}

/// Makes the peak of this process's memory begin anew at what it holds now; false if it cannot.
fn reset_peak_rss() -> bool {
    fs::write("/proc/self/clear_refs", "5").is_ok()
}

/// The most memory that this process held at once since its start, or since a [`Meter`] was started.
pub fn peak_rss_bytes() -> Option<u64> {
    peak_rss(&fs::read_to_string("/proc/self/status").ok()?)
}

/// The line of all cores in `/proc/stat`, in ticks: user, nice, system, idle, iowait, irq,
/// softirq, steal (proc_stat(5)). Guests are counted within user and nice.
fn machine_times(stat: &str, tick_ns: u64) -> Option<MachineTimes> {
    let line = stat.lines().find_map(|line| line.strip_prefix("cpu "))?;
    let ticks: Vec<u64> =
        line.split_whitespace().map(|ticks| ticks.parse().ok()).collect::<Option<_>>()?;
    let [user, nice, system, _idle, _iowait, irq, softirq, steal, ..] = ticks[..] else {
        return None;
    };
    Some(MachineTimes {
        busy_ns: (user + nice + system + irq + softirq) * tick_ns,
        steal_ns: steal * tick_ns,
    })
}

/// The second of three numbers: time on a core, time waiting for one, slices.
fn run_delay(schedstat: &str) -> Option<u64> {
    schedstat.split_whitespace().nth(1)?.parse().ok()
}

/// The high-water mark in `/proc/self/status`, there in units of 1024 bytes.
fn peak_rss(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::hint::black_box;

    #[test]
    fn the_kernels_counters_are_read_in_our_units() {
        let stat = "cpu  100 20 30 9999 888 4 5 6 50 10\ncpu0 1 1 1 1 1 1 1 1 1 1\nctxt 7\n";
        let times = MachineTimes {
            busy_ns: 1_590_000_000, // without idle; guests are counted within user and nice
            steal_ns: 60_000_000,
        };
        assert_eq!(machine_times(stat, 10_000_000), Some(times));
        for bad in ["cpu  1 2 3 4\n", "cpu  1 2 3 4 5 6 7 x\n", ""] {
            assert_eq!(machine_times(bad, 1), None);
        }
        assert_eq!(run_delay("85457 57396 2\n"), Some(57_396));
        assert_eq!((run_delay("0\n"), run_delay("")), (None, None));
        let status = "VmPeak:\t    9999 kB\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n";
        assert_eq!(peak_rss(status), Some(2_097_152));
        assert_eq!((peak_rss("VmHWM:\t x kB\n"), peak_rss("Name:\tx\n")), (None, None));
    }

    #[test]
    fn differences_never_fall_below_nothing() {
        let more = Resources { cpu_ns: 5, voluntary_switches: 2, involuntary_switches: 1 };
        assert_eq!(more.since(Resources::default()), more);
        assert_eq!(Resources::default().since(more), Resources::default());
    }

    /// One test, since tests of one process share what is metered.
    #[test]
    fn cpu_time_and_memory_that_was_given_back_are_seen() {
        const SIZE: usize = 64 << 20;
        const CPU_NS: u64 = 20_000_000;
        let meter = Meter::start();
        let until = crate::clock::thread_cpu_ns() + CPU_NS;
        while crate::clock::thread_cpu_ns() < until {}
        drop(black_box(vec![1u8; SIZE]));
        let cost = meter.stop();
        assert!(cost.own.unwrap().cpu_ns >= CPU_NS);
        if let Some(peak) = cost.peak_rss_bytes {
            assert!(peak > SIZE as u64, "{peak}");
        }
    }
}
