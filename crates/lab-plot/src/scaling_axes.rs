//! The two axes of a panel of [`crate::Scaling`].

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use crate::axis::{Scale, ticks};
use crate::canvas::{Area, Canvas, Point, Stroke};
use crate::error::Result;
use crate::font::TextStyle;
use crate::log_ticks::{log_ticks, number, time};
use crate::page::{LABEL_EM, TICK_EM};
use crate::scaling::{Scaling, Unit, XAxis, YAxis};
use crate::series::{GREY, INK};
use crate::upright::{Upright, extent, named};

/// Height of the level axis' numbers and words.
pub(crate) const BELOW: f64 = 66.0;
/// Share of a panel that stays empty at either side of the data.
const SIDES: f64 = 0.05;
/// As many different x have a tick each on a logarithmic axis; where there are more, the ticks are
/// powers of ten and their multiples.
const MOST_SET: usize = 8;
/// How far beyond the data a reference line may stretch a straight and a logarithmic axis.
const STRETCH: f64 = 1.3;
const STRETCH_LOG: f64 = 2.0;

/// Values to pixels, and the ticks.
pub(crate) struct Axes {
    pub area: Area,
    x: Scale,
    y: Upright,
    log: bool,
    /// Whether the ticks are words, which may be cut short; a number may not.
    words: bool,
    x_ticks: Vec<(f64, String)>,
}

impl Axes {
    pub(crate) fn new(figure: &Scaling, area: Area) -> Axes {
        let log = matches!(figure.x, XAxis::Workers | XAxis::Log(_));
        let xs = data_x(figure);
        let (from, to) = match &figure.x {
            XAxis::Categories(words) => (0.0, words.len().saturating_sub(1) as f64),
            _ => extent(xs.iter().copied().chain(reference_x(figure))).unwrap_or((0.0, 1.0)),
        };
        let on_axis = |x: f64| if log { x.log2() } else { x };
        let (first, last) = (on_axis(from), on_axis(to));
        // A single x stands in the middle.
        let (first, last) = if last > first {
            (first, last)
        } else {
            (first - 1.0, first + 1.0)
        };
        let pad = (last - first) * SIDES / (1.0 - 2.0 * SIDES);
        Axes {
            area,
            x: Scale::new((first - pad, last + pad), (area.left, area.right)),
            y: Upright::new(y_range(figure), figure.y.is_log(), area),
            log,
            words: matches!(figure.x, XAxis::Categories(_)),
            x_ticks: x_ticks(figure, &xs, (from, to), area.width()),
        }
    }

    /// How far lines at the same x may stand apart, `lines` of them: their whole width stays a
    /// third of the distance to the next tick.
    pub(crate) fn apart(&self, lines: usize) -> f64 {
        let places: Vec<_> = self.x_ticks.iter().map(|tick| self.x(tick.0)).collect();
        let gaps = places.windows(2).map(|pair| match pair {
            [a, b] => b - a,
            _ => f64::INFINITY,
        });
        let gap = gaps.fold(f64::INFINITY, f64::min);
        (gap / 3.0 / lines.max(1) as f64).min(9.0)
    }

    /// The pixel of a level value.
    pub(crate) fn x(&self, x: f64) -> f64 {
        self.x.px(if self.log { x.log2() } else { x })
    }

    /// The pixel of a point, held inside the panel.
    pub(crate) fn at(&self, (x, y): (f64, f64)) -> Point {
        (self.x(x), self.y.px(y))
    }

    /// The pixel of a point, which may lie above the panel.
    pub(crate) fn beyond(&self, (x, y): (f64, f64)) -> Point {
        (self.x(x), self.y.beyond(y))
    }

    /// Grid, axis, ticks and the level axis' words; the upright axis' numbers if `numbers`.
    pub(crate) fn draw<B: DrawingBackend>(
        &self,
        canvas: &mut Canvas<B>,
        x_label: &str,
        numbers: bool,
    ) -> Result<()> {
        let area = self.area;
        self.y.draw(canvas, area, numbers)?;
        let stroke = Stroke::new(GREY, 1.0);
        let style = TextStyle::new(TICK_EM, GREY)?.anchor(HPos::Center, VPos::Top);
        let room = area.width() / self.x_ticks.len().max(1) as f64 - 8.0;
        let mut free_from = f64::NEG_INFINITY;
        for (value, name) in &self.x_ticks {
            let x = self.x(*value);
            canvas.line(&[(x, area.bottom), (x, area.bottom + 6.0)], stroke)?;
            let most = if self.words {
                room.max(40.0)
            } else {
                area.width()
            };
            let name = style.elide(name, most);
            let half = style.width(&name) / 2.0;
            // Words at an end may reach a little beyond the axis, not onto its neighbour's numbers.
            let centre = x.min(area.right + 8.0 - half).max(area.left - 8.0 + half);
            if centre - half > free_from {
                canvas.text(&name, (centre, area.bottom + 9.0), style)?;
                free_from = centre + half + 6.0;
            }
        }
        let style = TextStyle::new(LABEL_EM, INK)?;
        let words = style.elide(x_label, area.width());
        let at = ((area.left + area.right) / 2.0, area.bottom + 36.0);
        canvas.text(&words, at, style.anchor(HPos::Center, VPos::Top))
    }
}

