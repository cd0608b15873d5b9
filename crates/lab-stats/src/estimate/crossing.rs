//! Where a line that falls passes a level for good.

/// The least x from which on a line stays below `level`, on straight lines between its points,
/// which are in order of x. The first x if it is below everywhere; none if it ends at the level
/// or above it, or has no point.
pub fn below_from(points: &[(f64, f64)], level: f64) -> Option<f64> {
    let is_below = |point: &(f64, f64)| point.1 < level;
    points.last().filter(|last| is_below(last))?;
    let Some(above) = points.iter().rposition(|point| !is_below(point)) else {
        return points.first().map(|first| first.0);
    };
    let ((x, y), (next_x, next_y)) = (points[above], *points.get(above + 1)?);
    Some(x + (next_x - x) * (y - level) / (y - next_y))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_where_the_line_passes_the_level_for_the_last_time() {
        let line = [(0.0, 2.0), (50.0, 1.0), (100.0, 1.0)];
        let twice = [(0.0, 1.0), (1.0, 3.0), (2.0, 1.0), (3.0, 0.5)];
        for (points, level, expected) in [
            (&line[..], 1.25, Some(37.5)),
            (&line, 1.5, Some(25.0)),
            (&twice, 2.0, Some(1.5)),
            // Below everywhere it is so from its first point; ending at the level, never.
            (&[(5.0, 1.0), (6.0, 1.1)], 1.25, Some(5.0)),
            (&[(0.0, 1.0), (1.0, 1.25)], 1.25, None),
            (&[(0.0, 2.0), (1.0, f64::NAN)], 1.25, None),
            (&[], 1.25, None),
        ] {
            assert_eq!(below_from(points, level), expected, "{points:?}");
        }
    }
}
