//! The live tracker's figure: a row a job, and ink where the job made progress. From every reading
//! of its clock, or from the spans that a recorder made of them.

use plotters_backend::DrawingBackend;

use crate::axis::TimeAxis;
use crate::canvas::Canvas;
use crate::columns::Columns;
use crate::coverage::View;
use crate::error::Result;
use crate::interval;
use crate::key::{Key, Swatch};
use crate::page::{Chart, Frame, MARGIN, WIDTH};
use crate::readings;
use crate::rows::{self, Stack};
use crate::series::{GREY, PAPER, Series};
use crate::spans;

/// Facets below one another on one axis of time.
#[derive(Clone, Debug)]
pub struct Tracker<'a> {
    /// Title, subtitle, caption.
    pub frame: Frame,
    /// One an arm, usually threads and processes; at most 12.
    pub facets: Vec<TrackerFacet<'a>>,
}

/// One trial of one arm.
#[derive(Clone, Debug)]
pub struct TrackerFacet<'a> {
    /// What it shows, in words.
    pub title: String,
    /// Gives the colour.
    pub series: Series,
    /// The trial's zero, in nanoseconds of the clock that its rows were read from. Times before it
    /// count as zero.
    pub zero_ns: u64,
    /// One a job, from the top.
    pub rows: Vec<TrackerRow<'a>>,
}

/// One job.
#[derive(Clone, Debug)]
pub struct TrackerRow<'a> {
    /// Stands at the left.
    pub label: String,
    /// When it made progress.
    pub progress: Progress<'a>,
}

/// When a job made progress, borrowed from whoever recorded it.
#[derive(Clone, Copy, Debug)]
pub enum Progress<'a> {
    /// Every reading of the clock in order of time, in nanoseconds: millions are as quickly drawn
    /// as thousands. Each stands for the usual time from one reading to the next.
    Samples(&'a [u64]),
    /// Unbroken stretches, `(start, end)` in nanoseconds, in any order.
    Spans(&'a [(u64, u64)]),
}

const MOST_FACETS: usize = 12;
const ABOVE_AXIS: f64 = 8.0;
const BETWEEN: f64 = 20.0;

impl Tracker<'_> {
    fn stack(&self) -> Stack {
        let counts: Vec<_> = self.facets.iter().map(|facet| facet.rows.len()).collect();
        Stack::new(&counts)
    }

    fn rows(&self) -> impl Iterator<Item = (&TrackerFacet<'_>, &TrackerRow<'_>)> {
        let facets = self.facets.iter();
        facets.flat_map(|facet| facet.rows.iter().map(move |row| (facet, row)))
    }

    fn columns(&self) -> Result<Columns> {
        let labels = self.rows().map(|(_, row)| row.label.as_str());
        let left = MARGIN + self.stack().gutter(labels)?;
        let ends = self
            .rows()
            .filter_map(|(facet, row)| Some(row.progress.end()?.saturating_sub(facet.zero_ns)));
        let end = ends.max().unwrap_or(0);
        Ok(Columns::new(end, None, (left, WIDTH - MARGIN)))
    }
}

impl Progress<'_> {
    /// The last instant of it.
    fn end(&self) -> Option<u64> {
        match self {
            Progress::Samples(times) => times.last().copied(),
            Progress::Spans(spans) => spans.iter().map(|span| span.1).max(),
        }
    }

    /// Whether it made none.
    pub fn is_empty(&self) -> bool {
        self.end().is_none()
    }
}

impl Chart for Tracker<'_> {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn key(&self) -> Key {
        let words = "making progress (lighter: some of the time)".into();
        Key(vec![(Swatch::Bar(GREY), words)])
    }

    fn check(&self) -> Result<()> {
        interval::count("tracker's figure", "facets", self.facets.len(), MOST_FACETS)?;
        if self.rows().all(|(_, row)| row.progress.is_empty()) {
            interval::count("tracker's figure", "readings", 0, 1)?;
        }
        for (facet, row) in self.rows() {
            let place = || format!("facet “{}”, row “{}”", facet.title, row.label);
            match row.progress {
                Progress::Samples(times) => readings::check(place, times)?,
                Progress::Spans(spans) => spans
                    .iter()
                    .try_for_each(|&span| interval::check(place, "a span", span))?,
            }
        }
        Ok(())
    }

    fn body_height(&self) -> Result<f64> {
        let stack = self.stack();
        let facets = self.facets.iter();
        let facets: f64 = facets
            .map(|facet| rows::TITLE + stack.height(facet.rows.len()) + BETWEEN)
            .sum();
        Ok(facets - BETWEEN + ABOVE_AXIS + TimeAxis::HEIGHT)
    }

    fn draw_body<B: DrawingBackend>(&self, canvas: &mut Canvas<B>, top: f64) -> Result<()> {
        let columns = self.columns()?;
        let stack = self.stack();
        let left = columns.whole.left();
        let mut y = top;
        for (i, facet) in self.facets.iter().enumerate() {
            if i > 0 {
                y += BETWEEN;
            }
            let width = WIDTH - MARGIN - left;
            rows::title(canvas, &facet.title, Some(facet.series), (left, y), width)?;
            y += rows::TITLE;
            let bottom = y + stack.height(facet.rows.len());
            columns.draw_ground(canvas, (y, bottom))?;
            for (index, row) in facet.rows.iter().take(stack.most).enumerate() {
                draw_row(
                    canvas,
                    &columns.whole,
                    facet,
                    row.progress,
                    stack.bar(y, index),
                )?;
                stack.label(canvas, &row.label, (left, y), index, left - MARGIN)?;
            }
            stack.left_out(canvas, (left, y), facet.rows.len())?;
            y = bottom;
        }
        columns.draw(canvas, y + ABOVE_AXIS)
    }
}

fn draw_row<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    axis: &TimeAxis,
    facet: &TrackerFacet<'_>,
    progress: Progress<'_>,
    height: (f64, f64),
) -> Result<()> {
    let colours = |_| (facet.series.colour(), PAPER);
    match progress {
        Progress::Samples(times) => {
            let runs = readings::runs(View::of(axis), times, facet.zero_ns);
            spans::draw_runs(canvas, axis, &runs, height, colours)
        }
        Progress::Spans(spans) => {
            let from_zero = |at: u64| at.saturating_sub(facet.zero_ns);
            let spans = spans
                .iter()
                .map(|&(start, end)| (from_zero(start), from_zero(end), 0));
            spans::draw(canvas, axis, spans, height, colours)
        }
    }
}
