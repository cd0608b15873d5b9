//! The rules by which the experiments judge: each as a design declares it, with the true values at
//! which its answer is plain, and those at which it has none.

use crate::real;
use anyhow::{Context, Result};
use lab::design::Design;
use lab::design::claim::{Claim, Combination, Part};
use lab::design::quantity::{Comparison, What};
use lab::programs::Programs;
use lab_data::rows::Kind;
use lab_stats::edges::Edges;
use lab_stats::verdict::Decision;

/// In which runtimes the claims are asked for: nothing is measured in them.
const RUNTIMES: &str = "rust,gil,cpython-3.11";
/// So many times beyond its edge the truth is plain.
const PLAINLY: f64 = 1.5;
/// A share has no room for that: so much nearer than its edge it lies to 0 or to 1.
const SHARE_PLAINLY: f64 = 10.0;
/// Follows the words for what is judged where native processes must be faster than serial as well.
pub(crate) const AND_CONTROL: &str = ", and the control";

/// A rule: one or more claims that are judged alike.
#[derive(Clone, Debug)]
pub struct Rule {
    /// In words, for the tables.
    pub name: String,
    /// Experiments and ids of the claims that have it.
    pub claims: Vec<(String, String)>,
    /// The first of them, as a design by itself.
    pub design: Design,
    /// True values at which its power is looked at, besides those that are plain.
    pub effects: &'static [f64],
    combination: Combination,
    /// What its parts compare, each comparison once.
    pub(crate) measured: Vec<Measured>,
}

/// A comparison with the edges of all parts that rest on it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Measured {
    /// The first of those parts.
    part: String,
    pub(crate) comparison: Comparison,
    /// Whether it is judged over half of the control's log speed-up.
    pub(crate) over_half: bool,
    edges: Vec<Edges>,
}

/// What is true of a simulated run.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The rule in words, and what of it lies on an edge while all else is plain.
    pub name: String,
    /// The true ratio or share of what lies on an edge, else of what is measured first.
    pub effect: f64,
    /// The true ratio or share of everything that is measured, in the order of the rule.
    pub truth: Vec<f64>,
}

/// The rules of all experiments, whose programs are brought up to date for that; that of the real
/// runs first.
///
/// # Errors
/// If a program is missing, or cannot be asked.
pub fn of_all() -> Result<Vec<Rule>> {
    let programs = Programs::find(None)?;
    programs.build(programs.names())?;
    let mut rules = of_designs(crate::NAME, &[real::plain()]);
    for rule in &mut rules {
        rule.effects = &[1.02, 1.05, 1.1, 1.15, 1.25];
    }
    for name in programs.names() {
        let described = programs.describe(name, RUNTIMES)?;
        let own = of_designs(name, &described.designs);
        own.first().with_context(|| format!("{name} claims nothing that could be judged"))?;
        for rule in own {
            match rules.iter_mut().find(|other| other.name == rule.name) {
                Some(other) => other.claims.extend(rule.claims),
                None => rules.push(rule),
            }
        }
    }
    Ok(rules)
}

/// The rules of an experiment's designs, claims that are judged alike together.
pub fn of_designs(experiment: &str, designs: &[Design]) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for design in Design::alone(designs) {
        let Some(claim) = design.claims.first() else {
            continue;
        };
        let name = in_words(claim, &design);
        let of = (experiment.to_owned(), claim.id.clone());
        match rules.iter_mut().find(|rule| rule.name == name) {
            Some(rule) if rule.claims.contains(&of) => {}
            Some(rule) => rule.claims.push(of),
            None => rules.push(Rule {
                name,
                claims: vec![of],
                effects: &[],
                combination: claim.combination,
                measured: measured(claim),
                design,
            }),
        }
    }
    rules
}

