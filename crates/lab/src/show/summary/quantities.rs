//! What claims compare besides makespans: a column of the table for each.

use crate::arms::arm::Arm;
use crate::design::Design;
use crate::design::claim::Combination;
use crate::design::quantity::{Comparison, MAKESPAN, Measure, Quantity, What};
use crate::record::Recording;
use crate::show::words;
use lab_data::rows::Kind;

/// Names of columns are wrapped at about this width.
const WIDE: usize = 14;

/// A quantity, and the arms of which claims compare it.
pub(super) struct Column {
    /// In lines.
    pub(super) name: String,
    measure: Measure,
    kind: Kind,
    arms: Vec<Arm>,
}

/// The comparisons on which the verdicts of claims rest.
pub(super) fn compared(designs: &[Design]) -> impl Iterator<Item = &Comparison> {
    let claims = designs.iter().flat_map(|design| &design.claims);
    let judged = claims.filter(|claim| claim.combination != Combination::Check);
    judged.flat_map(|claim| &claim.parts).filter_map(|part| part.basis.as_ref().ok())
}

/// The columns for these arms.
pub(super) fn columns(designs: &[Design], arms: &[&Arm]) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for comparison in compared(designs) {
        let is_wanted = |of: &&&Quantity| {
            of.measure != MAKESPAN && !of.measure.is_factor && arms.contains(&&of.arm)
        };
        for of in comparison.quantities().iter().filter(is_wanted) {
            match columns.iter_mut().find(|column| column.measure == of.measure) {
                Some(column) => column.arms.push(of.arm.clone()),
                None => columns.push(Column {
                    name: in_lines(&of.measure.name),
                    measure: of.measure.clone(),
                    kind: comparison.kind(),
                    arms: vec![of.arm.clone()],
                }),
            }
        }
    }
    columns
}

impl Column {
    /// The median of an arm; empty where no claim asks for it.
    pub(super) fn cell(&self, run: &Recording, arm: &Arm) -> String {
        let median = run.median(&self.measure.on(arm)).filter(|_| self.arms.contains(arm));
        median.map_or_else(String::new, |median| match self.kind {
            Kind::Ratio | Kind::Distribution => words::time(median),
            _ => words::value(self.kind, median),
        })
    }
}

/// The arms that are shown instead of one that was measured again to be held against the best of them.
pub(super) fn candidates<'d>(designs: &'d [Design], again: &str) -> Option<&'d [Arm]> {
    compared(designs).find_map(|comparison| match comparison.what() {
        What::OverBest { of, all } if of.arm.replicate().key() == again => Some(all.as_slice()),
        _ => None,
    })
}

fn in_lines(name: &str) -> String {
    let mut lines = vec![String::new()];
    for word in name.split(' ') {
        match lines.last_mut().filter(|line| line.chars().count() + word.chars().count() < WIDE) {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) => *line += &format!(" {word}"),
            None => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}
