//! What a reader was asked to predict, and what was measured.

use crate::design::Design;
use crate::design::claim::{ESTIMATE, Part};
use crate::record::Recording;
use crate::show::summary::page::Page;
use crate::show::words;
use crate::text;
use lab_stats::format;
use serde::{Deserialize, Serialize};

/// How far the answers are indented.
const INDENT: usize = 2;

/// What each runtime's number is, in the order of the runtimes; none where it was not measured.
type Numbers = Vec<(String, Option<String>)>;

/// The question of an experiment, and the answers that a run gives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// What its text asks under *Predict first*.
    pub question: String,
    /// A sentence each: `4 threads take 217 ms (CPython 3.11), 215 ms (Rust)`.
    pub answers: Vec<String>,
}

impl Answered {
    /// What these designs find in a run: what they declare, else what their claims find.
    pub(crate) fn of(source: &str, designs: &[Design], run: &Recording) -> Answered {
        let declares = designs.iter().any(|design| !design.predicted.is_empty());
        let mut sentences: Vec<(String, Numbers)> = Vec::new();
        for design in designs {
            let declared = design.predicted.iter();
            let declared = declared.map(|one| (one.sentence.clone(), "", one.number.of(run)));
            let claims = design.claims.iter().filter(|_| !declares);
            let found = claims.flat_map(|claim| claim.parts.iter().map(move |part| (claim, part)));
            let found = found.map(|(claim, part)| {
                let estimated =
                    part.basis.as_ref().ok().and_then(|of| Some((of, run.interval(of)?)));
                let number = estimated.map(|(of, found)| format::found(of.kind(), &found));
                (sentence(part), claim.text.as_str(), number)
            });
            for (sentence, claim, number) in declared.chain(found) {
                let runtime = words::runtime(&design.runtime.name);
                // Where two claims find the same in words, the second is named.
                let of_claim = format!("{sentence} (“{claim}”)");
                let is_taken = |(known, numbers): &(String, Numbers)| {
                    *known == sentence && numbers.iter().any(|(other, _)| *other == runtime)
                };
                let key = if sentences.iter().any(is_taken) { of_claim } else { sentence };
                match sentences.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, numbers)) => numbers.push((runtime, number)),
                    None => sentences.push((key, vec![(runtime, number)])),
                }
            }
        }
        let said = |(sentence, numbers): (String, Numbers)| {
            Some(sentence.replace(ESTIMATE, &by_runtime(&numbers)?))
        };
        Answered {
            question: text::question(source),
            answers: sentences.into_iter().filter_map(said).collect(),
        }
    }

    /// As it is printed after a run; nothing without an answer.
    pub(crate) fn text(&self, page: Page) -> String {
        if self.answers.is_empty() {
            return String::new();
        }
        let question = page.wrapped(&format!("You were asked: {}", self.question), 0);
        let answers = self
            .answers
            .iter()
            .map(|answer| format!("{:INDENT$}- {}\n", "", page.wrapped(answer, INDENT + 2)));
        format!("{}\n{}", page.bold(&question), answers.collect::<String>())
    }
}

/// What a part of a claim finds, with the part's name if it has one.
fn sentence(part: &Part) -> String {
    if part.name.is_empty() {
        part.finding.clone()
    } else {
        format!("{}: {}", part.name, part.finding)
    }
}

