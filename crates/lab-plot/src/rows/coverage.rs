//! Many spans on few pixels: what share of each narrow column of the picture they cover.
//!
//! Drawn one after another, spans of 5 ms with gaps of 5 ms would look unbroken as soon as a gap is
//! narrower than a pixel, which is the very mistake a timeline must not make. Their share of each
//! column does not depend on how many there are.

use crate::rows::Span;
use crate::rows::view::View;

/// Columns per pixel: one per dot of the PNG.
const COLUMNS: f64 = 2.0;
/// Steps between empty and full.
const LEVELS: f64 = 8.0;

/// Neighbouring columns that are covered alike, and mostly by the same owner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Run {
    pub first: usize,
    /// One past the last column.
    pub end: usize,
    /// Above 0; 1 is full.
    pub share: f64,
    /// Who covers most of it.
    pub owner: u32,
}

/// A straight axis, cut into columns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Columns {
    from: f64,
    wide: f64,
    columns: usize,
}

impl Columns {
    pub(crate) fn of(view: &View) -> Columns {
        Columns::new(view.axis.ends(), view.plot_width())
    }

    fn new((from, to): Span, pixels: f64) -> Columns {
        let columns = ((pixels * COLUMNS).round() as usize).max(1);
        let wide = ((to - from) / columns as f64).max(f64::MIN_POSITIVE);
        Columns { from, wide, columns }
    }

    /// Where column number `column` starts.
    pub(crate) fn edge(&self, column: usize) -> f64 {
        self.from + column as f64 * self.wide
    }

    /// From where to where a run is drawn.
    pub(crate) fn span(&self, run: &Run) -> Span {
        (self.edge(run.first), self.edge(run.end))
    }

    fn column(&self, at: f64) -> f64 {
        ((at - self.from) / self.wide).clamp(0.0, self.columns as f64)
    }

    /// How many of the spans there are on average in each column.
    pub(crate) fn levels(&self, spans: impl IntoIterator<Item = Span>) -> Vec<f64> {
        let mut levels = vec![0.0; self.columns];
        for span in spans {
            self.cover(span, |column, share| levels[column] += share);
        }
        levels
    }

    /// The runs of columns that these spans cover, each span with its owner.
    pub(crate) fn runs(&self, spans: impl IntoIterator<Item = (f64, f64, u32)>) -> Vec<Run> {
        let mut columns: Vec<Vec<(u32, f64)>> = vec![Vec::new(); self.columns];
        for (from, to, owner) in spans {
            self.cover((from, to), |column, share| {
                let owners = &mut columns[column];
                match owners.iter_mut().find(|(other, _)| *other == owner) {
                    Some((_, covered)) => *covered += share,
                    None => owners.push((owner, share)),
                }
            });
        }
        let of = |owners: Vec<(u32, f64)>| {
            let share = owners.iter().map(|(_, share)| share).sum();
            let first = owners.into_iter().min_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            (share, first.map_or(0, |(owner, _)| owner))
        };
        joined(columns.into_iter().map(of))
    }

    /// Says of each column that the span touches how much of it the span covers.
    fn cover(&self, (from, to): Span, mut says: impl FnMut(usize, f64)) {
        let (from, to) = (self.column(from), self.column(to));
        let mut column = from.floor();
        while column < to {
            says(column as usize, to.min(column + 1.0) - from.max(column));
            column += 1.0;
        }
    }
}

/// Columns, each with its share and owner, as runs. A little is shown as the lowest level, never as
/// nothing.
fn joined(columns: impl Iterator<Item = (f64, u32)>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (column, (share, owner)) in columns.enumerate() {
        let share = (share.min(1.0) * LEVELS).round().max(1.0) / LEVELS * f64::from(share > 0.0);
        match runs.last_mut() {
            Some(run) if run.end == column && run.share == share && run.owner == owner => {
                run.end += 1;
            }
            _ if share > 0.0 => runs.push(Run { first: column, end: column + 1, share, owner }),
            _ => {}
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 100 ns on 50 pixels: a column is a nanosecond.
    fn view() -> Columns {
        Columns::new((0.0, 100.0), 50.0)
    }

    fn run(first: usize, end: usize, share: f64) -> Run {
        Run { first, end, share, owner: 0 }
    }

    fn runs(view: Columns, spans: &[Span]) -> Vec<Run> {
        view.runs(spans.iter().map(|&(from, to)| (from, to, 0)))
    }

    #[test]
    fn wide_spans_are_runs_in_any_order_and_cut_at_the_edges() {
        assert_eq!(
            runs(view(), &[(60.0, 80.0), (10.0, 30.0), (90.0, 400.0), (500.0, 600.0)]),
            [run(10, 30, 1.0), run(60, 80, 1.0), run(90, 100, 1.0)]
        );
    }

    #[test]
    fn gaps_narrower_than_a_column_make_it_paler_and_a_little_is_not_nothing() {
        let view = Columns::new((0.0, 100_000.0), 50.0);
        let start = |i: u32| f64::from(i) * 100.0;
        let spans: Vec<Span> = (0..1000).map(|i| (start(i), start(i) + 50.0)).collect();
        assert_eq!(runs(view, &spans), [run(0, 100, 0.5)]);
        assert_eq!(runs(view, &[(10.0, 11.0)]), [run(0, 1, 0.125)]);
    }

    #[test]
    fn never_more_than_two_runs_per_pixel() {
        let view = Columns::new((0.0, 1e9), 100.0);
        let spans = (0..100_000u32).map(|i| f64::from(i) * 1e4);
        let spans = spans.enumerate().map(|(i, at)| (at, at + (i % 9_999) as f64, 0));
        assert!(view.runs(spans).len() <= 200);
    }

    #[test]
    fn a_column_belongs_to_whoever_has_most_of_it() {
        let view = Columns::new((0.0, 100_000.0), 50.0);
        let starts = (0..100).map(|i| f64::from(i) * 1000.0);
        let spans = starts.flat_map(|at| [(at, at + 250.0, 4), (at + 250.0, at + 750.0, 7)]);
        let [run] = view.runs(spans)[..] else {
            panic!("one run");
        };
        assert_eq!((run.owner, run.share), (7, 0.75));
    }

    #[test]
    fn levels_count_who_runs_at_once() {
        let levels = view().levels([(0.0, 50.0), (25.0, 75.0)]);
        assert_eq!([levels[10], levels[30], levels[60], levels[90]], [1.0, 2.0, 1.0, 0.0]);
    }
}
