//! How many blocks would decide what is INCONCLUSIVE.

use crate::decide::decide;
use crate::edges::Edges;
use crate::interval::{Interval, LEVEL, Scale, t_quantile};
use crate::verdict::Decision;
use statrs::distribution::{ChiSquared, ContinuousCDF};
use std::fmt;

/// With fewer blocks the spread is known so badly that a forecast is worth nothing.
pub const FEWEST_FOR_A_FORECAST: usize = 7;

/// Nobody measures more blocks than this for one verdict.
pub const MOST_BLOCKS: usize = 1000;

/// How far away a decision is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlocksNeeded {
    /// This many blocks in all, if the estimate stays where it is.
    Between {
        /// If the values scatter as little as the blocks so far allow.
        fewest: usize,
        /// If they scatter as much as the blocks so far allow; `None` if that is more than
        /// [`MOST_BLOCKS`].
        most: Option<usize>,
    },
    /// The estimate lies on an edge, or nearer to one than the measure's resolution: not even
    /// [`MOST_BLOCKS`] would decide it.
    OutOfReach,
}

impl fmt::Display for BlocksNeeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            BlocksNeeded::Between { fewest, most: Some(most) } if fewest == most => {
                write!(f, "about {fewest} blocks would decide it")
            }
            BlocksNeeded::Between { fewest, most: Some(most) } => {
                write!(f, "{fewest} to {most} blocks would decide it")
            }
            BlocksNeeded::Between { fewest, most: None } => {
                write!(f, "{fewest} blocks or many more would decide it")
            }
            BlocksNeeded::OutOfReach => {
                write!(f, "it lies too near an edge: not even {MOST_BLOCKS} blocks would decide it")
            }
        }
    }
}

/// The range of blocks, all in all, that would decide an INCONCLUSIVE `interval`. `None` if there
/// is nothing to forecast: it is decided, or it has fewer than [`FEWEST_FOR_A_FORECAST`] blocks.
///
/// The estimate lies between or beside the edges, at a distance *g* from the nearer one. It is
/// decided (as TRUE, FALSE or NEITHER) as soon as the half-width t · s / √m of m blocks is below
/// *g*. The standard deviation s is known only roughly from n blocks, hence a range: from the
/// lower to the upper 95 % limit of s, which are s · √((n − 1) / χ²) with χ² at 97.5 % and 2.5 %
/// of n − 1 degrees of freedom (0.64 s to 2.20 s for 7 blocks). That the estimate will move as
/// well is left out: the range is a forecast for a reader who wonders whether to go on, and no
/// promise.
pub fn blocks_needed(interval: &Interval, edges: &Edges) -> Option<BlocksNeeded> {
    let forecast = interval.blocks >= FEWEST_FOR_A_FORECAST
        && edges.are_sound()
        && decide(interval, edges) == Decision::Inconclusive;
    if !forecast {
        return None;
    }
    let resolution = match interval.scale {
        Scale::Log => 0.0,
        Scale::Linear { resolution } => resolution,
    };
    let gap = gap(interval, edges);
    if gap <= resolution {
        return Some(BlocksNeeded::OutOfReach);
    }
    let deviation = deviation(interval)?;
    let freedom = (interval.blocks - 1) as f64;
    let chi_squared = ChiSquared::new(freedom).ok()?;
    let limit = |tail: f64| deviation * (freedom / chi_squared.inverse_cdf(tail)).sqrt();
    let tail = (1.0 - LEVEL) / 2.0;
    let fewest = blocks_for(limit(1.0 - tail), gap, interval.level);
    let most = blocks_for(limit(tail), gap, interval.level);
    Some(match fewest {
        None => BlocksNeeded::OutOfReach,
        Some(fewest) => BlocksNeeded::Between { fewest: fewest.max(interval.blocks + 1), most },
    })
}

/// The smallest number of blocks, up to [`MOST_BLOCKS`], whose half-width is below `gap` if they
/// scatter by `deviation`.
fn blocks_for(deviation: f64, gap: f64, level: f64) -> Option<usize> {
    let decides = |blocks: usize| {
        t_quantile(level, blocks).is_ok_and(|t| t * deviation / (blocks as f64).sqrt() < gap)
    };
    // The half-width falls with every block, so the answer is found by halving.
    let (mut too_few, mut enough) = (1, MOST_BLOCKS);
    if !decides(enough) {
        return None;
    }
    while enough - too_few > 1 {
        let middle = too_few.midpoint(enough);
        if decides(middle) {
            enough = middle;
        } else {
            too_few = middle;
        }
    }
    Some(enough)
}

