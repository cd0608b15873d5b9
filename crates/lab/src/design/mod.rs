//! What an experiment declares: arms, claims and figures, as data.
//!
//! Everything else follows from that: what is measured side by side (`schedule`), what a busy
//! neighbour can bring about (`load`), the verdicts, the figures' numbers, and the rules that the
//! validity study simulates. A design is written as JSON by `--describe`; what is read back lacks only
//! the functions that compute a number from a trial.

pub mod alone;
pub mod article;
pub mod claim;
pub mod family;
pub mod figure;
pub(crate) mod load;
pub mod predicted;
pub mod quantity;
pub(crate) mod schedule;
pub use crate::arms::{arm, runtime, work};

use crate::arms::arm::{Arm, Setup, Workers};
use crate::arms::runtime::Runtime;
use crate::arms::work::Work;
use claim::{Claim, Declaring, Part};
use figure::Figure;
use lab_stats::edges::Edges;
use predicted::{Number, Predicted};
use quantity::{MAKESPAN, Measure, WINDOW};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is measured, judged and drawn in one runtime.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Design {
    /// The runtime of its arms and claims.
    pub(crate) runtime: Runtime,
    jobs: Vec<Work>,
    pub(crate) arms: Vec<Declared>,
    /// What is judged.
    pub claims: Vec<Claim>,
    pub(crate) figures: Vec<Figure>,
    #[serde(skip)]
    pub(crate) predicted: Vec<Predicted>,
    /// How often a block measures every arm.
    pub(crate) rounds: u32,
    pub(crate) replicates: Vec<Replicate>,
    /// By which time the control is judged where a claim is about another one than the work window.
    pub(crate) control_by: Measure,
    /// Arms that a round measures together once more.
    pub(crate) repeated: Vec<Vec<Arm>>,
    /// Native arms that no option leaves out.
    pub(crate) baselines: Vec<Arm>,
    /// What cases are besides their jobs, for `run.json`.
    pub(crate) facts: BTreeMap<String, lab_data::run::Case>,
    /// Why nothing is measured in this runtime.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) skipped: Option<String>,
}

/// An arm with what its trials need.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Declared {
    pub(crate) arm: Arm,
    /// Whether threads of its runtime share a lock.
    pub(crate) has_gil: bool,
    pub(crate) jobs: Vec<Work>,
    pub(crate) setup: Setup,
}

/// The arm that is measured twice in each round (A/A), and by what it is compared with itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Replicate {
    pub(crate) arm: Arm,
    /// None: by the time that a claim is about, or else by the makespan.
    pub(crate) by: Option<Measure>,
}

impl Design {
    /// A design for a runtime, whose arms run these jobs unless they belong to a case with others.
    pub fn new(runtime: &Runtime, jobs: impl Into<Vec<Work>>) -> Design {
        Design {
            runtime: runtime.clone(),
            jobs: jobs.into(),
            arms: Vec::new(),
            claims: Vec::new(),
            figures: Vec::new(),
            predicted: Vec::new(),
            rounds: 1,
            replicates: Vec::new(),
            control_by: WINDOW,
            repeated: Vec::new(),
            baselines: Vec::new(),
            facts: BTreeMap::new(),
            skipped: None,
        }
    }

    /// Says why nothing is measured in this interpreter; of Rust and the model nobody has to be told.
    pub fn skip(&mut self, why: &str) {
        self.skipped = self.runtime.is_cpython().then(|| why.to_owned());
    }

    /// The runtime of its arms and claims.
    pub fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// Measures every arm this many times in a block, in interleaved rounds. A claim looks at a block's
    /// median round.
    pub fn rounds(&mut self, rounds: u32) {
        self.rounds = rounds.max(1);
    }

    /// Declares an arm.
    pub fn arm(&mut self, workers: Workers) -> Arm {
        let jobs = self.jobs.clone();
        self.declare("", jobs, workers)
    }

    /// Declares an arm for each of these numbers of workers.
    pub fn arms(&mut self, workers: &[u32], of: fn(u32) -> Workers) -> Vec<Arm> {
        workers.iter().map(|&n| self.arm(of(n))).collect()
    }

