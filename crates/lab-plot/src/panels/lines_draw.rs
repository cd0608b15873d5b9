//! Panels of lines: layout, bands, points, medians and what they are held against.

use plotters::prelude::*;

use crate::axis::ranged::Axis;
use crate::drawing::chart::{self, Chart, Room};
use crate::drawing::ink::{self, INK, QUIET, SHADE, SOFT, px};
use crate::drawing::marker;
use crate::drawing::pen::{Area, Drawn, LEFT, MIDDLE, Pen, Place};
use crate::drawing::text::{LABEL, TICK};
use crate::error::{PlotError, Result};
use crate::page::key::{Key, Sign};
use crate::page::{self, Body};
use crate::panels::grid::{Grid, TICKS, TITLE, X_LABEL};
use crate::panels::lines::{Line, LinePanel, Lines, Reference, Shade};
use crate::panels::placer::{self, Placer};
use crate::panels::plot::Plot;

const BETWEEN: f64 = 16.0;
/// Right of a plot: half of the last number of its axis.
const RIGHT: f64 = 12.0;
const POINT: f64 = 1.8;
const RING: f64 = 5.0;

impl Body for Lines {
    fn check(&self) -> Result<()> {
        let chart = "figure of lines";
        PlotError::unless(!self.panels.is_empty(), chart, "panels")?;
        let mut lines = self.panels.iter().flat_map(|panel| &panel.lines);
        let has_points = |line: &Line| !line.points.is_empty() || !line.median.is_empty();
        PlotError::unless(lines.any(has_points), chart, "points")?;
        for panel in &self.panels {
            let place = || format!("panel “{}”", panel.title);
            panel.xs().try_for_each(|x| self.x.check(place, x))?;
            panel.ys().try_for_each(|y| self.y.check(place, y))?;
        }
        Ok(())
    }

    fn key(&self) -> Vec<Key> {
        let mut names = Vec::new();
        let mut key = Vec::new();
        for line in self.panels.iter().flat_map(|panel| &panel.lines) {
            let name = (line.series, &line.label);
            if !names.contains(&name) {
                names.push(name);
                key.push(Key::new(Sign::Line(line.series, line.stroke), &line.label));
            }
        }
        key.push(Key::new(Sign::Dot, &self.point));
        key.push(Key::new(Sign::Band, &self.band));
        key
    }

    fn height(&self, _: f64, room: f64) -> f64 {
        self.grid(room).height()
    }

    fn draw(&self, area: &Area<'_>) -> Drawn {
        let (width, height) = area.size();
        let grid = self.grid(height);
        area.text(&TICK.shorten(&self.y.label, width), TICK, LEFT, (0.0, 6.0))?;
        let per_tick = if self.y.is_log() { 24.0 } else { 30.0 };
        let wanted = (grid.plot / per_tick).max(2.0) as usize;
        let ys = (0..grid.rows).map(|row| {
            let values: Vec<f64> =
                self.panels[grid.row(row)].iter().flat_map(LinePanel::ys).collect();
            self.y.axis(&values, wanted, true)
        });
        let ys: Vec<Axis> = ys.collect();
        let left = ys.iter().map(chart::widest_tick).fold(0.0, f64::max).ceil() + 8.0;
        let left_out = page::left_out(grid.left_out, "panel");
        area.text(&left_out, TICK, LEFT, (left, height - 6.0))?;
        let wide = (width - left + BETWEEN) / grid.columns as f64 - BETWEEN - RIGHT;
        let wide = wide.floor();
        let xs: Vec<f64> = self.panels.iter().flat_map(LinePanel::xs).collect();
        let x = chart::thinned(self.x.axis(&xs, (wide / 48.0) as usize, false), wide);
        for (row, y) in ys.iter().enumerate() {
            for (column, panel) in grid.row(row).enumerate() {
                let is_lowest = grid.is_lowest(panel);
                let from = column as f64 * (wide + RIGHT + BETWEEN);
                let (left, from) = if column == 0 { (left, 0.0) } else { (0.0, left + from) };
                let (bottom, foot) = if is_lowest { (TICKS, TICKS + X_LABEL) } else { (0.0, 0.0) };
                let size = (left + wide + RIGHT, TITLE + grid.plot + foot);
                let plot = Plot {
                    area: area.part((from, grid.top(row)), size),
                    x: if is_lowest { x.clone() } else { x.clone().mute() },
                    y: if column == 0 { y.clone() } else { y.clone().mute() },
                    room: Room::new(left, RIGHT, bottom),
                    size: (wide, grid.plot),
                };
                self.panel(&plot, &self.panels[panel])?;
            }
        }
        Ok(())
    }
}

impl Lines {
    fn grid(&self, room: f64) -> Grid {
        let label = if self.x.label.is_empty() { 0.0 } else { X_LABEL };
        Grid::fit(self.panels.len(), self.columns, TICKS + label, room)
    }

