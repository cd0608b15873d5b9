//! What a figure is drawn from: the recording, and the verdicts for its words.

use crate::design::figure::{Panel, Series, Text};
use crate::judge::Verdict;
use crate::record::{Recording, Trial};
use crate::show::words;
use lab_data::rows::{Decision, Kind};
use lab_stats::format;
use std::time::Duration;

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
        let mut ids: Vec<&str> = self.verdicts.iter().map(|one| one.claim_id.as_str()).collect();
        ids.dedup();
        ids.iter().fold(text, |text, id| {
            let holes = [("", Said::Each), ("1/", Said::Inverse), ("all ", Said::Range)];
            holes.into_iter().fold(text, |text, (how, said)| {
                let hole = format!("{{{how}{id}}}");
                if text.contains(&hole) {
                    text.replace(&hole, &self.by_runtime(id, said))
                } else {
                    text
                }
            })
        })
    }

    /// The estimates of a claim, for a sentence: `1.88× (CPython 3.11) and 1.01× (Rust)`. Where all
    /// are alike they are one range, and the model is named only where it differs from CPython.
    fn by_runtime(&self, claim_id: &str, said: Said) -> String {
        let own = |verdict: &&Verdict| verdict.claim_id == claim_id && verdict.is_whole();
        let known = self.verdicts.iter().filter(own).filter_map(|verdict| {
            let estimate = verdict.estimate()?.estimate;
            let estimate = if said == Said::Inverse { 1.0 / estimate } else { estimate };
            Some(Known { verdict, estimate })
        });
        let mut known: Vec<Known> = known.collect();
        let python = known.iter().find(|one| one.verdict.runtime.starts_with("cpython"));
        if let Some(python) = python.copied() {
            known.retain(|one| one.verdict.runtime != "gil" || !one.is_like(&python));
        }
        match known.as_slice() {
            [] => "?".to_owned(),
            [only] if only.verdict.decision != Decision::Inconclusive => {
                format::value(only.verdict.kind, only.estimate)
            }
            [first, others @ ..]
                if !others.is_empty()
                    && (said == Said::Range || others.iter().all(|one| one.is_like(first))) =>
            {
                let all = known.iter().map(|one| one.estimate);
                let low = all.clone().fold(f64::INFINITY, f64::min);
                let high = all.fold(f64::NEG_INFINITY, f64::max);
                range(first.verdict.kind, low, high)
            }
            known => in_a_sentence(known.iter().map(Known::words).collect()),
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

    /// About `length` in the middle of the shortest trial of some panels: for an enlarged view in which
    /// all of them have something to show. None if that is all of it.
    pub(super) fn middle(&self, panels: &[Panel], length: Duration) -> Option<lab_plot::Span> {
        let length_ns = u64::try_from(length.as_nanos()).ok()?;
        let trials = panels.iter().flat_map(|panel| self.trials(panel));
        let windows = trials.filter_map(|(trial, _)| {
            let in_flight = trial.in_flight();
            let last_start = in_flight.iter().map(|job| job.start).max()?;
            let first_end = in_flight.iter().map(|job| job.end).min()?;
            Some((last_start, first_end))
        });
        let (from, to) = windows.reduce(|a, b| (a.0.max(b.0), a.1.min(b.1)))?;
        let middle = from.checked_add(to.checked_sub(from)? / 2)?;
        (to - from > length_ns).then(|| (middle - length_ns / 2, middle + length_ns / 2))
    }
}

/// How the estimates of a claim are said: each as it is, each as one over it, or all as one range.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Each,
    Inverse,
    Range,
}

/// What is known of a claim in a runtime.
#[derive(Clone, Copy)]
struct Known<'v> {
    verdict: &'v Verdict,
    estimate: f64,
}

impl Known<'_> {
    /// Whether a reader would take the two for the same: shares within 3 points, else within a
    /// twentieth.
    fn is_like(&self, other: &Known) -> bool {
        match self.verdict.kind {
            Kind::Share => (self.estimate - other.estimate).abs() <= 0.03,
            _ => (self.estimate / other.estimate).ln().abs() <= 1.05f64.ln(),
        }
    }

    /// `1.88× (CPython 3.11)`, with what is to be known of it.
    fn words(&self) -> String {
        let estimate = format::value(self.verdict.kind, self.estimate);
        let open =
            if self.verdict.decision == Decision::Inconclusive { ", not decided" } else { "" };
        // A name is not torn apart at the end of a line.
        let runtime = words::runtime(&self.verdict.runtime).replace(' ', "\u{a0}");
        format!("{estimate}\u{a0}({runtime}{open})")
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
                [Some(python), Some(rust)] => format!("{python} and {rust}"),
                [Some(only), None] | [None, Some(only)] if only.contains("not decided") => only,
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
    fn a_title_may_turn_a_number_round_or_say_a_range() {
        let run = recorded(&[], &[], &[]);
        let of = |runtime, estimate| Verdict {
            claim_id: "same".to_owned(),
            decision: Decision::False,
            ..made_up(runtime, Some(estimate))
        };
        let verdicts = [of("cpython-3.14", 0.1), of("rust", 0.5)];
        let source = Source { run: &run, verdicts: &verdicts };
        let words = source.words(&"{1/same}; {all same}".into()).replace('\u{a0}', " ");
        assert_eq!(words, "10.0× (CPython 3.14) and 2.00× (Rust); 0.10–0.50×");
    }

    #[test]
    fn several_are_joined_as_in_a_sentence() {
        let joined = |all: &[&str]| in_a_sentence(all.iter().map(|&one| one.to_owned()).collect());
        assert_eq!(joined(&["a"]), "a");
        assert_eq!(joined(&["a", "b"]), "a and b");
        assert_eq!(joined(&["a", "b", "c"]), "a, b and c");
    }
}
