//! Claims: statements to judge, and what each rests on.

mod declaring;
mod part;

pub use declaring::Declaring;
use lab_stats::verdict::Decision;
use part::Note;
pub use part::{ESTIMATE, Load, Needs, Part, missing, part};
use serde::{Deserialize, Serialize};

/// A statement to judge in one runtime.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
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
    /// What a reader takes home from its verdicts, each with the documented one, if there is one; none if
    /// one is another (but where it decides nothing and the lesson holds all the same), or if a kind of runtime that
    /// could have another was not measured: CPython, or Rust. A claim without a verdict in Rust, in a run
    /// that measured Rust, is about CPython alone; and the other way round.
    pub fn lesson_of(
        &self,
        verdicts: impl IntoIterator<Item = (Decision, Option<Decision>)>,
        runtimes: &[String],
    ) -> Option<&str> {
        let mut verdicts = verdicts.into_iter().peekable();
        let is_told = verdicts.peek().is_some()
            && verdicts.all(|(verdict, expected)| {
                let is_open = matches!(verdict, Decision::Neither | Decision::Inconclusive);
                expected.is_none_or(|expected| expected == verdict)
                    || (is_open && self.lesson_if_open)
            })
            && runtimes.iter().any(|name| name.starts_with("cpython"))
            && runtimes.iter().any(|name| name == "rust");
        self.lesson.as_deref().filter(|_| is_told)
    }
}

/// How the verdicts of parts make one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Combination {
    /// There is one part, and its verdict is the claim's.
    #[default]
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
