//! Claims: statements to judge, and what each rests on.

mod declaring;
mod part;

pub use declaring::Declaring;
use lab_stats::verdict::Decision;
use part::Note;
pub use part::{ESTIMATE, Load, Needs, Part, missing, part};
use serde::{Deserialize, Serialize};

/// A statement to judge in one runtime.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claim {
    /// A slug that does not change with the wording, such as `threads-useless`.
    pub id: String,
    /// In the words of those who make it.
    pub text: String,
    /// The runtime in which it is judged.
    pub runtime: String,
    /// How the verdicts of its parts make its own.
    pub combination: Combination,
    /// What its verdict rests on.
    pub parts: Vec<Part>,
    /// What is estimated and shown beside it, and decides nothing.
    pub beside: Vec<Part>,
    /// The verdict that the experiment documents for this runtime; none for a check.
    pub expected: Option<Decision>,
    /// What the article says.
    pub article: Option<Decision>,
    /// The whole in a sentence, where all parts hold (or none does, if one would suffice).
    pub(crate) finding: Option<String>,
    /// What a reader takes home if the verdicts are those that are expected.
    pub lesson: Option<String>,
    /// Whether it is said also where the claim is not decided.
    #[serde(default)]
    pub lesson_if_open: bool,
    #[serde(skip)]
    pub(crate) notes: Vec<Note>,
}

impl Claim {
    /// Whether the lesson may be drawn from this verdict: it is the documented one, or none is; or it decides
    /// nothing, and the lesson holds all the same.
    pub fn teaches(&self, verdict: Decision, expected: Option<Decision>) -> bool {
        let is_open = matches!(verdict, Decision::Neither | Decision::Inconclusive);
        expected.is_none_or(|expected| expected == verdict) || (is_open && self.lesson_if_open)
    }
}

/// How the verdicts of parts make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Combination {
    /// There is one part, and its verdict is the claim's.
    One,
    /// The claim holds if all parts do.
    All,
    /// As `All`, each part shown at the level at which any one of them may decide.
    AllShared,
    /// The claim holds if any part does.
    Any,
    /// The parts are checks of the measurement: the claim has no verdict.
    Check,
}
