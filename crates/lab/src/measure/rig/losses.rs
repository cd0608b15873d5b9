//! What fails in the middle of a run and does not end it: an interpreter ends its own runtime alone.

use super::Rig;
use crate::arms::arm::Arm;
use crate::arms::runtime::is_interpreter;
use crate::measure::interrupt;
use anyhow::{Result, bail};
use lab_data::rows::Executor;
use lab_pool::PoolError;
use lab_pool::cpython::Skipped;

impl Rig {
    /// Whether no trial of the arm is run any more.
    pub(in crate::measure) fn is_lost(&self, arm: &Arm) -> bool {
        let is_own = |(runtime, executor): &(String, Option<Executor>)| {
            *runtime == arm.runtime && executor.is_none_or(|executor| executor == arm.executor)
        };
        self.lost.iter().any(is_own)
    }

    /// Goes on without an interpreter that failed in this arm, and notes why; the sentence is given
    /// back. Pools of interpreters, which some modules refuse, are left out alone.
    ///
    /// # Errors
    /// The error itself, if it is no interpreter's; and if no runtime is left.
    pub(in crate::measure) fn lose(
        &mut self,
        runtime: &str,
        executor: Executor,
        error: anyhow::Error,
    ) -> Result<String> {
        // Its children go as well then.
        interrupt::park_if_interrupted();
        let is_python = is_interpreter(runtime);
        let of_pool = error.chain().find_map(|cause| cause.downcast_ref::<PoolError>());
        let is_refused = matches!(of_pool, Some(PoolError::Refused(_)));
        let is_of_arm = executor == Executor::Interpreters;
        if !is_python || of_pool.is_none() || (is_refused && !is_of_arm) {
            return Err(error);
        }
        let what = if is_of_arm { format!("{executor} in {runtime}") } else { runtime.to_owned() };
        let skipped = Skipped { what, reason: format!("{error:#}"), is_asked: false }.to_string();
        self.lost.push((runtime.to_owned(), is_of_arm.then_some(executor)));
        let info = &mut self.info;
        info.settings.skipped_runtimes.push(skipped.clone());
        if !is_of_arm {
            info.settings.runtimes.retain(|name| name != runtime);
            info.pythons.retain(|python| python.runtime != runtime);
            self.runtimes.retain(|one| one.name != runtime);
            if self.runtimes.is_empty() {
                bail!("no runtime is left to measure in ({skipped})");
            }
        }
        Ok(skipped)
    }
}
