//! Where the points of a strip are across, so that all are seen.

use crate::style::MOST_POINTS;

/// What is drawn of the values of a strip, in pixels from its middle and from the plot's top.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Swarm {
    /// Points, `(across, down)`.
    pub points: Vec<(f64, f64)>,
    /// Where values are too many to be points: `(top, bottom, half of the width)`.
    pub dense: Vec<(f64, f64, f64)>,
}

/// Radius of a point.
pub(crate) const RADIUS: f64 = 1.9;
/// Half of the least width of a row of many: no less than that of a point.
const LEAST: f64 = 2.0;
/// Beyond that: up to this number in a row of pixels are still points.
const FEW: usize = 2;

/// The places of values that are at these distances from the top of the plot (in any order), at
/// most `half` pixels from the middle of the strip.
pub(crate) fn swarm(downs: &[f64], half: f64) -> Swarm {
    if downs.len() <= MOST_POINTS {
        return Swarm { points: points(downs, half), dense: Vec::new() };
    }
    // A row is a pixel high: two dots of the PNG.
    let row = |down: f64| down.max(0.0) as usize;
    let rows = downs.iter().copied().fold(0.0, f64::max);
    let mut counts = vec![0; row(rows) + 1];
    downs.iter().for_each(|down| counts[row(*down)] += 1);
    let most = counts.iter().copied().max().unwrap_or(1) as f64;
    let few = downs.iter().copied().filter(|down| counts[row(*down)] <= FEW);
    let few: Vec<f64> = few.collect();
    let dense = counts.iter().enumerate().filter(|(_, n)| **n > FEW);
    let dense = dense.map(|(row, n)| {
        let wide = (half * *n as f64 / most).max(LEAST);
        (row as f64, row as f64 + 1.0, wide)
    });
    Swarm { dense: dense.collect(), points: points(&few, half) }
}

/// In rows about as high as a point: the middle first, then right and left in turn, closer together
/// where there are many.
fn points(downs: &[f64], half: f64) -> Vec<(f64, f64)> {
    let high = 1.6 * RADIUS;
    let mut sorted = downs.to_vec();
    sorted.sort_by(f64::total_cmp);
    let row = |down: f64| (down / high).floor();
    let rows = sorted.chunk_by(|a, b| row(*a) == row(*b));
    let places = rows.flat_map(|row| {
        let steps = (row.len() / 2).max(1) as f64;
        let apart = (half / steps).min(high * 1.1);
        row.iter().enumerate().map(move |(i, down)| {
            let steps = i.div_ceil(2) as f64;
            let side = if i % 2 == 0 { 1.0 } else { -1.0 };
            (side * steps * apart, *down)
        })
    });
    places.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn up_to_1500_every_value_is_a_point_within_its_strip() {
        let downs: Vec<f64> = (0..1500).map(|i| f64::from(i % 100)).collect();
        let swarm = swarm(&downs, 20.0);
        assert_eq!((swarm.points.len(), swarm.dense.len()), (1500, 0));
        assert!(swarm.points.iter().all(|(across, _)| across.abs() <= 20.001));
        let mut drawn: Vec<f64> = swarm.points.iter().map(|(_, down)| *down).collect();
        drawn.sort_by(f64::total_cmp);
        let mut wanted = downs;
        wanted.sort_by(f64::total_cmp);
        assert_eq!(drawn, wanted);
    }

    #[test]
    fn a_million_are_rows_and_a_single_value_is_a_point() {
        let mut downs = vec![50.5; 1_000_000];
        downs.extend([10.0, 90.0]);
        let swarm = swarm(&downs, 20.0);
        assert_eq!(swarm.dense, [(50.0, 51.0, 20.0)]);
        assert_eq!(swarm.points, [(0.0, 10.0), (0.0, 90.0)]);
    }
}
