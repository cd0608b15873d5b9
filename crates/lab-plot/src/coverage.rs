//! Many spans on few pixels: how much of each narrow column of the picture they cover.
//!
//! Drawn one by one, spans of 5 ms with gaps of 5 ms would look unbroken as soon as a gap is
//! narrower than a pixel, which is the very mistake a timeline must not make. Their share of each
//! column does not depend on how many there are.

use crate::axis::TimeAxis;

/// `(start, end, owner)`: from and to which nanosecond, and whose it is.
pub(crate) type Span = (u64, u64, u32);

/// A span narrower than this is shown as a point, if it stands alone, in pixels.
pub(crate) const NARROW: f64 = 2.0;
/// How far from its neighbours a narrow span must stand for that, in pixels.
const ALONE: f64 = 8.0;
/// Columns a pixel.
pub(crate) const COLUMNS: f64 = 2.0;
/// Steps between empty and full.
pub(crate) const LEVELS: u8 = 8;

/// A view on time: `from..to` nanoseconds on `columns` columns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    from: f64,
    column_ns: f64,
    columns: usize,
}

/// Neighbouring columns that are covered alike, and mostly by the same owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub first: usize,
    /// One past the last column.
    pub end: usize,
    /// 1 to [`LEVELS`]; what is not covered has no run.
    pub level: u8,
    /// Who covers most of it.
    pub owner: u32,
}

/// Spans as they are to be drawn.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Drawn {
    pub runs: Vec<Run>,
    /// Narrow spans that stand alone: their middles in nanoseconds, and their owners.
    pub points: Vec<(u64, u32)>,
}

impl View {
    /// `from..to` nanoseconds on `pixels` pixels.
    pub(crate) fn new((from, to): (f64, f64), pixels: f64) -> View {
        let columns = ((pixels * COLUMNS) as usize).max(1);
        View {
            from,
            column_ns: ((to - from) / columns as f64).max(f64::MIN_POSITIVE),
            columns,
        }
    }

    /// Of an axis of time.
    pub(crate) fn of(axis: &TimeAxis) -> View {
        View::new(axis.range(), axis.right() - axis.left())
    }

    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    /// The place of an instant in columns, held inside the view.
    pub(crate) fn column(&self, ns: u64) -> f64 {
        ((ns as f64 - self.from) / self.column_ns).clamp(0.0, self.columns as f64)
    }

    /// Where column number `column` starts, in nanoseconds.
    pub(crate) fn edge(&self, column: usize) -> f64 {
        self.from + column as f64 * self.column_ns
    }

    /// How long a column is.
    pub(crate) fn column_ns(&self) -> f64 {
        self.column_ns
    }

    /// What of `spans` (in any order) is to be seen.
    pub(crate) fn draw(&self, spans: impl IntoIterator<Item = Span>) -> Drawn {
        let to = self.from + self.column_ns * self.columns as f64;
        let mut seen: Vec<_> = spans
            .into_iter()
            .filter(|&(start, end, _)| end as f64 >= self.from && start as f64 <= to)
            .collect();
        seen.sort_unstable();
        let seen = joined(&seen);

        let mut cover = vec![Cover::default(); self.columns];
        let mut points = Vec::new();
        for (i, &(start, end, owner)) in seen.iter().enumerate() {
            let before = i.checked_sub(1).and_then(|i| seen.get(i)).map(|s| s.1);
            let after = seen.get(i + 1).map(|s| s.0);
            let far =
                |a: u64, b: u64| b.saturating_sub(a) as f64 >= ALONE * COLUMNS * self.column_ns;
            let narrow = ((end - start) as f64) < NARROW * COLUMNS * self.column_ns;
            if narrow && before.is_none_or(|b| far(b, start)) && after.is_none_or(|a| far(end, a)) {
                points.push((start + (end - start) / 2, owner));
            } else {
                self.cover(&mut cover, (start, end, owner));
            }
        }
        Drawn {
            runs: runs(cover.iter().map(|cover| (cover.share(), cover.owner()))),
            points,
        }
    }

    fn cover(&self, cover: &mut [Cover], (start, end, owner): Span) {
        let (a, b) = (self.column(start), self.column(end));
        let (first, last) = (a as usize, b as usize);
        for (i, column) in cover.iter_mut().enumerate().take(last + 1).skip(first) {
            let share = (b.min((i + 1) as f64) - a.max(i as f64)).max(0.0);
            column.add(owner, share);
        }
    }
}

/// How much of one column each owner covers.
#[derive(Clone, Debug, Default)]
struct Cover(Vec<(u32, f64)>);

impl Cover {
    fn add(&mut self, owner: u32, share: f64) {
        match self.0.iter_mut().find(|entry| entry.0 == owner) {
            Some(entry) => entry.1 += share,
            None => self.0.push((owner, share)),
        }
    }

