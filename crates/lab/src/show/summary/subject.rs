//! What is summed up: a run, what it was for, and what came of it.

use crate::advise::advice::Advice;
use crate::design::Design;
use crate::judge::Verdict;
use crate::record::Recording;
use crate::show::predicted::Answered;
use std::path::PathBuf;

/// What is said of a run.
pub(crate) struct Summary<'a> {
    /// What was recorded.
    pub(crate) run: &'a Recording,
    /// What was declared.
    pub(crate) designs: &'a [Design],
    /// What follows.
    pub(crate) verdicts: &'a [Verdict],
    /// The advice, of own work.
    pub(crate) advice: Option<&'a Advice>,
    /// What the reader was asked, and what was found.
    pub(crate) predicted: &'a Answered,
    /// The folder of the data, then the figures and what else was asked for.
    pub(crate) written: &'a [PathBuf],
}
