//! Claims: statements to judge, and what each rests on.

use super::quantity::Comparison;
use crate::record::Recording;
use lab_stats::edges::Edges;
use lab_stats::verdict::Decision;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// Where a finding shows its estimate.
pub const ESTIMATE: &str = "{}";

/// A statement to judge in one runtime.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claim {
    /// A slug that does not change with the wording, such as `threads-useless`.
    pub id: String,
    /// In the words of those who make it.
    pub text: String,
    /// The runtime in which it is judged.
    pub runtime: String,
    /// How the verdicts of its parts make its own.
    pub combination: Combination,
    /// What its verdict rests on.
    pub parts: Vec<Part>,
    /// What is estimated and shown beside it, and decides nothing.
    pub beside: Vec<Part>,
    /// The verdict that the experiment documents for this runtime; none for a check.
    pub expected: Option<Decision>,
    /// What the article says.
    pub article: Option<Decision>,
    /// The whole in a sentence, where all parts hold (or none does, if one would suffice).
    pub(crate) finding: Option<String>,
    /// What a reader takes home if the verdicts are those that are expected.
    pub lesson: Option<String>,
    #[serde(skip)]
    pub(crate) notes: Vec<Note>,
}

/// How the verdicts of parts make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Combination {
    /// There is one part, and its verdict is the claim's.
    One,
    /// The claim holds if all parts do.
    All,
    /// As `All`, each part shown at the level at which any one of them may decide.
    AllShared,
    /// The claim holds if any part does.
    Any,
    /// The parts are checks of the measurement: the claim has no verdict.
    Check,
}

/// What one comparison has to say of a claim.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Part {
    /// What it is called beside its claim; empty if it is all of it.
    pub name: String,
    /// What is estimated, or why nothing can be.
    pub basis: Result<Comparison, String>,
    /// Where it is TRUE and FALSE.
    pub edges: Option<Edges>,
    /// The finding, with [`ESTIMATE`] where the number goes.
    pub(crate) finding: String,
    /// The finding where the number is clearly below 1.
    pub(crate) finding_if_slower: Option<String>,
    /// The same number, from the article.
    pub article: Option<f64>,
    /// What it needs of the machine.
    pub needs: Needs,
    /// Whether the edge is half of the control's log speed-up.
    pub over_half_of_control: bool,
    /// Whether the A/A arm can veto it although its claim does not rest on it.
    pub vetoed_by_replicate: bool,
    /// What a busy neighbour can bring about, where that does not follow from the arms.
    pub load: Option<Load>,
    #[serde(skip)]
    pub(crate) notes: Vec<Note>,
}

/// What a verdict needs of the machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needs {
    /// Two cores that may be used at once.
    pub two_cores: bool,
    /// Native processes that were faster than serial in the same blocks (the positive control).
    pub parallel_cores: bool,
    /// A measure of parallelism that reads 1 for serial, and the cores for native processes.
    pub calibrated: bool,
}

/// What a busy neighbour can bring about by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Load {
    /// The decision.
    pub decision: Decision,
    /// Why.
    pub why: String,
}

/// A remark that is computed from the recording and follows a finding; none if there is none.
#[derive(Clone)]
pub(crate) struct Note(pub(crate) Arc<Remark>);

type Remark = dyn Fn(&Recording) -> Option<String> + Send + Sync;

impl fmt::Debug for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Note")
    }
}

/// A comparison with the sentence that says what it found.
pub fn part(name: impl Into<String>, comparison: impl Into<Comparison>) -> Part {
    Part::on(name.into(), Ok(comparison.into()))
}

/// A part that cannot be judged with what was asked for: says what is missing and what to do.
pub fn missing(name: impl Into<String>, why: impl Into<String>) -> Part {
    Part::on(name.into(), Err(why.into()))
}

impl From<Comparison> for Part {
    fn from(comparison: Comparison) -> Part {
        part("", comparison)
    }
}

impl Part {
    /// Whether the A/A arm can veto it; `decides` says whether its claim rests on it.
    pub(crate) fn is_vetoed(&self, decides: bool) -> bool {
        decides || self.vetoed_by_replicate
    }

    fn on(name: String, basis: Result<Comparison, String>) -> Part {
        Part {
            name,
            basis,
            edges: None,
            finding: ESTIMATE.to_owned(),
            finding_if_slower: None,
            article: None,
            needs: Needs::default(),
            over_half_of_control: false,
            vetoed_by_replicate: false,
            load: None,
            notes: Vec::new(),
        }
    }

    /// The finding in a sentence, with [`ESTIMATE`] where the number goes.
    pub fn finding(mut self, text: impl Into<String>) -> Part {
        self.finding = text.into();
        self
    }

    /// Another sentence where the number is clearly below 1.
    pub fn finding_if_slower(mut self, text: impl Into<String>) -> Part {
        self.finding_if_slower = Some(text.into());
        self
    }

    /// Other edges than the claim's.
    pub fn edges(mut self, edges: Edges) -> Part {
        self.edges = Some(edges);
        self
    }

    /// The same number, from the article.
    pub fn article(mut self, estimate: impl Into<Option<f64>>) -> Part {
        self.article = estimate.into();
        self
    }

    /// No verdict unless native processes were faster than serial in the same blocks.
    pub fn needs_parallel_cores(mut self) -> Part {
        self.needs.parallel_cores = true;
        self
    }

    /// No verdict on one core.
    pub fn needs_two_cores(mut self) -> Part {
        self.needs.two_cores = true;
        self
    }

    /// TRUE above half of the log speed-up that native processes reach in the same blocks, so that
    /// no constant is needed for 2, 4 or 64 cores.
    pub fn over_half_of_control(mut self) -> Part {
        self.over_half_of_control = true;
        self.needs_parallel_cores()
    }

    /// The A/A arm can veto it as it does what a claim rests on.
    pub fn vetoed_by_replicate(mut self) -> Part {
        self.vetoed_by_replicate = true;
        self
    }

    /// A busy neighbour can bring about this verdict, for a reason that does not follow from how
    /// many cores the arms want.
    pub fn confounded_by_load(mut self, decision: Decision, why: &str) -> Part {
        self.load = Some(Load { decision, why: why.to_owned() });
        self
    }

    /// A remark that follows the finding, computed from what was recorded.
    pub fn note(
        mut self,
        note: impl Fn(&Recording) -> Option<String> + Send + Sync + 'static,
    ) -> Part {
        self.notes.push(Note(Arc::new(note)));
        self
    }
}

/// A claim of a design that is being declared; made by [`Design::claim`](super::Design::claim).
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

    /// The verdict that the experiment documents.
    pub fn expect(self, decision: Decision) -> Self {
        self.expect_by_lock(decision, decision)
    }

    /// The verdict that the experiment documents, with and without a global interpreter lock.
    pub fn expect_by_lock(self, with: Decision, without: Decision) -> Self {
        self.claim.expected = Some(if self.has_gil { with } else { without });
        self
    }

    /// What the article says, and the same number from it if it has one.
    pub fn article(mut self, decision: Decision, estimate: impl Into<Option<f64>>) -> Self {
        self.claim.article = Some(decision);
        if let Some(only) = self.only() {
            only.article = estimate.into();
        }
        self
    }

    /// The finding in a sentence. With one part, [`ESTIMATE`] is its number. With several it is said
    /// where all hold (or none does, if one would suffice): [`ESTIMATE`] is then the sentence of the
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
        self.claim.notes.push(Note(Arc::new(note)));
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
