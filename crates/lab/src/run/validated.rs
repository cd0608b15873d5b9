//! What is believed of the simulation: what the saved run of `sim-model` found it to be.

use super::invocation::Invocation;
use super::usage::Usage;
use crate::arms::runtime::Runtime;
use crate::design::Design;
use crate::design::family::Family;
use crate::design::quantity::Rows;
use crate::measure::provenance::out_folder;
use crate::record::validation::{VALIDATED_BY, Validation};
use anyhow::Result;
use lab_data::rows::Decision;
use lab_data::run::RunInfo;

/// What the jobs of somebody's own work are made of.
const OF_OWN_WORK: [Family; 3] = [Family::Threads, Family::PagesInTurn, Family::PagesAtOnce];

impl Invocation {
    /// Refuses what the simulation is known to get wrong on this machine, unless it is forced; notes that,
    /// and what is not known.
    pub(super) fn check_validated(&self, designs: &[Design], info: &mut RunInfo) -> Result<()> {
        let families: Vec<(Runtime, Family)> = designs.iter().flat_map(families).collect();
        if self.validated(&families, info)?.is_none() {
            info.warnings.push(format!(
                "nobody knows how near the simulation comes to a real machine: {VALIDATED_BY} holds it \
                 against this one, and no run of it is saved"
            ));
        }
        Ok(())
    }

    /// The same of the user's own work; gives from how many to how many times the measured time it
    /// simulates, if that is known.
    pub(super) fn check_own_work(&self, info: &mut RunInfo) -> Result<Option<(f64, f64)>> {
        if self.options.common.simulate.is_empty() {
            return Ok(None);
        }
        let rust = Runtime::native_simulated();
        let families = OF_OWN_WORK.map(|family| (rust.clone(), family));
        let validation = self.validated(&families, info)?;
        Ok(validation.and_then(|found| found.range(&rust, &OF_OWN_WORK)))
    }

    fn validated(
        &self,
        families: &[(Runtime, Family)],
        info: &mut RunInfo,
    ) -> Result<Option<Validation>> {
        let common = &self.options.common;
        let data = out_folder(common.out.as_deref())?.join("data");
        let Some(validation) = Validation::read(&data)? else {
            return Ok(None);
        };
        let with = |is_so: fn(Option<Decision>) -> bool| {
            let those =
                families.iter().filter(|(of, family)| is_so(validation.verdict(of, *family)));
            let words = those.map(|(runtime, family)| {
                format!("{}, {}", runtime.title(), validation.in_words(runtime, *family))
            });
            words.collect::<Vec<_>>().join("; ")
        };
        let wrong = with(|verdict| verdict == Some(Decision::False));
        if !wrong.is_empty() {
            let found = format!(
                "the saved {VALIDATED_BY} found what is simulated not to be as measured: {wrong}"
            );
            if !common.force {
                return Err(Usage(format!("{found}; --force simulates it all the same")).into());
            }
            info.warnings.push(found);
        }
        let open = with(|verdict| !matches!(verdict, Some(Decision::True | Decision::False)));
        if !open.is_empty() {
            info.warnings.push(format!(
                "the saved {VALIDATED_BY} has not shown that what is simulated is as measured: {open}"
            ));
        }
        Ok(Some(validation))
    }
}

/// The families of all arms that a design's claims compare, once each.
fn families(design: &Design) -> Vec<(Runtime, Family)> {
    let mut families = Vec::new();
    let comparisons = design.claims.iter().flat_map(|claim| &claim.parts);
    for comparison in comparisons.filter_map(|part| part.basis.as_ref().ok()) {
        let reads_spans = comparison.quantities().iter().any(|of| of.measure.rows == Rows::Spans);
        for arm in comparison.arms() {
            let Some(declared) = design.declared(&arm) else { continue };
            let work = (declared.jobs.as_slice(), &declared.setup);
            let family = Family::of(&arm, work, declared.has_gil, reads_spans);
            let family = family.map(|family| (design.runtime.clone(), family));
            families.extend(family.filter(|one| !families.contains(one)));
        }
    }
    families
}
