//! What one comparison has to say of a claim.

use crate::design::quantity::Comparison;
use crate::record::{Computed, Recording};
use lab_stats::edges::Edges;
use lab_stats::verdict::Decision;
use serde::{Deserialize, Serialize};

/// Where a finding shows its estimate.
pub const ESTIMATE: &str = "{}";

/// What one comparison has to say of a claim.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Part {
    /// What it is called beside its claim; empty if it is all of it.
    pub name: String,
    /// What is estimated, or why nothing can be.
    pub basis: Result<Comparison, String>,
    /// Where it is TRUE and FALSE.
    pub edges: Option<Edges>,
    /// The finding, with [`ESTIMATE`] where the number goes.
    pub(crate) finding: String,
    /// The finding where the number is clearly below 1.
    pub(crate) finding_if_slower: Option<String>,
    /// The same number, from the article.
    pub article: Option<f64>,
    /// What it needs of the machine.
    pub needs: Needs,
    /// Whether the edge is half of the control's log speed-up.
    pub over_half_of_control: bool,
    /// Whether the A/A arm can veto it although its claim does not rest on it.
    pub vetoed_by_replicate: bool,
    /// What a busy neighbour can bring about, where that does not follow from the arms.
    pub load: Option<Load>,
    #[serde(skip)]
    pub(crate) notes: Vec<Note>,
}

/// What a verdict needs of the machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needs {
    /// Two cores that may be used at once.
    pub two_cores: bool,
    /// Native processes that were faster than serial in the same blocks (the positive control).
    pub parallel_cores: bool,
    /// A measure of parallelism that reads 1 for serial, and the cores for native processes.
    pub calibrated: bool,
}

/// What a busy neighbour can bring about by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Load {
    /// The decision.
    pub decision: Decision,
    /// Why.
    pub why: String,
}

/// A remark that follows a finding; none if there is nothing to say.
pub(crate) type Note = Computed<Option<String>>;

/// A comparison with the sentence that says what it found.
pub fn part(name: impl Into<String>, comparison: impl Into<Comparison>) -> Part {
    Part::on(name.into(), Ok(comparison.into()))
}

/// A part that cannot be judged with what was asked for: says what is missing and what to do.
pub fn missing(name: impl Into<String>, why: impl Into<String>) -> Part {
    Part::on(name.into(), Err(why.into()))
}

impl From<Comparison> for Part {
    fn from(comparison: Comparison) -> Part {
        part("", comparison)
    }
}

impl Part {
    /// Whether the A/A arm can veto it; `decides` says whether its claim rests on it.
    pub(crate) fn is_vetoed(&self, decides: bool) -> bool {
        decides || self.vetoed_by_replicate
    }

    fn on(name: String, basis: Result<Comparison, String>) -> Part {
        Part {
            name,
            basis,
            edges: None,
            finding: ESTIMATE.to_owned(),
            finding_if_slower: None,
            article: None,
            needs: Needs::default(),
            over_half_of_control: false,
            vetoed_by_replicate: false,
            load: None,
            notes: Vec::new(),
        }
    }

    /// The finding in a sentence, with [`ESTIMATE`] where the number goes.
    pub fn finding(mut self, text: impl Into<String>) -> Part {
        self.finding = text.into();
        self
    }

    /// Another sentence where the number is clearly below 1.
    pub fn finding_if_slower(mut self, text: impl Into<String>) -> Part {
        self.finding_if_slower = Some(text.into());
        self
    }

    /// Other edges than the claim's.
    pub fn edges(mut self, edges: Edges) -> Part {
        self.edges = Some(edges);
        self
    }

    /// The same number, from the article.
    pub fn article(mut self, estimate: impl Into<Option<f64>>) -> Part {
        self.article = estimate.into();
        self
    }

    /// No verdict unless native processes were faster than serial in the same blocks.
    pub fn needs_parallel_cores(mut self) -> Part {
        self.needs.parallel_cores = true;
        self
    }

    /// No verdict on one core.
    pub fn needs_two_cores(mut self) -> Part {
        self.needs.two_cores = true;
        self
    }

    /// TRUE above half of the log speed-up that native processes reach in the same blocks, so that
    /// no constant is needed for 2, 4 or 64 cores.
    pub fn over_half_of_control(mut self) -> Part {
        self.over_half_of_control = true;
        self.needs_parallel_cores()
    }

    /// The A/A arm can veto it as it does what a claim rests on.
    pub fn vetoed_by_replicate(mut self) -> Part {
        self.vetoed_by_replicate = true;
        self
    }

    /// A busy neighbour can bring about this verdict, for a reason that does not follow from how
    /// many cores the arms need.
    pub fn confounded_by_load(mut self, decision: Decision, why: &str) -> Part {
        self.load = Some(Load { decision, why: why.to_owned() });
        self
    }

    /// A remark that follows the finding, computed from what was recorded.
    pub fn note(
        mut self,
        note: impl Fn(&Recording) -> Option<String> + Send + Sync + 'static,
    ) -> Part {
        self.notes.push(Note::new(note));
        self
    }
}
