//! What of a trial is looked at, and how two of them are compared.
//!
//! A [`Measure`] gives a number for a trial; a [`Quantity`] is a measure of an arm; a [`Comparison`]
//! is what a claim rests on: a ratio of two quantities, a share or a level of one, or one against
//! the best of several.

use crate::arms::arm::Arm;
use crate::record::Trial;
use lab_data::rows::Kind;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::ops::Div;

/// Which rows of a trial a measure reads besides the trial's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Rows {
    Trial,
    Jobs,
    Spans,
}

/// What a core that is missing does to a measure of work that wants it.
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
    const fn new(
        name: &'static str,
        rows: Rows,
        sense: Sense,
        of: fn(&Trial) -> Option<f64>,
    ) -> Measure {
        Measure { name: Cow::Borrowed(name), rows, sense, of: Some(of) }
    }

    /// A time that an experiment reads from a trial and its jobs, in nanoseconds.
    pub const fn of_jobs(name: &'static str, of: fn(&Trial) -> Option<f64>) -> Measure {
        Measure::new(name, Rows::Jobs, Sense::TimeWithStart, of)
    }

    /// A time that an experiment reads from the spans of a trial, in nanoseconds.
    pub const fn of_spans(name: &'static str, of: fn(&Trial) -> Option<f64>) -> Measure {
        Measure::new(name, Rows::Spans, Sense::Time, of)
    }

    /// A share or number of jobs that run at once, which an experiment reads from the spans.
    pub const fn at_once(name: &'static str, of: fn(&Trial) -> Option<f64>) -> Measure {
        Measure::new(name, Rows::Spans, Sense::AtOnce, of)
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

/// What a claim rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    pub(crate) what: What,
    /// How often a round measures what is compared.
    pub(crate) repeats: u32,
}

/// How an estimate is made of the blocks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each variant says what its fields are")]
pub enum What {
    /// How many times `over` is `under`, block by block; of one arm, trial by trial.
    Ratio { over: Quantity, under: Quantity },
    /// The mean over the blocks: a share or a level.
    Mean { kind: Kind, of: Quantity },
    /// How many times the time of the best of several arms the A/A arm of `of` takes. The best of
    /// the even blocks is the measure of the odd ones, and the other way round.
    OverBest { of: Quantity, all: Vec<Arm> },
}

impl Comparison {
    fn new(what: What) -> Comparison {
        Comparison { what, repeats: 1 }
    }

    /// Measures what is compared `times` times in each round, right after one another: where a few
    /// per cent decide.
    pub fn repeated(mut self, times: u32) -> Comparison {
        self.repeats = times.max(1);
        self
    }

    /// What is compared with what.
    pub fn what(&self) -> &What {
        &self.what
    }

    /// Whether it is a ratio, a share or a level.
    pub fn kind(&self) -> Kind {
        match &self.what {
            What::Mean { kind, .. } => *kind,
            _ => Kind::Ratio,
        }
    }

    /// The quantities that it reads, the one above the line first.
    pub(crate) fn quantities(&self) -> Vec<&Quantity> {
        match &self.what {
            What::Ratio { over, under } => vec![over, under],
            What::Mean { of, .. } | What::OverBest { of, .. } => vec![of],
        }
    }

    /// All arms whose trials it reads.
    pub(crate) fn arms(&self) -> Vec<Arm> {
        let mut arms: Vec<Arm> = self.quantities().iter().map(|of| of.arm.clone()).collect();
        if let What::OverBest { of, all } = &self.what {
            arms.push(of.arm.replicate());
            arms.extend(all.iter().cloned());
        }
        arms.dedup();
        arms
    }

    /// Whether both sides are one and the same, so that nothing is compared.
    pub(crate) fn is_of_one_side(&self) -> bool {
        match &self.what {
            What::Ratio { over, under } => over == under,
            What::Mean { .. } => false,
            What::OverBest { all, .. } => all.len() < 2,
        }
    }
}

impl Div for Quantity {
    type Output = Comparison;

    /// How many times one quantity is the other.
    fn div(self, under: Quantity) -> Comparison {
        Comparison::new(What::Ratio { over: self, under })
    }
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

    /// The mean share, from 0 to 1, over the blocks.
    pub fn as_share(self) -> Comparison {
        Comparison::new(What::Mean { kind: Kind::Share, of: self })
    }

    /// The mean number over the blocks.
    pub fn as_level(self) -> Comparison {
        Comparison::new(What::Mean { kind: Kind::Level, of: self })
    }

