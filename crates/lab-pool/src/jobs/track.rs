//! The live tracker: a job that does nothing but note when it runs, and where.

use crate::work::{Amount, Done, Host, JobContext, Plan, Work};
use lab_data::burst::Recorder;
use lab_data::clock;
use serde::{Deserialize, Serialize};

/// Reads the clock and the core again and again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Track {
    /// Number of readings.
    pub amount: Amount,
}

impl Work for Track {
    const KIND: &'static str = "track";

    fn run<H: Host>(&self, context: &mut JobContext<H>, recorder: &mut Recorder) -> Done {
        let mut done = 0;
        while !self.amount.is_reached(done, context.stop) {
            recorder.sample(clock::now_ns(), clock::core_id);
            done += 1;
            context.host.turn();
        }
        Ok((done, done.into()))
    }

    fn plan(&self) -> Plan {
        const SLOW_SAMPLE_NS: u64 = 2_000;
        let readings = self.amount.steps().unwrap_or_default();
        Plan { readings, ..Plan::of(self.amount).waiting(readings.saturating_mul(SLOW_SAMPLE_NS)) }
    }

    fn set_amount(&mut self, amount: Amount) {
        self.amount = amount;
    }
}
