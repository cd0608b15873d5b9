//! What was saved, as a table, text and figures: for the README, and for whoever ran it.

use crate::goals::GOALS;
use crate::rows::{MEASUREMENTS, MeasurementRow, ResultRow, SKIPPED, SkippedRow};
use crate::{block, picture, results};
use anyhow::Result;
use lab_record::run::RunInfo;
use lab_record::tables;
use std::path::Path;

/// A run of the benchmarks as it was saved.
#[derive(Debug)]
pub struct Saved {
    pub(crate) info: RunInfo,
    pub(crate) rows: Vec<MeasurementRow>,
    pub(crate) results: Vec<ResultRow>,
}

impl Saved {
    /// Reads `data/bench`.
    ///
    /// # Errors
    /// A file is missing or damaged; with file, line and column.
    pub fn read(folder: &Path) -> Result<Saved> {
        let info = RunInfo::read(&folder.join("run.json"))?;
        let rows: Vec<MeasurementRow> = tables::read(&folder.join(MEASUREMENTS))?;
        let skipped: Vec<SkippedRow> = tables::read(&folder.join(SKIPPED))?;
        let results = results::results(GOALS, &rows, &skipped);
        Ok(Saved {
            info,
            rows,
            results,
        })
    }

    /// A row for each goal.
    pub fn results(&self) -> &[ResultRow] {
        &self.results
    }

    /// The goals in a few short lines, for the README; in Markdown.
    pub fn text(&self) -> String {
        block::short(&self.results)
    }

    /// A table of all that was compared, and how time and memory grow; in Markdown.
    pub(crate) fn table(&self) -> String {
        block::table(self)
    }

    /// Draws all figures for which there are data into a folder; their names.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn draw(&self, folder: &Path) -> Result<Vec<&'static str>> {
        picture::draw(self, folder)
    }
}
