//! How high rows and facets are so that all of them fit, and what is left out if they do not.

use crate::drawing::text::{LABEL, TICK};
use crate::lanes::model::Lanes;

/// Above the rows: the first line of the facet's title.
pub(crate) const TITLE: f64 = 15.0;
/// Lines of a title at most, and what its marker takes of the first.
const TITLE_LINES: usize = 2;
pub(crate) const SIGN: f64 = 13.0;
const BETWEEN_COLUMNS: f64 = 14.0;
/// Below the last rows: the axis of time.
pub(crate) const AXIS: f64 = 18.0;
/// Below that, if facets are left out: a line that says so.
const LEFT_OUT: f64 = 14.0;
/// Above all, if there are two columns: which is which.
pub(crate) const HEAD: f64 = 15.0;
/// Above the panel that counts who runs at once.
pub(crate) const ABOVE_STEPS: f64 = 3.0;
const LOWEST_STEPS: f64 = 15.0;
const HIGHEST_STEPS: f64 = 44.0;
const BETWEEN: f64 = 5.0;
/// Heights of rows. Below the second, not every row has room for its label.
const HIGHEST: f64 = 22.0;
pub(crate) const LABELLED: f64 = 10.5;
const LOWEST: f64 = 6.0;

/// The layout of facets in columns, row by row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stack {
    pub columns: usize,
    /// Their width with all words.
    pub column: f64,
    /// Lines that the longest title needs in small type.
    pub title_lines: usize,
    /// Height of a row.
    pub pitch: f64,
    /// Height of the panel that counts; 0 if there is none.
    pub steps: f64,
    /// Rows of each facet that are drawn.
    pub rows: Vec<usize>,
    /// Rows that each facet has.
    all: Vec<usize>,
    head: f64,
}

impl Stack {
    /// The layout with which most is drawn in `width` and `room` pixels, and as large as may be.
    pub(crate) fn fit(lanes: &Lanes<'_>, width: f64, room: f64) -> Stack {
        let all: Vec<usize> = lanes.facets.iter().map(|facet| facet.rows.len()).collect();
        let (count, longest) = (all.len(), all.iter().copied().max().unwrap_or(0).max(1));
        let least_columns = lanes.columns.0.max(1);
        let most_columns = lanes.columns.1.min(count).max(least_columns);
        let column =
            |columns: usize| ((width + BETWEEN_COLUMNS) / columns as f64 - BETWEEN_COLUMNS).floor();
        // Where rows are left out, the last line of a title says so.
        let remark = TICK.width("(99 more rows)") + BETWEEN;
        let of = |columns| [0.0, remark].map(|less| lanes.title_lines(column(columns) - less));
        let lines: Vec<[usize; 2]> = (1..=most_columns).map(of).collect();
        let stack = |(columns, pitch, most, facets): (usize, f64, usize, usize)| Stack {
            columns,
            column: column(columns),
            title_lines: lines[columns - 1][usize::from(most < longest)],
            pitch,
            steps: lanes.cores.map_or(0.0, |_| {
                (LOWEST_STEPS + 2.5 * (pitch - LABELLED)).clamp(LOWEST_STEPS, HIGHEST_STEPS)
            }),
            rows: all.iter().take(facets).map(|&rows| rows.min(most)).collect(),
            all: all.clone(),
            head: lanes.zoom.map_or(0.0, |_| HEAD),
        };
        let pitches = |from: f64, to: f64| {
            (0..).map(move |i| from - 0.5 * f64::from(i)).take_while(move |p| *p >= to)
        };
        let whole = |from: f64, to: f64| {
            (least_columns..=most_columns).flat_map(move |columns| {
                pitches(from, to).map(move |pitch| (columns, pitch, longest, count))
            })
        };
        let cut = (1..longest).rev().map(|most| (most_columns, LOWEST, most, count));
        let fewer = (1..count).rev().map(|facets| (most_columns, LOWEST, longest.min(2), facets));
        let tries = whole(HIGHEST, LABELLED).chain(whole(LABELLED, LOWEST)).chain(cut).chain(fewer);
        let fit = tries.map(stack).find(|stack| stack.height() <= room);
        fit.unwrap_or_else(|| stack((most_columns, LOWEST, 1, 1)))
    }

    /// Height of the titles.
    pub(crate) fn title(&self) -> f64 {
        TITLE + (self.title_lines - 1) as f64 * LABEL.leading()
    }

    /// The left end of a column.
    pub(crate) fn left(&self, column: usize) -> f64 {
        column as f64 * (self.column + BETWEEN_COLUMNS)
    }