    fn share(&self) -> f64 {
        self.0.iter().map(|entry| entry.1).sum()
    }

    /// Who covers most of it; of two who cover as much, the lower number.
    fn owner(&self) -> u32 {
        let most = self
            .0
            .iter()
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        most.map_or(0, |entry| entry.0)
    }
}

/// Sorted spans, with those of one owner that touch or overlap made one.
fn joined(sorted: &[Span]) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::with_capacity(sorted.len());
    for &(start, end, owner) in sorted {
        match out.last_mut() {
            Some(last) if last.2 == owner && start <= last.1 => last.1 = last.1.max(end),
            _ => out.push((start, end, owner)),
        }
    }
    out
}

/// From empty to full: 0 to [`LEVELS`]. A little is shown as the lowest level, never as nothing.
fn level(share: f64) -> u8 {
    let level = (share.min(1.0) * f64::from(LEVELS)).round() as u8;
    if share > 0.0 { level.max(1) } else { 0 }
}

/// The runs of columns of which this much is covered, and mostly by that owner.
pub(crate) fn runs(columns: impl Iterator<Item = (f64, u32)>) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    for (column, (share, owner)) in columns.enumerate() {
        let level = level(share);
        match out.last_mut() {
            Some(run) if run.end == column && (run.level, run.owner) == (level, owner) => {
                run.end += 1;
            }
            _ if level > 0 => out.push(Run {
                first: column,
                end: column + 1,
                level,
                owner,
            }),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 100 ns on 50 pixels: a column is a nanosecond.
    fn view() -> View {
        View::new((0.0, 100.0), 50.0)
    }

    fn run(first: usize, end: usize, level: u8) -> Run {
        Run {
            first,
            end,
            level,
            owner: 0,
        }
    }

    /// What is to be seen of spans that are all of one owner.
    fn draw(view: View, spans: &[(u64, u64)]) -> Drawn {
        view.draw(spans.iter().map(|&(start, end)| (start, end, 0)))
    }

    #[test]
    fn wide_spans_are_runs() {
        let drawn = draw(view(), &[(60, 80), (10, 30)]);
        assert_eq!(drawn.runs, [run(10, 30, 8), run(60, 80, 8)]);
        assert!(drawn.points.is_empty());
    }

    #[test]
    fn a_narrow_span_alone_is_a_point_and_in_company_a_run() {
        assert_eq!(draw(view(), &[(50, 52)]).points, [(51, 0)]);
        let drawn = draw(view(), &[(40, 49), (50, 52)]);
        assert_eq!(drawn.runs, [run(40, 49, 8), run(50, 52, 8)]);
        assert!(drawn.points.is_empty());
    }

    #[test]
    fn gaps_narrower_than_a_column_make_it_paler() {
        let view = View::new((0.0, 100_000.0), 50.0);
        let spans: Vec<_> = (0..1000).map(|i| (i * 100, i * 100 + 50)).collect();
        assert_eq!(draw(view, &spans).runs, [run(0, 100, 4)]);
    }

    #[test]
    fn spans_outside_are_left_out_and_spans_across_the_edge_cut() {
        let view = View::new((100.0, 200.0), 50.0);
        let drawn = draw(view, &[(0, 50), (90, 120), (190, 400), (500, 600)]);
        assert_eq!(drawn.runs, [run(0, 20, 8), run(90, 100, 8)]);
    }

    #[test]
    fn never_more_than_two_runs_a_pixel() {
        let view = View::new((0.0, 1e9), 100.0);
        let spans: Vec<_> = (0..100_000u64)
            .map(|i| (i * 10_000, i * 10_000 + i % 9_999))
            .collect();
        assert!(draw(view, &spans).runs.len() <= 200);
    }

    #[test]
    fn overlapping_spans_count_once() {
        assert_eq!(
            draw(view(), &[(10, 40), (20, 30), (35, 60)]).runs,
            [run(10, 60, 8)]
        );
    }

    #[test]
    fn a_column_belongs_to_whoever_has_most_of_it() {
        let view = View::new((0.0, 100_000.0), 50.0);
        // Of every thousand nanoseconds 300 are job 4's, 500 job 7's.
        let spans = (0..100).flat_map(|i| {
            let at = i * 1000;
            [(at, at + 300, 4), (at + 300, at + 800, 7)]
        });
        let owned = Run {
            owner: 7,
            ..run(0, 100, 6)
        };
        assert_eq!(view.draw(spans).runs, [owned]);
    }

    #[test]
    fn owners_that_follow_one_another_are_runs_of_their_own() {
        let runs = view().draw([(10, 30, 2), (30, 50, 1)]).runs;
        let owners: Vec<_> = runs.iter().map(|run| (run.first, run.owner)).collect();
        assert_eq!(owners, [(10, 2), (30, 1)]);
    }
}
