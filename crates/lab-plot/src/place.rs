//! Where words hide least of what is drawn.

use crate::canvas::{Area, Point};

/// Distance of the places that stand for a drawn line, in pixels.
const STEP: f64 = 4.0;

impl Area {
    fn holds(&self, (x, y): Point) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }

    fn overlaps(&self, other: &Area) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }
}

/// The first of `candidates` that covers least of the `ink` and none of the areas that are
/// `taken`; none if every one covers such an area.
pub(crate) fn best(candidates: &[Area], taken: &[Area], ink: &[Point]) -> Option<Area> {
    candidates
        .iter()
        .filter(|area| !taken.iter().any(|other| area.overlaps(other)))
        .min_by_key(|area| ink.iter().filter(|&&point| area.holds(point)).count())
        .copied()
}

/// Places along a path, close enough together to stand for it.
pub(crate) fn along(path: &[Point]) -> Vec<Point> {
    let mut places = Vec::new();
    for pair in path.windows(2) {
        let [a, b] = *pair else { continue };
        let steps = ((b.0 - a.0).hypot(b.1 - a.1) / STEP).ceil().clamp(1.0, 1e4);
        let at = |i: u32| {
            let share = f64::from(i) / steps;
            (a.0 + (b.0 - a.0) * share, a.1 + (b.1 - a.1) * share)
        };
        places.extend((0..=steps as u32).map(at));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_go_where_nothing_is() {
        let left = Area::new(0.0, 0.0, 10.0, 10.0);
        let right = Area::new(50.0, 0.0, 60.0, 10.0);
        let ink = along(&[(0.0, 5.0), (20.0, 5.0)]);
        assert_eq!(best(&[left, right], &[], &ink), Some(right));
        assert_eq!(best(&[left, right], &[right], &ink), Some(left));
        assert_eq!(best(&[left, right], &[], &[]), Some(left));
        assert_eq!(best(&[left], &[left], &[]), None);
    }
}
