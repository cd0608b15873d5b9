//! How a claim is declared.

use super::part::{Note, Part, missing};
use super::{Claim, Combination};
use crate::record::Recording;
use lab_stats::edges::Edges;
use lab_stats::verdict::Decision;

/// A claim of a design that is being declared; made by [`Design::claim`](crate::design::Design::claim).
#[derive(Debug)]
pub struct Declaring<'d> {
    pub(crate) claim: &'d mut Claim,
    pub(crate) edges: Edges,
    pub(crate) has_gil: bool,
}

impl Declaring<'_> {
    /// Rests on this comparison alone.
    pub fn compare(self, part: impl Into<Part>) -> Self {
        self.rests_on(Combination::One, [part.into()])
    }

    /// Holds if all of these do.
    pub fn all_of(self, parts: impl IntoIterator<Item = Part>) -> Self {
        self.rests_on(Combination::All, parts)
    }

    /// As [`Declaring::all_of`], with each part shown at the level at which any one of them may decide.
    pub fn all_of_shared(self, parts: impl IntoIterator<Item = Part>) -> Self {
        self.rests_on(Combination::AllShared, parts)
    }

    /// Holds if any of these does.
    pub fn any_of(self, parts: impl IntoIterator<Item = Part>) -> Self {
        self.rests_on(Combination::Any, parts)
    }

    /// A check of the measurement, not a claim with a verdict.
    pub fn check_each(self, parts: impl IntoIterator<Item = Part>) -> Self {
        self.rests_on(Combination::Check, parts)
    }

    /// Cannot be judged with what was asked for: says what is missing and what to do.
    pub fn missing(self, what: impl Into<String>) -> Self {
        self.compare(missing("", what))
    }

    /// Estimated and shown beside the claim, without a say in its verdict.
    pub fn beside(self, part: impl Into<Part>) -> Self {
        let part = self.with_edges(part.into());
        self.claim.beside.push(part);
        self
    }

    /// The verdict that the experiment documents; none where it depends on the machine.
    pub fn expect(self, decision: impl Into<Option<Decision>>) -> Self {
        self.claim.expected = decision.into();
        self
    }

    /// The verdict that the experiment documents, with and without a global interpreter lock.
    pub fn expect_by_lock(self, with: Decision, without: Decision) -> Self {
        let decision = if self.has_gil { with } else { without };
        self.expect(decision)
    }

    /// What the article says, and the same number from it if it has one.
    pub fn article(mut self, decision: Decision, estimate: impl Into<Option<f64>>) -> Self {
        self.claim.article = Some(decision);
        if let Some(only) = self.only() {
            only.article = estimate.into();
        }
        self
    }

    /// The finding in a sentence. With one part, [`ESTIMATE`](super::ESTIMATE) is its number. With several it is said
    /// where all hold (or none does, if one would suffice): [`ESTIMATE`](super::ESTIMATE) is then the sentence of the
    /// part nearest to its edge, `{part}` its name, and `{all}` the sentences of all.
    pub fn finding(mut self, text: impl Into<String>) -> Self {
        let text = text.into();
        match self.only() {
            Some(only) => only.finding = text,
            None => self.claim.finding = Some(text),
        }
        self
    }

    /// What a reader takes home.
    pub fn lesson(self, text: &str) -> Self {
        self.claim.lesson = Some(text.to_owned());
        self
    }

    /// As [`Declaring::lesson`], of advice that holds as long as nothing speaks against it.
    pub fn lesson_even_if_open(self, text: &str) -> Self {
        self.claim.lesson_if_open = true;
        self.lesson(text)
    }

    /// No verdict on any part unless native processes were faster than serial in the same blocks.
    pub fn needs_parallel_cores(self) -> Self {
        self.each_part(|part| part.needs.parallel_cores = true)
    }

    /// As [`Declaring::needs_parallel_cores`]; and the measure must read 1 for serial, and nearly all cores
    /// for native processes.
    pub fn needs_calibration(self) -> Self {
        self.each_part(|part| {
            part.needs.parallel_cores = true;
            part.needs.calibrated = true;
        })
    }

    /// No verdict on one core.
    pub fn needs_two_cores(self) -> Self {
        self.each_part(|part| part.needs.two_cores = true)
    }

    /// A remark that follows the verdict's sentence, computed from what was recorded.
    pub fn note(self, note: impl Fn(&Recording) -> Option<String> + Send + Sync + 'static) -> Self {
        self.claim.notes.push(Note::new(note));
        self
    }

    /// The part that is all of the claim; none if there are several.
    fn only(&mut self) -> Option<&mut Part> {
        let is_one = self.claim.combination == Combination::One;
        self.claim.parts.first_mut().filter(|_| is_one)
    }

    fn rests_on(self, combination: Combination, parts: impl IntoIterator<Item = Part>) -> Self {
        let parts: Vec<Part> = parts.into_iter().map(|part| self.with_edges(part)).collect();
        self.claim.combination = combination;
        self.claim.parts.extend(parts);
        self
    }

    fn with_edges(&self, mut part: Part) -> Part {
        part.edges.get_or_insert(self.edges);
        part
    }

    fn each_part(self, of: impl Fn(&mut Part)) -> Self {
        let claim = &mut *self.claim;
        claim.parts.iter_mut().chain(&mut claim.beside).for_each(of);
        self
    }
}
