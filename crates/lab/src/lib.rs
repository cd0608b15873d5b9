//! The front door: an experiment depends on this crate and on nothing else.
//!
//! An experiment is one function that declares what is measured, judged and drawn, as data; [`run`]
//! does the rest: command line, blocks, saving, judging, drawing, printing.
//!
//! | room | concept |
//! |---|---|
//! | [`run`], [`Group`], [`text`] | from the command line to the verdict; options in groups; the experiment's own text |
//! | `arms` | what is compared, in what its jobs run, and what those do |
//! | [`record`] | a run as it was saved: all that judges and figures see |
//! | [`design`] | what is declared: claims and figures of arms; and what follows: the schedule, what load can do |
//! | [`measure`] | the one scheduler, and what it needs |
//! | [`judge`](mod@judge) | from the recording to verdicts |
//! | [`show`] | words, tables, figures, traces |
//! | [`advise`] | the user's own work: how many workers suit it |
//! | [`programs`] | the programs of all experiments, for what runs them or reads their designs |
//!
//! Invariants: an experiment opens no file, parses no flag, prints nothing and starts no thread. A
//! judge sees only what was recorded, so it judges old data and new alike. No claim and no number is
//! written twice.

pub mod advise;
mod arms;
mod console;
pub mod design;
pub mod judge;
pub mod measure;
mod options;
pub mod programs;
pub mod record;
mod run;
pub mod show;
pub mod text;

pub use measure::lab::QUOTA;
pub use options::Group;
pub use run::{Declare, Experiment, repeated, run, serve_child};

/// What an experiment needs.
pub mod prelude {
    pub use crate::arms::arm::{
        Arm, StartMethod, Workers, async_tasks, interpreters, pools, processes, rayon, serial,
        threads,
    };
    pub use crate::arms::runtime::Runtime;
    pub use crate::arms::work::{self, ms};
    pub use crate::design::claim::{ESTIMATE, Part, missing, part};
    pub use crate::design::family::Family;
    pub use crate::design::figure as chart;
    pub use crate::design::predicted::found;
    pub use crate::design::quantity::{self, Comparison, Measure, makespan, window};
    pub use crate::design::{Design, article};
    pub use crate::experiment;
    pub use crate::measure::lab::Lab;
    pub use crate::record::{Recording, Trial};
    pub use crate::show::words;
    pub use anyhow::Result;
    pub use lab_data::rows::Executor;
    pub use lab_plot::{Scale, Unit};
    pub use lab_stats::edges::Edges;
    pub use lab_stats::kind::Kind;
    pub use lab_stats::verdict::Decision::{False, True};
    pub use lab_stats::{formulas, lanes, sizing, summary};
    pub use std::process::ExitCode;
    pub use std::time::Duration;
}
