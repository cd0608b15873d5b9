//! Very many readings of a clock on few pixels: how much of each narrow column of the picture they
//! stand for.

use crate::coverage::{self, Run, View};
use crate::error::{PlotError, Result};

/// How many places the usual time between two readings is taken from, and over how many readings at
/// each: a clock moves in ticks, and a single step is often one tick too short or too long.
const ASKED: usize = 1023;
const STEPS: usize = 16;

/// Refuses readings that are not in order of time.
pub(crate) fn check(place: impl Fn() -> String, times: &[u64]) -> Result<()> {
    if times.is_sorted() {
        return Ok(());
    }
    let back = times.windows(2).find_map(|two| match *two {
        [from, to] if to < from => Some((from, to)),
        _ => None,
    });
    let (from, to) = back.unwrap_or_default();
    Err(PlotError::Reversed {
        place: place(),
        what: "the time between two readings",
        from,
        to,
    })
}

/// The readings (in order of time, counted from `zero_ns`) as runs of columns. Each reading stands
/// for the usual time between two, so that a column full of progress is full, however long a
/// column is; and a column with a single one is not empty.
///
/// Only the readings at the columns' edges are looked at, since they are in order: what it takes
/// does not depend on how many there are.
pub(crate) fn runs(view: View, times: &[u64], zero_ns: u64) -> Vec<Run> {
    let usual = usual_step(times);
    let mut rest = times;
    let mut last = 1;
    let shares = (1..=view.columns()).map(|column| {
        // What lies on the last edge belongs to the last column.
        let count = match column == view.columns() {
            true => rest.len(),
            false => {
                let edge = zero_ns as f64 + view.edge(column);
                before(rest, last, |at| (at as f64) < edge)
            }
        };
        rest = rest.get(count..).unwrap_or_default();
        last = count;
        (count as f64 * usual / view.column_ns(), 0)
    });
    coverage::runs(shares)
}

/// How many of the first readings are `early`; about `guess`.
fn before(times: &[u64], guess: usize, early: impl Fn(u64) -> bool) -> usize {
    let mut end = guess.max(1);
    while times.get(end - 1).is_some_and(|&at| early(at)) {
        end *= 2;
    }
    let near = times.get(..end).unwrap_or(times);
    near.partition_point(|&at| early(at))
}

/// The usual time from one reading to the next, in nanoseconds: the median of means over a few.
fn usual_step(times: &[u64]) -> f64 {
    let pairs = times.len().saturating_sub(1);
    let asked = pairs.min(ASKED);
    let steps = (pairs / ASKED).clamp(1, STEPS);
    let mut means: Vec<f64> = (0..asked)
        .filter_map(|i| times.get(i * pairs / asked..))
        .filter_map(|rest| Some(rest.get(steps)?.saturating_sub(*rest.first()?)))
        .map(|time| time as f64 / steps as f64)
        .collect();
    let middle = means.len() / 2;
    match means.is_empty() {
        true => 1.0,
        false => {
            let (_, median, _) = means.select_nth_unstable_by(middle, f64::total_cmp);
            // Readings of one instant stand for something, too.
            median.max(1.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 100 ns on 50 pixels: a column is a nanosecond.
    fn view() -> View {
        View::new((0.0, 100.0), 50.0)
    }

    fn levels(runs: &[Run]) -> Vec<(usize, usize, u8)> {
        runs.iter()
            .map(|run| (run.first, run.end, run.level))
            .collect()
    }

    #[test]
    fn a_million_readings_are_full_where_they_are_and_pale_where_they_are_half_the_time() {
        let view = View::new((0.0, 100e6), 50.0);
        // Without a break for 40 ms, then every other microsecond of 20 ms, then nothing.
        let whole = (0..1_600_000).map(|i| i * 25);
        let half = (1_600_000..2_400_000)
            .filter(|i| i / 40 % 2 == 0)
            .map(|i| i * 25);
        let times: Vec<u64> = whole.chain(half).map(|at| at + 1_000_000_000).collect();
        let runs = runs(view, &times, 1_000_000_000);
        assert_eq!(levels(&runs), [(0, 40, 8), (40, 60, 4)]);
    }

    #[test]
    fn a_clock_that_moves_in_ticks_does_not_make_it_paler() {
        // Two steps of 20 ns and one of 30 in turn.
        let times: Vec<u64> = (0..100_000).map(|i| i * 70 / 30 * 10).collect();
        let runs = runs(View::new((0.0, 2_333_330.0), 50.0), &times, 0);
        assert_eq!(levels(&runs), [(0, 100, 8)]);
    }

    #[test]
    fn readings_far_apart_are_each_seen() {
        assert_eq!(levels(&runs(view(), &[30], 0)), [(30, 31, 8)]);
        assert_eq!(
            levels(&runs(view(), &[10, 50, 100], 0)),
            [(10, 11, 8), (50, 51, 8), (99, 100, 8)]
        );
        assert_eq!(runs(view(), &[], 0), []);
    }

    #[test]
    fn what_lies_before_zero_counts_as_zero() {
        assert_eq!(
            levels(&runs(view(), &[5, 1050], 1000)),
            [(0, 1, 8), (50, 51, 8)]
        );
    }

    #[test]
    fn the_count_before_an_edge_is_right_whatever_the_guess() {
        let times: Vec<u64> = (0..1000).collect();
        for guess in [0, 1, 7, 999, 5000] {
            for edge in [0, 1, 500, 999, 1000, 2000] {
                assert_eq!(
                    before(&times, guess, |at| at < edge),
                    edge.min(1000) as usize
                );
            }
        }
    }

    #[test]
    fn readings_out_of_order_are_refused() {
        assert!(check(String::new, &[1, 1, 2]).is_ok());
        let error = check(|| "row “a”".into(), &[1, 9, 5])
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("row “a”") && error.contains("at 5 ns"),
            "{error}"
        );
    }
}
