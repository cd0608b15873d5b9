//! Where a line that falls passes a level for good.

/// The least x from which on a line stays below `level`, on straight lines between its points,
/// which stand in order of x. The first x if it is below everywhere; none if it ends at the level
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
    fn it_is_on_the_line_between_two_points() {
        let line = [(0.0, 2.0), (50.0, 1.0), (100.0, 1.0)];
        assert_eq!(below_from(&line, 1.25), Some(37.5));
        assert_eq!(below_from(&line, 1.5), Some(25.0));
    }

    #[test]
    fn of_several_passages_the_last_one_counts() {
        let line = [(0.0, 1.0), (1.0, 3.0), (2.0, 1.0), (3.0, 0.5)];
        assert_eq!(below_from(&line, 2.0), Some(1.5));
    }

    #[test]
    fn a_line_below_everywhere_is_so_from_its_first_point() {
        assert_eq!(below_from(&[(5.0, 1.0), (6.0, 1.1)], 1.25), Some(5.0));
    }

    #[test]
    fn a_line_that_ends_at_the_level_or_above_never_stays_below() {
        assert_eq!(below_from(&[(0.0, 1.0), (1.0, 1.25)], 1.25), None);
        assert_eq!(below_from(&[(0.0, 2.0), (1.0, f64::NAN)], 1.25), None);
        assert_eq!(below_from(&[], 1.25), None);
    }
}