fn measured(claim: &Claim) -> Vec<Measured> {
    let mut all: Vec<Measured> = Vec::new();
    for part in &claim.parts {
        let (Ok(comparison), Some(edges)) = (&part.basis, edges(part)) else {
            continue;
        };
        match all.iter_mut().find(|one| one.comparison == *comparison) {
            Some(one) => one.edges.push(edges),
            None => all.push(Measured {
                part: part.name.clone(),
                comparison: comparison.clone(),
                over_half: part.over_half_of_control,
                edges: vec![edges],
            }),
        }
    }
    all
}

/// The edges by which a part is judged: what is over half of the control's is held against that half.
fn edges(part: &Part) -> Option<Edges> {
    if part.over_half_of_control { Some(Edges::true_above(1.0)) } else { part.edges }
}

/// `all of 2: ratio below 1.05, above 2; share above 0.5, below 0.1, and the control`
fn in_words(claim: &Claim, design: &Design) -> String {
    let mut alike: Vec<(String, usize)> = Vec::new();
    for words in claim.parts.iter().map(part_in_words) {
        match alike.iter_mut().find(|(other, _)| *other == words) {
            Some((_, number)) => *number += 1,
            None => alike.push((words, 1)),
        }
    }
    let parts = alike.into_iter().map(|(words, number)| match number {
        1 => words,
        number => format!("{number} × {words}"),
    });
    let parts = parts.collect::<Vec<_>>().join("; ");
    let number = claim.parts.len();
    let mut words = match claim.combination {
        Combination::One | Combination::Check => parts,
        Combination::All => format!("all of {number}: {parts}"),
        Combination::AllShared => format!("all of {number} at one level: {parts}"),
        Combination::Any => format!("any of {number}: {parts}"),
    };
    if design.beside().replicates.is_empty() {
        words += ", without an A/A arm";
    }
    words
}

fn part_in_words(part: &Part) -> String {
    let kind = match part.basis.as_ref().map(Comparison::what) {
        _ if part.over_half_of_control => "speed-up over half of the control's",
        Ok(What::Ratio { over, under }) if over.arm() == under.arm() => "ratio of one trial",
        Ok(What::OverBest { .. }) => "time over the best",
        Ok(What::Mean { kind, .. }) => kind.name(),
        _ => Kind::Ratio.name(),
    };
    let edges = edges(part).map_or(String::new(), |edges| edges_in_words(&edges));
    let needs = match part.needs {
        needs if needs.calibrated => ", and calibrators",
        needs if needs.parallel_cores && !part.over_half_of_control => AND_CONTROL,
        _ => "",
    };
    format!("{kind} {edges}{needs}")
}

fn edges_in_words(edges: &Edges) -> String {
    let Edges { true_low, true_high, false_low, false_high } = edges;
    match (true_low.is_finite(), true_high.is_finite()) {
        (true, true) if (true_low * true_high - 1.0).abs() < 1e-9 => {
            format!("inside 1/{true_high} to {true_high}")
        }
        (true, true) => format!("inside {true_low} to {true_high}"),
        (true, false) => format!("above {true_low}, below {false_low}"),
        _ => format!("below {true_high}, above {false_high}"),
    }
}

impl Measured {
    /// From which values on it is `decision`.
    fn edges_of(&self, decision: Decision) -> Vec<f64> {
        let of = |edges: &Edges| match decision {
            Decision::True => [edges.true_low, edges.true_high],
            _ => [edges.false_low, edges.false_high],
        };
        let all = self.edges.iter().flat_map(of);
        all.filter(|edge| edge.is_finite()).collect()
    }

