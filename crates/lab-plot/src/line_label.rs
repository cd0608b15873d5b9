//! Words at a line inside a panel, where they hide least.

use plotters_backend::DrawingBackend;

use crate::canvas::{Area, Canvas, Point, Stroke};
use crate::error::Result;
use crate::font::TextStyle;
use crate::page::TICK_EM;
use crate::place::{along, best};
use crate::series::{GREY, GRID};

/// Height of the words with their air.
const HEIGHT: f64 = 24.0;
/// From the line to words beside it.
const AIR: f64 = 3.0;
/// How many heights away from the line words may stand, if they are in the way nearer to it.
const FAR: usize = 4;
/// Places along the line that are tried.
const TRIED: usize = 12;

/// A place for words, and how high the line lies there.
struct Place {
    words: Area,
    line: f64,
    distance: usize,
}

/// What is drawn in a panel and should not be covered.
#[derive(Default)]
pub(crate) struct Occupied {
    /// Words and other things that must stay free.
    pub areas: Vec<Area>,
    /// Points of data, and places along lines.
    pub ink: Vec<Point>,
}

/// Draws `words` just above or below the line `path`, or (with a thin line that leads there)
/// farther from it, and adds them to what is occupied. Words for which no place is free of others
/// stay away.
pub(crate) fn draw<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    words: &str,
    path: &[Point],
    panel: Area,
    occupied: &mut Occupied,
) -> Result<()> {
    let style = TextStyle::new(TICK_EM, GREY)?;
    let words = style.elide(words, panel.width());
    let places = places(path, style.width(&words), panel);
    let areas: Vec<_> = places.iter().map(|place| place.words).collect();
    let Some(place) = best(&areas, &occupied.areas, &occupied.ink)
        .and_then(|best| places.iter().find(|place| place.words == best))
    else {
        return Ok(());
    };
    let area = place.words;
    if place.distance > 0 {
        let x = (area.left + area.right) / 2.0;
        let edge = match area.top > place.line {
            true => area.top,
            false => area.bottom,
        };
        let leader = [(x, place.line), (x, edge)];
        canvas.line(&leader, Stroke::new(GRID.over(GREY, 0.4), 1.0))?;
    }
    canvas.text(&words, (area.left, area.top), style)?;
    occupied.areas.push(area);
    Ok(())
}

/// Places for words of this width, the best ones first: near the line, then at its ends.
fn places(path: &[Point], width: f64, panel: Area) -> Vec<Place> {
    let line = along(path);
    let last = (panel.width() - width).max(0.0);
    let inner = (1..TRIED).map(|i| last * i as f64 / TRIED as f64);
    let lefts: Vec<_> = [last, 0.0].into_iter().chain(inner).collect();
    let mut places = Vec::new();
    for distance in 0..=FAR {
        let away = AIR + distance as f64 * HEIGHT;
        for left in lefts.iter().map(|left| panel.left + left) {
            let over = line
                .iter()
                .filter(|point| (left..=left + width).contains(&point.0))
                .map(|point| point.1);
            let (high, low) = over.fold((f64::INFINITY, f64::NEG_INFINITY), |(high, low), y| {
                (high.min(y), low.max(y))
            });
            for (top, line) in [(high - away - HEIGHT + AIR, high), (low + away, low)] {
                let words = Area::new(left, top, left + width, top + HEIGHT - AIR);
                if words.top >= panel.top && words.bottom <= panel.bottom {
                    places.push(Place {
                        words,
                        line,
                        distance,
                    });
                }
            }
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    const PANEL: Area = Area {
        left: 0.0,
        top: 0.0,
        right: 400.0,
        bottom: 300.0,
    };
    const LEVEL: [Point; 2] = [(0.0, 150.0), (400.0, 150.0)];

    #[test]
    fn words_stand_at_the_right_end_above_the_line_if_they_may() {
        let first = &places(&LEVEL, 100.0, PANEL)[0];
        assert_eq!((first.words.left, first.words.right), (300.0, 400.0));
        assert!(first.words.bottom < 150.0 && first.words.bottom > 140.0);
    }

    #[test]
    fn no_place_lies_on_the_line_or_outside_the_panel() {
        let slope = [(0.0, 300.0), (400.0, 0.0)];
        for place in places(&slope, 100.0, PANEL) {
            let area = place.words;
            assert!(area.top >= 0.0 && area.bottom <= 300.0);
            let on = |&(x, y): &Point| {
                x > area.left && x < area.right && y > area.top && y < area.bottom
            };
            assert!(!along(&slope).iter().any(on), "{area:?}");
        }
    }

    #[test]
    fn a_line_without_points_has_no_places() {
        assert!(places(&[], 100.0, PANEL).is_empty());
    }
}
