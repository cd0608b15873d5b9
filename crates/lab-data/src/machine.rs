//! The machine and the build that a run was made with, without which numbers mean little.

use std::fs;

use serde::{Deserialize, Serialize};

use self::usage::MachineTimes;

mod cgroup;
pub mod usage;

pub use cgroup::groups;

const GOVERNOR: &str = "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor";

/// What is known about the machine; `None` where the machine does not tell.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// Name, release and hardware, as `uname` gives them: `Linux 6.1.0 x86_64`.
    pub kernel: String,
    /// The processor's own name.
    pub cpu_model: Option<String>,
    /// Whether it runs on a hypervisor.
    pub virtual_machine: Option<bool>,
    /// How many cores of which sort.
    pub cores: Cores,
    /// Who sets the first core's frequency, as the kernel names it: `performance`, `powersave`. Virtual
    /// machines mostly do not know.
    pub governor: Option<String>,
    /// Mean number of threads that ran or were ready to in the last minute before the run began.
    pub load_average: Option<f64>,
    /// How far this process stands back behind others, from -20 (first) to 19 (last), as nice(1) sets
    /// it; empty in runs that did not ask.
    pub niceness: Option<i32>,
}

/// Numbers of cores.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cores {
    /// What the kernel schedules on: every hyper-thread counts.
    pub logical: u32,
    /// Cores in the hardware's sense, as `num_cpus` counts them.
    pub physical: u32,
    /// How many of them this process may run on.
    pub affinity: Option<u32>,
    /// What this process can use: the smaller of its affinity and its quota rounded up. With a quota
    /// of 1.5 two threads do run at once, though not all the time; rounding down would turn true
    /// bounds (work / cores) into false ones.
    pub usable: u32,
    /// The control group's quota, in cores; `None` without a limit.
    pub quota: Option<f64>,
}

impl Machine {
    /// Reads it, with the load of this moment.
    pub fn read() -> Machine {
        let cpuinfo = text("/proc/cpuinfo");
        let uname = rustix::system::uname();
        let kernel = [uname.sysname(), uname.release(), uname.machine()]
            .map(|part| part.to_string_lossy())
            .join(" ");
        Machine {
            kernel,
            cpu_model: cpu_model(&cpuinfo),
            virtual_machine: virtual_machine(&cpuinfo),
            cores: Cores::read(&cpuinfo),
            governor: word(&text(GOVERNOR)),
            load_average: load_average(&text("/proc/loadavg")),
            niceness: rustix::process::getpriority_process(None).ok(),
        }
    }
}

impl Cores {
    /// How many cores' worth of time this process may have: its quota, where that is less than the
    /// cores that it can use. The bound of CPU jobs.
    pub fn granted(&self) -> f64 {
        let usable = f64::from(self.usable);
        self.quota.map_or(usable, |quota| quota.min(usable))
    }

    /// `num_cpus` knows what affinity and the group's quota leave, in whole cores, and the physical
    /// cores. It does not know how many the machine has beyond that, the affinity by itself, and what
    /// fraction of a core a quota is (or whether a group above sets it): those are read here.
    fn read(cpuinfo: &str) -> Cores {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let available = count(num_cpus::get());
        let quota = cgroup::quota();
        Cores {
            logical: processors(cpuinfo).map_or(available, count),
            physical: count(num_cpus::get_physical()),
            affinity: rustix::thread::sched_getaffinity(None).ok().map(|set| set.count()),
            usable: usable(available, quota),
            quota,
        }
    }
}

/// Which of the things that make verdicts worse this system does not show, in words.
pub fn unseen() -> Vec<&'static str> {
    let seen = [
        ("the load", load_average(&text("/proc/loadavg")).is_some()),
        ("other programs", MachineTimes::read().is_some()),
        ("waiting for a core", usage::thread_run_delay_ns().is_some()),
        ("quotas of control groups", cgroup::is_visible()),
    ];
    let unseen = seen.into_iter().filter(|(_, is_seen)| !is_seen);
    unseen.map(|(what, _)| what).collect()
}

/// Memory that a process can still have without pushing others out, in bytes; none if the kernel
/// does not tell.
pub fn free_memory_bytes() -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|l| l.strip_prefix("MemAvailable:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

/// The compiler that built this, as `rustc --version` gives it.
pub fn rustc() -> Option<&'static str> {
    option_env!("LAB_RUSTC").filter(|version| !version.is_empty())
}

/// How this was built: `opt-level 3, debug assertions off`.
pub fn profile() -> String {
    let level = option_env!("LAB_OPT_LEVEL").unwrap_or("unknown");
    let assertions = if cfg!(debug_assertions) { "on" } else { "off" };
    format!("opt-level {level}, debug assertions {assertions}")
}

