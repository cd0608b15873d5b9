//! Estimates with their intervals, against the edges that decide (a forest plot).

use plotters::prelude::*;

use crate::axis::ranged::Axis;
use crate::axis::scale::Scale;
use crate::drawing::chart::{self, Chart, Mesh, Room};
use crate::drawing::ink::{self, CLEAR_INK, HAIR, INK};
use crate::drawing::marker::Marker;
use crate::drawing::pen::{Area, Drawn, LEFT, MIDDLE, Pen};
use crate::drawing::text::{LABEL, TICK};
use crate::error::{PlotError, Result};
use crate::matrix::table::{GROUP, Table};
use crate::page::Body;
use crate::page::key::{Key, Sign};
use crate::style::{Series, Stroke};

/// A row per claim on one level axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Intervals {
    /// The level axis.
    pub x: Scale,
    /// What the series stand for, for the key: "before", "after".
    pub names: Vec<(Series, String)>,
    /// From the top. Those for which there is no room are counted in words.
    pub rows: Vec<IntervalRow>,
}

/// A claim.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IntervalRow {
    /// Printed above the first of several rows that belong to the same; may be empty.
    pub group: String,
    /// The claim; shortened with an ellipsis if it is long.
    pub label: String,
    /// Where the verdict changes: small upright dashes across the row.
    pub edges: Vec<f64>,
    /// One below the other.
    pub estimates: Vec<Estimate>,
    /// Printed at the right: the verdict, say.
    pub note: String,
}

/// An estimate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Estimate {
    /// Gives colour and marker.
    pub series: Series,
    /// The estimate.
    pub value: f64,
    /// (low, high); none if there is no interval.
    pub interval: Option<(f64, f64)>,
}

const HEAD: f64 = 4.0;
const TICKS: f64 = 18.0;
const X_LABEL: f64 = 14.0;
/// Claims and notes take at most these shares of the width.
const LABELS: f64 = 0.5;
const NOTES: f64 = 0.25;
const AIR: f64 = 10.0;
/// Height of a row with up to two estimates, at least and at most, and of each further one.
const ROWS: [f64; 2] = [13.0, 26.0];
const FURTHER: f64 = 5.0;

impl Body for Intervals {
    fn check(&self) -> Result<()> {
        let things = if self.rows.is_empty() { "rows" } else { "estimates" };
        if self.rows.iter().all(|row| row.estimates.is_empty()) {
            return PlotError::empty("figure of intervals", things);
        }
        for row in &self.rows {
            let place = || format!("row “{}”", row.label);
            row.values().try_for_each(|value| self.x.check(place, value))?;
        }
        Ok(())
    }

    fn key(&self) -> Vec<Key> {
        let of = |series| Sign::Of(series, Stroke::Solid);
        let names = self.names.iter().map(|(series, name)| Key::new(of(*series), name));
        let mut key: Vec<Key> = names.collect();
        if self.rows.iter().any(|row| !row.edges.is_empty()) {
            key.push(Key::new(Sign::Upright(false), "where the verdict changes"));
        }
        key
    }

    fn height(&self, _: f64, room: f64) -> f64 {
        self.table(room - self.foot()).height + self.foot()
    }

    fn draw(&self, area: &Area<'_>) -> Drawn {
        let (width, height) = area.size();
        let table = self.table(height - self.foot());
        let rows = &self.rows[..table.rows.len()];
        let labels = LABEL.widest(rows.iter().map(|row| row.label.as_str()));
        let notes = LABEL.widest(rows.iter().map(|row| row.note.as_str()));
        let left = (labels.min(width * LABELS) + AIR).ceil();
        let right = (notes.min(width * NOTES) + AIR).ceil().max(24.0);
        let plot = width - left - right;
        let values: Vec<f64> = rows.iter().flat_map(IntervalRow::values).collect();
        let x = self.x.axis(&values, (plot / 52.0) as usize, false);
        // Rows lie between 0 at the top and the height of the plot: its unit is a pixel.
        let high = table.rows.last().map_or(0.0, |(top, _)| top + table.pitch);
        let axes = (chart::thinned(x, plot), Axis::named(high..0.0, Vec::new()));
        let own = area.part((0.0, 0.0), (width, high + TICKS));
        let (upright, foot, words) = (true, true, LABEL);
        let mesh = Mesh { upright, foot, words };
        let mut chart = chart::chart(&own, axes, Room::new(left, right, TICKS), mesh)?;
        let clear = LABEL.coloured(CLEAR_INK);
        for (row, (top, named)) in rows.iter().zip(&table.rows) {
            area.line(&[(0.0, *top), (width, *top)], ink::stroke(HAIR, 0.7))?;
            if *named {
                let group = TICK.shorten(&row.group, left);
                area.text(&group, TICK, LEFT, (0.0, top - GROUP / 2.0))?;
            }
            let middle = top + table.pitch / 2.0;
            let label = clear.shorten(&row.label, left - AIR);
            area.text(&label, clear, LEFT, (0.0, middle))?;
            let note = clear.shorten(&row.note, right - AIR);
            area.text(&note, clear, LEFT, (width - right + AIR, middle))?;
            row.draw(&mut chart, (*top, table.pitch))?;
        }
        let label = TICK.shorten(&self.x.label, plot);
        let at = (left + plot / 2.0, high + TICKS + X_LABEL / 2.0 - 1.0);
        area.text(&label, TICK, MIDDLE, at)?;
        area.text(&table.left_out(), TICK, LEFT, (0.0, height - 6.0))
    }
}

impl Intervals {
    fn foot(&self) -> f64 {
        TICKS + if self.x.label.is_empty() { 0.0 } else { X_LABEL }
    }

    fn table(&self, room: f64) -> Table {
        let groups: Vec<&str> = self.rows.iter().map(|row| row.group.as_str()).collect();
        let most = self.rows.iter().map(|row| row.estimates.len()).max().unwrap_or(1);
        let more = FURTHER * most.saturating_sub(2) as f64;
        Table::fit(&groups, HEAD, ROWS.map(|row| row + more), room)
    }
}

impl IntervalRow {
    fn draw(&self, chart: &mut Chart<'_, '_>, (top, pitch): (f64, f64)) -> Drawn {
        for edge in &self.edges {
            let ends = [(*edge, top + 1.0), (*edge, top + pitch - 1.0)];
            chart.draw_series(LineSeries::new(ends, ink::stroke(INK, 1.0)))?;
        }
        let apart = pitch / (self.estimates.len() as f64 + 1.0);
        let radius = (apart * 0.5).clamp(2.2, 3.4);
        for (i, estimate) in self.estimates.iter().enumerate() {
            let y = top + apart * (i as f64 + 1.0);
            let (series, at) = (estimate.series, (estimate.value, y));
            let colour = series.colour();
            let (low, high) = estimate.interval.unwrap_or((at.0, at.0));
            let line = LineSeries::new([(low, y), (high, y)], ink::stroke(colour, 2.2));
            chart.draw_series(line)?;
            let marker = |r, style| Marker { series, at, r, style };
            let paper = marker(radius + 0.8, WHITE.filled());
            chart.draw_series([paper, marker(radius, colour.filled())])?;
        }
        Ok(())
    }

    fn values(&self) -> impl Iterator<Item = f64> {
        let estimates = self.estimates.iter().flat_map(|one| {
            let interval = one.interval.into_iter().flat_map(|(low, high)| [low, high]);
            interval.chain([one.value])
        });
        estimates.chain(self.edges.iter().copied())
    }
}
