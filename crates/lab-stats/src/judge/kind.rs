//! The kind of an estimate, which says how it is computed and how it is shown.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The kind of an estimate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// How many times as large one time or rate is as another: `1.02×`.
    #[default]
    Ratio,
    /// A share, from 0 to 1: `97 %`.
    Share,
    /// A mean number, such as of jobs at once: `1.98`.
    Level,
    /// The median of something that scatters, such as slices, divided by what it should be: `1.02×`.
    Distribution,
}

impl Kind {
    /// The word in `verdicts.csv`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Ratio => "ratio",
            Kind::Share => "share",
            Kind::Level => "level",
            Kind::Distribution => "distribution",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
