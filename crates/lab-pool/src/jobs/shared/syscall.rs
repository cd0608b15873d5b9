//! The least that one can ask of the kernel, again and again.

use crate::jobs::add::in_turns;
use crate::work::{Amount, Done, Host, JobContext, Plan, Work};
use lab_data::burst::Recorder;
use rustix::process::getppid;
use serde::{Deserialize, Serialize};
use std::hint::black_box;

/// Asks the kernel for the parent process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Syscall {
    /// Number of calls.
    pub amount: Amount,
}

impl Work for Syscall {
    const KIND: &'static str = "syscall";

    fn run<H: Host>(&self, context: &mut JobContext<H>, _: &mut Recorder) -> Done {
        let count = in_turns(self.amount, &mut context.host, context.stop, |from, to| {
            for _ in from..to {
                black_box(getppid());
            }
        });
        Ok((count, count.into()))
    }

    fn plan(&self) -> Plan {
        const SLOW_CALL_NS: u64 = 5_000;
        Plan::of(self.amount).waiting(self.amount.steps().unwrap_or(0).saturating_mul(SLOW_CALL_NS))
    }

    fn set_amount(&mut self, amount: Amount) {
        self.amount = amount;
    }
}
