//! What all charts of rows over time are made of before they are drawn.

use std::iter;

use plotters::style::RGBColor;

use crate::error::{PlotError, Result};
use crate::lanes::span::Span;
use crate::page::key::Key;
use crate::style::Series;

/// Facets on one axis of time. Each kind of chart says what it consists of in these terms.
#[derive(Debug, Default)]
pub(crate) struct Lanes<'a> {
    /// What it is called in errors.
    pub name: &'static str,
    pub key: Vec<Key>,
    /// The least and the greatest number of facets beside one another.
    pub columns: (usize, usize),
    pub zoom: Option<Span>,
    /// If given, a panel below each facet counts how many rows run at once, against this number of
    /// cores.
    pub cores: Option<u32>,
    pub facets: Vec<Facet<'a>>,
}

/// Rows under a title.
#[derive(Debug, Default)]
pub(crate) struct Facet<'a> {
    pub title: String,
    /// Its marker is drawn before the title.
    pub series: Option<Series>,
    pub rows: Vec<Row<'a>>,
    pub verticals: Vec<Vertical>,
}

/// A line through all rows of a facet.
#[derive(Debug)]
pub(crate) struct Vertical {
    pub at: u64,
    pub dashed: bool,
    /// Printed right of the last one of the facet; may be empty.
    pub words: String,
}

/// One row: what is drawn later lies above.
#[derive(Debug, Default)]
pub(crate) struct Row<'a> {
    pub label: String,
    pub layers: Vec<Layer<'a>>,
    /// Printed right of this instant.
    pub note: Option<(u64, String)>,
}

/// Something in a row.
#[derive(Debug)]
pub(crate) enum Layer<'a> {
    /// A bar, with `share` of the colour in it, and words inside where there is room.
    Bar { span: Span, colour: RGBColor, share: f64, words: &'a str },
    /// The outline of a bar.
    Frame { span: Span, colour: RGBColor },
    /// The whole row, from the axis' start to its end.
    Ground(RGBColor),
    /// As many spans as one likes, with `share` of the colour in them.
    Spans { spans: &'a [Span], colour: RGBColor, share: f64 },
    /// As many spans of jobs as one likes: (start, end, job). Each job has its own colour.
    Jobs(&'a [(u64, u64, u32)]),
    /// Points of ink on bars; `apart`, if they may be so near that they need different heights.
    Points { at: &'a [u64], apart: bool },
    /// Readings of a clock in order of time, as many as one likes.
    Readings { at: &'a [u64], colour: RGBColor },
}

impl Layer<'_> {
    /// From when to when something is in it.
    fn spans(&self) -> Box<dyn Iterator<Item = Span> + '_> {
        match self {
            Layer::Bar { span, .. } | Layer::Frame { span, .. } => Box::new(iter::once(*span)),
            Layer::Spans { spans, .. } => Box::new(spans.iter().copied()),
            Layer::Jobs(spans) => Box::new(spans.iter().map(|&(from, to, _)| (from, to))),
            Layer::Points { at, .. } => Box::new(at.iter().map(|&at| (at, at))),
            Layer::Readings { at, .. } => {
                let last = at.last().map(|&last| (last, last));
                Box::new(at.windows(2).map(|pair| (pair[0], pair[1])).chain(last))
            }
            Layer::Ground(_) => Box::new(iter::empty()),
        }
    }

    /// The first span of it that ends before it starts.
    fn backwards(&self) -> Option<Span> {
        self.spans().find(|span| span.0 > span.1)
    }

    /// The last instant of it.
    fn end(&self) -> u64 {
        match self {
            // Millions, and in order.
            Layer::Readings { at, .. } => at.last().copied().unwrap_or(0),
            _ => self.spans().map(|span| span.1).max().unwrap_or(0),
        }
    }
}

impl<'a> Layer<'a> {
    /// A bar without words.
    pub(crate) fn bar(span: Span, colour: RGBColor, share: f64) -> Layer<'a> {
        let words = "";
        Layer::Bar { span, colour, share, words }
    }
}

impl Vertical {
    pub(crate) fn new(at: u64, dashed: bool, words: String) -> Vertical {
        Vertical { at, dashed, words }
    }
}

impl<'a> Row<'a> {
    pub(crate) fn new(label: &str, layers: Vec<Layer<'a>>) -> Row<'a> {
        let (label, note) = (label.to_owned(), None);
        Row { label, layers, note }
    }
}

impl<'a> Facet<'a> {
    pub(crate) fn new(title: &str, series: Option<Series>, rows: Vec<Row<'a>>) -> Facet<'a> {
        let (title, verticals) = (title.to_owned(), Vec::new());
        Facet { title, series, rows, verticals }
    }
}

impl Lanes<'_> {
    /// From the trial's zero to the last instant of anything.
    pub(crate) fn whole(&self) -> Span {
        let rows = self.facets.iter().flat_map(|facet| &facet.rows);
        let layers = rows.flat_map(|row| &row.layers).map(Layer::end);
        let verticals = self.facets.iter().flat_map(|facet| &facet.verticals);
        let ends = layers.chain(verticals.map(|line| line.at));
        (0, ends.chain(self.zoom.map(|zoom| zoom.1)).max().unwrap_or(0).max(1))
    }

    pub(crate) fn check(&self) -> Result<()> {
        PlotError::unless(!self.facets.is_empty(), self.name, "facets")?;
        let mut rows = self.facets.iter().flat_map(|facet| &facet.rows);
        PlotError::unless(rows.next().is_some(), self.name, "rows")?;
        let backwards = |place, (start, end): Span| Err(PlotError::Backwards { place, start, end });
        for facet in &self.facets {
            for row in &facet.rows {
                if let Some(span) = row.layers.iter().find_map(Layer::backwards) {
                    let place = format!("facet “{}”, row “{}”", facet.title, row.label);
                    return backwards(place, span);
                }
            }
        }
        match self.zoom.filter(|zoom| zoom.0 >= zoom.1) {
            Some(zoom) => backwards(format!("the enlarged part of the {}", self.name), zoom),
            None => Ok(()),
        }
    }
}