    /// Further arms, with other jobs or set otherwise, under their own name.
    pub fn case(&mut self, name: impl Into<String>, jobs: impl Into<Vec<Work>>) -> Case<'_> {
        Case { name: name.into(), jobs: jobs.into(), design: self }
    }

    /// Declares a claim. `id` is a slug that stays when the wording changes.
    pub fn claim(&mut self, id: &str, text: &str, edges: Edges) -> Declaring<'_> {
        self.claims.push(Claim {
            id: id.to_owned(),
            text: text.to_owned(),
            runtime: self.runtime.name.clone(),
            ..Claim::default()
        });
        let at = self.claims.len() - 1;
        Declaring { claim: &mut self.claims[at], edges, has_gil: self.runtime.has_gil }
    }

    /// Measures this arm twice in each round, to see what the machine does to an arm that is compared
    /// with itself. Without it, it is the native twin of the arm that most claims rest on.
    pub fn replicate(&mut self, arm: &Arm) {
        self.replicates.push(Replicate { arm: arm.clone(), by: None });
    }

    /// As [`Design::replicate`], of the arm's native twin.
    pub fn replicate_natively(&mut self, arm: &Arm) {
        self.replicate(&arm.natively());
    }

    /// As [`Design::replicate`], compared by this measure whatever a claim is about.
    pub fn replicate_by(&mut self, measure: Measure, arm: &Arm) {
        self.replicates.push(Replicate { arm: arm.clone(), by: Some(measure) });
    }

    /// Judges the control by the makespan, where claims are about makespans.
    pub fn control_by_makespan(&mut self) {
        self.control_by = MAKESPAN;
    }

    /// Measures these arms, one right after the other, `times` times more in each round.
    pub fn repeat(&mut self, arms: &[Arm], times: u32) {
        let group = arms.to_vec();
        self.repeated.extend((0..times).map(|_| group.clone()));
    }

    /// Measures the arm's native twin whatever executors and runtimes were asked for.
    pub fn baseline(&mut self, arm: &Arm) {
        self.baselines.push(arm.natively());
    }

    /// The same arm in another runtime, which is measured beside it.
    pub fn twin(&mut self, arm: &Arm, runtime: &Runtime) -> Arm {
        let twin = arm.in_runtime(runtime);
        self.baselines.push(twin.clone());
        twin
    }

    /// Declares a figure.
    pub fn figure(&mut self, figure: Figure) {
        self.figures.push(figure);
    }

    /// Answers a question that the text asks under *Predict first*: a sentence with
    /// [`ESTIMATE`](claim::ESTIMATE) for what was measured. Runtimes that say the same sentence are named
    /// with their numbers.
    pub fn predicted(&mut self, sentence: impl Into<String>, number: impl Into<Number>) {
        let Number(number) = number.into();
        self.predicted.push(Predicted { sentence: sentence.into(), number });
    }

    fn declare(&mut self, case: &str, jobs: Vec<Work>, workers: Workers) -> Arm {
        let arm = workers.of_case(&self.runtime, case);
        if self.declared(&arm).is_none() {
            self.arms.push(Declared {
                arm: arm.clone(),
                has_gil: self.runtime.has_gil,
                jobs: workers.jobs.unwrap_or(jobs),
                setup: workers.setup,
            });
        }
        arm
    }

    /// All that is estimated.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &Part> {
        self.claims.iter().flat_map(|claim| claim.parts.iter().chain(&claim.beside))
    }

    /// What was declared of an arm.
    pub(crate) fn declared(&self, arm: &Arm) -> Option<&Declared> {
        self.arms.iter().find(|declared| declared.arm == *arm)
    }
}

/// The arms of one case; what they run in common.
#[derive(Debug)]
pub struct Case<'d> {
    design: &'d mut Design,
    name: String,
    jobs: Vec<Work>,
}

impl Case<'_> {
    /// Notes in `run.json` how many times the article's the times of its pages are.
    pub fn page_scale(self, scale: f64) -> Self {
        let facts = self.design.facts.entry(self.name.clone()).or_default();
        facts.page_scale = Some(scale);
        self
    }

    /// Notes in `run.json` which of its pages is the slow one, from 1.
    pub fn slow_page(self, page: u32) -> Self {
        let facts = self.design.facts.entry(self.name.clone()).or_default();
        facts.slow_page = Some(page);
        self
    }

    /// Declares an arm of this case.
    pub fn arm(&mut self, workers: Workers) -> Arm {
        self.design.declare(&self.name, self.jobs.clone(), workers)
    }

    /// Declares an arm for each of these numbers of workers.
    pub fn arms(&mut self, workers: &[u32], of: fn(u32) -> Workers) -> Vec<Arm> {
        workers.iter().map(|&n| self.arm(of(n))).collect()
    }
}
