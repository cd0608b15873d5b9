//! Which rows of several tables are about the same: one claim, its part, and one runtime.
//!
//! A claim is known by its id. Versions of CPython are compared with each other where each side has one:
//! that is what a reader changes.

use crate::run::is_cpython;
use lab::design::runtime::place;
use lab_data::rows::VerdictRow;

/// Rows about the same: one per side; none where it was not measured.
pub(crate) type Found = Vec<Option<VerdictRow>>;

/// All rows, with those together that are about the same: claims and parts in the order of the tables,
/// and in each of them the runtimes in the order in which they are shown everywhere.
pub(crate) fn pairs(sides: &[Vec<VerdictRow>]) -> Vec<Found> {
    let columns = columns(sides);
    let mut claims: Vec<&VerdictRow> = Vec::new();
    for row in sides.iter().flatten() {
        if !claims.iter().any(|known| is_same(known, row)) {
            claims.push(row);
        }
    }
    let found = |claim: &VerdictRow, column: &[Option<&str>]| -> Found {
        let of = |(side, runtime): (&Vec<VerdictRow>, &Option<&str>)| {
            let runtime = (*runtime)?;
            side.iter().find(|row| is_same(claim, row) && row.runtime == runtime).cloned()
        };
        sides.iter().zip(column).map(of).collect()
    };
    let all = claims.iter().flat_map(|claim| columns.iter().map(|column| found(claim, column)));
    all.filter(|found| found.iter().any(Option::is_some)).collect()
}

fn is_same(a: &VerdictRow, b: &VerdictRow) -> bool {
    a.claim_id == b.claim_id && a.part == b.part
}

/// Runtimes that are compared: each side's name for one, or none.
fn columns(sides: &[Vec<VerdictRow>]) -> Vec<Vec<Option<&str>>> {
    let runtimes = sides.iter().map(|side| {
        let mut names: Vec<&str> = side.iter().map(|row| row.runtime.as_str()).collect();
        names.sort_by_key(|name| place(name));
        names.dedup();
        names
    });
    let mut left: Vec<Vec<&str>> = runtimes.collect();
    let mut columns: Vec<Vec<Option<&str>>> = Vec::new();
    lone_pythons(&mut left, &mut columns, is_cpython);
    let mut names: Vec<&str> = left.iter().flatten().copied().collect();
    names.sort_unstable();
    let twice = names.chunk_by(|a, b| a == b).filter(|same| same.len() > 1);
    for name in twice.filter_map(|same| same.first()) {
        columns.push(take(&mut left, |other| other == *name));
    }
    // Those that no other side has: with a lock, without, and whichever are left.
    lone_pythons(&mut left, &mut columns, |name| is_cpython(name) && !is_free(name));
    lone_pythons(&mut left, &mut columns, is_free);
    lone_pythons(&mut left, &mut columns, is_cpython);
    while let Some(name) = left.iter().flatten().next().copied() {
        columns.push(take(&mut left, |other| other == name));
    }
    columns.sort_by_key(|column| column.iter().flatten().next().map(|name| place(name)));
    columns
}

/// Whether the name is that of an interpreter without a lock: it has it from what that said.
fn is_free(name: &str) -> bool {
    is_cpython(name) && name.ends_with('t')
}

/// Puts the CPythons that are meant, of all sides, into one column, if no side has several and several
/// have one.
fn lone_pythons<'a>(
    left: &mut [Vec<&'a str>],
    columns: &mut Vec<Vec<Option<&'a str>>>,
    is_meant: fn(&str) -> bool,
) {
    let numbers = left.iter().map(|names| names.iter().filter(|name| is_meant(name)).count());
    let numbers: Vec<usize> = numbers.collect();
    if numbers.iter().all(|number| *number < 2) && numbers.iter().sum::<usize>() > 1 {
        columns.push(take(left, is_meant));
    }
}

/// Takes the first name of each side that is meant.
fn take<'a>(left: &mut [Vec<&'a str>], is_meant: impl Fn(&str) -> bool) -> Vec<Option<&'a str>> {
    let of = |names: &mut Vec<&'a str>| {
        let at = names.iter().position(|name| is_meant(name))?;
        Some(names.remove(at))
    };
    left.iter_mut().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[[&str; 3]]) -> Vec<VerdictRow> {
        let row = |[claim_id, claim, runtime]: &[&str; 3]| VerdictRow {
            claim_id: (*claim_id).to_owned(),
            claim: (*claim).to_owned(),
            runtime: (*runtime).to_owned(),
            ..VerdictRow::default()
        };
        rows.iter().map(row).collect()
    }

    fn paired(sides: &[&[&str]]) -> Vec<String> {
        let side = |runtimes: &&[&str]| {
            let all: Vec<_> = runtimes.iter().map(|runtime| ["a", "A claim.", runtime]).collect();
            rows(&all)
        };
        let sides: Vec<_> = sides.iter().map(side).collect();
        let words = |found: Found| {
            let names: Vec<String> = found
                .into_iter()
                .map(|row| row.map_or("–".to_owned(), |row| row.runtime.replace("cpython-", "")))
                .collect();
            names.join(" ")
        };
        pairs(&sides).into_iter().map(words).collect()
    }

    #[test]
    fn versions_of_cpython_are_compared_where_each_side_has_one() {
        for (sides, columns) in [
            (
                &[&["rust", "gil", "cpython-3.11"][..], &["rust", "cpython-3.11"]][..],
                &["3.11 3.11", "gil –", "rust rust"][..],
            ),
            (&[&["cpython-3.13"], &["cpython-3.14"]], &["3.13 3.14"]),
            (&[&["cpython-3.13t"], &["cpython-3.14"]], &["3.13t 3.14"]),
            (&[&["cpython-3.11"], &["cpython-3.11"], &["cpython-3.14"]], &["3.11 3.11 3.14"]),
            (
                &[&["cpython-3.11", "cpython-3.13"], &["cpython-3.11", "cpython-3.14"]],
                &["3.11 3.11", "3.13 3.14"],
            ),
            (
                &[&["cpython-3.11", "cpython-3.13"], &["cpython-3.14"]],
                &["3.11 –", "3.13 –", "– 3.14"],
            ),
            (&[&["cpython-3.11"], &["rust"]], &["3.11 –", "– rust"]),
            (
                &[&["cpython-3.13", "cpython-3.13t"], &["cpython-3.14", "cpython-3.14t"]],
                &["3.13 3.14", "3.13t 3.14t"],
            ),
        ] {
            assert_eq!(paired(sides), columns, "{sides:?}");
        }
    }

    #[test]
    fn a_claim_may_be_reworded() {
        let [old, new, other] = [("a", "Old."), ("a", "New."), ("b", "Old.")]
            .map(|(id, claim)| rows(&[[id, claim, "rust"]]));
        assert_eq!(pairs(&[old.clone(), new]).len(), 1);
        assert_eq!(pairs(&[old, other]).len(), 2);
    }
}
