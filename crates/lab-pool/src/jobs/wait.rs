//! Waiting, alone and between computations.

use super::add::{SLOW_ADDITION_NS, add_steps, sum_below};
use crate::http::AsyncLoader;
use crate::work::{Answer, Done, Host, JobContext, Native, Plan, Work};
use lab_data::burst::Recorder;
use lab_data::rows::Executor;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Sleeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// How long, in nanoseconds.
    pub ns: u64,
}

impl Work for Wait {
    const KIND: &'static str = "wait";

    fn run<H: Host>(&self, context: &mut JobContext<H>, _: &mut Recorder) -> Done {
        sleep(&mut context.host, self.ns);
        Ok((1, self.ns.into()))
    }

    async fn run_async(&self, _: &AsyncLoader, _: &mut Recorder) -> Done {
        tokio::time::sleep(Duration::from_nanos(self.ns)).await;
        Ok((1, self.ns.into()))
    }

    fn unfit(&self, _: Executor) -> Option<&'static str> {
        None
    }

    fn plan(&self) -> Plan {
        Plan::steps(1).waiting(self.ns)
    }

    fn expected(&self, _: u64) -> Option<Answer> {
        Some(self.ns.into())
    }
}

/// Computes and waits by turns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mix {
    /// How often.
    pub rounds: u64,
    /// Additions per round; the sum over all rounds is the answer.
    pub additions: u64,
    /// Sleep after them, in nanoseconds.
    pub wait_ns: u64,
}

impl Work for Mix {
    const KIND: &'static str = "mix";

    fn run<H: Host>(&self, context: &mut JobContext<H>, _: &mut Recorder) -> Done {
        let mut sum = 0u64;
        for _ in 0..self.rounds {
            sum = sum.wrapping_add(add_steps(self.additions, &mut context.host));
            sleep(&mut context.host, self.wait_ns);
        }
        Ok((self.rounds, sum.into()))
    }

    async fn run_async(&self, _: &AsyncLoader, _: &mut Recorder) -> Done {
        let mut sum = 0u64;
        for _ in 0..self.rounds {
            sum = sum.wrapping_add(add_steps(self.additions, &mut Native));
            tokio::time::sleep(Duration::from_nanos(self.wait_ns)).await;
        }
        Ok((self.rounds, sum.into()))
    }

    fn unfit(&self, _: Executor) -> Option<&'static str> {
        None
    }

    fn plan(&self) -> Plan {
        Plan::steps(self.rounds)
            .computing(self.additions.saturating_mul(SLOW_ADDITION_NS))
            .waiting(self.rounds.saturating_mul(self.wait_ns))
    }

    fn expected(&self, rounds: u64) -> Option<Answer> {
        Some(sum_below(self.additions).wrapping_mul(rounds).into())
    }
}

fn sleep(host: &mut impl Host, ns: u64) {
    host.wait(|| std::thread::sleep(Duration::from_nanos(ns)));
}
