//! Increments of a counter that all workers share.

use super::add::in_turns;
use crate::work::{Amount, Done, HOLDS_UP_TASKS, Host, JobContext, Plan, Work};
use lab_data::burst::Recorder;
use lab_data::rows::Executor;
use serde::{Deserialize, Serialize};
use std::sync::atomic::Ordering;

/// Increments the pool's counter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Number of increments.
    pub amount: Amount,
}

impl Work for Count {
    const KIND: &'static str = "count";

    fn run<H: Host>(&self, context: &mut JobContext<H>, _: &mut Recorder) -> Done {
        let counter = context.shared.counter();
        let count = in_turns(self.amount, &mut context.host, context.stop, |from, to| {
            for _ in from..to {
                counter.fetch_add(1, Ordering::Relaxed);
            }
        });
        Ok((count, count.into()))
    }

    fn unfit(&self, executor: Executor) -> Option<&'static str> {
        match executor {
            Executor::Processes => Some("processes share no counter"),
            Executor::Interpreters => Some("interpreters share no counter"),
            Executor::Async => Some(HOLDS_UP_TASKS),
            Executor::Serial | Executor::Threads | Executor::Rayon => None,
        }
    }

    fn plan(&self) -> Plan {
        const SLOW_INCREMENT_NS: u64 = 2_000;
        Plan::of(self.amount).computing(SLOW_INCREMENT_NS)
    }

    fn set_amount(&mut self, amount: Amount) {
        self.amount = amount;
    }
}
