//! A smaller machine for the length of a trial: one core, or a part of the cores' time.

mod quota;

use crate::error::PoolError;
use quota::Group;
use rustix::process::Pid;
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use serde::{Deserialize, Serialize};

/// What a trial may use of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    /// One core, the first that this process may use, as `taskset` gives it.
    OneCore,
    /// This many cores' worth of time, as a container gets it.
    Quota(f64),
}

/// A limit that is in force until it is dropped.
#[derive(Debug)]
pub(crate) struct Limits {
    pid: Option<Pid>,
    /// What may be used without it.
    before: Option<CpuSet>,
    _group: Option<Group>,
}

impl Limits {
    /// Puts a process under a limit, and all that it starts from now on: an interpreter, or without `pid`
    /// this one (under a limit of cores only the calling thread, and those that it starts).
    ///
    /// # Errors
    /// If this user may not, with the reason.
    pub fn enter(limit: Option<Limit>, pid: Option<u32>) -> Result<Limits, PoolError> {
        let process = pid.and_then(|pid| Pid::from_raw(pid.try_into().ok()?));
        let mut limits = Limits { pid: process, before: None, _group: None };
        match limit {
            None => {}
            Some(Limit::OneCore) => {
                let all = sched_getaffinity(process).map_err(|cause| refused("one core", cause))?;
                let first = (0..CpuSet::MAX_CPU).find(|&core| all.is_set(core)).unwrap_or_default();
                let mut one = CpuSet::new();
                one.set(first);
                sched_setaffinity(process, &one).map_err(|cause| refused("one core", cause))?;
                limits.before = Some(all);
            }
            Some(Limit::Quota(cores)) => {
                let pid = pid.unwrap_or_else(std::process::id);
                let group = Group::enter(pid, cores).map_err(|cause| refused("a quota", cause))?;
                limits._group = Some(group);
            }
        }
        Ok(limits)
    }
}

impl Drop for Limits {
    fn drop(&mut self) {
        if let Some(before) = &self.before {
            // It may be gone.
            let _ = sched_setaffinity(self.pid, before);
        }
    }
}

/// Whether this process may be given a quota here; tried.
pub fn may_set_quota() -> bool {
    Group::enter(std::process::id(), 1.0).is_ok()
}

fn refused(what: &str, cause: impl std::fmt::Display) -> PoolError {
    PoolError::Refused(format!("a trial cannot be held to {what}: {cause}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_core_holds_until_it_is_dropped_and_for_the_threads_that_are_started() {
        let cores = || sched_getaffinity(None).unwrap().count();
        let before = cores();
        {
            let _limits = Limits::enter(Some(Limit::OneCore), None).unwrap();
            assert_eq!((cores(), std::thread::spawn(cores).join().unwrap()), (1, 1));
        }
        assert_eq!(cores(), before);
    }
}
