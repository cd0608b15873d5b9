//! What a figure is drawn from: the recording, and the verdicts for its words.

use crate::design::figure::{Panel, Series, Text};
use crate::judge::Verdict;
use crate::record::{Recording, Trial};
use crate::show::words;
use lab_data::rows::{Decision, Kind};
use lab_stats::format;

/// What figures are drawn from.
#[derive(Clone, Copy)]
pub(super) struct Source<'r> {
    pub(super) run: &'r Recording,
    pub(super) verdicts: &'r [Verdict],
}

impl<'r> Source<'r> {
    /// A text with its numbers.
    pub(super) fn words(&self, text: &Text) -> String {
        let text = match text {
            Text::Computed(words) => words.of(self.run),
            Text::Template(template) => template.clone(),
        };
        let mut ids: Vec<String> = self.verdicts.iter().map(id).collect();
        ids.dedup();
        ids.iter().fold(text, |text, id| {
            let holes = [(format!("{{{id}}}"), false), (format!("{{1/{id}}}"), true)];
            holes.into_iter().fold(text, |text, (hole, is_inverse)| {
                if text.contains(&hole) {
                    text.replace(&hole, &self.by_runtime(id, is_inverse))
                } else {
                    text
                }
            })
        })
    }

    /// The verdicts on a claim or a part of one, with their estimates.
    fn known(&self, of: &str) -> Vec<(&Verdict, f64)> {
        let verdicts = self.verdicts.iter().filter(|verdict| id(verdict) == of);
        verdicts.filter_map(|verdict| Some((verdict, verdict.estimate()?.estimate))).collect()
    }

    /// Whether a claim was decided, and alike in all runtimes.
    pub(super) fn is_agreed(&self, claim_id: &str) -> bool {
        let known = self.known(claim_id);
        let first = known.first().map(|(verdict, _)| verdict.decision);
        first.is_some_and(|first| {
            first != Decision::Inconclusive && known.iter().all(|(one, _)| one.decision == first)
        })
    }

    /// The estimates of a claim, for a sentence: `1.88× (CPython 3.14) and 0.98–1.01× (CPython 3.13t,
    /// Rust)`. Runtimes with the same verdict are together; where all have the same, none is named.
    fn by_runtime(&self, claim_id: &str, is_inverse: bool) -> String {
        let mut groups: Vec<Group> = Vec::new();
        for (verdict, estimate) in self.known(claim_id) {
            let estimate = if is_inverse { 1.0 / estimate } else { estimate };
            // A name is not torn apart at the end of a line.
            let runtime = words::runtime(&verdict.runtime).replace(' ', "\u{a0}");
            let known = groups.iter_mut().find(|group| group.decision == verdict.decision);
            match known {
                Some(group) => {
                    group.ends = (group.ends.0.min(estimate), group.ends.1.max(estimate));
                    group.runtimes.push(runtime);
                }
                None => groups.push(Group {
                    kind: verdict.kind,
                    decision: verdict.decision,
                    ends: (estimate, estimate),
                    runtimes: vec![runtime],
                }),
            }
        }
        match groups.as_slice() {
            [] => "?".to_owned(),
            groups => {
                in_a_sentence(groups.iter().map(|one| one.words(groups.len() == 1)).collect())
            }
        }
    }

    /// The trials that a panel shows, each with whether its jobs noted points.
    pub(super) fn trials(&self, panel: &Panel) -> Vec<(Trial<'r>, bool)> {
        let series = panel.series.iter().filter_map(|series| match series {
            Series::Trial { arm, with_points } => Some((self.run.shown_trial(arm)?, *with_points)),
            _ => None,
        });
        series.collect()
    }
}

/// What texts call the claim that a verdict is on, or the part of it.
fn id(verdict: &Verdict) -> String {
    match verdict.is_whole() {
        true => verdict.claim_id.clone(),
        false => format!("{}/{}", verdict.claim_id, verdict.part),
    }
}

/// Runtimes with the same verdict on a claim.
struct Group {
    kind: Kind,
    decision: Decision,
    /// The least and the greatest estimate.
    ends: (f64, f64),
    runtimes: Vec<String>,
}

impl Group {
    /// `1.88× (CPython 3.14)`, with what is to be known of it; without a name if it is the `only` one.
    fn words(&self, only: bool) -> String {
        let open = (self.decision == Decision::Inconclusive).then(|| "not\u{a0}decided".to_owned());
        let names = if only { &[][..] } else { &self.runtimes };
        let names: Vec<String> = names.iter().cloned().chain(open).collect();
        let range = range(self.kind, self.ends.0, self.ends.1);
        if names.is_empty() { range } else { format!("{range}\u{a0}({})", names.join(", ")) }
    }
}

/// `12.7–12.9×`, or one number where they read the same.
fn range(kind: Kind, low: f64, high: f64) -> String {
    let (first, last) = (format::value(kind, low), format::value(kind, high));
    if first == last {
        return first;
    }
    let is_ratio = matches!(kind, Kind::Ratio | Kind::Distribution);
    let unit = if is_ratio { "×" } else { "" };
    format!("{}{unit}", format::range(kind, low, high))
}

