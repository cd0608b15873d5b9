//! What is said of one experiment: its claim, a question, and behind that the answer.

use crate::figures::Picture;
use crate::recording::Recording;
use crate::text::html;
use crate::verdicts::{Claim, claims};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use lab_data::rows::VerdictRow;
use lab_data::run::RunInfo;
use std::collections::BTreeMap;

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
    /// What a reader takes home from each claim, by the claim's id.
    pub lessons: BTreeMap<&'a str, &'a str>,
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
    pub(crate) figures_html: Vec<String>,
    pub(crate) true_html: String,
    pub(crate) limits_html: String,
    pub(crate) table: String,
    pub(crate) kilobytes: usize,
    pub(crate) has_recording: bool,
    pub(crate) run: String,
}

impl Experiment<'_> {
    pub(crate) fn section(&self) -> Section {
        let part = |heading: &str| part(self.text, heading).map_or(String::new(), html);
        let date = self.info.date.get(..10).unwrap_or(&self.info.date);
        Section {
            name: self.info.experiment.clone(),
            claims: claims(self.rows, |id| self.lessons.get(id).copied()),
            experiment_html: part("Experiment"),
            question_html: part("Predict first"),
            figures_html: self.pictures.iter().map(Picture::html).collect(),
            true_html: part("When it is true"),
            limits_html: part("What this does not show"),
            table: BASE64_STANDARD.encode(&self.table),
            kilobytes: self.table.len().div_ceil(1000),
            has_recording: !self.recording.is_empty(),
            run: format!("run {}, {date}, {} blocks", self.info.run_id, self.info.blocks),
        }
    }
}

/// The paragraphs below a heading, up to the next one or the last line, which names the figure.
fn part<'a>(text: &'a str, heading: &str) -> Option<&'a str> {
    let rest = text.split(&format!("# {heading}\n")).nth(1)?;
    Some(rest.split("\n# ").next()?.split("\n\nFigure").next()?.trim())
}