    fn panel(&self, plot: &Plot<'_>, panel: &LinePanel) -> Drawn {
        let area = &plot.area;
        plot.draw(&panel.title, |chart| {
            for shade in &panel.shades {
                let (top, bottom) = region(shade, plot);
                area.rect((plot.left(), top), (plot.right(), bottom), SHADE.mix(ink::SHADE_SHARE))?;
            }
            for reference in &panel.references {
                area.line(&level(reference, plot), ink::dashed(SOFT))?;
            }
            panel.lines.iter().try_for_each(|line| draw_band(chart, line))?;
            panel.lines.iter().try_for_each(|line| draw_line(plot, chart, line))
        })?;
        if plot.room.bottom > 0.0 {
            let label = TICK.shorten(&self.x.label, plot.size.0);
            let at = (plot.left() + plot.size.0 / 2.0, plot.bottom() + TICKS + X_LABEL / 2.0 - 1.0);
            area.text(&label, TICK, MIDDLE, at)?;
        }
        draw_words(plot, panel)
    }
}

/// Rings around marks, and all words inside the plot, where they hide least.
fn draw_words(plot: &Plot<'_>, panel: &LinePanel) -> Drawn {
    let (area, mut placer) = (&plot.area, placer_of(panel, plot));
    for reference in &panel.references {
        let line = level(reference, plot);
        let places = |wide| placer::along(&line, wide, plot.left());
        placer.write(area, (&reference.label, TICK), places)?;
    }
    for mark in &panel.marks {
        let at = plot.at(mark.at);
        placer.write(area, (&mark.label, LABEL), |wide| placer::around(at, wide))?;
        area.dot(at, RING, ink::stroke(WHITE, 4.0))?;
        area.dot(at, RING, ink::stroke(INK, 1.6))?;
    }
    for shade in &panel.shades {
        let (region, sides) = (region(shade, plot), (plot.left(), plot.right()));
        let words = (shade.label.as_str(), TICK.coloured(QUIET));
        placer.write(area, words, |wide| placer::within(region, wide, sides))?;
    }
    Ok(())
}

/// What words should leave free in a panel.
fn placer_of(panel: &LinePanel, plot: &Plot<'_>) -> Placer {
    let mut placer = plot.placer();
    for line in &panel.lines {
        line.points.iter().for_each(|at| placer.ink(plot.at(*at)));
        let median: Vec<Place> = line.median.iter().map(|at| plot.at(*at)).collect();
        placer.line(&median);
        // A marker is as high as this, and worth more than a place on its line.
        for (x, y) in median {
            [-4.0, -2.0, 2.0, 4.0].into_iter().for_each(|dy| placer.ink((x, y + dy)));
        }
    }
    for mark in &panel.marks {
        // A ring must not be covered at all.
        let (x, y) = plot.at(mark.at);
        (0..20).for_each(|_| placer.ink((x, y)));
        placer.line(&[(x - 6.0, y - 6.0), (x + 6.0, y + 6.0)]);
    }
    panel.references.iter().for_each(|one| placer.line(&level(one, plot)));
    placer
}

/// From which to which height of the panel a shade reaches.
fn region(shade: &Shade, plot: &Plot<'_>) -> (f64, f64) {
    let top = shade.to.map_or(TITLE, |to| plot.down(to));
    (top, shade.from.map_or(plot.bottom(), |from| plot.down(from)))
}

/// A reference's line; a single point is a horizontal line.
fn level(reference: &Reference, plot: &Plot<'_>) -> Vec<Place> {
    match reference.points[..] {
        [(_, y)] => vec![(plot.left(), plot.down(y)), (plot.right(), plot.down(y))],
        _ => reference.points.iter().map(|at| plot.at(*at)).collect(),
    }
}

fn draw_band(chart: &mut Chart<'_, '_>, line: &Line) -> Drawn {
    let colour = line.series.colour().mix(ink::BAND);
    if let [(x, low, high)] = line.band[..] {
        // The interval of a single place has no width: a thick line.
        let style = ShapeStyle::from(colour).stroke_width(px(8.0).unsigned_abs());
        chart.draw_series(LineSeries::new([(x, low), (x, high)], style))?;
        return Ok(());
    }
    let low = line.band.iter().map(|(x, low, _)| (*x, *low));
    let high = line.band.iter().rev().map(|(x, _, high)| (*x, *high));
    let outline: Vec<(f64, f64)> = low.chain(high).collect();
    let band = (!outline.is_empty()).then(|| Polygon::new(outline, colour));
    chart.draw_series(band)?;
    Ok(())
}

fn draw_line(plot: &Plot<'_>, chart: &mut Chart<'_, '_>, line: &Line) -> Drawn {
    let colour = line.series.colour();
    let pale = colour.mix(0.55).filled();
    let points = line.points.iter();
    chart.draw_series(points.map(|&at| Circle::new(at, px(POINT), pale)))?;
    let median = line.median.iter();
    let stroke = ink::of_stroke(colour, line.stroke);
    chart.draw_series(LineSeries::new(median.clone().copied(), stroke))?;
    let mut median = median.map(|at| plot.at(*at));
    median.try_for_each(|at| marker::on_line(&plot.area, line.series, line.stroke, at))
}
