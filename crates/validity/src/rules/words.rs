//! A rule in words, as the tables have it.

use super::measured::edges;
use lab::design::Design;
use lab::design::claim::{Claim, Combination, Part};
use lab::design::quantity::{Comparison, What};
use lab_data::rows::Kind;
use lab_stats::edges::Edges;

/// `all of 2: ratio below 1.05, above 2; share above 0.5, below 0.1, and the control`
pub(super) fn in_words(claim: &Claim, design: &Design) -> String {
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
        needs if needs.parallel_cores && !part.over_half_of_control => ", and the control",
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
