//! How high rows and facets are so that all of them fit, and what is left out if they do not.

use crate::drawing::text::{LABEL, PANEL, TICK, Type};
use crate::rows::Rows;

/// Above the rows: the first line of the facet's title.
const TITLE: f64 = 16.0;
/// Lines of a title at most, and what its marker takes of the first.
const TITLE_LINES: usize = 2;
pub(crate) const SIGN: f64 = 13.0;
const BETWEEN_COLUMNS: f64 = 14.0;
/// Below the last rows: the axis, and what it measures.
pub(crate) const AXIS: f64 = 18.0;
const AXIS_LABEL: f64 = 14.0;
/// Below that, if something is left out: a line that says so.
const LEFT_OUT: f64 = 14.0;
/// Above the panel that counts who runs at once.
pub(crate) const ABOVE_STEPS: f64 = 3.0;
const LOWEST_STEPS: f64 = 15.0;
const HIGHEST_STEPS: f64 = 44.0;
const BETWEEN: f64 = 5.0;
/// Heights of rows: rather more columns than lower than the second. Below the third not every row
/// has room for its label.
const HIGHEST: f64 = 22.0;
const READABLE: f64 = 11.5;
pub(crate) const LABELLED: f64 = 10.5;
const LOWEST: f64 = 4.0;

/// The layout of facets in columns, row by row.
#[derive(Clone, Debug)]
pub(crate) struct Stack {
    pub columns: usize,
    /// Their width with all words.
    pub column: f64,
    /// What titles are set in, and in how many lines.
    pub title: (Type, usize),
    /// Height of a row.
    pub pitch: f64,
    /// Height of the panel that counts; 0 if there is none.
    pub steps: f64,
    /// Rows of each facet that are drawn.
    pub rows: Vec<usize>,
    /// Rows and facets that are not.
    left_out: [usize; 2],
    label: f64,
}

impl Stack {
    /// The layout with which most is drawn in `width` and `room` pixels, and as large as may be.
    pub(crate) fn fit(rows: &Rows, width: f64, room: f64) -> Stack {
        let all: Vec<usize> = rows.facets.iter().map(|facet| facet.rows.len()).collect();
        let (count, longest) = (all.len(), all.iter().copied().max().unwrap_or(0).max(1));
        let (least, most) = match rows.columns {
            0 => (1, count.clamp(1, 3)),
            columns => (columns, columns),
        };
        let column =
            |columns: usize| ((width + BETWEEN_COLUMNS) / columns as f64 - BETWEEN_COLUMNS).floor();
        let titles: Vec<(Type, usize)> =
            (1..=most).map(|columns| rows.titles(column(columns) - SIGN)).collect();
        let stack = |(columns, pitch, most, facets): (usize, f64, usize, usize)| {
            let shown: Vec<usize> = all.iter().take(facets).map(|&rows| rows.min(most)).collect();
            let cut = all.iter().zip(&shown).map(|(all, shown)| all - shown).sum();
            Stack {
                columns,
                column: column(columns),
                title: titles[columns - 1],
                pitch,
                steps: rows.cores.map_or(0.0, |_| {
                    (LOWEST_STEPS + 2.5 * (pitch - LABELLED)).clamp(LOWEST_STEPS, HIGHEST_STEPS)
                }),
                left_out: [cut, count - shown.len()],
                rows: shown,
                label: if rows.x.label.is_empty() { 0.0 } else { AXIS_LABEL },
            }
        };
        let whole = |from: f64, to: f64| {
            let pitches = move || (0..).map(move |i| from - 0.5 * f64::from(i));
            (least..=most).flat_map(move |columns| {
                let pitches = pitches().take_while(move |pitch| *pitch >= to);
                pitches.map(move |pitch| (columns, pitch, longest, count))
            })
        };
        let cut = (1..longest).rev().map(|rows| (most, LOWEST, rows, count));
        let fewer = (1..count).rev().map(|facets| (most, LOWEST, longest.min(2), facets));
        let tries = whole(HIGHEST, READABLE)
            .chain(whole(READABLE, LABELLED))
            .chain(whole(LABELLED, LOWEST))
            .chain(cut)
            .chain(fewer);
        let fit = tries.map(stack).find(|stack| stack.height() <= room);
        fit.unwrap_or_else(|| stack((most, LOWEST, 1, 1)))
    }

