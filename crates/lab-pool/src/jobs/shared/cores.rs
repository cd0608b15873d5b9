//! Asks how many cores there are, in one of the ways in which programs ask it.

use crate::work::{Answer, Done, Host, JobContext, JobError, Plan, Work};
use lab_data::burst::Recorder;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Asks how many cores there are; the number is the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cores {
    /// Who is asked.
    pub ask: Source,
}

/// Who says how many cores there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Source {
    /// `std::thread::available_parallelism`, natively.
    #[serde(rename = "available_parallelism")]
    AvailableParallelism,
    /// `num_cpus::get`, natively.
    #[serde(rename = "num_cpus::get")]
    NumCpus,
    /// `sched_getaffinity` of the kernel, natively and in CPython.
    #[serde(rename = "sched_getaffinity")]
    Affinity,
    /// `os.cpu_count`, in CPython.
    #[serde(rename = "os.cpu_count")]
    CpuCount,
    /// `os.process_cpu_count`, in CPython 3.13 and later.
    #[serde(rename = "os.process_cpu_count")]
    ProcessCpuCount,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(match self {
            Source::AvailableParallelism => "available_parallelism",
            Source::NumCpus => "num_cpus::get",
            Source::Affinity => "sched_getaffinity",
            Source::CpuCount => "os.cpu_count",
            Source::ProcessCpuCount => "os.process_cpu_count",
        })
    }
}

impl Work for Cores {
    const KIND: &'static str = "cores";

    fn run<H: Host>(&self, _: &mut JobContext<H>, _: &mut Recorder) -> Done {
        let number = match self.ask {
            Source::AvailableParallelism => {
                let number = std::thread::available_parallelism().map_err(JobError::new)?;
                number.get() as u64
            }
            Source::NumCpus => num_cpus::get() as u64,
            Source::Affinity => {
                rustix::thread::sched_getaffinity(None).map_err(JobError::new)?.count().into()
            }
            python => {
                return Err(JobError::new(format_args!("{python} is a function of CPython's")));
            }
        };
        Ok((1, number.into()))
    }

    fn plan(&self) -> Plan {
        Plan::steps(1)
    }

    /// Whether it is right is what the experiment asks.
    fn expected(&self, _: u64) -> Option<Answer> {
        None
    }
}
