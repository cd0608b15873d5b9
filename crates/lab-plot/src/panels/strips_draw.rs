//! Panels of strips: layout, points, medians and references.

use std::ops::Range;

use plotters::prelude::*;

use crate::axis::ranged::Axis;
use crate::drawing::chart::Room;
use crate::drawing::ink::{self, INK, SOFT};
use crate::drawing::pen::{Area, Drawn, MIDDLE, Pen};
use crate::drawing::text::{LABEL, NARROW, TICK, Type};
use crate::error::{PlotError, Result};
use crate::page::Body;
use crate::page::key::{Key, Sign};
use crate::panels::grid::{Grid, TITLE};
use crate::panels::placer::{self, Placer};
use crate::panels::plot::Plot;
use crate::panels::strips::{Strip, StripPanel, Strips};
use crate::panels::swarm::{RADIUS, swarm};
use crate::style::MOST_POINTS;

const BETWEEN: f64 = 18.0;
/// The least and the greatest width of a strip.
const NARROWEST: f64 = 44.0;
const WIDEST: f64 = 220.0;
/// Half of the widest swarm.
const HALF: f64 = 34.0;
/// How much wider medians are, on each side.
const BEYOND: f64 = 3.0;
const MOST_LINES: usize = 4;
/// Between the labels of two strips.
const AIR: f64 = 3.0;

impl Body for Strips {
    fn check(&self) -> Result<()> {
        let chart = "figure of strips";
        PlotError::unless(!self.panels.is_empty(), chart, "panels")?;
        PlotError::unless(self.strips().any(|strip| !strip.is_empty()), chart, "values")?;
        for panel in &self.panels {
            let place = || format!("panel “{}”", panel.title);
            panel.ys().try_for_each(|y| self.y.check(place, y))?;
        }
        Ok(())
    }

    fn key(&self) -> Vec<Key> {
        let mut key = vec![Key::new(Sign::Dot, &self.point)];
        if self.strips().any(|strip| strip.values.len() > MOST_POINTS) {
            key.push(Key::new(Sign::Patch(SOFT, 1.0), "many of them (wider: more)"));
        }
        if self.strips().any(|strip| strip.median.is_some()) {
            key.push(Key::new(Sign::Line, "median"));
        }
        key
    }

    fn height(&self, width: f64, room: f64) -> f64 {
        self.grid(width, room).height()
    }

    fn draw(&self, area: &Area<'_>) -> Drawn {
        let (width, height) = area.size();
        let grid = self.grid(width, height);
        let (ys, left) = grid.frame(area, &self.y, |panel| self.panels[panel].ys().collect())?;
        for (row, y) in ys.iter().enumerate() {
            let panels = &self.panels[grid.rows[row].clone()];
            let one = strip_width(panels, width - left);
            let (top, mut x, mut left) = (grid.top(row), 0.0, left);
            let mut y = y.clone();
            for panel in panels {
                let wide = one * panel.strips.len().max(1) as f64;
                let plot = Plot {
                    area: area.part((x, top), (left + wide, height - top)),
                    x: Axis::named(0.0..wide, Vec::new()),
                    y: y.clone(),
                    room: Room::new(left, 0.0, 0.0),
                    size: (wide, grid.plot),
                };
                draw_panel(&plot, panel, one)?;
                x += left + wide + BETWEEN;
                (left, y) = (0.0, y.mute());
            }
        }
        Ok(())
    }
}

/// The width of a strip, if these panels are beside one another.
fn strip_width(panels: &[StripPanel], width: f64) -> f64 {
    let strips: usize = panels.iter().map(|panel| panel.strips.len().max(1)).sum();
    let air = BETWEEN * panels.len().saturating_sub(1) as f64;
    ((width - air) / strips.max(1) as f64).min(WIDEST).floor()
}

/// What the labels below a panel are set in: all of them smaller, if a word of one is too wide.
fn label_type(panel: &StripPanel, wide: f64) -> Type {
    let fits = |strip: &Strip| LABEL.widest(strip.label.split(' ')) <= wide - AIR;
    if panel.strips.iter().all(fits) { LABEL } else { NARROW }
}

fn label_lines(kind: Type, strip: &Strip, wide: f64) -> Vec<String> {
    kind.wrap(&strip.label, wide - AIR, MOST_LINES)
}

impl Strips {
    fn strips(&self) -> impl Iterator<Item = &Strip> {
        self.panels.iter().flat_map(|panel| &panel.strips)
    }

