//! A figure: what it says, and the chart that shows it.

use crate::error::{PlotError, Result};
use crate::matrix::Matrix;
use crate::page::{self, Body, Words, png};
use crate::panels::lines::Lines;
use crate::rows::Rows;

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
    Rows(Rows),
    Lines(Lines),
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
charts!(Rows, Lines, Matrix);

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

    /// The figure without its font (43 kB), for a page that has [`font_face`](crate::font_face) in its
    /// style sheet.
    ///
    /// # Errors
    /// If there is nothing to draw, a value has no place on its axis, or a stretch ends before it
    /// starts.
    pub fn svg(&self) -> Result<String> {
        let words = Words { title: &self.title, subtitle: &self.subtitle, caption: &self.caption };
        let body: &dyn Body = match &self.chart {
            Chart::Rows(chart) => chart,
            Chart::Lines(chart) => chart,
            Chart::Matrix(chart) => chart,
        };
        page::svg(words, body)
    }

    /// The figure as a PNG of 1600 pixels in width and at most 900 in height, made from the SVG.
    /// The same figure gives the same bytes in every process.
    ///
    /// # Errors
    /// As [`svg`](Figure::svg), or if resvg refuses the SVG.
    pub fn png(&self) -> Result<Vec<u8>> {
        png::png(&self.svg()?, &self.title)
            .map_err(|reason| PlotError::Png { title: self.title.clone(), reason })
    }
}
