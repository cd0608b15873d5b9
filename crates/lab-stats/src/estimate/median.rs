//! Limits of a median by the sign test: exact however the values scatter.
//!
//! A machine that runs at half its speed for some seconds spoils the few blocks in which that
//! begins or ends, by a factor of two. A t interval takes that for scatter of all blocks and becomes
//! too wide to be of use; how many values lie below the median is a toss of coins all the same.

use crate::summary::median;

/// A median and limits of it, in the unit of the values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// The median of the values.
    pub median: f64,
    /// The true median lies below this with a chance of at most `tail`, …
    pub low: f64,
    /// … and above this with the same.
    pub high: f64,
}

/// The median with its limits, each of which is wrong with a chance of at most `tail`, such as 0.05:
/// the innermost order statistics that are far enough out (Conover, *Practical Nonparametric
/// Statistics*, "quantile test").
///
/// `None` if there are too few values: for 0.05 it takes five, since 1/2⁵ is the first power below;
/// or if one of them is not finite.
pub fn limits(values: &[f64], tail: f64) -> Option<Limits> {
    let median = median(values)?;
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let outer = values_outside(sorted.len(), tail)?;
    Some(Limits {
        median,
        low: *sorted.get(outer)?,
        high: *sorted.get(sorted.len().checked_sub(outer + 1)?)?,
    })
}

/// How many of `count` values may lie beyond a limit: the largest k for which at most k of
/// `count` tosses show heads with a chance of at most `tail`. `None` if even 0 is too likely.
fn values_outside(count: usize, tail: f64) -> Option<usize> {
    let mut chance = 0.5_f64.powi(i32::try_from(count).ok()?);
    let mut sum = 0.0;
    let mut outer = None;
    for k in 0..count {
        sum += chance;
        if sum > tail {
            break;
        }
        outer = Some(k);
        chance *= (count - k) as f64 / (k + 1) as f64;
    }
    outer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limits_are_those_of_the_binomial_table() {
        // P(X ≤ k) with p = 1/2: n 5, k 0: 0.031; n 8, k 1: 0.035; n 11, k 2: 0.033; n 13, k 3: 0.046.
        for (count, outer) in [(5, 0), (7, 0), (8, 1), (10, 1), (11, 2), (13, 3), (20, 5)] {
            assert_eq!(values_outside(count, 0.05), Some(outer), "{count}");
        }
        assert_eq!(values_outside(5, 1.0 / 32.0), Some(0), "at most");
        assert_eq!(values_outside(4, 0.05), None);
        assert_eq!(values_outside(0, 0.05), None);
    }

    #[test]
    fn the_order_does_not_matter_and_a_spoilt_value_does_little() {
        let values = [3.0, 1.0, 2.0, 5.0, 4.0, 7.0, 6.0, 1000.0];
        let limits = limits(&values, 0.05).unwrap();
        assert_eq!((limits.low, limits.median, limits.high), (2.0, 4.5, 7.0));
    }

    #[test]
    fn too_few_or_broken_values_have_no_limits() {
        assert_eq!(limits(&[1.0; 4], 0.05), None);
        assert_eq!(limits(&[], 0.05), None);
        assert_eq!(limits(&[1.0, 1.0, 1.0, 1.0, f64::NAN], 0.05), None);
        assert!(limits(&[1.0; 5], 0.05).is_some());
    }

    /// A limit at 5 % is beyond the true median in at most 5 % of many runs, though a third of the
    /// values is off by a factor.
    #[test]
    fn limits_hold_where_some_values_are_spoilt() {
        let mut random = oorandom::Rand64::new(7);
        let mut wrong = 0;
        for _ in 0..4000 {
            let values: Vec<f64> = (0..9)
                .map(|_| {
                    let scatter = random.rand_float() - 0.5;
                    match random.rand_range(0..6) {
                        0 => scatter + 10.0,
                        1 => scatter - 10.0,
                        _ => scatter,
                    }
                })
                .collect();
            wrong += u32::from(limits(&values, 0.05).unwrap().high < 0.0);
        }
        assert!(wrong <= 200, "{wrong} of 4000");
        assert!(wrong > 20, "{wrong} of 4000: the limit would be needlessly wide");
    }
}
