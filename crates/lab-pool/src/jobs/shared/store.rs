//! Increments of a word that is this job's own; only its place beside others' words is shared.

use crate::jobs::add::in_turns;
use crate::work::{Amount, Done, Host, JobContext, JobError, Plan, Shared, Work};
use lab_data::burst::Recorder;
use serde::{Deserialize, Serialize};
use std::sync::atomic::Ordering;

/// Increments its own word; the answer is by how much that grew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Store {
    /// Which word, of eight bytes each; the first lies at the start of a cache line.
    pub at: usize,
    /// Number of increments.
    pub amount: Amount,
}

impl Work for Store {
    const KIND: &'static str = "store";

    fn run<H: Host>(&self, context: &mut JobContext<H>, _: &mut Recorder) -> Done {
        let word = context.shared.word(self.at).ok_or_else(|| {
            JobError::new(format_args!(
                "there are {} words, and no word {}",
                Shared::WORDS,
                self.at
            ))
        })?;
        let before = word.load(Ordering::Relaxed);
        let count = in_turns(self.amount, &mut context.host, context.stop, |from, to| {
            for _ in from..to {
                word.fetch_add(1, Ordering::Relaxed);
            }
        });
        Ok((count, (word.load(Ordering::Relaxed) - before).into()))
    }

    fn plan(&self) -> Plan {
        const SLOW_STORE_NS: u64 = 500;
        Plan::of(self.amount).computing(SLOW_STORE_NS)
    }

    fn set_amount(&mut self, amount: Amount) {
        self.amount = amount;
    }
}
