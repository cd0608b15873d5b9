//! The figures of all designs as one list: each runtime declares its own part of a figure.

use crate::arms::runtime;
use crate::design::Design;
use crate::design::figure::{Figure, Panel, Text};

/// The figures of all designs whose runtime is drawn: those of one name are one, and so are panels of
/// one title in a row.
pub(super) fn merged(designs: &[Design]) -> Vec<Figure> {
    let mut all: Vec<Figure> = Vec::new();
    let drawn = drawn(designs);
    let designs = designs.iter().filter(|design| drawn.contains(&design.runtime().name()));
    for figure in designs.flat_map(|design| &design.figures) {
        let Some(known) = all.iter_mut().find(|known| known.suffix == figure.suffix) else {
            all.push(figure.clone());
            continue;
        };
        for panel in &figure.panels {
            match known.panels.iter_mut().find(|other| is_same(other, panel)) {
                Some(other) => other.add(panel),
                None => known.panels.push(panel.clone()),
            }
        }
    }
    for figure in &mut all {
        figure.panels.sort_by_key(|panel| panel.row);
    }
    all
}

/// The names of the runtimes that figures show.
pub(super) fn drawn(designs: &[Design]) -> Vec<&str> {
    let all = designs.iter().map(|design| (design.runtime().name(), design.runtime().has_gil()));
    runtime::drawn(all)
}

fn is_same(a: &Panel, b: &Panel) -> bool {
    let titles = (&a.title, &b.title);
    let is_same = matches!(titles, (Text::Template(a), Text::Template(b)) if a == b);
    is_same && a.row == b.row
}

impl Panel {
    /// Adds what another panel of the same title shows besides.
    fn add(&mut self, other: &Panel) {
        // What is alike in all runtimes is side by side.
        for (at, series) in other.series.iter().enumerate() {
            let place = at * (self.runtimes + 1) + self.runtimes;
            self.series.insert(place.min(self.series.len()), series.clone());
        }
        self.runtimes += 1;
        for reference in &other.references {
            if !self.references.contains(reference) {
                self.references.push(reference.clone());
            }
        }
        let (own, others) = (self.marks.take(), other.marks.clone());
        let both = own.into_iter().chain(others).collect::<Vec<_>>();
        if !both.is_empty() {
            *self = self
                .clone()
                .marks(move |run| both.iter().flat_map(|marks| marks.of(run)).collect());
        }
    }
}