/// How far the estimate lies from the nearer edge, on the interval's scale.
fn gap(interval: &Interval, edges: &Edges) -> f64 {
    let from = |edge: f64| (on_scale(interval, edge) - on_scale(interval, interval.estimate)).abs();
    edges.finite().map(from).fold(f64::INFINITY, f64::min)
}

/// The standard deviation from block to block that the interval was made of, on its scale.
fn deviation(interval: &Interval) -> Option<f64> {
    let half_width = (on_scale(interval, interval.high) - on_scale(interval, interval.low)) / 2.0;
    let t = t_quantile(interval.level, interval.blocks).ok()?;
    Some(half_width * (interval.blocks as f64).sqrt() / t)
}

fn on_scale(interval: &Interval, value: f64) -> f64 {
    match interval.scale {
        Scale::Log => value.ln(),
        Scale::Linear { .. } => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARALLEL: Edges = Edges::true_above(0.5).false_below(0.1);

    fn seven(estimate: f64, half_width: f64) -> Interval {
        Interval {
            estimate,
            low: estimate - half_width,
            high: estimate + half_width,
            level: LEVEL,
            blocks: 7,
            scale: Scale::Linear { resolution: 0.01 },
        }
    }

    /// A standard deviation of 0.1 from block to block.
    const HALF_WIDTH: f64 = 0.092_484_574_832;

    #[test]
    fn the_range_follows_the_limits_of_the_spread() {
        let between = |fewest, most| Some(BlocksNeeded::Between { fewest, most });
        // At 0.05 from the edge a deviation of 0.0644 asks for 9 blocks and 0.2202 for 77.
        let needed = blocks_needed(&seven(0.45, HALF_WIDTH), &PARALLEL);
        assert_eq!(needed, between(9, Some(77)));
        let words = needed.map(|needed| needed.to_string());
        assert_eq!(words.as_deref(), Some("9 to 77 blocks would decide it"));
        // The spread may be so small that fewer blocks than there are would do, and are not enough.
        let needed = blocks_needed(&seven(0.42, HALF_WIDTH), &PARALLEL);
        assert_eq!(needed, between(8, Some(32)));
        // Ratios are forecast on the log scale.
        let ratio = Interval {
            low: 1.2 * (-HALF_WIDTH).exp(),
            high: 1.2 * HALF_WIDTH.exp(),
            scale: Scale::Log,
            ..seven(1.2, 0.0)
        };
        let needed = blocks_needed(&ratio, &Edges::true_within(1.25));
        assert_eq!(needed, between(13, Some(115)));
        let wide = blocks_needed(&seven(0.55, 0.5), &PARALLEL).unwrap();
        assert!(matches!(wide, BlocksNeeded::Between { most: None, .. }), "{wide}");
        // "0.6 % slower" at 2 % jitter in either arm: what the article would have needed.
        assert_eq!(blocks_for(0.02 * 2f64.sqrt(), 0.006, LEVEL), Some(88));
    }

    #[test]
    fn an_estimate_on_an_edge_is_out_of_reach() {
        // The last is 0.012 from the edge at a standard deviation of 1.08: 12 600 blocks at least.
        for (estimate, half_width) in [(0.5, 0.2), (0.1, 0.2), (0.495, 0.2), (0.512, 1.0)] {
            let needed = blocks_needed(&seven(estimate, half_width), &PARALLEL);
            assert_eq!(needed, Some(BlocksNeeded::OutOfReach), "{estimate}");
        }
    }

    #[test]
    fn a_forecast_in_words() {
        let between = |fewest, most| BlocksNeeded::Between { fewest, most };
        for (needed, words) in [
            (between(8, Some(8)), "about 8 blocks would decide it"),
            (between(8, None), "8 blocks or many more would decide it"),
            (
                BlocksNeeded::OutOfReach,
                "it lies too near an edge: not even 1000 blocks would decide it",
            ),
        ] {
            assert_eq!(needed.to_string(), words);
        }
    }

    #[test]
    fn there_is_no_forecast_too_early_or_too_late() {
        assert_eq!(blocks_needed(&seven(0.9, 0.05), &PARALLEL), None);
        let early = Interval { blocks: 6, ..seven(0.45, 0.1) };
        assert_eq!(blocks_needed(&early, &PARALLEL), None);
    }
}
