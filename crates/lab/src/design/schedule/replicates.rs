//! The A/A arms of a run: what is measured twice in each round, and what is held against which.

use crate::arms::arm::Arm;
use crate::design::quantity::{Comparison, MAKESPAN, Measure, WINDOW};
use crate::design::{Design, Replicate};
use lab_data::rows::{Executor, Kind};

/// The A/A arms of a run: those that its designs name; else the native twin of the arm that most
/// claims rest on, serial aside.
pub(crate) fn replicates(designs: &[Design]) -> Vec<Replicate> {
    let mut named: Vec<Replicate> = Vec::new();
    for replicate in designs.iter().flat_map(|design| &design.replicates) {
        if !named.contains(replicate) {
            named.push(replicate.clone());
        }
    }
    if !named.is_empty() {
        return named;
    }
    let most_compared = designs.iter().find_map(|design| {
        let comparisons = design.parts().filter_map(|part| part.basis.as_ref().ok());
        let compared: Vec<&Arm> =
            comparisons.flat_map(Comparison::quantities).map(|of| &of.arm).collect();
        let number = |arm: &Arm| compared.iter().filter(|other| **other == arm).count();
        let candidates = design.arms.iter().map(|declared| &declared.arm);
        let candidates = candidates.filter(|arm| arm.executor != Executor::Serial);
        // The first of several that are compared equally often.
        candidates.rev().max_by_key(|arm| number(arm)).filter(|arm| number(arm) > 0)
    });
    let native = most_compared.map(|arm| Replicate { arm: arm.natively(), by: None });
    native.into_iter().collect()
}

/// The replicate that a part is held against, and by which measure: of its own runtime and case if
/// there is one, else the first that its runtime has, else a native one.
pub(crate) fn replicate_for(replicates: &[Replicate], part: &Comparison) -> Option<(Arm, Measure)> {
    let measured = part.quantities().into_iter().next()?;
    let near = |replicate: &&Replicate| {
        let (own, arm) = (&measured.arm, &replicate.arm);
        (own.runtime == arm.runtime && own.case == arm.case, own.runtime == arm.runtime)
    };
    // The first of several that are equally near.
    let replicate = replicates.iter().rev().max_by_key(near)?;
    // Any trial has these two.
    let is_plain = measured.measure == MAKESPAN || measured.measure == WINDOW;
    let by = replicate.by.clone().unwrap_or_else(|| match part.kind() {
        Kind::Ratio if is_plain => measured.measure.clone(),
        Kind::Ratio => MAKESPAN,
        _ => WINDOW,
    });
    Some((replicate.arm.clone(), by))
}
