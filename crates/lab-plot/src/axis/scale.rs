//! An axis as a figure's maker sees it: its words, its kind and its unit. Its range follows from
//! the data.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::axis::ranged::Axis;
use crate::axis::units::Unit;
use crate::error::{PlotError, Result};

/// An axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scale {
    /// What it counts, in words: "workers", "times as fast as serial".
    pub label: String,
    /// How a number becomes a place.
    pub kind: Kind,
    /// What is printed at the ticks.
    pub unit: Unit,
    /// Values that the axis holds wherever the data lie.
    pub holds: Vec<f64>,
}

/// How a number becomes a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Straight, with round ticks.
    #[default]
    Linear,
    /// Logarithmic, for values above 0, with ticks at 1, 2 and 5, at 1 and 3, or at powers of ten.
    Log,
    /// Logarithmic, for numbers of workers: those that occur are the ticks.
    Counts,
}

impl Scale {
    /// A straight axis of plain numbers.
    pub fn linear(label: impl Into<String>) -> Scale {
        Scale { label: label.into(), ..Scale::default() }
    }

    /// A logarithmic axis of plain numbers.
    pub fn log(label: impl Into<String>) -> Scale {
        Scale { kind: Kind::Log, ..Scale::linear(label) }
    }

    /// A logarithmic axis of numbers of workers.
    pub fn counts(label: impl Into<String>) -> Scale {
        Scale { kind: Kind::Counts, ..Scale::linear(label) }
    }

    /// The same axis, whose values have this unit.
    #[must_use]
    pub fn unit(mut self, unit: Unit) -> Scale {
        self.unit = unit;
        self
    }

    /// The same axis, which always holds this value, too.
    #[must_use]
    pub fn holding(mut self, value: f64) -> Scale {
        self.holds.push(value);
        self
    }
}

impl Scale {
    pub(crate) fn is_log(&self) -> bool {
        matches!(self.kind, Kind::Log | Kind::Counts)
    }

    /// Refuses a value that has no place on the axis.
    pub(crate) fn check(&self, place: impl Fn() -> String, value: f64) -> Result<()> {
        let axis = match &self.kind {
            Kind::Log | Kind::Counts if value <= 0.0 => "a logarithmic axis",
            _ if !value.is_finite() => "an axis",
            _ => return Ok(()),
        };
        let place = place();
        Err(PlotError::Value { place, value, axis })
    }

    /// The axis with about `wanted` ticks, from a little below the least value to a little above
    /// the greatest. A straight axis that is to begin at 0 does, so that
    /// lengths compare.
    pub(crate) fn axis(&self, values: &[f64], wanted: usize, from_zero: bool) -> Axis {
        let zero = (from_zero && !self.is_log()).then_some(0.0);
        let all = || values.iter().chain(&self.holds).copied().chain(zero);
        let (low, high) = all()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
        let range = self.widened(low, high, from_zero);
        match self.kind {
            Kind::Counts => {
                let counts: BTreeSet<u64> = values.iter().map(|v| v.round() as u64).collect();
                let ticks = counts.into_iter().map(|n| (n as f64, n.to_string())).collect();
                Axis::log(range, wanted, self.unit).with_ticks(ticks)
            }
            Kind::Log => Axis::log(range, wanted, self.unit),
            _ => Axis::linear(range, wanted, self.unit),
        }
    }

    /// With some air at the ends, but not below 0 where nothing lies there.
    fn widened(&self, low: f64, high: f64, from_zero: bool) -> Range<f64> {
        if !low.is_finite() || !high.is_finite() {
            return 1.0..2.0;
        }
        if self.is_log() {
            let air = if from_zero { 0.08 } else { 0.05 };
            let air = ((high.ln() - low.ln()) * air).max(0.02).exp();
            return (low / air).max(f64::MIN_POSITIVE)..(high * air).min(f64::MAX);
        }
        let wide = if high > low { high - low } else { high.abs().max(1.0) };
        let below = if from_zero && low == 0.0 { 0.0 } else { 0.04 * wide };
        low - below..high + 0.05 * wide
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(scale: &Scale, values: &[f64]) -> [f64; 2] {
        let range = plotters::coord::ranged1d::Ranged::range(&scale.axis(values, 5, true));
        [range.start, range.end]
    }

    #[test]
    fn a_straight_upright_axis_begins_at_zero() {
        assert_eq!(ends(&Scale::linear(""), &[3.0, 5.0])[0], 0.0);
        assert!(ends(&Scale::linear(""), &[-1.0, 5.0])[0] < -1.0);
        assert!(ends(&Scale::log(""), &[3.0, 5.0])[0] > 2.8);
    }

    #[test]
    fn one_value_or_none_still_makes_an_axis() {
        for scale in [Scale::linear(""), Scale::log(""), Scale::counts("")] {
            for values in [&[][..], &[1.0], &[1e300]] {
                let [low, high] = ends(&scale, values);
                assert!(low < high && high.is_finite(), "{low} {high}");
            }
        }
    }

    #[test]
    fn numbers_of_workers_are_the_ticks() {
        let axis = Scale::counts("").axis(&[1.0, 2.0, 2.0, 32.0], 5, false);
        let words: Vec<&str> = axis.ticks().iter().map(|(_, words)| words.as_str()).collect();
        assert_eq!(words, ["1", "2", "32"]);
    }

    #[test]
    fn what_has_no_place_is_named() {
        let refused = Scale::log("").check(|| "panel “x”".to_owned(), 0.0).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "panel “x”: 0 has no place on a logarithmic axis; leave it out"
        );
        assert!(Scale::linear("").check(String::new, f64::NAN).is_err());
        assert!(Scale::log("").check(String::new, f64::NAN).is_err());
    }
}
