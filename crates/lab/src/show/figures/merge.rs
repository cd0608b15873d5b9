//! The figures of all designs as one list: each runtime declares its own part of a figure.

use super::source::Source;
use crate::arms::runtime;
use crate::design::Design;
use crate::design::figure::{Figure, Panel, Text};

/// The figures of all designs whose runtime is `drawn`: those of one name are one, and so are panels of
/// one title in a row. Each with a sentence if all runtimes agree, so that one stands for all.
pub(super) fn merged(designs: &[Design], drawn: &[&str], source: Source) -> Vec<(Figure, String)> {
    let mut all: Vec<(Figure, Vec<String>)> = Vec::new();
    for (design, figure) in
        designs.iter().flat_map(|one| one.figures.iter().map(move |of| (one, of)))
    {
        let runtime = design.runtime();
        let is_shown = figure.of_the_model && runtime.is_model();
        if !is_shown && !drawn.contains(&runtime.name()) {
            continue;
        }
        let Some((known, alike)) = all.iter_mut().find(|(known, _)| known.suffix == figure.suffix)
        else {
            all.push((figure.clone(), Vec::new()));
            continue;
        };
        if known.agreed.as_ref().is_some_and(|claim_id| source.is_agreed(claim_id)) {
            alike.push(runtime.title());
            continue;
        }
        for panel in &figure.panels {
            match known.panels.iter_mut().find(|other| is_same(other, panel)) {
                Some(other) => other.add(panel),
                None => known.panels.push(panel.clone()),
            }
        }
    }
    let finished = all.into_iter().map(|(mut figure, alike)| {
        figure.panels.sort_by_key(|panel| panel.row);
        let said = match alike.as_slice() {
            [] => String::new(),
            [one] => format!("{one} looks the same."),
            [first @ .., last] => format!("{} and {last} look the same.", first.join(", ")),
        };
        (figure, said)
    });
    finished.collect()
}

/// The names of the runtimes that figures show. The model stands in for a CPython with a lock.
pub(super) fn drawn(designs: &[Design]) -> Vec<&str> {
    let all = || designs.iter().map(Design::runtime);
    let has_lock = all().any(|runtime| runtime.is_cpython() && runtime.has_gil());
    let shown = all().filter(|runtime| !(has_lock && runtime.is_model()));
    runtime::drawn(shown.map(|runtime| (runtime.name(), runtime.has_gil())))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arms::runtime::Runtime;
    use crate::design::figure::{bars, panel};
    use crate::judge::Verdict;
    use crate::judge::verdict::made_up;
    use crate::record::test_rows::recorded;
    use lab_data::rows::Decision;

    /// A design of each runtime, with a figure that has a panel of its name.
    fn designs(figure: impl Fn(Figure) -> Figure) -> Vec<Design> {
        let python = |name: &str, has_gil| Runtime {
            name: name.to_owned(),
            has_gil,
            default_start: None,
            has_interpreters: false,
        };
        let all = [
            python("cpython-3.11", true),
            python("cpython-3.14", true),
            python("cpython-3.13t", false),
            Runtime::model(),
            Runtime::rust(),
        ];
        let of = |runtime: &Runtime| {
            let mut design = Design::new(runtime, []);
            design.figure(figure(bars().panel(panel(runtime.name()))));
            design
        };
        all.iter().map(of).collect()
    }

    /// The names of the panels that are drawn, and what is said of the others.
    fn shown(designs: &[Design], decisions: [Decision; 3]) -> (Vec<String>, String) {
        let run = recorded(&[], &[], &[]);
        let verdicts = ["cpython-3.14", "cpython-3.13t", "rust"].into_iter().zip(decisions);
        let verdicts: Vec<Verdict> = verdicts
            .map(|(runtime, decision)| Verdict {
                claim_id: "claim".to_owned(),
                decision,
                ..made_up(runtime, Some(2.0))
            })
            .collect();
        let source = Source { run: &run, verdicts: &verdicts };
        let mut figures = merged(designs, &drawn(designs), source);
        assert_eq!(figures.len(), 1);
        let (figure, said) = figures.remove(0);
        (figure.panels.iter().map(|panel| source.words(&panel.title)).collect(), said)
    }

    #[test]
    fn the_newest_interpreters_and_rust_are_drawn_and_the_model_where_it_is_the_subject() {
        let (alike, other) =
            ([Decision::True; 3], [Decision::True, Decision::True, Decision::False]);
        let all = ["cpython-3.14", "cpython-3.13t", "rust"];
        let plain = designs(|figure| figure);
        assert_eq!(shown(&plain, alike).0, all);
        let (panels, said) = shown(&designs(Figure::of_the_model), alike);
        assert_eq!((panels.len(), panels[2].as_str(), said.as_str()), (4, "gil", ""));
        let one = designs(|figure| figure.one_for_all("claim"));
        let said = "CPython 3.13t and Rust look the same.".to_owned();
        assert_eq!(shown(&one, alike), (vec!["cpython-3.14".to_owned()], said));
        assert_eq!(shown(&one, other).0, all);
    }
}