/// The ticks of the level axis and their names.
fn x_ticks(figure: &Scaling, xs: &[f64], (from, to): (f64, f64), width: f64) -> Vec<(f64, String)> {
    let as_set = |name: &dyn Fn(f64) -> String| xs.iter().map(|&x| (x, name(x))).collect();
    match &figure.x {
        XAxis::Workers => as_set(&|x| format!("{x}")),
        XAxis::Linear => named(ticks(from, to, (width / 80.0) as usize)),
        XAxis::Log(unit) if xs.len() <= MOST_SET => as_set(&|x| unit.name(x)),
        XAxis::Log(unit) => {
            let ticks = log_ticks(from, to).into_iter();
            ticks.map(|(x, _)| (x, unit.name(x))).collect()
        }
        XAxis::Categories(words) => {
            let words = words.iter().cloned().enumerate();
            words.map(|(i, word)| (i as f64, word)).collect()
        }
    }
}

impl Unit {
    /// `x` in words.
    fn name(self, x: f64) -> String {
        match self {
            Unit::Plain => number(x),
            Unit::Nanoseconds => time(x),
        }
    }
}

/// Every x of points, medians and bands, in order.
fn data_x(figure: &Scaling) -> Vec<f64> {
    let mut xs: Vec<f64> = Vec::new();
    for line in figure.panels.iter().flat_map(|panel| &panel.lines) {
        xs.extend(line.points.iter().chain(&line.median).map(|point| point.0));
        xs.extend(line.band.iter().map(|point| point.0));
    }
    xs.sort_by(f64::total_cmp);
    xs.dedup();
    xs
}

/// Every x of references, marks and cores.
fn reference_x(figure: &Scaling) -> impl Iterator<Item = f64> {
    figure.panels.iter().flat_map(|panel| {
        let lines = panel.references.iter().flat_map(|line| &line.points);
        let marks = panel.marks.iter().map(|mark| mark.x);
        lines.map(|point| point.0).chain(marks).chain(panel.cores)
    })
}

/// From the lowest to the highest value of the upright axis.
fn y_range(figure: &Scaling) -> (f64, f64) {
    let lines = || figure.panels.iter().flat_map(|panel| &panel.lines);
    let data = lines().flat_map(|line| {
        let single = line.points.iter().chain(&line.median).map(|point| point.1);
        single.chain(line.band.iter().flat_map(|point| [point.1, point.2]))
    });
    let marks = figure.panels.iter().flat_map(|panel| &panel.marks);
    let asked = match figure.y {
        YAxis::LogWith(value) => Some(value),
        _ => None,
    };
    let data = data.chain(marks.filter_map(|mark| mark.y)).chain(asked);
    let (least, most) = extent(data).unwrap_or((0.0, 1.0));
    let references = figure.panels.iter().flat_map(|panel| &panel.references);
    let references = references.flat_map(|line| line.points.iter().map(|point| point.1));
    let shades = figure.panels.iter().flat_map(|panel| &panel.shades);
    let references = references.chain(shades.flat_map(|shade| shade.region.edges()));
    let (low_reference, high_reference) = extent(references).unwrap_or((least, most));
    let low = least.min(low_reference);
    match figure.y {
        YAxis::Log | YAxis::LogWith(_) => {
            let high = most.max(high_reference.min(most * STRETCH_LOG));
            let low = low.max(least / STRETCH_LOG);
            (low / 1.15, high * 1.15)
        }
        YAxis::FromZero | YAxis::Linear(..) => {
            let (from, to) = match figure.y {
                YAxis::Linear(from, to) => (from.min(to), from.max(to)),
                _ => (0.0, 0.0),
            };
            let high = most.max(high_reference.min(most * STRETCH)).max(to);
            let low = low.min(from);
            let high = if high > low { high } else { low + 1.0 };
            let pad = (high - low) * 0.04;
            // Zero itself needs no air below it.
            (if low < from { low - pad } else { low }, high + pad)
        }
    }
}
