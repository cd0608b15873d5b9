//! The two axes of a panel of [`crate::Scaling`].

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use crate::axis::{Scale, ticks};
use crate::canvas::{Area, Canvas, Point, Stroke};
use crate::error::Result;
use crate::font::TextStyle;
use crate::page::{LABEL_EM, MARGIN, TICK_EM};
use crate::scaling::{Scaling, XAxis, YAxis};
use crate::series::{GREY, GRID, INK};

/// Room for the upright axis' numbers.
pub(crate) const LEFT: f64 = 74.0;
/// Height of the upright axis' words above all panels.
pub(crate) const HEAD: f64 = 38.0;
/// Height of the level axis' numbers and words.
pub(crate) const BELOW: f64 = 66.0;
/// Share of a panel that stays empty at either side of the data.
const SIDES: f64 = 0.05;
/// How far beyond the data a reference line may stretch a straight and a logarithmic axis.
const STRETCH: f64 = 1.3;
const STRETCH_LOG: f64 = 2.0;

/// Values to pixels, and the ticks.
pub(crate) struct Axes {
    pub area: Area,
    x: Scale,
    y: Scale,
    workers: bool,
    log: bool,
    x_ticks: Vec<(f64, String)>,
    y_ticks: Vec<(f64, String)>,
}

/// The least and the greatest of some values.
fn extent(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |range: Option<(f64, f64)>, value| {
        Some(range.map_or((value, value), |(least, most)| {
            (least.min(value), most.max(value))
        }))
    })
}

