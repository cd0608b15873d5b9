//! The tables of `data/bench`, and the folder's name.

use serde::{Deserialize, Serialize};

/// Folder below `data/`, and the start of the figures' names.
pub const NAME: &str = "bench";
/// [`MeasurementRow`]s: all that was measured.
pub(crate) const MEASUREMENTS: &str = "measurements.csv";
/// [`SkippedRow`]s.
pub(crate) const SKIPPED: &str = "skipped.csv";
/// [`ResultRow`]s: made from the other two, again at every look.
pub const RESULTS: &str = "results.csv";

/// What one subject took in one round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct MeasurementRow {
    /// What is compared: only subjects of one comparison and round are.
    pub comparison: String,
    /// Who was measured.
    pub subject: String,
    /// How many things it did: samples, rows, jobs, workers or pages, as the comparison has it.
    pub size: u64,
    /// Number of the round, from 0. Its subjects were measured one right after the other.
    pub round: u32,
    /// How long it took, in nanoseconds.
    pub time_ns: u64,
    /// The most memory that it and its children held at once, in bytes; none where that was not
    /// looked at.
    pub peak_rss_bytes: Option<u64>,
    /// The share of the machine's time that others had during the round, the hypervisor included;
    /// none where the round was too short to tell, or the system does not.
    pub others_share: Option<f64>,
    /// Whether that was too much for the round to count.
    pub disturbed: bool,
}

/// What was not measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct SkippedRow {
    /// As in [`MeasurementRow`].
    pub comparison: String,
    /// As in [`MeasurementRow`]; empty if it is all of them.
    pub subject: String,
    /// Why, in words.
    pub reason: String,
}

/// What came of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResultRow {
    /// In words.
    pub what: String,
    /// What the numbers are: `times as fast`, `times`, `ns`, `1/s` or `bytes`.
    pub unit: String,
    /// The median over the rounds; none if there is none to be trusted.
    pub estimate: Option<f64>,
    /// The lower quartile.
    pub low: Option<f64>,
    /// The upper quartile.
    pub high: Option<f64>,
    /// How many rounds counted.
    pub rounds: u32,
    /// Where the goal lies; none for what is only named beside.
    pub target: Option<f64>,
    /// `least` or `most`; empty without a target.
    pub target_is: String,
    /// `met`, `not met`, `disturbed`, `not measured`, `other size`; empty without a target.
    pub verdict: String,
    /// Why there is no estimate or no verdict; mostly empty.
    pub reason: String,
}