    /// How many times the time of the best of `all` this arm takes when it is measured a second time.
    pub fn over_best(self, all: &[Arm]) -> Comparison {
        Comparison::new(What::OverBest { of: self, all: all.to_vec() })
    }
}

/// From just before the pool is made to the last answer in hand: "is it faster?".
pub const MAKESPAN: Measure =
    Measure::new("makespan", Rows::Trial, Sense::TimeWithStart, |trial| {
        trial.row.makespan_ns.map(|ns| ns as f64)
    });

/// From the first job's start to the last job's end: "how do jobs run?".
pub const WINDOW: Measure = Measure::new("work window", Rows::Trial, Sense::Time, |trial| {
    trial.row.window_ns.map(|ns| ns as f64)
});

const MAKESPAN_WHEN_READY: Measure =
    Measure::new("makespan from a ready pool", Rows::Trial, Sense::Time, |trial| {
        let ns = trial.row.makespan_ns?.checked_sub(trial.row.ready_ns?)?;
        Some(ns as f64)
    });

const LIST_SCHEDULING: Measure =
    Measure::new("makespan of list scheduling", Rows::Jobs, Sense::Recorded, |trial| {
        Some(trial.list_scheduling_ns()? as f64)
    });

const SLOWEST_PAGE: Measure =
    Measure::new("time of the slowest page", Rows::Jobs, Sense::Recorded, |trial| {
        Some(trial.service_times()?.into_iter().max()? as f64)
    });

const ALL_PAGES: Measure =
    Measure::new("sum of the pages' own times", Rows::Jobs, Sense::Recorded, |trial| {
        Some(trial.service_times()?.iter().sum::<u64>() as f64)
    });

const TIME_PER_JOB: Measure = Measure::new("time per job", Rows::Trial, Sense::Time, |trial| {
    Some(trial.row.window_ns? as f64 / f64::from(trial.row.jobs))
});

/// The work window divided by the steps of the first job.
pub const TIME_PER_STEP: Measure =
    Measure::new("time per step", Rows::Jobs, Sense::Time, |trial| {
        let steps = trial.jobs().first()?.count?;
        Some(trial.row.window_ns? as f64 / steps as f64)
    });

const SWITCHES: Measure = Measure::new("switches", Rows::Trial, Sense::Recorded, |trial| {
    let row = trial.row;
    Some((row.voluntary_switches? + row.involuntary_switches?) as f64)
});

const TWO_OR_MORE: Measure =
    Measure::new("share of time with two or more running", Rows::Spans, Sense::AtOnce, |trial| {
        trial.share_with_running(2)
    });

const RUNNING: Measure =
    Measure::new("jobs running at once", Rows::Spans, Sense::AtOnce, |trial| trial.parallelism());

/// From just before the pool is made to the last answer in hand.
pub fn makespan(arm: &Arm) -> Quantity {
    MAKESPAN.on(arm)
}

/// From the first job's start to the last job's end.
pub fn window(arm: &Arm) -> Quantity {
    WINDOW.on(arm)
}

/// From the moment at which the pool was ready to the last answer in hand.
pub fn makespan_when_ready(arm: &Arm) -> Quantity {
    MAKESPAN_WHEN_READY.on(arm)
}

/// The makespan of list scheduling: the jobs in order of submission, each as long as the origin
/// recorded that it served it, on the arm's workers.
pub fn list_scheduling(arm: &Arm) -> Quantity {
    LIST_SCHEDULING.on(arm)
}

/// How long the origin served the slowest page.
pub fn slowest_page(arm: &Arm) -> Quantity {
    SLOWEST_PAGE.on(arm)
}

/// How long the origin served all pages, added up.
pub fn all_pages(arm: &Arm) -> Quantity {
    ALL_PAGES.on(arm)
}

/// The work window divided by the number of jobs.
pub fn time_per_job(arm: &Arm) -> Quantity {
    TIME_PER_JOB.on(arm)
}

/// The work window divided by the steps of the first job: how long an answer of an echo takes.
pub fn time_per_step(arm: &Arm) -> Quantity {
    TIME_PER_STEP.on(arm)
}

/// How often the kernel took a worker off its core, or it gave the core up.
pub fn switches(arm: &Arm) -> Quantity {
    SWITCHES.on(arm)
}

/// Of the time in which every core has something to run, the share with two or more jobs running.
pub fn two_or_more(arm: &Arm) -> Quantity {
    TWO_OR_MORE.on(arm)
}

/// How many jobs run at once while every core has something to run.
pub(crate) fn running(arm: &Arm) -> Quantity {
    RUNNING.on(arm)
}