/// A file of the kernel; nothing if it has none of this name.
fn text(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// The only word of a file.
fn word(text: &str) -> Option<String> {
    let word = text.trim();
    (!word.is_empty()).then(|| word.to_owned())
}

/// The first value of a key in `/proc/cpuinfo`, whose lines are `key : value`.
fn value<'a>(cpuinfo: &'a str, key: &str) -> Option<&'a str> {
    cpuinfo.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        (name.trim() == key).then_some(value.trim())
    })
}

/// x86 has `model name`, PowerPC `cpu`, some ARM boards `Hardware`.
fn cpu_model(cpuinfo: &str) -> Option<String> {
    ["model name", "cpu", "Hardware"]
        .iter()
        .find_map(|key| value(cpuinfo, key))
        .filter(|model| !model.is_empty())
        .map(str::to_string)
}

/// Only x86 tells, by a flag.
fn virtual_machine(cpuinfo: &str) -> Option<bool> {
    let flags = value(cpuinfo, "flags")?;
    Some(flags.split_whitespace().any(|flag| flag == "hypervisor"))
}

/// How many the kernel schedules on; none if it does not list them.
fn processors(cpuinfo: &str) -> Option<usize> {
    let keys = cpuinfo.lines().filter_map(|line| line.split_once(':'));
    let count = keys.filter(|(key, _)| key.trim() == "processor").count();
    (count > 0).then_some(count)
}

fn load_average(loadavg: &str) -> Option<f64> {
    loadavg.split_whitespace().next()?.parse().ok()
}

fn usable(available: u32, quota: Option<f64>) -> u32 {
    // A conversion of a float to u32 keeps within the bounds of u32.
    let allowed = quota.map_or(u32::MAX, |cores| cores.ceil() as u32);
    available.min(allowed).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const X86: &str = "\
processor\t: 0
vendor_id\t: AuthenticAMD
model\t\t: 17
model name\t: AMD EPYC
flags\t\t: fpu vme hypervisor lahf_lm

processor\t: 1
model name\t: AMD EPYC
flags\t\t: fpu vme hypervisor lahf_lm
";

    const ARM: &str = "processor\t: 0\nBogoMIPS\t: 50.00\nCPU implementer\t: 0x41\n";

    #[test]
    fn model_cores_and_hypervisor_are_read_and_what_is_not_there_is_not_made_up() {
        for (cpuinfo, model, is_virtual, cores) in [
            (X86, Some("AMD EPYC"), Some(true), Some(2)),
            (ARM, None, None, Some(1)),
            ("flags : fpu vme\nmodel name :\n", None, Some(false), None),
            ("", None, None, None),
        ] {
            assert_eq!(cpu_model(cpuinfo).as_deref(), model);
            assert_eq!(virtual_machine(cpuinfo), is_virtual);
            assert_eq!(processors(cpuinfo), cores);
        }
        assert_eq!(load_average("0.52 0.58 0.59 1/389 12345\n"), Some(0.52));
        assert_eq!(load_average(""), None);
        assert_eq!(word("powersave\n").as_deref(), Some("powersave"));
        assert_eq!(word("\n"), None);
    }

    /// Data of earlier versions have no governor, no affinity and no niceness.
    #[test]
    fn a_machine_that_was_recorded_with_less_can_be_read() {
        let mut value = serde_json::to_value(Machine::read()).unwrap();
        for field in ["governor", "niceness"] {
            value.as_object_mut().unwrap().remove(field);
        }
        let cores = value["cores"].as_object_mut().unwrap();
        cores.remove("affinity");
        let machine: Machine = serde_json::from_value(value).unwrap();
        assert_eq!((machine.governor, machine.niceness), (None, None));
        assert_eq!(machine.cores.affinity, None);
    }

    #[test]
    fn usable_cores_are_the_smaller_of_affinity_and_quota_rounded_up_and_never_none() {
        for (available, quota, expected) in [
            (8, None, 8),
            (8, Some(1.5), 2),
            (8, Some(2.0), 2),
            (2, Some(64.0), 2),
            (2, Some(0.1), 1),
            (0, None, 1),
        ] {
            assert_eq!(usable(available, quota), expected);
        }
    }

    #[test]
    fn this_machine_has_a_kernel_and_cores_and_was_built_by_a_compiler() {
        let machine = Machine::read();
        let name = rustix::system::uname().sysname().to_string_lossy().into_owned();
        assert_eq!(machine.kernel.split(' ').next(), Some(name.as_str()));
        assert!(machine.cores.usable >= 1);
        assert!(machine.cores.physical >= 1);
        assert!(rustc().is_some_and(|version| version.starts_with("rustc ")));
        assert!(profile().starts_with("opt-level "));
    }
}
