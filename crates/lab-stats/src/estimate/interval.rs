//! Student-t intervals over blocks, one kind for each kind of measure.
//!
//! A block gives one value per arm, so that drift from block to block falls on all arms alike and
//! cancels in [`ratio`]. Times and rates are compared on a log scale, where "twice as fast" and
//! "half as fast" lie equally far from "the same". Five blocks are too few for a bootstrap (unfit
//! below five) and for rank tests (they cannot decide below six); Student's t is exact for them
//! if the logs scatter normally.

pub use crate::estimate::error::StatsError;

use statrs::distribution::{ContinuousCDF, StudentsT};

/// The level of an ordinary verdict: of a hundred such intervals ninety-five hold the true value.
pub const LEVEL: f64 = 0.95;

/// The smallest difference between levels or shares that counts, whatever their spread: for [`level`].
pub const RESOLUTION: f64 = 0.01;

/// An estimate and the range that holds the true value in a share `level` of all runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The best single number.
    pub estimate: f64,
    /// The lower limit.
    pub low: f64,
    /// The upper limit.
    pub high: f64,
    /// The confidence level, between 0 and 1, such as 0.95.
    pub level: f64,
    /// How many blocks it was computed from.
    pub blocks: usize,
    /// On which scale the limits lie equally far from the estimate.
    pub scale: Scale,
}

/// The scale on which an interval is symmetric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scale {
    /// Ratios, times, rates: the interval was made of logs and exponentiated.
    Log,
    /// Levels, shares, differences.
    Linear {
        /// The half-width is never below this, however little the values scatter; 0 if there is
        /// no such floor.
        resolution: f64,
    },
}

impl Interval {
    /// Whether all of it lies above `edge`; an interval that touches the edge does not.
    pub fn is_above(&self, edge: f64) -> bool {
        self.low > edge
    }

    /// Whether all of it lies below `edge`; an interval that touches the edge does not.
    pub fn is_below(&self, edge: f64) -> bool {
        self.high < edge
    }

    /// The same data at another level of confidence. A half-width that is a measure's resolution
    /// grows as others do, which errs on the side of caution.
    ///
    /// # Errors
    /// If one of the levels is none, or it says that there was one block.
    pub fn at(&self, level: f64) -> Result<Interval, StatsError> {
        let factor = t_quantile(level, self.blocks)? / t_quantile(self.level, self.blocks)?;
        let wider = |limit: f64| match self.scale {
            Scale::Log => self.estimate * (limit / self.estimate).powf(factor),
            Scale::Linear { .. } => self.estimate + (limit - self.estimate) * factor,
        };
        Ok(Interval { low: wider(self.low), high: wider(self.high), level, ..*self })
    }
}

/// *Time or rate*: how many times `first` is `second`. The mean over the blocks of
/// ln(`first`ᵢ / `second`ᵢ) with its t interval, exponentiated.
///
/// Both hold one value per block in the same order of blocks, in one unit, above zero. At least two
/// blocks.
pub fn ratio(first: &[f64], second: &[f64], level: f64) -> Result<Interval, StatsError> {
    Ok(exponentiated(t_interval(
        &log_ratios(("the first arm", first), ("the second arm", second))?,
        level,
    )?))
}

/// *Level or share*, such as parallelism or the use of the cores: the mean over the blocks with
/// its t interval, whose half-width is never below [`RESOLUTION`]: zero spread is no certainty.
/// Limits are not clamped, so a share of 1 may reach to 1.01.
pub fn level(values: &[f64], level: f64) -> Result<Interval, StatsError> {
    if let Some((block, &value)) = values.iter().enumerate().find(|(_, v)| !v.is_finite()) {
        return Err(StatsError::NotFinite { block, value });
    }
    let mean = t_interval(values, level)?;
    Ok(Interval {
        low: mean.low.min(mean.estimate - RESOLUTION),
        high: mean.high.max(mean.estimate + RESOLUTION),
        scale: Scale::Linear { resolution: RESOLUTION },
        ..mean
    })
}

