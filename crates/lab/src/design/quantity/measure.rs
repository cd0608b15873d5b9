//! A number that a trial gives, and that number of an arm.

use crate::arms::arm::Arm;
use crate::record::Trial;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Which rows of a trial a measure reads besides the trial's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Rows {
    Trial,
    Jobs,
    Spans,
}

/// What a core that is missing does to a measure of work that needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Sense {
    /// A time with the start of the workers: it gets longer.
    TimeWithStart,
    /// A time of work that has begun: it gets longer.
    Time,
    /// A number of jobs at once, or a share of them: it gets smaller.
    AtOnce,
    /// What the origin recorded of its own pages: it stays.
    Recorded,
}

/// Gives a number for a trial, or none where the trial has nothing of the kind.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Measure {
    pub(crate) name: Cow<'static, str>,
    pub(crate) rows: Rows,
    pub(crate) sense: Sense,
    /// Whether it is how many times as long, not how long.
    #[serde(default)]
    pub(crate) is_factor: bool,
    /// None in a design that was read back: it can be judged by nobody who lacks the experiment.
    #[serde(skip)]
    pub(crate) of: Option<fn(&Trial) -> Option<f64>>,
}

impl PartialEq for Measure {
    fn eq(&self, other: &Measure) -> bool {
        self.name == other.name
    }
}

impl Measure {
    pub(super) const fn new(
        name: &'static str,
        rows: Rows,
        sense: Sense,
        of: fn(&Trial) -> Option<f64>,
    ) -> Measure {
        Measure { name: Cow::Borrowed(name), rows, sense, is_factor: false, of: Some(of) }
    }

    /// A time that an experiment reads from a trial and its jobs, in nanoseconds.
    pub const fn of_jobs(name: &'static str, of: fn(&Trial) -> Option<f64>) -> Measure {
        Measure::new(name, Rows::Jobs, Sense::TimeWithStart, of)
    }

    /// A time that an experiment reads from the spans of a trial, in nanoseconds.
    pub const fn of_spans(name: &'static str, of: fn(&Trial) -> Option<f64>) -> Measure {
        Measure::new(name, Rows::Spans, Sense::Time, of)
    }

    /// A number that an experiment reads from a trial's jobs, and that no busy neighbour moves in one
    /// direction.
    pub const fn counted(name: &'static str, of: fn(&Trial) -> Option<f64>) -> Measure {
        Measure::new(name, Rows::Jobs, Sense::Recorded, of)
    }

    /// A share or number of jobs that run at once, which an experiment reads from the spans.
    pub const fn at_once(name: &'static str, of: fn(&Trial) -> Option<f64>) -> Measure {
        Measure::new(name, Rows::Spans, Sense::AtOnce, of)
    }

    /// The number that it gives for a trial.
    pub fn value(&self, trial: &Trial) -> Option<f64> {
        self.of?(trial)
    }

    /// This measure, whose number is a factor or a count, without a unit.
    pub const fn as_factor(mut self) -> Measure {
        self.is_factor = true;
        self
    }

    /// This measure of an arm.
    pub fn on(&self, arm: &Arm) -> Quantity {
        Quantity { measure: self.clone(), arm: arm.clone() }
    }

    /// Whether it is a time that trials took.
    pub(crate) fn is_time(&self) -> bool {
        matches!(self.sense, Sense::TimeWithStart | Sense::Time)
    }
}

/// A measure of an arm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quantity {
    pub(crate) measure: Measure,
    pub(crate) arm: Arm,
}

impl Quantity {
    /// The arm that is measured.
    pub fn arm(&self) -> &Arm {
        &self.arm
    }

    /// The name of the measure.
    pub fn name(&self) -> &str {
        &self.measure.name
    }

    /// The same measure of another arm.
    pub fn on(&self, arm: &Arm) -> Quantity {
        self.measure.on(arm)
    }

    /// The same of the arm's second measurement in each round.
    pub fn again(&self) -> Quantity {
        self.on(&self.arm.replicate())
    }
}
