//! Which worker loaded which page when, against the time that a schedule allows.

use crate::axis::units::Unit;
use crate::drawing::ink::{PALE, SOFT};
use crate::lanes::model::{Facet, Lanes, Layer, Row, Vertical};
use crate::lanes::span::Span;
use crate::page::key::{Key, Sign};
use crate::style::Series;

/// Panels below one another on one axis of time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Waterfall {
    /// One per arm.
    pub panels: Vec<WaterfallPanel>,
}

/// One trial of one arm.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WaterfallPanel {
    /// What it shows, in words.
    pub title: String,
    /// Gives the colour.
    pub series: Series,
    /// How many workers there were: those that loaded nothing have a row, too.
    pub workers: u32,
    /// In any order.
    pub pages: Vec<PageBar>,
    /// What list scheduling of the known delays gives, in nanoseconds: a dashed line.
    pub bound: Option<u64>,
    /// When the last answer was in hand, in nanoseconds: a solid line.
    pub makespan: Option<u64>,
}

/// One page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageBar {
    /// Which worker loaded it, from 0. Pages that one worker loads at once (async) are drawn
    /// below one another.
    pub worker: u32,
    /// Drawn into the bar where there is room.
    pub label: String,
    /// When a worker began it, in nanoseconds.
    pub start: u64,
    /// When its answer was whole, in nanoseconds.
    pub end: u64,
    /// From when to when the origin served it: the solid part of the bar. Without it all of the
    /// bar is solid.
    pub service: Option<Span>,
    /// Whether the answer was right; the bar of a page that failed is an outline.
    pub ok: bool,
}

/// Workers beyond this have no row: nobody could see them.
const MOST_WORKERS: u32 = 10_000;

impl Waterfall {
    pub(crate) fn lanes(&self) -> Lanes<'_> {
        Lanes {
            name: "waterfall",
            key: self.key(),
            columns: (1, 3),
            facets: self.panels.iter().map(WaterfallPanel::facet).collect(),
            ..Lanes::default()
        }
    }

    fn key(&self) -> Vec<Key> {
        let mut key = Vec::new();
        let pages = || self.panels.iter().flat_map(|panel| &panel.pages);
        if pages().any(|page| page.service.is_some()) {
            key.push(Key::new(Sign::Patch(SOFT, 1.0), "served by the origin"));
            key.push(Key::new(Sign::Patch(SOFT, PALE), "around it"));
        }
        if pages().any(|page| !page.ok) {
            key.push(Key::new(Sign::Frame, "no right answer"));
        }
        if self.panels.iter().any(|panel| panel.bound.is_some()) {
            key.push(Key::new(Sign::Vertical(true), "allowed by list scheduling"));
        }
        if self.panels.iter().any(|panel| panel.makespan.is_some()) {
            key.push(Key::new(Sign::Vertical(false), "took, to the last page"));
        }
        key
    }
}

impl WaterfallPanel {
    fn facet(&self) -> Facet<'_> {
        let mut facet = Facet::new(&self.title, Some(self.series), self.rows());
        let lines = [(self.makespan, false, "took"), (self.bound, true, "allowed")];
        for (at, dashed, name) in lines {
            facet.verticals.extend(at.map(|at| {
                let words = format!("{name} {}", Unit::Time.words(at as f64));
                Vertical::new(at, dashed, words)
            }));
        }
        facet
    }

    /// A row per worker; more for one that loads several pages at once.
    fn rows(&self) -> Vec<Row<'_>> {
        let mut pages: Vec<&PageBar> = self.pages.iter().collect();
        pages.sort_by_key(|page| (page.worker, page.start, page.end));
        let mut pages = pages.into_iter().peekable();
        let busy = self.pages.iter().map(|page| page.worker.saturating_add(1)).max();
        let mut rows = Vec::new();
        for worker in 0..self.workers.max(busy.unwrap_or(0)).min(MOST_WORKERS) {
            // Until when each of its rows is taken.
            let mut own = vec![(0, Row::new(&format!("worker {worker}"), Vec::new()))];
            while let Some(page) = pages.next_if(|page| page.worker == worker) {
                let row = own.iter_mut().find(|(until, _)| *until <= page.start);
                let layers = page.layers(self.series);
                if let Some((until, row)) = row {
                    *until = page.end;
                    row.layers.extend(layers);
                } else {
                    own.push((page.end, Row::new("", layers)));
                }
            }
            rows.extend(own.into_iter().map(|(_, row)| row));
        }
        rows
    }
}

impl PageBar {
    fn layers(&self, series: Series) -> Vec<Layer<'_>> {
        let (words, colour, span) = (self.label.as_str(), series.colour(), (self.start, self.end));
        let (pale, share) = (Layer::bar(span, colour, PALE), 1.0);
        match self.service {
            _ if !self.ok => {
                let frame = Layer::Frame { span, colour };
                vec![Layer::Bar { span, colour, share: 0.0, words }, frame]
            }
            Some(span) => vec![pale, Layer::Bar { span, colour, share, words }],
            None => vec![Layer::Bar { span, colour, share, words }],
        }
    }
}
