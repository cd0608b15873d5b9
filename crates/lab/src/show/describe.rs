//! A design as JSON, for programs that read it without the experiment.

use crate::design::Design;
use crate::design::schedule::{Planned, Schedule};
use crate::show::predicted::Answered;
use crate::text::about;
use serde::{Deserialize, Serialize};

/// Where a replay into another folder leaves it.
pub const FILE: &str = "design.json";

/// The folder beside it with the figures as SVG, without their font.
pub const FIGURES: &str = "svg";

/// An experiment as it describes itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Described {
    /// Its name.
    pub experiment: String,
    /// Its own text, in Markdown.
    pub text: String,
    /// The groups of options that it has.
    #[serde(default)]
    pub options: Vec<String>,
    /// One per runtime, or one across them.
    pub designs: Vec<Design>,
    /// What its reader is asked to predict and, after a replay, the answers.
    #[serde(default)]
    pub predicted: Answered,
    /// What is measured side by side.
    #[serde(default)]
    pub schedule: SideBySide,
}

/// The schedule of a block.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SideBySide {
    /// How often a block measures every arm.
    pub rounds: u32,
    /// The keys of the arms that are measured one right after the other.
    pub side_by_side: Vec<Vec<String>>,
}

/// What an experiment with this source and these options declares.
pub(crate) fn json(
    experiment: &str,
    source: &str,
    options: Vec<String>,
    designs: &[Design],
    predicted: Answered,
) -> serde_json::Result<String> {
    let schedule = Schedule::of(designs);
    let names = |group: &Vec<Planned>| group.iter().map(|planned| planned.arm.key()).collect();
    let described = Described {
        experiment: experiment.to_owned(),
        text: about(source),
        options,
        designs: designs.to_vec(),
        predicted,
        schedule: SideBySide {
            rounds: schedule.rounds,
            side_by_side: schedule.groups.iter().map(names).collect(),
        },
    };
    Ok(serde_json::to_string_pretty(&described)? + "\n")
}
