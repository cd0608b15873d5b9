//! Which core ran which job when: a row a core, and the colour is the job.

use std::collections::BTreeSet;

use plotters_backend::DrawingBackend;

use crate::axis::TimeAxis;
use crate::canvas::Canvas;
use crate::columns::{Columns, Zoom};
use crate::error::Result;
use crate::interval;
use crate::key::{Key, Swatch};
use crate::page::{Chart, Frame, MARGIN, WIDTH};
use crate::rows::{self, Stack};
use crate::series::{Colour, GRID, JOB_COLOURS, job_colour};
use crate::spans;

/// Facets below one another on one axis of time; beside each, if asked for, a zoomed view.
#[derive(Clone, Debug)]
pub struct Cores {
    /// Title, subtitle, caption.
    pub frame: Frame,
    /// One an arm; at most 12.
    pub facets: Vec<CoreFacet>,
    /// What the second column shows larger; none, no second column.
    pub zoom: Option<Zoom>,
}

/// One trial of one arm.
#[derive(Clone, Debug)]
pub struct CoreFacet {
    /// What it shows, in words, best with the share of hand-overs that change the core.
    pub title: String,
    /// One a core, from the top; a core on which nothing ran has a row, too.
    pub rows: Vec<CoreRow>,
}

/// One core.
#[derive(Clone, Debug)]
pub struct CoreRow {
    /// Stands at the left: "core 0".
    pub label: String,
    /// `(start, end, job)`: between which nanoseconds which job made progress there, in any
    /// order. Where a pixel holds several jobs, it has the colour of the one with most of its
    /// time, and is the paler the longer none of them ran. Eight jobs have a colour of their own;
    /// beyond that colours repeat.
    pub spans: Vec<(u64, u64, u32)>,
}

const MOST_FACETS: usize = 12;
const BETWEEN: f64 = 22.0;
/// From the rows to the axis.
const ABOVE_AXIS: f64 = 6.0;
/// Jobs of one colour that the key names.
const MOST_NAMED: usize = 3;

/// The ground of a row: the core ran none of the jobs.
fn idle() -> Colour {
    GRID.tint(0.6)
}

/// "job 3", "jobs 3, 11", or "jobs 3, 11, …, 27".
fn names(jobs: &[u32]) -> String {
    let list = |jobs: &[u32]| {
        let names: Vec<_> = jobs.iter().map(u32::to_string).collect();
        names.join(", ")
    };
    match jobs {
        [job] => format!("job {job}"),
        [first @ .., last] if first.len() >= MOST_NAMED => {
            let named = first.get(..MOST_NAMED - 1).unwrap_or(first);
            format!("jobs {}, …, {last}", list(named))
        }
        jobs => format!("jobs {}", list(jobs)),
    }
}

impl Cores {
    fn stack(&self) -> Stack {
        let counts: Vec<_> = self.facets.iter().map(|facet| facet.rows.len()).collect();
        Stack::new(&counts)
    }

    fn rows(&self) -> impl Iterator<Item = &CoreRow> {
        self.facets.iter().flat_map(|facet| &facet.rows)
    }

    fn columns(&self) -> Result<Columns> {
        let stack = self.stack();
        let facets = self.facets.iter();
        let drawn = facets.flat_map(|facet| facet.rows.iter().take(stack.most));
        let left = MARGIN + stack.gutter(drawn.map(|row| row.label.as_str()))?;
        let ends = self
            .rows()
            .flat_map(|row| row.spans.iter().map(|span| span.1));
        let end = ends.chain(self.zoom.map(|zoom| zoom.to)).max().unwrap_or(0);
        // The last number of the axis reaches beyond it.
        Ok(Columns::new(end, self.zoom, (left, WIDTH - MARGIN - 30.0)))
    }
}

impl Chart for Cores {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn key(&self) -> Key {
        let spans = self.rows().flat_map(|row| &row.spans);
        let jobs: BTreeSet<u32> = spans.map(|span| span.2).collect();
        let mut key: Vec<(Swatch, String)> = (0..JOB_COLOURS)
            .filter_map(|colour| {
                let alike = jobs.iter().copied();
                let alike: Vec<_> = alike.filter(|job| job % JOB_COLOURS == colour).collect();
                let swatch = Swatch::Bar(job_colour(colour));
                (!alike.is_empty()).then(|| (swatch, names(&alike)))
            })
            .collect();
        key.push((
            Swatch::Bar(idle()),
            "none of them (pale colours: some of the time)".into(),
        ));
        key.extend(self.zoom.map(|zoom| zoom.key()));
        Key(key)
    }

    fn check(&self) -> Result<()> {
        interval::count("figure of cores", "facets", self.facets.len(), MOST_FACETS)?;
        if self.rows().all(|row| row.spans.is_empty()) {
            interval::count("figure of cores", "spans", 0, 1)?;
        }
        for facet in &self.facets {
            for row in &facet.rows {
                let place = || format!("facet “{}”, row “{}”", facet.title, row.label);
                for &(start, end, _) in &row.spans {
                    interval::check(place, "a span", (start, end))?;
                }
            }
        }
        self.zoom
            .map_or(Ok(()), |zoom| zoom.check("the figure of cores"))
    }

    fn body_height(&self) -> Result<f64> {
        let stack = self.stack();
        let facets = self.facets.iter();
        let facets: f64 = facets
            .map(|facet| rows::TITLE + stack.height(facet.rows.len()) + BETWEEN)
            .sum();
        Ok(Zoom::heads(self.zoom) + facets - BETWEEN + ABOVE_AXIS + TimeAxis::HEIGHT)
    }

    fn draw_body<B: DrawingBackend>(&self, canvas: &mut Canvas<B>, top: f64) -> Result<()> {
        let columns = self.columns()?;
        let stack = self.stack();
        let left = columns.whole.left();
        columns.draw_heads(canvas, top)?;
        let mut y = top + Zoom::heads(self.zoom);
        for (i, facet) in self.facets.iter().enumerate() {
            if i > 0 {
                y += BETWEEN;
            }
            rows::title(canvas, &facet.title, None, (left, y), WIDTH - MARGIN - left)?;
            y += rows::TITLE;
            let bottom = y + stack.height(facet.rows.len());
            columns.draw_ground(canvas, (y, bottom))?;
            for (index, row) in facet.rows.iter().take(stack.most).enumerate() {
                let height = stack.bar(y, index);
                for axis in columns.axes() {
                    canvas.fill(axis.area(height.0, height.1), idle())?;
                    let spans = row.spans.iter().copied();
                    spans::draw(canvas, axis, spans, height, |job| (job_colour(job), idle()))?;
                }
                stack.label(canvas, &row.label, (left, y), index, left - MARGIN)?;
            }
            columns.draw_edges(canvas, (y, bottom))?;
            stack.left_out(canvas, (left, y), facet.rows.len())?;
            y = bottom;
        }
        columns.draw(canvas, y + ABOVE_AXIS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_that_share_a_colour_are_named_together() {
        assert_eq!(names(&[3]), "job 3");
        assert_eq!(names(&[3, 11]), "jobs 3, 11");
        assert_eq!(names(&[3, 11, 19]), "jobs 3, 11, 19");
        assert_eq!(names(&[3, 11, 19, 27]), "jobs 3, 11, …, 27");
    }
}
