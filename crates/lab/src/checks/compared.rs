//! What two files say of the same trials. Where most contradict, the files are of two runs, also if
//! both had the same seed: refused. Where a few do, somebody edited them, as one may to see how a
//! rule works: told.

use super::REMEDY;
use anyhow::{Result, ensure};
use std::collections::BTreeSet;

/// What to say of files that contradict a little.
pub(super) const EDITED: &str = "one of the two was edited, or is of another run";

/// However many contradict, somebody may have edited them.
pub(super) const ALL: f64 = 1.0;
/// In two runs hardly a time is the same to the nanosecond.
pub(super) const HALF: f64 = 0.5;
/// That one time is after another can be so by chance.
pub(super) const A_FIFTH: f64 = 0.2;

/// The trials that two files tell of, and those of which they tell different things.
#[derive(Debug, Default)]
pub(super) struct Compared {
    all: BTreeSet<u32>,
    differing: BTreeSet<u32>,
}

impl Compared {
    pub(super) fn add(&mut self, trial: u32, is_alike: bool) {
        self.all.insert(trial);
        if !is_alike {
            self.differing.insert(trial);
        }
    }

    /// Refuses files of two runs, in which more than `most` of the trials contradict, and gives what to
    /// say of edited ones. `contradiction` is given the words for the trials.
    pub(super) fn check(
        &self,
        most: f64,
        contradiction: impl Fn(&str) -> String,
    ) -> Result<Option<String>> {
        let (differ, all) = (self.differing.len(), self.all.len());
        let Some(first) = self.differing.first() else {
            return Ok(None);
        };
        let of = contradiction(&format!("{differ} of {all} trials, of trial {first} first"));
        ensure!(
            all < 2 || differ as f64 <= most * all as f64,
            "{of}; {REMEDY}"
        );
        Ok(Some(format!("{of}; {EDITED}")))
    }
}
