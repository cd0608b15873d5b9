//! From values to pixels, and the ticks of an axis.

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use crate::canvas::{Area, Canvas, Stroke};
use crate::error::Result;
use crate::font::TextStyle;
use crate::page::TICK_EM;
use crate::series::{GREY, GRID};

/// A straight mapping from a range of values to a range of pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    from: f64,
    to: f64,
    start: f64,
    end: f64,
}

impl Scale {
    /// `from..to` on the pixels `start..end`. A range without length gets one.
    pub(crate) fn new((from, to): (f64, f64), (start, end): (f64, f64)) -> Scale {
        let to = if to > from { to } else { from + 1.0 };
        Scale {
            from,
            to,
            start,
            end,
        }
    }

    /// The pixel of `value`, held inside the axis.
    pub(crate) fn px(&self, value: f64) -> f64 {
        self.beyond(value.clamp(self.from, self.to))
    }

    /// The pixel of `value`, wherever that is.
    pub(crate) fn beyond(&self, value: f64) -> f64 {
        let share = (value - self.from) / (self.to - self.from);
        self.start + share * (self.end - self.start)
    }
}

/// Round values (1, 2 or 5 times a power of ten apart) from `from` to `to`, at most about `most`
/// of them, and the number of decimals that tells them apart.
pub(crate) fn ticks(from: f64, to: f64, most: usize) -> (Vec<f64>, usize) {
    let rough = (to - from) / most.max(1) as f64;
    if !rough.is_finite() || rough <= 0.0 {
        return (vec![from], 0);
    }
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= rough * 0.999)
        .unwrap_or(10.0 * power);
    let decimals = (-(step * 1.001).log10().floor()).clamp(0.0, 9.0) as usize;
    let first = (from / step - 1e-9).ceil();
    let values = (0..=2 * most)
        .map(|i| (first + i as f64) * step)
        .take_while(|value| *value <= to + step * 1e-9)
        .collect();
    (values, decimals)
}

/// A unit in which a stretch of time reads well.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TimeUnit {
    pub name: &'static str,
    pub ns: f64,
}

impl TimeUnit {
    /// For an axis or a value of `ns` nanoseconds.
    pub(crate) fn of(ns: f64) -> TimeUnit {
        let (name, ns) = match ns {
            ns if ns < 1e4 => ("ns", 1.0),
            ns if ns < 2e6 => ("µs", 1e3),
            ns if ns < 1e10 => ("ms", 1e6),
            _ => ("s", 1e9),
        };
        TimeUnit { name, ns }
    }
}

/// `ns` nanoseconds in words: three figures and a unit.
pub(crate) fn duration(ns: f64) -> String {
    let unit = TimeUnit::of(ns);
    let value = ns / unit.ns;
    let decimals = match value {
        v if unit.name == "ns" || v >= 99.95 => 0,
        v if v >= 9.995 => 1,
        _ => 2,
    };
    format!("{value:.decimals$} {}", unit.name)
}

/// A level axis of time below (or through) one or several panels.
#[derive(Clone, Debug)]
pub(crate) struct TimeAxis {
    pub scale: Scale,
    from: f64,
    to: f64,
    unit: TimeUnit,
    ticks: Vec<f64>,
    decimals: usize,
    left: f64,
    right: f64,
}

impl TimeAxis {
    /// `from..to` nanoseconds on the pixels `left..right`.
    pub(crate) fn new(from: u64, to: u64, left: f64, right: f64) -> TimeAxis {
        let (from, to) = (from as f64, (to as f64).max(from as f64 + 1.0));
        let unit = TimeUnit::of(to);
        let (ticks, decimals) = ticks(
            from / unit.ns,
            to / unit.ns,
            ((right - left) / 95.0) as usize,
        );
        TimeAxis {
            scale: Scale::new((from, to), (left, right)),
            from,
            to,
            unit,
            ticks,
            decimals,
            left,
            right,
        }
    }

