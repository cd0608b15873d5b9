//! A claim by itself, and what its verdict reads: for who asks what such a verdict is worth.

use super::Design;
use super::claim::{Claim, Combination, Part};
use super::quantity::{Quantity, running};
use super::schedule::{Control, replicate_for, replicates};

/// What a verdict reads beside what its claim compares. Two quantities are the sides of a ratio.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Beside {
    /// A second measurement over the first one of the same arm.
    pub replicates: Vec<(Quantity, Quantity)>,
    /// Native serial over native processes.
    pub control: Vec<(Quantity, Quantity)>,
    /// The measure of parallelism: of native serial, and of native processes.
    pub calibrators: Option<(Quantity, Quantity)>,
}

impl Design {
    /// Each claim as a design by itself: with the A/A arms that it has among all of these, and with
    /// nothing that is only shown. What is checked, or judged beside a claim, decides nothing and so
    /// is a check by itself. What lacks something is left out.
    pub fn alone(designs: &[Design]) -> Vec<Design> {
        let replicates = replicates(designs);
        let of = |design: &Design, claim: Claim| Design {
            claims: vec![claim],
            figures: Vec::new(),
            replicates: replicates.clone(),
            ..design.clone()
        };
        let each = designs.iter().flat_map(|design| {
            let claims = design.claims.iter().flat_map(Claim::apart);
            claims.map(move |claim| (design, claim))
        });
        each.map(|(design, claim)| of(design, claim)).collect()
    }

    /// What the verdicts on its claims read beside what those compare.
    pub fn beside(&self) -> Beside {
        let mut beside = Beside::default();
        let control = Control::of(std::slice::from_ref(self));
        let parts = self.claims.iter().flat_map(|claim| {
            let decides = claim.combination != Combination::Check;
            claim.parts.iter().map(move |part| (part, decides))
        });
        for (part, decides) in parts {
            let Ok(comparison) = &part.basis else {
                continue;
            };
            let replicate = replicate_for(&self.replicates, comparison);
            if let Some((arm, measure)) = replicate.filter(|_| part.is_vetoed(decides)) {
                let again = measure.on(&arm.replicate());
                add(&mut beside.replicates, (again, measure.on(&arm)));
            }
            let Some(control) = control.as_ref().filter(|_| part.needs.parallel_cores) else {
                continue;
            };
            let by = self.control_by_for(comparison);
            add(&mut beside.control, control.times(&by));
            if part.over_half_of_control {
                add(&mut beside.control, control.times(&self.control_by));
            }
            if part.needs.calibrated {
                let of = |arm| running(arm);
                beside.calibrators = Some((of(&control.serial), of(&control.processes)));
            }
        }
        beside
    }
}

impl Claim {
    /// The claim without what is beside it, and all that decides nothing.
    fn apart(&self) -> Vec<Claim> {
        let of = |combination, parts: Vec<Part>| Claim {
            combination,
            parts,
            beside: Vec::new(),
            ..self.clone()
        };
        let (decides, checks) = if self.combination == Combination::Check {
            (None, self.parts.iter().chain(&self.beside))
        } else {
            let own = of(self.combination, self.parts.clone());
            (Some(own), self.beside.iter().chain(&[]))
        };
        let checks = checks.map(|part| of(Combination::Check, vec![part.clone()]));
        let mut all: Vec<Claim> = decides.into_iter().chain(checks).collect();
        all.retain(|claim| claim.parts.iter().all(|part| part.basis.is_ok()));
        all
    }
}

fn add(all: &mut Vec<(Quantity, Quantity)>, one: (Quantity, Quantity)) {
    if !all.contains(&one) {
        all.push(one);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::*;

    #[test]
    fn a_claim_by_itself_keeps_the_replicate_of_all_and_a_check_has_none() {
        let mut design = Design::new(&Runtime::model(), work::nothing().times(2));
        let [one, two] = [serial(), threads(2)].map(|workers| design.arm(workers));
        design.replicate(&one);
        let edges = Edges::true_above(1.0);
        let speed_up = || makespan(&one) / makespan(&two);
        let faster = design.claim("faster", "", edges).compare(speed_up());
        faster.beside(speed_up()).needs_parallel_cores();
        design.claim("lacks", "", edges).missing("something");
        design.claim("check", "", edges).check_each([speed_up().into()]);
        let mut other = Design::new(&Runtime::rust(), work::nothing().times(2));
        let arm = other.arm(threads(2));
        other
            .claim("at-once", "", edges)
            .compare(quantity::two_or_more(&arm).as_share())
            .needs_calibration();

        let alone = Design::alone(&[design, other]);
        let ids: Vec<&str> = alone.iter().map(|one| one.claims[0].id.as_str()).collect();
        assert_eq!(ids, ["faster", "faster", "check", "at-once"]);
        assert!(alone.iter().all(|of| of.claims.len() == 1 && of.claims[0].beside.is_empty()));
        let names = |pairs: &[(Quantity, Quantity)]| -> Vec<String> {
            let name = |of: &Quantity| format!("{} of {}", of.name(), of.arm().key());
            pairs.iter().map(|(a, b)| format!("{} / {}", name(a), name(b))).collect()
        };
        for (design, by, calibrated) in
            [(&alone[0], "makespan", false), (&alone[3], "work window", true)]
        {
            let beside = design.beside();
            assert_eq!(
                names(&beside.replicates),
                [format!("{by} of gil serial, again / {by} of gil serial")]
            );
            assert_eq!(
                names(&beside.control),
                ["work window of serial / work window of processes 2"]
            );
            assert_eq!(beside.calibrators.is_some(), calibrated);
        }
    }
}
