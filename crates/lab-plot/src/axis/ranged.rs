//! One kind of axis for every chart: straight or logarithmic, with its own ticks and words. A
//! coordinate of plotters.

use std::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};

use crate::axis::units::Unit;

/// An axis with its ticks.
#[derive(Clone, Debug)]
pub(crate) struct Axis {
    range: Range<f64>,
    log: bool,
    ticks: Vec<(f64, String)>,
}

impl Axis {
    /// A straight axis with at most about `wanted` ticks at round numbers.
    pub(crate) fn linear(range: Range<f64>, wanted: usize, unit: Unit) -> Axis {
        let (low, high) = (range.start.min(range.end), range.start.max(range.end));
        let step = round_step((high - low) / wanted.max(1) as f64);
        let first = (low / step - 1e-9).ceil();
        let ticks = (0..=wanted + 1).map(|i| (first + i as f64) * step);
        let ticks = ticks.filter(|v| v.is_finite() && *v <= high + step * 1e-9);
        Axis { ticks: ticks.map(|v| (v, unit.tick(v, step))).collect(), range, log: false }
    }

    /// A logarithmic one, with about `wanted` ticks: at 1, 2 and 5, at 1 and 3, at powers of ten, or
    /// at round numbers if it is short.
    pub(crate) fn log(range: Range<f64>, wanted: usize, unit: Unit) -> Axis {
        let axis = |ticks| Axis { range: range.clone(), log: true, ticks };
        if range.end < 3.0 * range.start {
            return axis(Axis::linear(range.clone(), wanted, unit).ticks);
        }
        let decades = range.start.log10().floor() as i32..=range.end.log10().ceil() as i32;
        let inside = range.start * (1.0 - 1e-9)..=range.end * (1.0 + 1e-9);
        let at = |mantissas: &[f64], every: i32| -> Vec<(f64, String)> {
            let powers = decades.clone().filter(|power| power.rem_euclid(every) == 0);
            let ticks = powers.flat_map(|power| {
                // A power of a whole number is exact: 2 × 10^-1 is not 0.2.
                let scaled = move |&m: &f64| match power {
                    0.. => m * 10_f64.powi(power),
                    _ => m / 10_f64.powi(-power),
                };
                mantissas.iter().map(scaled)
            });
            let ticks = ticks.filter(|v| inside.contains(v));
            ticks.map(|v| (v, unit.words(v))).collect()
        };
        // The nearest two must not run into one another.
        let apart = 0.75 / wanted.max(1) as f64;
        let fits = |ticks: &Vec<(f64, String)>| {
            let places: Vec<f64> = ticks.iter().map(|(v, _)| axis(Vec::new()).share(*v)).collect();
            places.windows(2).all(|pair| pair[1] - pair[0] >= apart)
        };
        let dense = [&[1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0][..], &[1.0, 2.0, 5.0], &[1.0, 3.0]];
        let dense = dense.map(|mantissas| at(mantissas, 1));
        let by_decades = (1..).map(|every| at(&[1.0], every));
        let ticks = dense.into_iter().chain(by_decades.take(300)).find(fits);
        axis(ticks.unwrap_or_default())
    }

    /// Ticks at given places, with given words.
    pub(crate) fn named(range: Range<f64>, ticks: Vec<(f64, String)>) -> Axis {
        Axis { range, log: false, ticks }
    }

    /// The same axis with other ticks.
    pub(crate) fn with_ticks(self, ticks: Vec<(f64, String)>) -> Axis {
        Axis { ticks, ..self }
    }

    /// The same axis without words: for all panels but the outer ones.
    pub(crate) fn mute(mut self) -> Axis {
        self.ticks.iter_mut().for_each(|(_, words)| words.clear());
        self
    }

    pub(crate) fn ticks(&self) -> &[(f64, String)] {
        &self.ticks
    }

    pub(crate) fn ends(&self) -> (f64, f64) {
        (self.range.start, self.range.end)
    }

    /// The value that lies there between the axis' ends.
    pub(crate) fn at(&self, share: f64) -> f64 {
        let (from, to) = self.ends();
        if self.log { from * (to / from).powf(share) } else { from + share * (to - from) }
    }

    /// Where a value lies between the axis' ends, from 0 to 1.
    pub(crate) fn share(&self, value: f64) -> f64 {
        let of = |v: f64| {
            if self.log { v.max(f64::MIN_POSITIVE).ln() } else { v }
        };
        (of(value) - of(self.range.start)) / (of(self.range.end) - of(self.range.start))
    }
}

/// 1, 2 or 5 times a power of ten, at least `step`.
fn round_step(step: f64) -> f64 {
    let step = step.max(f64::MIN_POSITIVE);
    let power = 10_f64.powf(step.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|m| m * power);
    steps.into_iter().find(|&s| s >= step * 0.999).unwrap_or(step)
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (from, to): (i32, i32)) -> i32 {
        (f64::from(from) + self.share(*value) * f64::from(to - from)).round() as i32
    }

    /// plotters asks for bold and for light lines; there are no light ones.
    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        if hint.weight().allow_light_points() {
            Vec::new()
        } else {
            self.ticks.iter().map(|(v, _)| *v).collect()
        }
    }

    fn range(&self) -> Range<f64> {
        self.range.clone()
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, value: &f64) -> String {
        let tick = self.ticks.iter().find(|(v, _)| v == value);
        tick.map(|(_, words)| words.clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(axis: &Axis) -> Vec<&str> {
        axis.ticks().iter().map(|(_, words)| words.as_str()).collect()
    }

    #[test]
    fn ticks_are_round_and_few() {
        let linear = |range, wanted, unit| words(&Axis::linear(range, wanted, unit)).join(" ");
        assert_eq!(linear(0.0..317e6, 4, Unit::Time), "0 100 ms 200 ms 300 ms");
        assert_eq!(linear(0.0..1.0, 5, Unit::Number), "0 0.2 0.4 0.6 0.8 1");
        assert_eq!(linear(-0.3..0.31, 4, Unit::Number), "−0.2 0 0.2");
        let log = |range, wanted, unit| words(&Axis::log(range, wanted, unit)).join(" ");
        assert_eq!(log(0.07..2.1, 7, Unit::Number), "0.1 0.2 0.5 1 2");
        assert_eq!(log(4e3..3e8, 6, Unit::Time), "10 µs 100 µs 1 ms 10 ms 100 ms");
        assert_eq!(log(1.0..1e12, 5, Unit::Number).split(' ').count(), 7);
        assert_eq!(log(0.96..1.07, 5, Unit::Number), "1 1.05");
    }

    #[test]
    fn a_logarithmic_axis_has_equal_factors_at_equal_distances() {
        let axis = Axis::log(1.0..100.0, 5, Unit::Number);
        let places = [1.0, 10.0, 100.0].map(|v| axis.map(&v, (0, 1000)));
        assert_eq!(places, [0, 500, 1000]);
    }
}
