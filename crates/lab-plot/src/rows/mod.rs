//! Rows over one horizontal axis: stretches of time, points, values and their medians.

mod coverage;
mod draw;
mod row;
mod stack;
mod steps;
mod swarm;
mod view;

use std::iter;

use crate::axis::scale::Scale;
use crate::error::{PlotError, Result};
use crate::page::key::Key;
use crate::style::Series;

/// From where to where, on the horizontal axis.
pub type Span = (f64, f64);

/// Facets of rows. All share the horizontal axis; a straight one begins at 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// The horizontal axis: nanoseconds after the trial's zero, say.
    pub x: Scale,
    /// What its signs mean.
    pub key: Vec<Key>,
    /// How many facets are beside one another; 0: as many as make all rows high enough.
    pub columns: usize,
    /// If given, a panel below each facet counts how many rows have a span at once, against this
    /// number of cores.
    pub cores: Option<u32>,
    /// One per runtime or arm. Those for which there is no room are counted in words.
    pub facets: Vec<Facet>,
}

/// Rows under a title.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facet {
    /// What it shows, in words.
    pub title: String,
    /// Its marker is drawn before the title.
    pub series: Option<Series>,
    /// From the top.
    pub rows: Vec<Row>,
    /// Lines through all of its rows.
    pub verticals: Vec<Vertical>,
}

/// A line through all rows of a facet: what was reached, or what rows are held against.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vertical {
    /// Where.
    pub at: f64,
    /// Whether it is a bound or an ideal.
    pub is_dashed: bool,
    /// Printed right of the last of the facet's lines; may be empty.
    pub words: String,
}

/// One row: what is drawn later lies above.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Printed at the left.
    pub label: String,
    /// What is in it.
    pub items: Vec<Item>,
    /// Printed at the right of all that is in it; may be empty.
    pub note: String,
}

/// Something in a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A bar: pale for what has begun but makes no progress. Words are printed inside if they fit.
    Bar {
        /// From where to where.
        span: Span,
        /// Gives the colour.
        series: Series,
        /// How full it is.
        is_pale: bool,
        /// May be empty.
        words: String,
    },
    /// The outline of a bar.
    Frame(Span, Series),
    /// Stretches in any order, as many as one likes: where they are narrower than a pixel, the share
    /// that they cover. These are counted below a facet.
    Spans(Vec<Span>, Series),
    /// Stretches of jobs, with the job's number: each job has its own colour on a grey ground, up to
    /// eight; beyond that colours repeat.
    Jobs(Vec<(f64, f64, u32)>),
    /// Points on bars.
    Points(Vec<f64>),
    /// Values or instants in any order, as many as one likes: up to
    /// [`MOST_POINTS`](crate::MOST_POINTS) each is a point; of more, the density is drawn.
    Values(Vec<f64>, Series),
    /// The middle of values: a short upright line.
    Median(f64),
}

impl Item {
    /// All stretches that are in it; a point is one without length.
    fn spans(&self) -> Box<dyn Iterator<Item = Span> + '_> {
        match self {
            Item::Bar { span, .. } | Item::Frame(span, _) => Box::new(iter::once(*span)),
            Item::Spans(spans, _) => Box::new(spans.iter().copied()),
            Item::Jobs(spans) => Box::new(spans.iter().map(|&(from, to, _)| (from, to))),
            Item::Points(at) | Item::Values(at, _) => Box::new(at.iter().map(|&at| (at, at))),
            Item::Median(at) => Box::new(iter::once((*at, *at))),
        }
    }
}

impl Row {
    /// From the least to the greatest of all that is in it; none if that is nothing.
    fn range(&self) -> Option<Span> {
        let spans = self.items.iter().flat_map(Item::spans);
        spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }
}

impl Rows {
    /// The ends of all that is drawn.
    fn ends(&self) -> Vec<f64> {
        let rows = self.facets.iter().flat_map(|facet| &facet.rows);
        let ranges = rows.filter_map(Row::range).flat_map(|(from, to)| [from, to]);
        let verticals = self.facets.iter().flat_map(|facet| &facet.verticals);
        ranges.chain(verticals.map(|line| line.at)).collect()
    }

    fn check(&self) -> Result<()> {
        let chart = "figure of rows";
        PlotError::unless(!self.facets.is_empty(), chart, "facets")?;
        let rows = || self.facets.iter().flat_map(|facet| &facet.rows);
        PlotError::unless(rows().next().is_some(), chart, "rows")?;
        PlotError::unless(!self.ends().is_empty(), chart, "values")?;
        for facet in &self.facets {
            let lines = facet.verticals.iter().map(|line| ("", (line.at, line.at)));
            let items = facet.rows.iter().flat_map(|row| {
                row.items
                    .iter()
                    .flat_map(|item| item.spans().map(|span| (row.label.as_str(), span)))
            });
            for (label, (from, to)) in lines.chain(items) {
                let place = || format!("facet “{}”, row “{label}”", facet.title);
                self.x.check(place, from)?;
                self.x.check(place, to)?;
                if to < from {
                    return Err(PlotError::Backwards { place: place(), from, to });
                }
            }
        }
        Ok(())
    }
}