/// `a`, `a and b`, `a, b and c`.
fn in_a_sentence(mut all: Vec<String>) -> String {
    match (all.pop(), all.as_slice()) {
        (Some(last), [_, ..]) => format!("{} and {last}", all.join(", ")),
        (last, _) => last.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::verdict::made_up;
    use crate::record::test_rows::recorded;

    #[test]
    fn estimates_that_are_alike_are_one_range() {
        for (kind, low, high, words) in [
            (Kind::Ratio, 12.7, 12.94, "12.7–12.9×"),
            (Kind::Ratio, 1.0, 1.001, "1.00×"),
            (Kind::Share, 0.95, 0.97, "95–97 %"),
            (Kind::Level, 1.9, 1.95, "1.90–1.95"),
        ] {
            assert_eq!(range(kind, low, high), words);
        }
    }

    #[test]
    fn a_title_is_a_sentence_for_every_combination_of_verdicts() {
        use Decision::{False, Inconclusive, Neither, True};
        let run = recorded(&[], &[], &[]);
        let all = [Some(True), Some(False), Some(Neither), Some(Inconclusive), None];
        for (python, rust) in all.into_iter().flat_map(|one| all.map(|other| (one, other))) {
            let known = [("cpython-3.14", python, 1.9), ("rust", rust, 1.0)];
            let verdicts = known.map(|(runtime, decision, estimate)| Verdict {
                claim_id: "same".to_owned(),
                decision: decision.unwrap_or(Inconclusive),
                ..made_up(runtime, decision.map(|_| estimate))
            });
            let source = Source { run: &run, verdicts: &verdicts };
            let title = source.words(&"2 threads take {same} as long as 2 processes".into());
            let title = title.replace('\u{a0}', " ");
            let said = |decision, estimate: &str, runtime: &str| match decision {
                Some(Inconclusive) => Some(format!("{estimate} ({runtime}, not decided)")),
                Some(_) => Some(format!("{estimate} ({runtime})")),
                None => None,
            };
            let both = [said(python, "1.90×", "CPython 3.14"), said(rust, "1.00×", "Rust")];
            let numbers = match both {
                // Those with the same verdict are together.
                [Some(_), Some(_)] if python == rust && python == Some(Inconclusive) => {
                    "1.00–1.90× (not decided)".to_owned()
                }
                [Some(_), Some(_)] if python == rust => "1.00–1.90×".to_owned(),
                [Some(python), Some(rust)] => format!("{python} and {rust}"),
                [Some(only), None] | [None, Some(only)] if only.contains("not decided") => {
                    format!("{} (not decided)", only.split(' ').next().unwrap())
                }
                // One number needs no name.
                [Some(only), None] | [None, Some(only)] => {
                    only.split(' ').next().unwrap().to_owned()
                }
                [None, None] => "?".to_owned(),
            };
            assert_eq!(title, format!("2 threads take {numbers} as long as 2 processes"));
        }
    }

    #[test]
    fn runtimes_with_the_same_verdict_are_together_and_a_number_may_be_turned_round() {
        let run = recorded(&[], &[], &[]);
        let of = |runtime, estimate, decision| Verdict {
            claim_id: "same".to_owned(),
            decision,
            ..made_up(runtime, Some(estimate))
        };
        let verdicts = [
            of("cpython-3.14", 0.1, Decision::False),
            of("cpython-3.13t", 0.5, Decision::True),
            of("rust", 0.4, Decision::True),
        ];
        let said = |verdicts: &[Verdict]| {
            let source = Source { run: &run, verdicts };
            let words = source.words(&"{same}; {1/same}".into()).replace('\u{a0}', " ");
            (words, source.is_agreed("same"))
        };
        let (words, is_agreed) = said(&verdicts);
        let wanted = "0.10× (CPython 3.14) and 0.40–0.50× (CPython 3.13t, Rust); \
                      10.0× (CPython 3.14) and 2.00–2.50× (CPython 3.13t, Rust)";
        assert_eq!((words.as_str(), is_agreed), (wanted, false));
        assert_eq!(said(&verdicts[1..]), ("0.40–0.50×; 2.00–2.50×".to_owned(), true));
        let part = Verdict { part: "large".to_owned(), ..of("rust", 3.0, Decision::True) };
        let source = Source { run: &run, verdicts: &[verdicts[1].clone(), part] };
        assert_eq!(source.words(&"{same}, {same/large}".into()), "0.50×, 3.00×");
        assert!(!said(&[of("rust", 1.0, Decision::Inconclusive)]).1);
        assert!(!said(&[]).1);
    }

    #[test]
    fn several_are_joined_as_in_a_sentence() {
        let joined = |all: &[&str]| in_a_sentence(all.iter().map(|&one| one.to_owned()).collect());
        assert_eq!(joined(&["a"]), "a");
        assert_eq!(joined(&["a", "b"]), "a and b");
        assert_eq!(joined(&["a", "b", "c"]), "a, b and c");
    }
}
