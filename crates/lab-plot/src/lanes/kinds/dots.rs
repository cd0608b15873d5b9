//! Readings of clocks, a point each: the articles' scatter.

use crate::drawing::ink::SOFT;
use crate::lanes::model::{Facet, Lanes, Layer, Row};
use crate::page::key::{Key, Sign};
use crate::style::{MOST_POINTS, Series};

/// Facets on one axis of time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dots {
    /// What a point is, for the key: "a reading of the job's clock".
    pub point: String,
    /// How many facets stand beside one another; 0 is 1.
    pub columns: usize,
    /// One per arm, row by row.
    pub facets: Vec<DotFacet>,
}

/// One trial of one arm.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DotFacet {
    /// What it shows, in words.
    pub title: String,
    /// From the top; threads above processes, say.
    pub rows: Vec<DotRow>,
}

/// One job.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DotRow {
    /// Printed at the left.
    pub label: String,
    /// Gives the colour.
    pub series: Series,
    /// In nanoseconds, in order of time. Up to [`MOST_POINTS`] in view each is a point; more are
    /// drawn as the share of each column of pixels that they cover, where each counts for the usual
    /// time from one reading to the next.
    pub readings: Vec<u64>,
}

impl Dots {
    pub(crate) fn lanes(&self) -> Lanes<'_> {
        let mut key = vec![Key::new(Sign::Dot, &self.point)];
        let mut rows = self.facets.iter().flat_map(|facet| &facet.rows);
        if rows.any(|row| row.readings.len() > MOST_POINTS) {
            let words = "many of them (paler: part of the time)";
            key.push(Key::new(Sign::Patch(SOFT, 1.0), words));
        }
        Lanes {
            name: "figure of readings",
            key,
            columns: (self.columns, self.columns),
            facets: self.facets.iter().map(DotFacet::lanes).collect(),
            ..Lanes::default()
        }
    }
}

impl DotFacet {
    /// With the series of its rows, if they agree.
    fn lanes(&self) -> Facet<'_> {
        let first = self.rows.first().map(|row| row.series);
        let series = first.filter(|first| self.rows.iter().all(|row| row.series == *first));
        Facet::new(&self.title, series, self.rows.iter().map(DotRow::lane).collect())
    }
}

impl DotRow {
    fn lane(&self) -> Row<'_> {
        let (at, colour) = (&self.readings, self.series.colour());
        Row::new(&self.label, vec![Layer::Readings { at, colour }])
    }
}
