//! The rules of all experiments, as their programs declare them.

use crate::longer;
use crate::rules::{Rule, of_designs};
use anyhow::{Context, Result};
use lab::programs::Programs;

/// In which runtimes the claims are asked for: nothing is measured in them.
const RUNTIMES: &str = "rust,gil,cpython-3.11";
/// True values at which the power to find what takes longer is looked at.
const EFFECTS: &[f64] = &[1.02, 1.05, 1.1, 1.15, 1.25];

/// The rules of all experiments, whose programs are brought up to date for that; that of the real
/// runs first.
///
/// # Errors
/// If a program is missing, or cannot be asked.
pub fn rules() -> Result<Vec<Rule>> {
    let programs = Programs::find(None)?;
    programs.build(programs.names())?;
    let mut rules = longer::rules(false);
    rules.iter_mut().for_each(|rule| rule.effects = EFFECTS);
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
