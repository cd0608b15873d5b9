//! Reads an object that is this job's own, or one that all workers share.

use crate::jobs::add::in_turns;
use crate::work::{Amount, Done, HOLDS_UP_TASKS, Host, JobContext, Plan, Work};
use lab_data::burst::Recorder;
use lab_data::rows::Executor;
use serde::{Deserialize, Serialize};
use std::hint::black_box;
use std::sync::Arc;

/// Touches an object, again and again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touch {
    /// The object, and what is done with it.
    pub what: Touched,
    /// Whether it is one object for all workers, made by the thread that starts them and does no job.
    pub shared: bool,
    /// Number of times.
    pub amount: Amount,
}

/// What is touched in CPython. Natively it is an `Arc` whatever is named, so that there is a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Touched {
    /// An `Arc` is cloned and dropped: natively only.
    Arc,
    /// An attribute is read.
    Attribute,
    /// A dictionary is read.
    Dict,
    /// A list is read, element by element.
    List,
    /// A list is appended to.
    Append,
}

impl Touched {
    /// The word for it, as in the JSON.
    pub fn name(self) -> &'static str {
        match self {
            Touched::Arc => "arc",
            Touched::Attribute => "attribute",
            Touched::Dict => "dict",
            Touched::List => "list",
            Touched::Append => "append",
        }
    }
}

impl Work for Touch {
    const KIND: &'static str = "touch";

    fn run<H: Host>(&self, context: &mut JobContext<H>, _: &mut Recorder) -> Done {
        let object = context.shared.object(self.shared);
        let count = in_turns(self.amount, &mut context.host, context.stop, |from, to| {
            for _ in from..to {
                black_box(Arc::clone(&object));
            }
        });
        Ok((count, count.into()))
    }

    fn unfit(&self, executor: Executor) -> Option<&'static str> {
        match executor {
            Executor::Processes | Executor::Interpreters if self.shared => {
                Some("its workers share no object")
            }
            Executor::Async => Some(HOLDS_UP_TASKS),
            _ => None,
        }
    }

    fn plan(&self) -> Plan {
        const SLOW_TOUCH_NS: u64 = 1_000;
        Plan::of(self.amount).computing(SLOW_TOUCH_NS)
    }

    fn set_amount(&mut self, amount: Amount) {
        self.amount = amount;
    }

    fn variant(&self) -> &'static str {
        self.what.name()
    }
}
