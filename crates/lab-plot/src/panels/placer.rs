//! Places for words inside a plot, where they hide least.

use crate::drawing::pen::{Area, Drawn, LEFT, Pen, Place};
use crate::drawing::text::Type;

/// The area of a plot, and what is in it.
#[derive(Clone, Debug)]
pub(crate) struct Placer {
    from: Place,
    to: Place,
    /// Left ends and middles of words, and how wide they are.
    words: Vec<(Place, f64)>,
    ink: Vec<Place>,
}

/// Height of a line of words.
const HIGH: f64 = 13.0;
/// From words to what they belong to, and to other words.
const AIR: f64 = 5.0;

impl Placer {
    /// An empty plot with these corners.
    pub(crate) fn new(from: Place, to: Place) -> Placer {
        let (words, ink) = (Vec::new(), Vec::new());
        Placer { from, to, words, ink }
    }

    /// Something is drawn there that words should leave free.
    pub(crate) fn ink(&mut self, at: Place) {
        self.ink.push(at);
    }

    /// Something is drawn from each of these places to the next.
    pub(crate) fn line(&mut self, points: &[Place]) {
        points.windows(2).for_each(|pair| self.ink.extend(between(pair[0], pair[1])));
    }

    /// Writes the words at one of these places (left end and middle of words of this width, the best
    /// first), where they hide least; nowhere, if all places overlap other words.
    pub(crate) fn write(
        &mut self,
        area: &Area<'_>,
        (words, kind): (&str, Type),
        places: impl FnOnce(f64) -> Vec<Place>,
    ) -> Drawn {
        let words = kind.shorten(words, 0.9 * (self.to.0 - self.from.0));
        let wide = kind.width(&words);
        match self.place(wide, places(wide)) {
            Some(at) => area.text(&words, kind, LEFT, at),
            None => Ok(()),
        }
    }

    /// Inside the plot, apart from other words, on as little ink as may be.
    fn place(&mut self, wide: f64, places: Vec<Place>) -> Option<Place> {
        let fits = |&(x, y): &Place| {
            let level = self.from.0 <= x && x + wide <= self.to.0;
            let vertical = self.from.1 <= y - HIGH / 2.0 && y + HIGH / 2.0 <= self.to.1;
            let apart = |&((left, middle), other): &(Place, f64)| {
                x + wide + AIR <= left || left + other + AIR <= x || (y - middle).abs() >= HIGH
            };
            level && vertical && self.words.iter().all(apart)
        };
        let hides = |(x, y): Place| {
            let under = |at: &&Place| {
                (x - 2.0..x + wide + 2.0).contains(&at.0) && (at.1 - y).abs() < HIGH / 2.0
            };
            self.ink.iter().filter(under).count()
        };
        let places = places.into_iter().filter(fits).enumerate();
        // Ink weighs more than the place's rank.
        let (_, best) = places.min_by_key(|(rank, at)| 3 * hides(*at) + rank)?;
        self.words.push((best, wide));
        Some(best)
    }
}

/// Places around a point: beside it, then farther and farther below and above.
pub(crate) fn around((x, y): Place, wide: f64) -> Vec<Place> {
    let levels = [0.0, 0.75, -0.75, 1.5, -1.5, 2.25, -2.25].map(|lines| y + lines * HIGH);
    levels.into_iter().flat_map(|y| [(x + 8.0, y), (x - 8.0 - wide, y)]).collect()
}

/// Places from one to the other, near one another.
fn between((x, y): Place, (to_x, to_y): Place) -> impl Iterator<Item = Place> {
    let steps = ((to_x - x).hypot(to_y - y) / 6.0).ceil().clamp(1.0, 200.0);
    let shares = (0..=steps as usize).map(move |i| i as f64 / steps);
    shares.map(move |share| (x + share * (to_x - x), y + share * (to_y - y)))
}

/// Places in a region; just outside it, if it is lower than words.
pub(crate) fn within(
    (top, bottom): (f64, f64),
    wide: f64,
    (left, right): (f64, f64),
) -> Vec<Place> {
    let half = HIGH / 2.0 + 2.0;
    let levels = if bottom - top >= 2.0 * half {
        [bottom - half, top + half, (top + bottom) / 2.0]
    } else {
        [top - half, bottom + half, top - 2.0 * half]
    };
    let room = right - left - wide - 2.0 * AIR;
    let sides = [1.0, 0.0, 0.75, 0.5, 0.25].map(|share| left + AIR + share * room);
    levels.into_iter().flat_map(|y| sides.map(|x| (x, y))).collect()
}

/// Places above and below a line, from its right end on; near it.
pub(crate) fn along(line: &[Place], wide: f64, left: f64) -> Vec<Place> {
    let mut places = Vec::new();
    for pair in line.windows(2).rev() {
        for beside in [-8.0, 8.0] {
            for share in [1.0, 0.8, 0.6, 0.4, 0.2, 0.0] {
                let at = |from: f64, to: f64| from + share * (to - from);
                let x = (at(pair[0].0, pair[1].0) - wide).max(left);
                places.push((x, at(pair[0].1, pair[1].1) + beside));
            }
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_inside_and_apart_and_leave_ink_free() {
        let mut placer = Placer::new((0.0, 0.0), (100.0, 100.0));
        let mut place = |places: &[Place]| placer.place(50.0, places.to_vec());
        assert_eq!(place(&[(60.0, 50.0), (10.0, 50.0)]), Some((10.0, 50.0)));
        assert_eq!(place(&[(20.0, 55.0), (10.0, 80.0)]), Some((10.0, 80.0)));
        placer.line(&[(0.0, 20.0), (100.0, 20.0)]);
        let mut place = |places: &[Place]| placer.place(50.0, places.to_vec());
        assert_eq!(place(&[(10.0, 20.0), (10.0, 8.0)]), Some((10.0, 8.0)));
        assert_eq!(place(&[(80.0, 30.0)]), None);
    }
}
