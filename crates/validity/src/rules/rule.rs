//! A rule, as designs declare it.

use super::measured::{Measured, measured};
use super::words::in_words;
use lab::design::Design;
use lab::design::claim::Combination;
use lab_stats::verdict::Decision;

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