/// Numbers that are the same are said once: `217 ms (CPython 3.11), 216 ms (modelled GIL, Rust)`; what
/// all say needs no names. None where nobody has a number.
fn by_runtime(numbers: &[(String, Option<String>)]) -> Option<String> {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for (runtime, number) in numbers {
        let Some(number) = number else { continue };
        match groups.iter_mut().find(|(known, _)| known == number) {
            Some((_, runtimes)) => runtimes.push(runtime),
            None => groups.push((number, vec![runtime])),
        }
    }
    match groups.as_slice() {
        [] => None,
        [(number, runtimes)] if runtimes.len() == numbers.len() => Some((*number).to_owned()),
        groups => {
            let named = |(number, runtimes): &(&str, Vec<&str>)| {
                format!("{number} ({})", runtimes.join(", "))
            };
            Some(groups.iter().map(named).collect::<Vec<_>>().join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arms::arm::{serial, threads};
    use crate::arms::runtime::Runtime;
    use crate::design::claim::part;
    use crate::design::predicted::found;
    use crate::design::quantity;
    use crate::record::test_rows::{recorded, trial};
    use lab_data::rows::{Executor, TrialRow};
    use lab_stats::edges::Edges;

    const SOURCE: &str =
        "//! \"Claim.\"\n//!\n//! # Predict first\n//! How long do two\n//! take?\n//!\n//! # When";

    #[test]
    fn what_claims_find_is_told_apart_where_its_words_are_the_same() {
        let design = |runtime: &Runtime| {
            let mut design = Design::new(runtime, []);
            let [one, two] =
                [serial(), threads(2)].map(|workers| quantity::makespan(&design.arm(workers)));
            let of = |name: &str| part(name, one.clone() / two.clone()).finding("it gains {}");
            for (id, text) in [("one", "One."), ("two", "Two.")] {
                design.claim(id, text, Edges::true_above(1.0)).compare(of(""));
            }
            design.claim("three", "Three.", Edges::true_above(1.0)).all_of([of("a"), of("b")]);
            design
        };
        let runtimes = [Runtime::model(), Runtime::rust()];
        let arms = [(Executor::Serial, 1, 20), (Executor::Threads, 2, 10)];
        let trials = runtimes.iter().flat_map(|runtime| {
            let of = move |(executor, workers, ns)| {
                [1, 2, 3].map(|block| TrialRow {
                    block,
                    runtime: runtime.name().to_owned(),
                    executor,
                    workers,
                    makespan_ns: Some(ns + u64::from(block)),
                    ..trial()
                })
            };
            arms.into_iter().flat_map(of)
        });
        let run = recorded(&trials.collect::<Vec<_>>(), &[], &[]);
        let answered = Answered::of(SOURCE, &runtimes.each_ref().map(design), &run);
        assert_eq!(
            answered.answers,
            // The geometric mean of 21 over 11, 22 over 12 and 23 over 13.
            ["it gains 1.84×", "it gains 1.84× (“Two.”)", "a: it gains 1.84×", "b: it gains 1.84×"]
        );
    }

    #[test]
    fn each_sentence_is_said_once_with_the_numbers_of_all_runtimes() {
        let design = |runtime: &Runtime, two: &'static str, four: Option<&'static str>| {
            let mut design = Design::new(runtime, []);
            design.predicted("2 threads take {}", found(move |_| Some(two.to_owned())));
            design.predicted("4 threads take {}", found(move |_| four.map(str::to_owned)));
            design.predicted("8 threads take {}", found(|_| None));
            design
        };
        let designs = [
            design(&Runtime::model(), "20 ms", Some("9 ms")),
            design(&Runtime::rust(), "10 ms", Some("9 ms")),
        ];
        let alone = [
            design(&Runtime::model(), "2 ms", None),
            design(&Runtime::rust(), "2 ms", Some("1 ms")),
        ];
        assert_eq!(
            Answered::of(SOURCE, &alone, &recorded(&[], &[], &[])).answers,
            ["2 threads take 2 ms", "4 threads take 1 ms (Rust)"]
        );
        let answered = Answered::of(SOURCE, &designs, &recorded(&[], &[], &[]));
        assert_eq!(answered.question, "How long do two\ntake?");
        assert_eq!(
            answered.answers,
            ["2 threads take 20 ms (modelled GIL), 10 ms (Rust)", "4 threads take 9 ms"]
        );
        assert_eq!(
            answered.text(Page::PLAIN),
            "You were asked: How long do two take?\n  - 2 threads take 20 ms (modelled GIL), 10 ms \
             (Rust)\n  - 4 threads take 9 ms\n"
        );
        let nothing = Answered::of(SOURCE, &[], &recorded(&[], &[], &[]));
        assert_eq!(nothing.text(Page::PLAIN), "");
    }
}
