//! From start to end.

use crate::axis::units::Unit;
use crate::drawing::ink::{PALE, SOFT};
use crate::lanes::model::{Facet, Lanes, Layer, Row};
use crate::page::key::{Key, Sign};
use crate::style::Series;

/// Facets of bars on one axis of time that begins at the trial's zero.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bars {
    /// One per arm.
    pub facets: Vec<BarFacet>,
}

/// The jobs of one arm, or its pools.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BarFacet {
    /// What it shows, in words.
    pub title: String,
    /// Gives the colour.
    pub series: Series,
    /// One per job, from the top.
    pub bars: Vec<Bar>,
}

/// One job, or all jobs of a pool. Its duration is printed at its end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bar {
    /// Printed at the left.
    pub label: String,
    /// The start in nanoseconds: the bar's left end.
    pub start: u64,
    /// When the pool was ready, in nanoseconds: up to there the bar is pale.
    pub ready: Option<u64>,
    /// The end in nanoseconds.
    pub end: u64,
    /// Where it ended in each block, if the end is that of several: a point each.
    pub ends: Vec<u64>,
}

impl Bars {
    pub(crate) fn lanes(&self) -> Lanes<'_> {
        Lanes {
            name: "figure of bars",
            key: self.key(),
            columns: (1, 3),
            facets: self.facets.iter().map(BarFacet::lanes).collect(),
            ..Lanes::default()
        }
    }

    fn key(&self) -> Vec<Key> {
        let bars = || self.facets.iter().flat_map(|facet| &facet.bars);
        let mut key = Vec::new();
        if bars().any(|bar| bar.ready.is_some()) {
            key.push(Key::new(Sign::Patch(SOFT, PALE), "the pool starts"));
            key.push(Key::new(Sign::Patch(SOFT, 1.0), "it works"));
        }
        if bars().any(|bar| !bar.ends.is_empty()) {
            key.push(Key::new(Sign::BoldDot, "the end in one block"));
        }
        key
    }
}

impl BarFacet {
    fn lanes(&self) -> Facet<'_> {
        let rows = self.bars.iter().map(|bar| bar.lane(self.series));
        Facet::new(&self.title, Some(self.series), rows.collect())
    }
}

impl Bar {
    fn lane(&self, series: Series) -> Row<'_> {
        let (at, apart) = (&self.ends, true);
        let colour = series.colour();
        let ready = self.ready.unwrap_or(self.start).min(self.end);
        let layers = vec![
            Layer::bar((self.start, ready), colour, PALE),
            Layer::bar((ready, self.end), colour, 1.0),
            Layer::Points { at, apart },
        ];
        let last = self.ends.iter().copied().fold(self.end, u64::max);
        let duration = Unit::Time.words(self.end.saturating_sub(self.start) as f64);
        let note = Some((last, duration));
        Row { note, ..Row::new(&self.label, layers) }
    }
}
