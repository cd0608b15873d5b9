//! Readings of clocks, a point each: the articles' scatter, and their grid of facets.

use crate::drawing::ink::SOFT;
use crate::lanes::model::{Facet, Lanes, Layer, Row};
use crate::lanes::span::Span;
use crate::page::key::{Key, Sign};
use crate::style::Series;

/// Facets on one axis of time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dots {
    /// What a point is, for the key: "a reading of the job's clock".
    pub point: String,
    /// How many facets are beside one another: 1 is the tracker's figure, 2 or 3 a grid. 0 is 1.
    pub columns: usize,
    /// What a second column shows enlarged; none, no second column. Only with `columns` of 1.
    pub zoom: Option<Span>,
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
    /// drawn as what share of each column of pixels they cover, where each stands for the usual
    /// time from one reading to the next.
    pub readings: Vec<u64>,
}

/// So many points of a row are drawn one by one.
pub const MOST_POINTS: usize = 1500;

/// An instant each `every_ns` nanoseconds in which a job made progress (`runs` in order of time):
/// readings, made from the spans of a run that did not keep its own.
pub fn sampled(runs: &[Span], every_ns: u64) -> Vec<u64> {
    let every = every_ns.max(1);
    let of = |&(start, end): &Span| {
        let first = start.div_ceil(every);
        (first..).map(move |i| i.saturating_mul(every)).take_while(move |&at| at < end)
    };
    runs.iter().flat_map(of).collect()
}

impl Dots {
    pub(crate) fn lanes(&self) -> Lanes<'_> {
        let columns = self.columns.clamp(1, 4);
        let zoom = self.zoom.filter(|_| columns == 1);
        let mut key = vec![Key::new(Sign::Dot, &self.point)];
        let mut rows = self.facets.iter().flat_map(|facet| &facet.rows);
        if rows.any(|row| row.readings.len() > MOST_POINTS) {
            let words = "many of them (paler: part of the time)";
            key.push(Key::new(Sign::Patch(SOFT, 1.0), words));
        }
        key.extend(zoom.map(|_| Key::enlarged()));
        Lanes {
            name: "figure of readings",
            key,
            columns: (columns, columns),
            zoom,
            cores: None,
            facets: self.facets.iter().map(DotFacet::lanes).collect(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_sampled_where_something_ran() {
        assert_eq!(sampled(&[(0, 25), (95, 111)], 10), [0, 10, 20, 100, 110]);
        assert_eq!(sampled(&[(3, 4), (u64::MAX - 1, u64::MAX)], 10), [0u64; 0]);
        assert_eq!(sampled(&[(3, 5)], 0), [3, 4]);
    }
}
