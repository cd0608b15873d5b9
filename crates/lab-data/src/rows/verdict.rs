//! The rows of `verdicts.csv`.

use lab_stats::edges::Edges;
use lab_stats::kind::Kind;
use lab_stats::verdict::Decision;
use serde::{Deserialize, Serialize};

/// `verdicts.csv`: an estimate and what follows from it. Readable beside those of other runs and
/// machines: each row names its experiment and its run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VerdictRow {
    /// Name of the experiment.
    pub experiment: String,
    /// The run, as in `run.json`.
    pub run_id: String,
    /// A short name of the claim, which stays when the wording changes: `threads-useless`.
    pub claim_id: String,
    /// The claim, in its own words.
    pub claim: String,
    /// Empty for the claim's own verdict; else the part or supporting case that this row is about.
    pub part: String,
    /// Where it was tested.
    pub runtime: String,
    /// How the estimate was computed, and how it is shown.
    pub kind: Kind,
    /// What was estimated, in words.
    pub measure: String,
    /// The arm above the line.
    pub arm_a: String,
    /// The arm below the line, if the measure compares two.
    pub arm_b: String,
    /// The estimate that is judged; its unit follows from its kind.
    pub estimate: Option<f64>,
    /// Lower end of its interval.
    pub low: Option<f64>,
    /// Upper end of its interval.
    pub high: Option<f64>,
    /// Confidence of the interval, such as 0.95.
    pub level: Option<f64>,
    /// Number of blocks that were judged.
    pub blocks: u32,
    /// TRUE above this, …
    pub true_low: Option<f64>,
    /// … and below this; empty where there is no such edge. See [`Edges`].
    pub true_high: Option<f64>,
    /// FALSE below this, …
    pub false_low: Option<f64>,
    /// … and above this; empty where there is no such edge.
    pub false_high: Option<f64>,
    /// What is shown where it is not what is judged: a plain ratio, say, beside one that is compared
    /// with half of a control.
    pub shown_estimate: Option<f64>,
    /// Lower end of its interval.
    pub shown_low: Option<f64>,
    /// Upper end of its interval.
    pub shown_high: Option<f64>,
    /// Lower limit of the positive control, where the verdict needs one.
    pub control_low: Option<f64>,
    /// Lower limit of the replicate's ratio to its arm.
    pub null_low: Option<f64>,
    /// Upper limit of the replicate's ratio to its arm.
    pub null_high: Option<f64>,
    /// What the estimate says about the claim.
    pub verdict: Decision,
    /// The verdict that the experiment documents for this runtime; empty for a part.
    pub expected: Option<Decision>,
    /// The finding in a sentence, or why there is none: to be read, not to be searched.
    pub reason: String,
    /// The same measure, computed from the articles' own numbers.
    pub article_estimate: Option<f64>,
    /// What the article says.
    pub article_verdict: Option<Decision>,
}

impl VerdictRow {
    /// Its edges; none if all four cells are empty.
    pub fn edges(&self) -> Option<Edges> {
        let cells = [self.true_low, self.true_high, self.false_low, self.false_high];
        let is_given = cells.iter().any(Option::is_some);
        is_given.then(|| Edges::from_cells(cells))
    }

    /// The edges of what is shown: where another number is shown than is judged, half of a control, say,
    /// whatever that was on this machine.
    pub fn shown_edges(&self) -> Option<Edges> {
        let scale = self.shown_estimate.zip(self.estimate);
        let scale = scale.map_or(1.0, |(shown, judged)| shown / judged);
        let cells = self.edges()?.cells().map(|edge| edge.map(|edge| scale * edge));
        Some(Edges::from_cells(cells))
    }

    /// Estimate, lower and upper end as they are shown; none without an estimate.
    pub fn shown(&self) -> Option<(f64, f64, f64)> {
        let shown = || Some((self.shown_estimate?, self.shown_low?, self.shown_high?));
        let judged = || Some((self.estimate?, self.low?, self.high?));
        shown().or_else(judged)
    }
}
