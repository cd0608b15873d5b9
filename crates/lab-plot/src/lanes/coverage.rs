//! Many spans on few pixels: what share of each narrow column of the picture they cover.
//!
//! Drawn one after another, spans of 5 ms with gaps of 5 ms would look unbroken as soon as a gap is
//! narrower than a pixel, which is the very mistake a timeline must not make. Their share of each
//! column does not depend on how many there are.

use crate::lanes::span::Span;

/// Columns per pixel: one per dot of the PNG.
const COLUMNS: f64 = 2.0;
/// Steps between empty and full.
const LEVELS: f64 = 8.0;
/// An isolated run of at most this number of columns is a point.
const NARROW: usize = 3;
/// A run is isolated with this number of empty columns on either side.
const ALONE: usize = 12;

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

/// `from..to` nanoseconds on `columns` columns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Columns {
    from: f64,
    wide: f64,
    columns: usize,
}

impl Columns {
    /// `from..to` nanoseconds on `pixels` pixels.
    pub(crate) fn new((from, to): Span, pixels: f64) -> Columns {
        let columns = ((pixels * COLUMNS).round() as usize).max(1);
        let wide = (to.saturating_sub(from) as f64 / columns as f64).max(f64::MIN_POSITIVE);
        Columns { from: from as f64, wide, columns }
    }

    /// Where column number `column` starts, in nanoseconds.
    pub(crate) fn edge(&self, column: usize) -> f64 {
        self.from + column as f64 * self.wide
    }

    /// From where to where a run reaches, in nanoseconds.
    pub(crate) fn span(&self, run: &Run) -> (f64, f64) {
        (self.edge(run.first), self.edge(run.end))
    }

    fn column(&self, ns: u64) -> f64 {
        ((ns as f64 - self.from) / self.wide).clamp(0.0, self.columns as f64)
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
    pub(crate) fn runs(&self, spans: impl IntoIterator<Item = (u64, u64, u32)>) -> Vec<Run> {
        let mut columns: Vec<Vec<(u32, f64)>> = vec![Vec::new(); self.columns];
        for (start, end, owner) in spans {
            self.cover((start, end), |column, share| {
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
    fn cover(&self, (start, end): Span, mut says: impl FnMut(usize, f64)) {
        let (from, to) = (self.column(start), self.column(end));
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

/// Takes out the runs that are narrow and isolated: as a bar they would hardly be seen, so they
/// are to be drawn as points.
pub(crate) fn take_lonely(runs: &mut Vec<Run>) -> Vec<Run> {
    let mut lonely = Vec::new();
    let mut kept = Vec::new();
    let mut first = 0;
    while first < runs.len() {
        // A group of runs without a gap between them.
        let mut last = first;
        while last + 1 < runs.len() && runs[last + 1].first == runs[last].end {
            last += 1;
        }
        let (start, end) = (runs[first].first, runs[last].end);
        let before = first.checked_sub(1).map_or(ALONE, |i| start - runs[i].end);
        let after = runs.get(last + 1).map_or(ALONE, |next| next.first - end);
        if end - start <= NARROW && before >= ALONE && after >= ALONE {
            lonely.push(Run { first: start, end, ..runs[first] });
        } else {
            kept.extend_from_slice(&runs[first..=last]);
        }
        first = last + 1;
    }
    *runs = kept;
    lonely
}

/// The spans that readings of a clock represent, in order of time: each for the usual time from
/// one reading to the next, as long as the next one does not come much later.
pub(crate) fn spans_of(readings: &[u64]) -> Vec<Span> {
    let usual = usual_gap(readings);
    let mut spans: Vec<Span> = Vec::new();
    for &at in readings {
        match spans.last_mut() {
            Some(last) if at <= last.1.saturating_add(usual) => last.1 = at.saturating_add(usual),
            _ => spans.push((at, at.saturating_add(usual))),
        }
    }
    spans
}

/// The median of the times from one reading to the next, from about a thousand of them.
fn usual_gap(readings: &[u64]) -> u64 {
    let every = (readings.len() / 1000).max(1);
    let gaps = readings.windows(2).step_by(every);
    let mut gaps: Vec<u64> = gaps.map(|pair| pair[1].saturating_sub(pair[0])).collect();
    let middle = gaps.len() / 2;
    if gaps.is_empty() {
        return 1;
    }
    (*gaps.select_nth_unstable(middle).1).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 100 ns on 50 pixels: a column is a nanosecond.
    fn view() -> Columns {
        Columns::new((0, 100), 50.0)
    }

    fn run(first: usize, end: usize, share: f64) -> Run {
        Run { first, end, share, owner: 0 }
    }

    fn runs(view: Columns, spans: &[Span]) -> Vec<Run> {
        view.runs(spans.iter().map(|&(start, end)| (start, end, 0)))
    }

    #[test]
    fn wide_spans_are_runs_in_any_order_and_cut_at_the_edges() {
        assert_eq!(
            runs(view(), &[(60, 80), (10, 30), (90, 400), (500, 600)]),
            [run(10, 30, 1.0), run(60, 80, 1.0), run(90, 100, 1.0)]
        );
    }

    #[test]
    fn gaps_narrower_than_a_column_make_it_paler_and_a_little_is_not_nothing() {
        let view = Columns::new((0, 100_000), 50.0);
        let spans: Vec<Span> = (0..1000).map(|i| (i * 100, i * 100 + 50)).collect();
        assert_eq!(runs(view, &spans), [run(0, 100, 0.5)]);
        assert_eq!(runs(view, &[(10, 11)]), [run(0, 1, 0.125)]);
    }

    #[test]
    fn never_more_than_two_runs_per_pixel() {
        let view = Columns::new((0, 1_000_000_000), 100.0);
        let spans = (0..100_000u64).map(|i| (i * 10_000, i * 10_000 + i % 9_999, 0));
        assert!(view.runs(spans).len() <= 200);
    }

    #[test]
    fn a_column_belongs_to_whoever_has_most_of_it() {
        let view = Columns::new((0, 100_000), 50.0);
        let spans = (0..100)
            .flat_map(|i| [(i * 1000, i * 1000 + 250, 4), (i * 1000 + 250, i * 1000 + 750, 7)]);
        let [run] = view.runs(spans)[..] else {
            panic!("one run");
        };
        assert_eq!((run.owner, run.share), (7, 0.75));
    }

    #[test]
    fn levels_count_who_runs_at_once() {
        let levels = view().levels([(0, 50), (25, 75)]);
        assert_eq!([levels[10], levels[30], levels[60], levels[90]], [1.0, 2.0, 1.0, 0.0]);
    }

    #[test]
    fn only_what_is_narrow_and_alone_is_a_point() {
        let mut seen = runs(view(), &[(5, 7), (40, 60), (64, 66), (90, 91)]);
        let lonely = take_lonely(&mut seen);
        assert_eq!(lonely.iter().map(|run| run.first).collect::<Vec<_>>(), [5, 90]);
        assert_eq!(seen.len(), 2);
    }

    #[test]
    fn readings_stand_for_the_usual_time_between_them() {
        let steady: Vec<u64> = (0..100).map(|i| i * 10).collect();
        assert_eq!(spans_of(&steady), [(0, 1000)]);
        let paused: Vec<u64> = steady.iter().map(|at| at + 5000 * (at / 500)).collect();
        assert_eq!(spans_of(&paused), [(0, 500), (5500, 6000)]);
        assert!(spans_of(&[]).is_empty());
        assert_eq!(spans_of(&[u64::MAX]), [(u64::MAX, u64::MAX)]);
    }
}
