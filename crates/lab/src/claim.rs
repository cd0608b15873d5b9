//! Claims, and the verdicts that the experiments document for them.

use crate::recording::Recording;
use lab_stats::verdict::Decision;

/// A statement to judge.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// In the words of those who make it.
    pub text: &'static str,
    /// The verdict that the experiment documents.
    pub expected: Expected,
    /// What the article says.
    pub article: Option<Decision>,
}

/// The verdict that an experiment documents: for threads that share a global interpreter lock, and
/// for those that do not.
#[derive(Clone, Copy, Debug)]
pub struct Expected {
    with_gil: Decision,
    without: Decision,
}

impl Expected {
    /// The same in every runtime.
    pub const fn always(decision: Decision) -> Expected {
        Expected {
            with_gil: decision,
            without: decision,
        }
    }

    /// This one under a GIL; follow it with [`Expected::without`].
    pub const fn with_gil(decision: Decision) -> Expected {
        Expected::always(decision)
    }

    /// This one in runtimes without a GIL.
    pub const fn without(mut self, decision: Decision) -> Expected {
        self.without = decision;
        self
    }
}

impl Claim {
    /// The documented verdict for a runtime of the run, as in `verdicts.csv`.
    pub(crate) fn expected_in(&self, run: &Recording, runtime: &str) -> String {
        match run.has_gil(runtime) {
            true => self.expected.with_gil,
            false => self.expected.without,
        }
        .to_string()
    }

    /// What the article says, as in `verdicts.csv`; empty if it says nothing.
    pub(crate) fn article_verdict(&self) -> String {
        self.article
            .map(|verdict| verdict.to_string())
            .unwrap_or_default()
    }
}
