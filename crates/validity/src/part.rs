//! The parts of the study, each of which can be measured by itself.

use serde::{Deserialize, Serialize};

/// What was done to know how often verdicts are wrong.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    clap::ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Simulated blocks.
    #[default]
    Simulated,
    /// Real runs of CPU jobs on this machine as it is.
    IdleCpu,
    /// Real runs of pages on this machine as it is.
    IdleIo,
    /// CPU jobs beside a busy process.
    NeighbourCpu,
    /// Pages beside a busy process.
    NeighbourIo,
    /// Verdicts in worlds that are broken on purpose.
    Worlds,
    /// Every measured arm beside the same arm in virtual time.
    Arms,
}

impl Part {
    /// All of them, in the order of the tables.
    pub const ALL: [Part; 7] = [
        Part::Simulated,
        Part::IdleCpu,
        Part::IdleIo,
        Part::NeighbourCpu,
        Part::NeighbourIo,
        Part::Worlds,
        Part::Arms,
    ];

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Part::Simulated => "simulated",
            Part::IdleCpu => "CPU jobs",
            Part::IdleIo => "pages",
            Part::NeighbourCpu => "CPU jobs beside a busy process",
            Part::NeighbourIo => "pages beside a busy process",
            Part::Worlds => "broken worlds",
            Part::Arms => "arms in virtual time",
        }
    }

    /// Whether a busy process runs beside it.
    pub fn has_neighbour(self) -> bool {
        matches!(self, Part::NeighbourCpu | Part::NeighbourIo)
    }

    /// Whether its jobs compute.
    pub fn is_cpu(self) -> bool {
        matches!(self, Part::IdleCpu | Part::NeighbourCpu)
    }
}
