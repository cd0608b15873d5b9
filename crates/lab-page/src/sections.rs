//! What is said of one experiment: its claim, a question, and behind that the answer.

use crate::figures::{Drawn, Picture};
use crate::packing::packed;
use crate::recording::Recording;
use crate::text::{html, together};
use crate::verdicts::{Claim, Told, claims};
use lab_data::rows::VerdictRow;
use lab_data::run::RunInfo;
use std::collections::BTreeMap;
use std::io;

/// One experiment with its saved run.
#[derive(Debug)]
pub struct Experiment<'a> {
    /// How its data were made.
    pub info: &'a RunInfo,
    /// Its verdicts.
    pub rows: &'a [VerdictRow],
    /// Its own text, in Markdown, with the headings `Experiment`, `Predict first`, `When it is true`
    /// and `What this does not show`; those that it lacks are left out.
    pub text: &'a str,
    /// What is told of each claim, by the claim's id.
    pub told: BTreeMap<&'a str, Told<'a>>,
    /// What its data answer to the question, a sentence each.
    pub answers: &'a [String],
    /// Its figures.
    pub pictures: Vec<Picture>,
    /// What the timeline shows of it.
    pub recording: Recording,
    /// The bytes of its `verdicts.csv`.
    pub table: Vec<u8>,
}

/// The same as the template shows it; what ends in `html` is markup.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) name: String,
    pub(crate) claims: Vec<Claim>,
    pub(crate) experiment_html: String,
    pub(crate) question_html: String,
    pub(crate) answers: Vec<String>,
    pub(crate) figures: Vec<Drawn>,
    pub(crate) true_html: String,
    pub(crate) limits_html: String,
    /// The table of verdicts, packed, and how large it is.
    pub(crate) table: String,
    pub(crate) kilobytes: usize,
    pub(crate) recording: InPage,
    pub(crate) run: String,
}

/// Whether the recording of an experiment is in the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InPage {
    /// There is none.
    Nothing,
    /// It is.
    Shown,
    /// There is no room for it.
    TooLarge,
}

impl Experiment<'_> {
    /// The section, whose recording is not there yet. The number is its own in the page.
    ///
    /// # Errors
    /// Of the packing, which writes into memory.
    pub(crate) fn section(&self, number: usize) -> io::Result<Section> {
        let part = |heading: &str| part(self.text, heading).map_or(String::new(), html);
        let date = self.info.date.get(..10).unwrap_or(&self.info.date);
        let figures = (1..).zip(&self.pictures);
        let figures = figures.map(|(figure, picture)| picture.drawn(100 * number + figure));
        Ok(Section {
            name: self.info.experiment.clone(),
            claims: claims(self.rows, |id| self.told.get(id)),
            experiment_html: part("Experiment"),
            question_html: part("Predict first"),
            answers: self.answers.iter().map(|answer| together(answer)).collect(),
            figures: figures.collect(),
            true_html: part("When it is true"),
            limits_html: part("What this does not show"),
            table: packed(&self.table)?,
            kilobytes: self.table.len().div_ceil(1000),
            recording: InPage::Nothing,
            run: format!("run {}, {date}, {} blocks", self.info.run_id, self.info.blocks),
        })
    }
}

/// The paragraphs below a heading, up to the next one or the last line, which names the figure.
fn part<'a>(text: &'a str, heading: &str) -> Option<&'a str> {
    let rest = text.split(&format!("# {heading}\n")).nth(1)?;
    Some(rest.split("\n# ").next()?.split("\n\nFigure").next()?.trim())
}
