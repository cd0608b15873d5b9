//! How often something happened, with the limits that the number of runs allows.

use statrs::distribution::{Beta, ContinuousCDF};

/// A share of runs, and the range that holds the true one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// Hits over runs.
    pub share: f64,
    /// The lower limit.
    pub low: f64,
    /// The upper limit.
    pub high: f64,
}

/// `hits` of `runs` with the exact limits of Clopper & Pearson (1934): the shares under which this
/// many hits or more, or this few or fewer, are seen in (1 − `level`) / 2 of all such series. None
/// without runs, for more hits than runs, and for a level outside 0 to 1.
pub fn rate(hits: u32, runs: u32, level: f64) -> Option<Rate> {
    if runs == 0 || hits > runs || !(level > 0.0 && level < 1.0) {
        return None;
    }
    let tail = (1.0 - level) / 2.0;
    let (hits, runs) = (f64::from(hits), f64::from(runs));
    let low = match hits {
        0.0 => 0.0,
        hits => quantile(hits, runs - hits + 1.0, tail)?,
    };
    let high = if hits == runs { 1.0 } else { quantile(hits + 1.0, runs - hits, 1.0 - tail)? };
    Some(Rate { share: hits / runs, low, high })
}

fn quantile(a: f64, b: f64, at: f64) -> Option<f64> {
    Some(Beta::new(a, b).ok()?.inverse_cdf(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With no hits, and with nothing but hits, the limits have closed forms; the others satisfy the
    /// sums of the binomial distribution that define them.
    #[test]
    fn limits_are_those_of_the_definition() {
        let none = rate(0, 300, 0.95).unwrap();
        assert_eq!((none.share, none.low), (0.0, 0.0));
        assert!((none.high - (1.0 - 0.025_f64.powf(1.0 / 300.0))).abs() < 1e-9);
        let all = rate(20, 20, 0.95).unwrap();
        assert_eq!((all.share, all.high), (1.0, 1.0));
        assert!((all.low - 0.025_f64.powf(1.0 / 20.0)).abs() < 1e-9);
        for (hits, runs) in [(1, 10), (7, 10), (15, 300), (27, 30)] {
            let limits = rate(hits, runs, 0.95).unwrap();
            assert!((at_least(hits, runs, limits.low) - 0.025).abs() < 1e-6);
            assert!((1.0 - at_least(hits + 1, runs, limits.high) - 0.025).abs() < 1e-6);
        }
    }

    /// The chance of at least this many hits.
    fn at_least(hits: u32, runs: u32, share: f64) -> f64 {
        let mut term = (1.0 - share).powi(runs as i32);
        let mut below = 0.0;
        for hit in 0..hits {
            below += term;
            term *= f64::from(runs - hit) / f64::from(hit + 1) * share / (1.0 - share);
        }
        1.0 - below
    }

    #[test]
    fn what_is_no_rate_has_none() {
        assert_eq!(rate(0, 0, 0.95), None);
        assert_eq!(rate(2, 1, 0.95), None);
        assert_eq!(rate(1, 2, 0.0), None);
        assert_eq!(rate(1, 2, 1.0), None);
        assert_eq!(rate(1, 2, f64::NAN), None);
    }
}
