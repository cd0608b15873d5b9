//! Very many points on few pixels: how many lie in each small cell of the picture, and which of
//! them stand alone.

use crate::canvas::{Area, Point};

/// Width and height of a cell, in pixels.
const CELL: f64 = 2.0;
/// Cells above and below that are a point's neighbourhood.
const NEAR: usize = 4;
/// A point with at most so many in its neighbourhood, itself included, is drawn by itself.
const FEW: u32 = 16;
/// Steps between one point in a cell and the most.
const LEVELS: f64 = 8.0;

/// Neighbouring cells of one row that hold about as many points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Run {
    pub area: Area,
    /// 0 to 1: one point in each cell to the most that any cell of the strip has, by their
    /// logarithms.
    pub share: f64,
}

/// The points of a strip as they are to be drawn.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Drawn {
    pub runs: Vec<Run>,
    /// Where the points stand that have few neighbours.
    pub points: Vec<Point>,
}

/// Scatters points at the heights `ys` over the width of `strip`. Point i of any strip has always
/// the same place between left and right.
pub(crate) fn scatter(ys: &[f64], strip: Area) -> Drawn {
    let rows = ((strip.height() / CELL).ceil() as usize).max(1);
    let columns = ((strip.width() / CELL) as usize).max(1);
    let row = |y: f64| (((y - strip.top) / CELL) as usize).min(rows - 1);
    let mut in_row = vec![0u32; rows];
    for &y in ys {
        if let Some(count) = in_row.get_mut(row(y)) {
            *count += 1;
        }
    }
    let near: Vec<u32> = (0..rows)
        .map(|row| {
            let around = in_row.iter().take(row + NEAR + 1);
            around.skip(row.saturating_sub(NEAR)).sum()
        })
        .collect();

    let mut drawn = Drawn::default();
    let mut cells = vec![0u32; rows * columns];
    for (i, &y) in ys.iter().enumerate() {
        let (row, across) = (row(y), if ys.len() == 1 { 0.5 } else { jitter(i) });
        if near.get(row).is_some_and(|&near| near <= FEW) {
            drawn.points.push((strip.left + across * strip.width(), y));
        } else if let Some(cell) = cells.get_mut(row * columns + (across * columns as f64) as usize)
        {
            *cell += 1;
        }
    }
    let most = f64::from(cells.iter().copied().max().unwrap_or(0));
    for (row, cells) in cells.chunks(columns).enumerate() {
        let top = strip.top + row as f64 * CELL;
        let level = |&count: &u32| (level(count, most), count > 0);
        let mut first = 0;
        for alike in cells.chunk_by(|a, b| level(a) == level(b)) {
            let left = strip.left + first as f64 * CELL;
            first += alike.len();
            if let Some((share, true)) = alike.first().map(level) {
                let right = strip.left + first as f64 * CELL;
                let area = Area::new(left, top, right, (top + CELL).min(strip.bottom));
                drawn.runs.push(Run { area, share });
            }
        }
    }
    drawn
}

fn level(count: u32, most: f64) -> f64 {
    let share = f64::from(count.max(1)).ln() / most.max(2.0).ln();
    (share * LEVELS).round() / LEVELS
}

/// From 0 up to 1, by the number of the point (the finaliser of splitmix64).
fn jitter(i: usize) -> f64 {
    let mut z = (i as u64)
        .wrapping_add(1)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRIP: Area = Area {
        left: 10.0,
        top: 0.0,
        right: 60.0,
        bottom: 400.0,
    };

    #[test]
    fn few_points_stand_for_themselves() {
        assert_eq!(scatter(&[120.0], STRIP).points, [(35.0, 120.0)]);
        let drawn = scatter(&[20.0, 200.0, 201.0], STRIP);
        assert_eq!(drawn.points.len(), 3);
        assert!(drawn.runs.is_empty());
        assert!(drawn.points.iter().all(|p| (10.0..60.0).contains(&p.0)));
        assert_eq!(scatter(&[], STRIP), Drawn::default());
    }

    #[test]
    fn a_million_points_are_few_runs_and_an_outlier_stays() {
        let mut ys: Vec<_> = (0..1_000_000)
            .map(|i| 300.0 + jitter(i + 7) * 50.0)
            .collect();
        ys.push(20.0);
        let drawn = scatter(&ys, STRIP);
        assert_eq!(drawn.points.len(), 1);
        assert_eq!(drawn.points[0].1, 20.0);
        assert!(drawn.runs.len() <= 25 * 26, "{}", drawn.runs.len());
        assert!(drawn.runs.iter().all(|run| run.area.top >= 300.0));
    }

    #[test]
    fn more_points_are_darker() {
        let many = (0..10_000).map(|_| 100.0);
        let some = (0..100).map(|_| 300.0);
        let drawn = scatter(&many.chain(some).collect::<Vec<_>>(), STRIP);
        let at = |y: f64| {
            let runs = drawn.runs.iter().filter(move |run| run.area.top == y);
            runs.map(|run| run.share).fold(0.0, f64::max)
        };
        assert_eq!(at(100.0), 1.0);
        assert!((0.1..0.6).contains(&at(300.0)), "{}", at(300.0));
    }

    #[test]
    fn jitter_fills_the_width_evenly() {
        let mut tenths = [0; 10];
        for i in 0..10_000 {
            tenths[(jitter(i) * 10.0) as usize] += 1;
        }
        assert!(tenths.iter().all(|count| (850..1150).contains(count)));
    }
}