    /// Of facet number `facet`, from its title to the end of what it shows.
    pub(crate) fn facet_height(&self, facet: usize) -> f64 {
        let rows = self.rows[facet];
        let steps = if self.steps > 0.0 { ABOVE_STEPS + self.steps } else { 0.0 };
        self.title() + rows as f64 * self.pitch + steps
    }

    /// In words, if there is no room for rows that a facet has.
    pub(crate) fn rows_left_out(&self, facet: usize) -> String {
        match self.all[facet] - self.rows[facet] {
            0 => String::new(),
            1 => "(1 more row)".to_owned(),
            more => format!("({more} more rows)"),
        }
    }

    /// Facets for which there is no room.
    pub(crate) fn facets_left_out(&self) -> usize {
        self.all.len() - self.rows.len()
    }

    /// The top of every facet.
    pub(crate) fn tops(&self) -> Vec<f64> {
        let mut tops = Vec::new();
        let mut y = self.head;
        for band in 0..self.rows.len().div_ceil(self.columns) {
            let facets = band * self.columns..((band + 1) * self.columns).min(self.rows.len());
            tops.extend(facets.clone().map(|_| y));
            y += facets.map(|facet| self.facet_height(facet)).fold(0.0, f64::max) + BETWEEN;
        }
        tops
    }

    /// Of all of it.
    pub(crate) fn height(&self) -> f64 {
        let ends = self.tops().into_iter().enumerate();
        let end = ends.map(|(facet, top)| top + self.facet_height(facet)).fold(0.0, f64::max);
        let left_out = if self.facets_left_out() > 0 { LEFT_OUT } else { 0.0 };
        end + AXIS + left_out
    }

    /// Whether no other facet is below this one.
    pub(crate) fn is_lowest(&self, facet: usize) -> bool {
        facet + self.columns >= self.rows.len()
    }

    /// From one row with a label to the next.
    pub(crate) fn label_every(&self) -> usize {
        (LABELLED / self.pitch - 0.01).ceil().max(1.0) as usize
    }
}

impl Lanes<'_> {
    /// Lines that the longest title needs in columns of this width.
    fn title_lines(&self, column: f64) -> usize {
        let titles = self.facets.iter().map(|facet| facet.title.as_str());
        let lines = titles.map(|title| LABEL.wrap(title, column - SIGN, TITLE_LINES).len());
        lines.max().unwrap_or(0).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::model::{Facet, Row};

    fn stack(rows: &[usize], cores: Option<u32>, columns: (usize, usize)) -> Stack {
        let facets = rows.iter().map(|&rows| Facet {
            rows: (0..rows).map(|_| Row::default()).collect(),
            ..Facet::default()
        });
        let facets = facets.collect();
        let lanes = Lanes { columns, cores, facets, ..Lanes::default() };
        Stack::fit(&lanes, 764.0, 330.0)
    }

    #[test]
    fn few_rows_are_high_and_many_low_or_in_two_columns() {
        assert_eq!(stack(&[2, 2], None, (1, 2)).pitch, HIGHEST);
        let five = stack(&[2; 5], Some(2), (1, 1));
        assert_eq!((five.rows.len(), five.columns), (5, 1));
        assert!(five.pitch < HIGHEST && five.height() <= 330.0);
        assert_eq!(stack(&[4; 9], None, (1, 2)).columns, 2);
    }

    #[test]
    fn a_title_has_room_for_what_is_left_out() {
        let facets = (0..9).map(|_| Facet {
            title: "CPython 3.14, 16 threads: 12.1×".to_owned(),
            rows: (0..16).map(|_| Row::default()).collect(),
            ..Facet::default()
        });
        let lanes = Lanes { columns: (3, 3), facets: facets.collect(), ..Lanes::default() };
        let cut = Stack::fit(&lanes, 764.0, 330.0);
        assert!(!cut.rows_left_out(0).is_empty());
        assert_eq!(cut.title_lines, 2);
        assert_eq!(Stack::fit(&lanes, 764.0, 3000.0).title_lines, 1);
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let rows = stack(&[100], None, (1, 2));
        assert!(!rows.rows_left_out(0).is_empty() && rows.height() <= 330.0);
        let facets = stack(&[2; 40], Some(2), (1, 1));
        assert!(facets.facets_left_out() > 0 && facets.height() <= 330.0);
        assert_eq!(facets.rows.len() + facets.facets_left_out(), 40);
    }
}
