//! A figure: what it says, and the chart that shows it.

use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::drawing::font;
use crate::error::{PlotError, Result};
use crate::lanes::kinds::bars::Bars;
use crate::lanes::kinds::cores::Cores;
use crate::lanes::kinds::dots::Dots;
use crate::lanes::kinds::timeline::Timeline;
use crate::lanes::kinds::waterfall::Waterfall;
use crate::matrix::Matrix;
use crate::page::png;
use crate::page::{self, Body, Words};
use crate::panels::lines::Lines;
use crate::panels::strips::Strips;

/// A figure: what it says, and the chart that shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The finding as a sentence. Long ones wrap.
    pub title: String,
    /// How to read it, in a line or two; may be empty.
    pub subtitle: String,
    /// Machine, commit, date and the run's id; may be empty.
    pub caption: String,
    /// What is drawn.
    pub chart: Chart,
}

/// The kinds of charts. Each has its own struct with plain data, from which it is made by
/// [`Into`].
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each is documented at its struct")]
pub enum Chart {
    Timeline(Timeline),
    Bars(Bars),
    Waterfall(Waterfall),
    Cores(Cores),
    Dots(Dots),
    Lines(Lines),
    Strips(Strips),
    Matrix(Matrix),
}

macro_rules! charts {
    ($($kind:ident),*) => {
        $(impl From<$kind> for Chart {
            fn from(chart: $kind) -> Chart {
                Chart::$kind(chart)
            }
        })*
    };
}
charts!(Timeline, Bars, Waterfall, Cores, Dots, Lines, Strips, Matrix);

impl Figure {
    /// A figure without subtitle and caption.
    pub fn new(title: impl Into<String>, chart: impl Into<Chart>) -> Figure {
        Figure {
            title: title.into(),
            subtitle: String::new(),
            caption: String::new(),
            chart: chart.into(),
        }
    }

    /// The same figure with these words under its title.
    #[must_use]
    pub fn subtitle(mut self, subtitle: impl Into<String>) -> Figure {
        self.subtitle = subtitle.into();
        self
    }

    /// The same figure with these words at its foot.
    #[must_use]
    pub fn caption(mut self, caption: impl Into<String>) -> Figure {
        self.caption = caption.into();
        self
    }

    /// The figure as a document that needs nothing beside it: its font is inside.
    ///
    /// # Errors
    /// If there is nothing to draw, a value has no place on its axis, or a stretch of time ends
    /// before it starts.
    pub fn svg(&self) -> Result<String> {
        self.draw(font::font_face())
    }

    /// The same without the font (43 kB), for a page that has [`font_face`](crate::font_face) in
    /// its own style sheet.
    ///
    /// # Errors
    /// As [`svg`](Figure::svg).
    pub fn svg_without_font(&self) -> Result<String> {
        self.draw("")
    }

    fn draw(&self, rules: &str) -> Result<String> {
        let words = Words { title: &self.title, subtitle: &self.subtitle, caption: &self.caption };
        let draw = |body: &dyn Body| page::svg(words, body, rules);
        match &self.chart {
            Chart::Timeline(chart) => draw(&chart.lanes()),
            Chart::Bars(chart) => draw(&chart.lanes()),
            Chart::Waterfall(chart) => draw(&chart.lanes()),
            Chart::Cores(chart) => draw(&chart.lanes()),
            Chart::Dots(chart) => draw(&chart.lanes()),
            Chart::Lines(chart) => draw(chart),
            Chart::Strips(chart) => draw(chart),
            Chart::Matrix(chart) => draw(chart),
        }
    }

    /// The figure as a PNG of 1600 pixels in width and at most 900 in height, made from the SVG.
    /// The same figure gives the same bytes in every process.
    ///
    /// # Errors
    /// As [`svg`](Figure::svg), or if resvg refuses the SVG.
    pub fn png(&self) -> Result<Vec<u8>> {
        png::png(&self.svg_without_font()?, &self.title)
            .map_err(|reason| PlotError::Png { title: self.title.clone(), reason })
    }

    /// Writes the PNG to `path`: beside it first, then moved there, so that a failure leaves an
    /// older picture whole.
    ///
    /// # Errors
    /// As [`png`](Figure::png), or if the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<()> {
        let bytes = self.png()?;
        replace(path, &bytes).map_err(|source| PlotError::Write { path: path.to_owned(), source })
    }
}

/// Writes a file beside its place and moves it there.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    file.write_all(bytes)?;
    #[cfg(unix)]
    {
        // A temporary file is its owner's alone; a figure is for all, as the mask allows.
        use std::os::unix::fs::PermissionsExt;
        file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    file.persist(path)?;
    Ok(())
}
