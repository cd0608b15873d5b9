//! Rows of a table with the names of their groups: how high they are, and which fit.

use crate::page;

/// The rows that are drawn, and where.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Table {
    /// Height of a row.
    pub pitch: f64,
    /// The top of each row that is drawn, and whether its group is named above it.
    pub rows: Vec<(f64, bool)>,
    /// Rows for which there is no room.
    pub left_out: usize,
    /// Of all of it.
    pub height: f64,
}

/// Height of the line that names a group.
pub(crate) const GROUP: f64 = 16.0;
const LEFT_OUT: f64 = 14.0;

impl Table {
    /// Rows of these groups in `room` pixels below `head`: as high as may be between `lowest` and
    /// `highest`. If not all fit, groups are not named; if that does not suffice, rows are left
    /// out.
    pub(crate) fn fit(groups: &[&str], head: f64, [lowest, highest]: [f64; 2], room: f64) -> Table {
        let table = |named: bool, pitch: f64, n: usize| {
            let mut y = head;
            let rows = groups.iter().take(n).enumerate().map(|(i, group)| {
                let first = i == 0 || groups[i - 1] != *group;
                let heads = named && first && !group.is_empty();
                y += if heads { GROUP } else { 0.0 };
                let top = y;
                y += pitch;
                (top, heads)
            });
            let rows: Vec<(f64, bool)> = rows.collect();
            let left_out = groups.len() - rows.len();
            Table { pitch, rows, left_out, height: y + if left_out > 0 { LEFT_OUT } else { 0.0 } }
        };
        let count = groups.len();
        let pitches = || (0..).map(|i| highest - f64::from(i)).take_while(|pitch| *pitch >= lowest);
        let with_groups = pitches().map(|pitch| (true, pitch, count));
        let without = pitches().map(|pitch| (false, pitch, count));
        let fewer = (1..count).rev().map(|n| (false, lowest, n));
        let mut tries = with_groups.chain(without).chain(fewer);
        let fits = tries.find_map(|(named, pitch, n)| {
            Some(table(named, pitch, n)).filter(|table| table.height <= room)
        });
        fits.unwrap_or_else(|| table(false, lowest, 1))
    }

    /// In words, if rows are left out.
    pub(crate) fn left_out(&self) -> String {
        page::left_out(self.left_out, "row")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_named_while_there_is_room_and_rows_are_counted_beyond() {
        let fit = |rows: usize| Table::fit(&vec!["a"; rows], 20.0, [14.0, 26.0], 350.0);
        assert_eq!((fit(5).pitch, fit(5).rows[0]), (26.0, (36.0, true)));
        assert!(!fit(23).rows[0].1 && fit(23).left_out == 0);
        let many = fit(100);
        assert_eq!(many.rows.len() + many.left_out, 100);
        assert!(many.left_out > 0 && many.height <= 350.0);
    }
}
