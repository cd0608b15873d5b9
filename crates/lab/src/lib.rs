//! The front door: an experiment depends on this crate and on nothing else.
//!
//! An experiment says what to measure, how the record answers, and what to draw; [`run`] does the
//! rest: command line, blocks, saving, judging, drawing, printing.
//!
//! | module | concept |
//! |---|---|
//! | `options` | the one command line, in groups |
//! | `arm`, `control`, `jobs` | what is compared, and with which jobs |
//! | `measuring`, `blocks`, `shuffle` | blocks of trials in shuffled rounds |
//! | `noise`, `looks` | which blocks are run again, and when a run is at its end |
//! | `repeated` | runs one after another, to see how often verdicts are wrong |
//! | `own`, `plan`, `sweep`, `advice` | a user's own work, and how many workers it wants |
//! | `recording`, `checks`, `bound`, `circumstances` | a run as it was saved: all that judges and figures see |
//! | `claim`, `estimate`, `judgement`, `whole` | from the recording to a row of `verdicts.csv` |
//! | `figure`, `line`, `points`, `raw`, `plots` | from the recording to what lab-plot draws, and where it stands |
//! | `trace` | from the recording to a trace for a viewer |
//! | `print` | stdout |
//!
//! Invariants: an experiment opens no file, parses no flag, prints nothing and starts no thread.
//! A judge sees only what was recorded, so it judges old data and new alike.

mod advice;
mod advice_text;
pub mod arm;
pub mod article;
mod best;
mod blocks;
mod bound;
mod checks;
mod circumstances;
pub mod claim;
pub mod control;
pub mod estimate;
mod experiment;
pub mod figure;
mod forecast;
pub mod interrupt;
mod jobs;
pub mod judgement;
mod limits;
mod line;
mod looks;
mod measuring;
mod noise;
mod options;
mod options_own;
mod own;
mod pages;
mod place;
mod plan;
mod plots;
mod points;
mod print;
mod progress;
mod race;
mod raw;
mod recording;
mod repeated;
mod runtimes;
mod shuffle;
mod sweep;
#[cfg(test)]
mod test_rows;
mod trace;
pub mod whole;
pub mod words;
mod writing;

pub use advice::{Advice, Range, Tried};
pub use blocks::Keep;
pub use experiment::{Experiment, provenance, run, serve_child};
pub use interrupt::{SUITE, ending_signals};
pub use looks::of_mode as looks_of;
pub use measuring::Lab;
pub use options::Group;
pub use place::{commit, out_folder, workspace};
pub use print::say;
pub use recording::Recording;
pub use repeated::{Judged, Repeated};
pub use sweep::WaitCompute;

/// What an experiment needs.
pub mod prelude {
    pub use crate::arm::{Arm, ArmId, busy, processes, rayon, serial, tasks, threads};
    pub use crate::claim::{Claim, Expected};
    pub use crate::control::Control;
    pub use crate::estimate::{Estimate, Measure};
    pub use crate::figure::{Figure, by_runtime, shown};
    pub use crate::judgement::Judgement;
    pub use crate::whole::{all_parts, any_part};
    pub use crate::{Keep, Lab, Recording, WaitCompute, article, experiment, words};
    pub use anyhow::Result;
    pub use lab_jobs::{Amount, Job};
    pub use lab_plot::{
        Bars, Cores, Frame, PointMark, ReferenceLine, Region, Scaling, ScalingLine, ScalingPanel,
        Shade, StripPanel, Strips, Timeline, Unit, Waterfall, WaterfallPanel, XAxis, YAxis,
    };
    pub use lab_pool::{Background, Interval, StartMethod};
    pub use lab_record::rows::{Executor, TrialRow, VerdictRow};
    pub use lab_record::run::Mode;
    pub use lab_stats::control::{processes_level, serial_level};
    pub use lab_stats::crossing::below_from;
    pub use lab_stats::edges::Edges;
    pub use lab_stats::lanes::{Slice, hand_overs, slice_quantile, slices};
    pub use lab_stats::parallelism::{parallelism_while, share_with};
    pub use lab_stats::sizing::{SAME, goetz, python_default};
    pub use lab_stats::summary::{at_a_random_moment, median, quantile};
    pub use lab_stats::verdict::{Decision, any_level};
    pub use std::process::ExitCode;
    pub use std::time::Duration;
}
