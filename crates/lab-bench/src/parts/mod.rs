//! What is measured, part by part.

mod draw;
mod executors;
mod figures;
mod first;
mod growth;
mod pipeline;
mod recorder;
mod tables;

use crate::bench::Bench;
pub(crate) use pipeline::check;

use anyhow::Result;
use clap::ValueEnum;

/// A part of the benchmarks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// A sample against a bare loop of clock reads
    Recorder,
    /// The articles' pipeline end to end, ours and in Python
    Pipeline,
    /// Samples to PNG, from memory
    Draw,
    /// Samples to CSV and back
    Tables,
    /// Dispatch, start of workers, pages
    Executors,
    /// All figures drawn again from the saved data
    Figures,
    /// Time and memory over the size of everything
    Growth,
    /// A cold build, and the first figure
    First,
}

impl Part {
    /// Measures it. What cannot be measured is noted.
    ///
    /// # Errors
    /// If this program itself cannot go on.
    pub(crate) fn measure(self, bench: &mut Bench) -> Result<()> {
        match self {
            Part::Recorder => recorder::measure(bench),
            Part::Pipeline => pipeline::measure(bench),
            Part::Draw => draw::measure(bench),
            Part::Tables => tables::measure(bench),
            Part::Executors => executors::measure(bench),
            Part::Figures => figures::measure(bench),
            Part::Growth => growth::measure(bench),
            Part::First => first::measure(bench),
        }
    }
}
