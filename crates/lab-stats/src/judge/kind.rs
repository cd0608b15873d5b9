//! The kind of an estimate, which says how it is computed and how it is shown.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The kind of an estimate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// How many times as large one time or rate is as another: `1.02×`.
    #[default]
    Ratio,
    /// A share, from 0 to 1: `97 %`.
    Share,
    /// A mean number, such as of jobs at once: `1.98`.
    Level,
    /// A mean number of kilobytes: `16.9 kB`.
    Kilobytes,
    /// A mean number of microseconds per megabyte: `3899 µs/MB`.
    MicrosecondsPerMb,
    /// A mean number of ten thousand: `2529 of 10,000`.
    OfTenThousand,
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
            Kind::Kilobytes => "kilobytes",
            Kind::MicrosecondsPerMb => "microseconds-per-mb",
            Kind::OfTenThousand => "of-ten-thousand",
            Kind::Distribution => "distribution",
        }
    }

    /// What is printed behind its numbers.
    pub fn unit(self) -> &'static str {
        match self {
            Kind::Ratio | Kind::Distribution => "×",
            Kind::Share => " %",
            Kind::Level => "",
            Kind::Kilobytes => " kB",
            Kind::MicrosecondsPerMb => " µs/MB",
            Kind::OfTenThousand => " of 10,000",
        }
    }

    /// Whether it is a mean number, of whatever unit.
    pub fn is_level(self) -> bool {
        !matches!(self, Kind::Ratio | Kind::Share | Kind::Distribution)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Kind::{self, *};

    #[test]
    fn a_kind_is_read_back_as_it_was_written() {
        for kind in [Ratio, Share, Level, Kilobytes, MicrosecondsPerMb, OfTenThousand, Distribution]
        {
            assert_eq!(serde_json::from_str::<Kind>(&format!("\"{kind}\"")).unwrap(), kind);
        }
    }
}