    /// The pixel of an instant, held inside the axis.
    pub(crate) fn px(&self, ns: u64) -> f64 {
        self.scale.px(ns as f64)
    }

    pub(crate) fn left(&self) -> f64 {
        self.left
    }

    pub(crate) fn right(&self) -> f64 {
        self.right
    }

    /// The range in nanoseconds.
    pub(crate) fn range(&self) -> (f64, f64) {
        (self.from, self.to)
    }

    /// Upright lines at the ticks.
    pub(crate) fn grid<B: DrawingBackend>(
        &self,
        canvas: &mut Canvas<B>,
        top: f64,
        bottom: f64,
    ) -> Result<()> {
        for tick in &self.ticks {
            let x = self.scale.px(tick * self.unit.ns);
            canvas.line(&[(x, top), (x, bottom)], Stroke::new(GRID, 1.0))?;
        }
        Ok(())
    }

    /// The axis itself: a line at `top`, ticks, numbers, and the unit with the last number.
    /// It takes [`TimeAxis::HEIGHT`].
    pub(crate) fn draw<B: DrawingBackend>(&self, canvas: &mut Canvas<B>, top: f64) -> Result<()> {
        let style = TextStyle::new(TICK_EM, GREY)?.anchor(HPos::Center, VPos::Top);
        let stroke = Stroke::new(GREY, 1.0);
        canvas.line(&[(self.left, top), (self.right, top)], stroke)?;
        let mut free_from = f64::NEG_INFINITY;
        for (i, tick) in self.ticks.iter().enumerate() {
            let x = self.scale.px(tick * self.unit.ns);
            canvas.line(&[(x, top), (x, top + 6.0)], stroke)?;
            let mut words = format!("{tick:.*}", self.decimals);
            if i + 1 == self.ticks.len() {
                words = format!("{words} {}", self.unit.name);
            }
            let half = style.width(&words) / 2.0;
            if x - half >= free_from {
                canvas.text(&words, (x, top + 12.0), style)?;
                free_from = x + half + 8.0;
            }
        }
        Ok(())
    }

    /// What [`TimeAxis::draw`] takes below its line.
    pub(crate) const HEIGHT: f64 = 37.0;

    /// Where the plot lies between `top` and `bottom`.
    pub(crate) fn area(&self, top: f64, bottom: f64) -> Area {
        Area::new(self.left, top, self.right, bottom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(
            ticks(0.0, 100.0, 5),
            (vec![0.0, 20.0, 40.0, 60.0, 80.0, 100.0], 0)
        );
        let (values, decimals) = ticks(0.0, 0.5, 5);
        assert_eq!((values.len(), decimals), (6, 1));
        let (values, _) = ticks(103.0, 163.0, 6);
        assert_eq!(values, [110.0, 120.0, 130.0, 140.0, 150.0, 160.0]);
    }

    #[test]
    fn a_range_without_length_has_one_tick() {
        assert_eq!(ticks(3.0, 3.0, 5), (vec![3.0], 0));
        assert_eq!(ticks(0.0, f64::INFINITY, 5), (vec![0.0], 0));
    }

    #[test]
    fn durations_have_three_figures() {
        assert_eq!(duration(153_200_000.0), "153 ms");
        assert_eq!(duration(15_320_000.0), "15.3 ms");
        assert_eq!(duration(5_096_000.0), "5.10 ms");
        assert_eq!(duration(12_340_000_000.0), "12.3 s");
        assert_eq!(duration(940.0), "940 ns");
    }

    #[test]
    fn a_scale_holds_values_inside() {
        let scale = Scale::new((0.0, 10.0), (100.0, 200.0));
        assert_eq!(scale.px(5.0), 150.0);
        assert_eq!(scale.px(-1.0), 100.0);
        assert_eq!(scale.px(11.0), 200.0);
        assert_eq!(Scale::new((4.0, 4.0), (0.0, 10.0)).px(4.0), 0.0);
    }
}
