//! What a reader was asked to predict, and what was measured.

use crate::design::Design;
use crate::design::claim::ESTIMATE;
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
        let mut sentences: Vec<(&str, Numbers)> = Vec::new();
        for design in designs {
            let declared = design.predicted.iter().map(|one| (&*one.sentence, one.number.of(run)));
            let found = design.claims.iter().flat_map(|claim| &claim.parts).filter(|_| !declares);
            let found = found.map(|part| {
                let estimated =
                    part.basis.as_ref().ok().and_then(|of| Some((of, run.interval(of)?)));
                let number = estimated.map(|(of, found)| format::value(of.kind(), found.estimate));
                (&*part.finding, number)
            });
            for (sentence, number) in declared.chain(found) {
                let number = (words::runtime(&design.runtime.name), number);
                match sentences.iter_mut().find(|(known, _)| *known == sentence) {
                    Some((_, numbers)) => numbers.push(number),
                    None => sentences.push((sentence, vec![number])),
                }
            }
        }
        let said = |(sentence, numbers): (&str, Numbers)| {
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
    use crate::arms::runtime::Runtime;
    use crate::design::predicted::found;
    use crate::record::test_rows::recorded;

    const SOURCE: &str =
        "//! \"Claim.\"\n//!\n//! # Predict first\n//! How long do two\n//! take?\n//!\n//! # When";

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
