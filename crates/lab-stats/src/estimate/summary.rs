//! Median and quantiles of a handful of values.

/// The middle value, or the mean of the two in the middle. `None` as for [`quantile`].
pub fn median(values: &[f64]) -> Option<f64> {
    quantile(values, 0.5)
}

/// The `q`-quantile, 0 ≤ `q` ≤ 1, by linear interpolation between the order statistics (type 7 of
/// Hyndman & Fan 1996: what R, NumPy and pandas do by default).
///
/// The values may be in any order. `None` if there are none, if one of them is NaN or infinite
/// (a broken value must not slip into a median unseen), or if `q` lies outside of 0 to 1.
pub fn quantile(values: &[f64], q: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&q) || values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let position = q * sorted.len().checked_sub(1)? as f64;
    let below = *sorted.get(position.floor() as usize)?;
    let above = *sorted.get(position.ceil() as usize)?;
    Some(below + position.fract() * (above - below))
}

/// The mean duration of what is going on at a random moment: each counts for as long as it takes, so that many short ones weigh no more than the time that they fill (length-biased
/// sampling; Cox, *Renewal Theory*, 1962). `None` without a positive duration.
pub fn at_a_random_moment(durations: &[f64]) -> Option<f64> {
    let squares: f64 = durations.iter().map(|time| time * time).sum();
    let all: f64 = durations.iter().sum();
    Some(squares / all).filter(|mean| mean.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_r_and_numpy_and_need_no_order() {
        for (values, middle) in [
            (&[9.0, 1.0, 5.0][..], Some(5.0)),
            (&[4.0, 1.0, 3.0, 2.0], Some(2.5)),
            (&[7.0], Some(7.0)),
            (&[3.0, 3.0, 3.0], Some(3.0)),
            (&[], None),
            (&[1.0, f64::NAN], None),
            (&[1.0, f64::INFINITY], None),
        ] {
            assert_eq!(median(values), middle, "{values:?}");
        }
        let values = [40.0, 10.0, 30.0, 20.0];
        for (q, expected) in [(0.0, 10.0), (0.25, 17.5), (0.9, 37.0), (1.0, 40.0)] {
            assert!((quantile(&values, q).unwrap() - expected).abs() < 1e-12);
        }
        for q in [-0.1, 1.1, f64::NAN] {
            assert_eq!(quantile(&values, q), None);
        }
    }

    #[test]
    fn at_a_random_moment_a_long_duration_is_likelier_to_be_going_on() {
        // Half of the time is filled by ten short ones, half by a long one.
        let mut durations = vec![1.0; 10];
        durations.push(10.0);
        assert_eq!(at_a_random_moment(&durations), Some(5.5));
        assert_eq!(at_a_random_moment(&[3.0, 3.0]), Some(3.0));
        for none in [&[][..], &[0.0], &[1.0, f64::NAN]] {
            assert_eq!(at_a_random_moment(none), None);
        }
    }
}
