//! How many blocks would decide what is INCONCLUSIVE.

use crate::edges::{Edges, decide};
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
            BlocksNeeded::Between {
                fewest,
                most: Some(most),
            } if fewest == most => write!(f, "about {fewest} blocks would decide it"),
            BlocksNeeded::Between {
                fewest,
                most: Some(most),
            } => write!(f, "{fewest} to {most} blocks would decide it"),
            BlocksNeeded::Between { fewest, most: None } => {
                write!(f, "{fewest} blocks or many more would decide it")
            }
            BlocksNeeded::OutOfReach => write!(
                f,
                "it lies too near an edge: not even {MOST_BLOCKS} blocks would decide it"
            ),
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
        Some(fewest) => BlocksNeeded::Between {
            fewest: fewest.max(interval.blocks + 1),
            most: most.map(|most| most.max(interval.blocks + 1)),
        },
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
    from(edges.lower()).min(from(edges.upper()))
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