impl Axes {
    pub(crate) fn new(figure: &Scaling, area: Area) -> Axes {
        let workers = figure.x == XAxis::Workers;
        let log = figure.y == YAxis::Log;
        let xs = data_x(figure);
        let (from, to) = match &figure.x {
            XAxis::Categories(words) => (0.0, words.len().saturating_sub(1) as f64),
            _ => extent(xs.iter().copied().chain(reference_x(figure))).unwrap_or((0.0, 1.0)),
        };
        let on_axis = |x: f64| if workers { x.log2() } else { x };
        let (first, last) = (on_axis(from), on_axis(to));
        // A single x stands in the middle.
        let (first, last) = if last > first {
            (first, last)
        } else {
            (first - 1.0, first + 1.0)
        };
        let pad = (last - first) * SIDES / (1.0 - 2.0 * SIDES);
        let x = Scale::new((first - pad, last + pad), (area.left, area.right));
        let (low, high) = y_range(figure);
        let on_y = |y: f64| if log { y.log10() } else { y };
        let y = Scale::new((on_y(low), on_y(high)), (area.bottom, area.top));

        let named = |(values, decimals): (Vec<f64>, usize)| {
            let name = |value: f64| (value, short(format!("{value:.decimals$}"), value));
            values.into_iter().map(name).collect::<Vec<_>>()
        };
        let x_ticks = match &figure.x {
            XAxis::Workers => xs.iter().map(|x| (*x, format!("{x}"))).collect(),
            XAxis::Linear => named(ticks(from, to, (area.width() / 80.0) as usize)),
            XAxis::Categories(words) => words
                .iter()
                .cloned()
                .enumerate()
                .map(|(i, word)| (i as f64, word))
                .collect(),
        };
        let y_ticks = match log {
            true => log_ticks(low, high),
            false => named(ticks(low, high, (area.height() / 62.0) as usize)),
        };
        Axes {
            area,
            x,
            y,
            workers,
            log,
            x_ticks,
            y_ticks,
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
        self.x.px(if self.workers { x.log2() } else { x })
    }

    /// The pixel of a point, held inside the panel.
    pub(crate) fn at(&self, (x, y): (f64, f64)) -> Point {
        (self.x(x), self.y.px(self.on_y(y)))
    }

    /// The pixel of a point, which may lie above the panel.
    pub(crate) fn beyond(&self, (x, y): (f64, f64)) -> Point {
        (self.x(x), self.y.beyond(self.on_y(y)))
    }

    fn on_y(&self, y: f64) -> f64 {
        if self.log { y.log10() } else { y }
    }

    /// Grid, axis, ticks and the level axis' words; the upright axis' numbers if `numbers`.
    pub(crate) fn draw<B: DrawingBackend>(
        &self,
        canvas: &mut Canvas<B>,
        x_label: &str,
        numbers: bool,
    ) -> Result<()> {
        let area = self.area;
        let grey = TextStyle::new(TICK_EM, GREY)?;
        for (value, name) in &self.y_ticks {
            let y = self.y.px(self.on_y(*value));
            canvas.line(&[(area.left, y), (area.right, y)], Stroke::new(GRID, 1.0))?;
            if numbers {
                let style = grey.anchor(HPos::Right, VPos::Center);
                canvas.text(name, (area.left - 10.0, y), style)?;
            }
        }
        let stroke = Stroke::new(GREY, 1.0);
        canvas.line(
            &[(area.left, area.bottom), (area.right, area.bottom)],
            stroke,
        )?;
        let style = grey.anchor(HPos::Center, VPos::Top);
        let room = area.width() / self.x_ticks.len().max(1) as f64 - 8.0;
        let mut free_from = f64::NEG_INFINITY;
        for (value, name) in &self.x_ticks {
            let x = self.x(*value);
            canvas.line(&[(x, area.bottom), (x, area.bottom + 6.0)], stroke)?;
            let name = style.elide(name, room.max(40.0));
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

/// The upright axis' words, level, above its numbers.
pub(crate) fn draw_y_label<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    words: &str,
    top: f64,
) -> Result<()> {
    let style = TextStyle::new(LABEL_EM, INK)?;
    let words = style.elide(words, crate::page::WIDTH - 2.0 * MARGIN);
    canvas.text(&words, (MARGIN, top), style)
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

/// Every x of references and cores.
fn reference_x(figure: &Scaling) -> impl Iterator<Item = f64> {
    figure.panels.iter().flat_map(|panel| {
        let lines = panel.references.iter().flat_map(|line| &line.points);
        lines.map(|point| point.0).chain(panel.cores)
    })
}

/// From the lowest to the highest value of the upright axis.
fn y_range(figure: &Scaling) -> (f64, f64) {
    let lines = || figure.panels.iter().flat_map(|panel| &panel.lines);
    let data = lines().flat_map(|line| {
        let single = line.points.iter().chain(&line.median).map(|point| point.1);
        single.chain(line.band.iter().flat_map(|point| [point.1, point.2]))
    });
    let (least, most) = extent(data).unwrap_or((0.0, 1.0));
    let references = figure.panels.iter().flat_map(|panel| &panel.references);
    let references = references.flat_map(|line| line.points.iter().map(|point| point.1));
    let (low_reference, high_reference) = extent(references).unwrap_or((least, most));
    let low = least.min(low_reference);
    match figure.y {
        YAxis::Log => {
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

/// Multiples of the powers of ten between `low` and `high`: as many as can be read.
fn log_ticks(low: f64, high: f64) -> Vec<(f64, String)> {
    const FACTORS: [&[f64]; 3] = [
        &[1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0],
        &[1.0, 2.0, 5.0],
        &[1.0],
    ];
    let (first, last) = (low.log10().floor() as i32, high.log10().ceil() as i32);
    let of = |factors: &'static [f64]| -> Vec<f64> {
        (first..=last)
            .flat_map(|power| factors.iter().map(move |factor| factor * 10f64.powi(power)))
            .filter(|value| (low..=high).contains(value))
            .collect()
    };
    let mut values = FACTORS.into_iter().map(of).find(|values| values.len() <= 9);
    if values.as_ref().is_some_and(|values| values.len() < 2) {
        values = Some(ticks(low, high, 6).0);
    }
    // A range of very many powers of ten shows every tenth or so.
    let values = values.unwrap_or_else(|| of(&[1.0]));
    let every = values.len().div_ceil(9).max(1);
    values
        .into_iter()
        .step_by(every)
        .map(|value| (value, number(value)))
        .collect()
}

/// `value` with as many decimals as it needs.
fn number(value: f64) -> String {
    let exact = |decimals: &i32| {
        let power = 10f64.powi(*decimals);
        ((value * power).round() / power - value).abs() <= value * 1e-6
    };
    let decimals = (0..9).find(exact).unwrap_or(9) as usize;
    let decimals = if value < 1e-6 { 20 } else { decimals };
    short(format!("{value:.decimals$}"), value)
}

/// `name`, or the power of ten if that does not fit beside the axis.
fn short(name: String, value: f64) -> String {
    match name.len() {
        0..=8 => name,
        _ => format!("{value:.1e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithmic_ticks_thin_out() {
        let names = |low, high| -> Vec<String> {
            log_ticks(low, high)
                .into_iter()
                .map(|tick| tick.1)
                .collect()
        };
        assert_eq!(names(0.8, 2.5), ["0.8", "1", "1.5", "2"]);
        assert_eq!(
            names(0.9, 12.0),
            ["1", "1.5", "2", "3", "4", "5", "6", "8", "10"]
        );
        assert_eq!(
            names(0.09, 11.0),
            ["0.1", "0.2", "0.5", "1", "2", "5", "10"]
        );
        assert_eq!(names(1.0, 1e6).len(), 7);
        assert!(names(3.0, 4.0).len() >= 2);
    }
}