    /// A value at which it plainly is `decision`.
    fn plainly(&self, decision: Decision) -> f64 {
        let low =
            |of: fn(&Edges) -> f64| self.edges.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
        let high = |of: fn(&Edges) -> f64| self.edges.iter().map(of).fold(f64::INFINITY, f64::min);
        let finite = |edge: f64| edge.is_finite().then_some(edge);
        let (above, below) = match decision {
            Decision::True => (low(|edges| edges.true_low), high(|edges| edges.true_high)),
            // What is false on either side is so above.
            _ => {
                let above = self.edges.iter().filter_map(|edges| finite(edges.false_high));
                let below = self.edges.iter().filter_map(|edges| finite(edges.false_low));
                match above.reduce(f64::max) {
                    Some(above) => (above, f64::INFINITY),
                    None => (f64::NEG_INFINITY, below.fold(f64::INFINITY, f64::min)),
                }
            }
        };
        let is_share = self.comparison.kind() == Kind::Share;
        let plain = match (finite(above), finite(below)) {
            (Some(above), Some(below)) => (above * below).sqrt(),
            (Some(above), None) if is_share => 1.0 - (1.0 - above) / SHARE_PLAINLY,
            (Some(above), None) => above * PLAINLY,
            (None, Some(below)) if is_share => below / SHARE_PLAINLY,
            (None, Some(below)) => below / PLAINLY,
            (None, None) => 1.0,
        };
        match self.comparison.what() {
            // Nothing is faster than the best.
            What::OverBest { .. } => plain.max(1.0),
            _ => plain,
        }
    }

    fn is_like(&self, other: &Measured) -> bool {
        self.comparison.kind() == other.comparison.kind() && self.edges == other.edges
    }
}

impl Rule {
    /// How many parts the claim has.
    pub fn parts(&self) -> usize {
        self.measured.iter().map(|one| one.edges.len()).sum()
    }

    /// The decision that one part makes for the claim, and the one that takes all of them.
    pub fn alone_and_together(&self) -> (Decision, Decision) {
        if self.combination == Combination::Any {
            (Decision::True, Decision::False)
        } else {
            (Decision::False, Decision::True)
        }
    }

    /// Where every verdict says too much, and is said most easily: all parts on an edge at which one
    /// would decide; or one on an edge at which it takes all, and the others plain.
    pub fn at_edges(&self) -> Vec<Case> {
        let (alone, together) = self.alone_and_together();
        let edges: Vec<Vec<f64>> = self.measured.iter().map(|one| one.edges_of(alone)).collect();
        let most = edges.iter().map(Vec::len).max().unwrap_or_default();
        let all_at = |which| {
            let at = edges.iter().filter_map(|of| of.iter().cycle().nth(which));
            self.case("", at.copied().collect(), 0)
        };
        let mut cases: Vec<Case> = (0..most).filter_map(all_at).collect();
        let plain = self.plain(together);
        for (at, one) in self.measured.iter().enumerate() {
            let first = self.measured.iter().position(|other| other.is_like(one));
            if first != Some(at) {
                continue;
            }
            for edge in one.edges_of(together) {
                let mut truth = plain.clone();
                truth.iter_mut().skip(at).take(1).for_each(|value| *value = edge);
                cases.extend(self.case(&format!(", one ({}) at an edge", one.part), truth, at));
            }
        }
        let mut distinct: Vec<Case> = Vec::new();
        for case in cases {
            if !distinct.contains(&case) {
                distinct.push(case);
            }
        }
        distinct
    }

    /// Where the answer is plain, and what else its power is looked at.
    pub fn off_edges(&self) -> Vec<Case> {
        let more = self.effects.iter().map(|effect| vec![*effect]);
        let plain = [Decision::True, Decision::False].map(|decision| self.plain(decision));
        let truths = more.chain(plain);
        truths.filter_map(|truth| self.case("", truth, 0)).collect()
    }

    fn plain(&self, decision: Decision) -> Vec<f64> {
        self.measured.iter().map(|one| one.plainly(decision)).collect()
    }

    /// The case of these true values; none without values. `of` tells it from others of a claim that
    /// measures several.
    fn case(&self, of: &str, truth: Vec<f64>, shown: usize) -> Option<Case> {
        let of = if truth.len() > 1 { of } else { "" };
        Some(Case { name: format!("{}{of}", self.name), effect: *truth.get(shown)?, truth })
    }
}