    /// Height of the titles.
    pub(crate) fn title_height(&self) -> f64 {
        TITLE + (self.title.1 - 1) as f64 * LABEL.leading()
    }

    /// The left end of a column.
    pub(crate) fn left(&self, column: usize) -> f64 {
        column as f64 * (self.column + BETWEEN_COLUMNS)
    }

    /// Of facet number `facet`, from its title to the end of what it shows.
    fn facet_height(&self, facet: usize) -> f64 {
        let steps = if self.steps > 0.0 { ABOVE_STEPS + self.steps } else { 0.0 };
        self.title_height() + self.rows[facet] as f64 * self.pitch + steps
    }

    /// What is not drawn, in words; nothing, if all is.
    pub(crate) fn left_out(&self) -> String {
        let several = |n: usize, thing: &str| match n {
            0 => None,
            1 => Some(format!("1 {thing}")),
            n => Some(format!("{n} {thing}s")),
        };
        let [rows, panels] = self.left_out;
        let parts = [several(rows, "row"), several(panels, "panel")];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        match parts.is_empty() {
            true => String::new(),
            false => format!("For want of room, {} are not drawn.", parts.join(" and ")),
        }
    }

    /// The top of every facet.
    pub(crate) fn tops(&self) -> Vec<f64> {
        let mut tops = Vec::new();
        let mut y = 0.0;
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
        let left_out = if self.left_out == [0, 0] { 0.0 } else { LEFT_OUT };
        end + AXIS + self.label + left_out
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

impl Rows {
    /// How the titles are set in this room: bold on one line if all fit so, else small on up to two.
    fn titles(&self, room: f64) -> (Type, usize) {
        let titles = || self.facets.iter().map(|facet| facet.title.as_str());
        if PANEL.widest(titles()) <= room {
            return (PANEL, 1);
        }
        let lines = titles().map(|title| LABEL.wrap(title, room, TITLE_LINES).len());
        (LABEL, lines.max().unwrap_or(1).max(1))
    }

    /// How wide the widest words beside the plots are: labels at the left, notes at the right.
    pub(crate) fn words(&self, stack: &Stack) -> (f64, f64) {
        let drawn = || {
            let facets = self.facets.iter().zip(&stack.rows);
            facets.flat_map(|(facet, count)| facet.rows.iter().take(*count))
        };
        let lines = self.facets.iter().flat_map(|facet| &facet.verticals);
        let lines = TICK.widest(lines.map(|line| line.words.as_str()));
        let notes = TICK.widest(drawn().map(|row| row.note.as_str()));
        (LABEL.widest(drawn().map(|row| row.label.as_str())), notes.max(lines))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::{Facet, Row};

    fn stack(rows: &[usize], cores: Option<u32>, columns: usize) -> Stack {
        let facets = rows.iter().map(|&rows| Facet {
            rows: (0..rows).map(|_| Row::default()).collect(),
            ..Facet::default()
        });
        let facets = facets.collect();
        Stack::fit(&Rows { columns, cores, facets, ..Rows::default() }, 764.0, 330.0)
    }

    #[test]
    fn few_rows_are_high_and_many_low_or_in_columns() {
        assert_eq!(stack(&[2, 2], None, 0).pitch, HIGHEST);
        let five = stack(&[2; 5], Some(2), 1);
        assert_eq!((five.rows.len(), five.columns), (5, 1));
        assert!(five.pitch < HIGHEST && five.height() <= 330.0);
        assert_eq!([stack(&[8; 3], None, 0).columns, stack(&[4; 9], None, 0).columns], [2, 3]);
        assert!(stack(&[4; 9], None, 0).left_out().is_empty());
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let rows = stack(&[100], None, 0);
        assert!(rows.height() <= 330.0);
        let words = format!("For want of room, {} rows are not drawn.", 100 - rows.rows[0]);
        assert_eq!(rows.left_out(), words);
        let facets = stack(&[2; 60], Some(2), 1);
        assert!(facets.height() <= 330.0);
        let words = format!("{} panels are not drawn.", 60 - facets.rows.len());
        assert!(facets.left_out().ends_with(&words), "{}", facets.left_out());
    }
}