/// *Distribution*, such as slices, start-up, latency: `medians` holds the median of each block,
/// above zero. Their geometric mean with its t interval on the logs.
pub fn distribution(medians: &[f64], level: f64) -> Result<Interval, StatsError> {
    Ok(exponentiated(t_interval(&logs("the medians", medians)?, level)?))
}

/// Block by block ln(`first` / `second`). An arm comes with the name that an error calls it by.
pub(crate) fn log_ratios(
    first: (&'static str, &[f64]),
    second: (&'static str, &[f64]),
) -> Result<Vec<f64>, StatsError> {
    if first.1.len() != second.1.len() {
        return Err(StatsError::UnequalLengths { first: first.1.len(), second: second.1.len() });
    }
    let (first, second) = (logs(first.0, first.1)?, logs(second.0, second.1)?);
    Ok(first.iter().zip(&second).map(|(a, b)| a - b).collect())
}

fn logs(arm: &'static str, values: &[f64]) -> Result<Vec<f64>, StatsError> {
    let log = |(block, &value): (usize, &f64)| {
        if value > 0.0 && value.is_finite() {
            Ok(value.ln())
        } else {
            Err(StatsError::NotPositive { arm, block, value })
        }
    };
    values.iter().enumerate().map(log).collect()
}

/// The mean with its t interval, on a linear scale without resolution. The values are finite.
pub(crate) fn t_interval(values: &[f64], level: f64) -> Result<Interval, StatsError> {
    let blocks = values.len();
    if blocks < 2 {
        return Err(StatsError::TooFewBlocks { blocks });
    }
    let n = blocks as f64;
    let estimate = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|v| (v - estimate).powi(2)).sum();
    let half_width = t_quantile(level, blocks)? * (squares / (n - 1.0) / n).sqrt();
    Ok(Interval {
        estimate,
        low: estimate - half_width,
        high: estimate + half_width,
        level,
        blocks,
        scale: Scale::Linear { resolution: 0.0 },
    })
}

pub(crate) fn exponentiated(log: Interval) -> Interval {
    Interval {
        estimate: log.estimate.exp(),
        low: log.low.exp(),
        high: log.high.exp(),
        scale: Scale::Log,
        ..log
    }
}

/// How many standard errors a two-sided interval of `blocks` ≥ 2 values reaches to either side.
pub(crate) fn t_quantile(level: f64, blocks: usize) -> Result<f64, StatsError> {
    if !(level > 0.0 && level < 1.0) {
        return Err(StatsError::BadLevel(level));
    }
    let freedom = blocks.saturating_sub(1);
    StudentsT::new(0.0, 1.0, freedom as f64)
        .map(|t| t.inverse_cdf(0.5 + level / 2.0))
        .map_err(|_| StatsError::TooFewBlocks { blocks })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected digits come from an independent computation with 30 digits.
    fn assert_limits(interval: &Interval, estimate: f64, low: f64, high: f64) {
        for (got, expected) in
            [(interval.estimate, estimate), (interval.low, low), (interval.high, high)]
        {
            assert!((got - expected).abs() < 1e-9, "{got} is not {expected}");
        }
    }

    #[test]
    fn quantiles_of_student_t() {
        let expected = [
            (1, 12.706_204_736_2),
            (2, 4.302_652_729_75),
            (3, 3.182_446_305_28),
            (6, 2.446_911_851_14),
            (9, 2.262_157_162_80),
        ];
        for (freedom, quantile) in expected {
            let got = t_quantile(LEVEL, freedom + 1).unwrap();
            assert!((got - quantile).abs() < 1e-8, "{freedom}: {got}");
        }
        let looks = t_quantile(crate::verdict::any_level(LEVEL, 3), 7).unwrap();
        assert!((looks - 3.287_455_157_09).abs() < 1e-8);
    }

    #[test]
    fn a_ratio_is_paired_by_block() {
        let first = [200.0, 210.0, 190.0, 205.0, 195.0];
        let second = [100.0, 100.0, 95.0, 102.5, 100.0];
        let twice = ratio(&first, &second, LEVEL).unwrap();
        assert_limits(&twice, 2.009_411_015_06, 1.943_215_082_73, 2.077_861_922_41);
        assert_eq!((twice.blocks, twice.scale), (5, Scale::Log));
        let half = ratio(&second, &first, LEVEL).unwrap();
        assert_limits(&half, 1.0 / twice.estimate, 1.0 / twice.high, 1.0 / twice.low);
        // The same blocks in another order are the same data.
        let (mut last, mut other) = (first, second);
        last.reverse();
        other.reverse();
        let again = ratio(&last, &other, LEVEL).unwrap();
        assert_limits(&again, twice.estimate, twice.low, twice.high);
    }

    #[test]
    fn another_level_gives_what_the_data_give_at_that_level() {
        let first = [200.0, 210.0, 190.0, 205.0, 195.0];
        let second = [100.0, 100.0, 95.0, 102.5, 100.0];
        let of = |level| ratio(&first, &second, level).unwrap();
        let again = of(LEVEL).at(0.99).unwrap();
        assert_limits(&again, of(0.99).estimate, of(0.99).low, of(0.99).high);
        assert_eq!(again.level, 0.99);
        let cores = |level_of| level(&[1.9, 1.7, 1.8, 2.0], level_of).unwrap();
        let again = cores(LEVEL).at(0.9).unwrap();
        assert_limits(&again, 1.85, cores(0.9).low, cores(0.9).high);
        assert!(matches!(of(LEVEL).at(1.0), Err(StatsError::BadLevel(_))));
    }

    #[test]
    fn each_kind_of_measure_has_its_interval() {
        let cores = level(&[1.9, 1.7, 1.8, 2.0], LEVEL).unwrap();
        assert_limits(&cores, 1.85, 1.644_573_974_32, 2.055_426_025_68);
        assert_eq!(cores.scale, Scale::Linear { resolution: RESOLUTION });
        let slices = distribution(&[5.1, 5.0, 5.4], LEVEL).unwrap();
        assert_limits(&slices, 5.163_901_862_18, 4.675_887_417_52, 5.702_849_547_3);
        // Drift that falls on both arms cancels.
        let drifting = [100.0, 200.0, 400.0];
        let same = ratio(&drifting, &drifting, LEVEL).unwrap();
        assert_limits(&same, 1.0, 1.0, 1.0);
        // Zero spread of a level is no certainty.
        let share = level(&[1.0, 1.0, 1.0], LEVEL).unwrap();
        assert_limits(&share, 1.0, 0.99, 1.01);
    }

    #[test]
    fn errors_name_the_block_and_the_arm() {
        let few = |blocks| Err(StatsError::TooFewBlocks { blocks });
        assert_eq!(ratio(&[1.0], &[1.0], LEVEL), few(1));
        assert_eq!(level(&[], LEVEL), few(0));
        let (first, second) = (2, 1);
        let unequal = Err(StatsError::UnequalLengths { first, second });
        assert_eq!(ratio(&[1.0, 2.0], &[1.0], LEVEL), unequal);
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let error = ratio(&[1.0, 1.0, 1.0], &[1.0, 1.0, bad], LEVEL).unwrap_err();
            let place = format!("{bad} of the second arm in block 2 (counted from 0) is no time");
            assert!(error.to_string().starts_with(&place), "{error}");
        }
        let error = level(&[0.5, f64::NAN], LEVEL).unwrap_err();
        assert!(matches!(error, StatsError::NotFinite { block: 1, .. }), "{error}");
        for bad in [0.0, 1.0, 95.0, f64::NAN] {
            let error = distribution(&[1.0, 2.0], bad).unwrap_err();
            assert!(matches!(error, StatsError::BadLevel(_)));
        }
    }
}