    /// As many panels in a row as leave each strip its least width.
    fn grid(&self, width: f64, room: f64) -> Grid {
        // The numbers of the vertical axis, about.
        let width = width - 50.0;
        let mut rows: Vec<Range<usize>> = Vec::new();
        for i in 0..self.panels.len() {
            let fits = |row: &&mut Range<usize>| {
                strip_width(&self.panels[row.start..=i], width) >= NARROWEST
            };
            match rows.last_mut().filter(fits) {
                Some(row) => row.end = i + 1,
                None => rows.push(i..i + 1),
            }
        }
        let mut most = 0;
        for row in &rows {
            let panels = &self.panels[row.clone()];
            let one = strip_width(panels, width);
            for panel in panels {
                let kind = label_type(panel, one);
                let lines = panel.strips.iter().map(|strip| label_lines(kind, strip, one).len());
                most = lines.fold(most, usize::max);
            }
        }
        let foot = 4.0 + most as f64 * LABEL.leading();
        Grid::fit(&rows, [foot, foot], room)
    }
}

/// A panel whose strips are `one` pixels wide.
fn draw_panel(plot: &Plot<'_>, panel: &StripPanel, one: f64) -> Drawn {
    let area = &plot.area;
    plot.draw(&panel.title, |_| Ok(()))?;
    let level = |y: f64| [(plot.left(), plot.down(y)), (plot.right(), plot.down(y))];
    let mut placer = plot.placer();
    let kind = label_type(panel, one);
    for (_, value) in &panel.references {
        area.line(&level(*value), ink::dashed(SOFT))?;
        placer.line(&level(*value));
    }
    for (i, strip) in panel.strips.iter().enumerate() {
        let from = plot.left() + i as f64 * one;
        draw_strip(plot, strip, (from, one), &mut placer)?;
        for (line, words) in label_lines(kind, strip, one).iter().enumerate() {
            let y = plot.bottom() + 4.0 + (line as f64 + 0.5) * LABEL.leading();
            area.text(words, kind, MIDDLE, (from + one / 2.0, y))?;
        }
    }
    for (words, value) in &panel.references {
        let places = |wide| placer::along(&level(*value), wide, plot.left(), 3);
        placer.write(area, (words, TICK), false, places)?;
    }
    Ok(())
}

/// A strip from `from` on, `one` pixels wide.
fn draw_strip(
    plot: &Plot<'_>,
    strip: &Strip,
    (from, one): (f64, f64),
    placer: &mut Placer,
) -> Drawn {
    let (area, colour) = (&plot.area, strip.series.colour());
    let note = if strip.is_empty() { "none" } else { &strip.note };
    let wide = LABEL.width(note);
    // A note that is too wide for the room beside the median goes below or above it.
    let mut half = HALF.min(one / 2.0 - 6.0);
    let mut middle = from + one / 2.0;
    let beside = half.min((one - wide - 14.0) / 2.0);
    if beside > 12.0 && wide > 0.0 {
        (half, middle) = (beside, middle - (wide + 4.0) / 2.0);
    }
    let (left, right) = (middle - half - BEYOND, middle + half + BEYOND);
    let downs: Vec<f64> = strip.values.iter().map(|value| plot.down(*value)).collect();
    let swarm = swarm(&downs, half);
    for (top, bottom, half) in &swarm.dense {
        area.rect((middle - half, *top), (middle + half, *bottom), colour.mix(1.0))?;
        placer.ink((middle, (top + bottom) / 2.0));
    }
    let alpha = if swarm.points.len() > 60 { 0.55 } else { 0.75 };
    for (across, y) in &swarm.points {
        area.dot((middle + across, *y), RADIUS, colour.mix(alpha).filled())?;
        placer.ink((middle + across, *y));
    }
    let median = strip.median.map(|median| plot.down(median));
    if let Some(y) = median {
        let line = [(left, y), (right, y)];
        placer.line(&line);
        area.line(&line, ink::stroke(WHITE, 2.6))?;
        area.line(&line, ink::stroke(INK, 1.6))?;
    }
    let y = median.or(downs.first().copied()).unwrap_or(TITLE + 30.0);
    let beside = (right + BEYOND + wide <= from + one).then_some((right + BEYOND, y));
    let under = [9.0, -9.0, 15.0, -15.0, 22.0, -22.0].map(|dy| (middle - wide / 2.0, y + dy));
    let last = (from + one - wide).max(from);
    let places = beside.into_iter().chain(under).map(|(x, y)| (x.clamp(from, last), y));
    placer.write(area, (note, LABEL), false, |_| places.collect())?;
    Ok(())
}
