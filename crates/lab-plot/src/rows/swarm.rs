//! Where the points of a row are, so that all are seen.

use crate::style::MOST_POINTS;

/// What is drawn of the values of a row, in pixels from the plot's left edge and from the row's
/// middle.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Swarm {
    /// Points, `(across, down)`.
    pub points: Vec<(f64, f64)>,
    /// Where values are too many to be points: `(left, right, half of the height)`.
    pub dense: Vec<(f64, f64, f64)>,
}

/// Radius of a point.
pub(crate) const RADIUS: f64 = 1.9;
/// Half of the least height of a column of many: no less than that of a point.
const LEAST: f64 = 1.5;
/// Beyond that: up to this number in a column of pixels are still points.
const FEW: usize = 2;

/// The places of values that are so far from the left edge of the plot (in any order), at most
/// `half` pixels from the middle of the row.
pub(crate) fn swarm(values: &[f64], half: f64) -> Swarm {
    if values.len() <= MOST_POINTS {
        return Swarm { points: points(values, half), dense: Vec::new() };
    }
    let column = |across: f64| across.max(0.0) as usize;
    let last = values.iter().copied().fold(0.0, f64::max);
    let mut counts = vec![0; column(last) + 1];
    values.iter().for_each(|across| counts[column(*across)] += 1);
    let most = counts.iter().copied().max().unwrap_or(1) as f64;
    let few = values.iter().copied().filter(|across| counts[column(*across)] <= FEW);
    let few: Vec<f64> = few.collect();
    let dense = counts.iter().enumerate().filter(|(_, n)| **n > FEW);
    let dense = dense.map(|(column, n)| {
        let high = (half * *n as f64 / most).max(LEAST);
        (column as f64, column as f64 + 1.0, high)
    });
    Swarm { dense: dense.collect(), points: points(&few, half) }
}

/// In columns about as wide as a point: the middle first, then below and above in turn, closer
/// together where there are many.
fn points(values: &[f64], half: f64) -> Vec<(f64, f64)> {
    let wide = 1.3 * RADIUS;
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let column = |across: f64| (across / wide).floor();
    let columns = sorted.chunk_by(|a, b| column(*a) == column(*b));
    let places = columns.flat_map(|column| {
        let steps = (column.len() / 2).max(1) as f64;
        let apart = (half / steps).min(1.6 * RADIUS);
        column.iter().enumerate().map(move |(i, across)| {
            let steps = i.div_ceil(2) as f64;
            let side = if i % 2 == 0 { 1.0 } else { -1.0 };
            (*across, side * steps * apart)
        })
    });
    places.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn up_to_1500_every_value_is_a_point_within_its_row() {
        let values: Vec<f64> = (0..1500).map(|i| f64::from(i % 100)).collect();
        let swarm = swarm(&values, 7.0);
        assert_eq!((swarm.points.len(), swarm.dense.len()), (1500, 0));
        assert!(swarm.points.iter().all(|(_, down)| down.abs() <= 7.001));
        let mut drawn: Vec<f64> = swarm.points.iter().map(|(across, _)| *across).collect();
        drawn.sort_by(f64::total_cmp);
        let mut wanted = values;
        wanted.sort_by(f64::total_cmp);
        assert_eq!(drawn, wanted);
    }

    #[test]
    fn a_million_are_columns_and_a_single_value_is_a_point() {
        let mut values = vec![50.5; 1_000_000];
        values.extend([10.0, 90.0]);
        let swarm = swarm(&values, 7.0);
        assert_eq!(swarm.dense, [(50.0, 51.0, 7.0)]);
        assert_eq!(swarm.points, [(10.0, 0.0), (90.0, 0.0)]);
    }
}
