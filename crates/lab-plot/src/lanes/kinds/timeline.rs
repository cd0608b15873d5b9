//! Who had begun, who made progress, and how many did at once.

use crate::drawing::ink::{PALE, SOFT};
use crate::lanes::model::{Facet, Lanes, Layer, Row};
use crate::lanes::span::Span;
use crate::page::key::{Key, Sign};
use crate::style::Series;

/// Facets below one another on one axis of time; beside each, if asked for, an enlarged part.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeline {
    /// Usable cores: the dashed line in the panel that counts who runs at once.
    pub cores: u32,
    /// What a second column shows enlarged; without it there is one column.
    pub zoom: Option<Span>,
    /// One per arm; two to five fit well. Those for which there is no room are counted in words.
    pub facets: Vec<TimelineFacet>,
}

/// One trial of one arm.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TimelineFacet {
    /// What it shows, in words, best with the share of time in which two or more were running.
    pub title: String,
    /// Gives the colour.
    pub series: Series,
    /// One per job, from the top.
    pub rows: Vec<TimelineRow>,
}

/// One job.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TimelineRow {
    /// Printed at the left.
    pub label: String,
    /// From the job's start to its end: the pale bar.
    pub begun: Span,
    /// When it made progress, in any order: solid. How many of a facet's rows make progress at
    /// once is counted from these.
    pub runs: Vec<Span>,
    /// Instants that the job noted; each is a point, and what is behind them is paler.
    pub points: Vec<u64>,
}

impl Timeline {
    pub(crate) fn lanes(&self) -> Lanes<'_> {
        Lanes {
            name: "timeline",
            key: self.key(),
            columns: (1, if self.zoom.is_some() { 1 } else { 2 }),
            zoom: self.zoom,
            cores: Some(self.cores),
            facets: self.facets.iter().map(TimelineFacet::lanes).collect(),
        }
    }

    fn key(&self) -> Vec<Key> {
        let mut key = vec![
            Key::new(Sign::Patch(SOFT, PALE), "begun, not yet ended"),
            Key::new(Sign::Patch(SOFT, 1.0), "making progress"),
        ];
        let mut rows = self.facets.iter().flat_map(|facet| &facet.rows);
        if rows.any(|row| !row.points.is_empty()) {
            key.push(Key::new(Sign::BoldDot, "a point that the job noted"));
        }
        key.extend(self.zoom.map(|_| Key::enlarged()));
        key
    }
}

impl TimelineFacet {
    fn lanes(&self) -> Facet<'_> {
        let rows = self.rows.iter().map(|row| row.lane(self.series));
        Facet::new(&self.title, Some(self.series), rows.collect())
    }
}

impl TimelineRow {
    /// Progress is paler behind points, so that they are seen.
    fn lane(&self, series: Series) -> Row<'_> {
        let colour = series.colour();
        let share = if self.points.is_empty() { 1.0 } else { 0.7 };
        let layers = vec![
            Layer::bar(self.begun, colour, PALE),
            Layer::Spans { spans: &self.runs, colour, share },
            Layer::Points { at: &self.points, apart: false },
        ];
        Row::new(&self.label, layers)
    }
}
