//! From the recording to verdicts: nothing here looks at anything but what was saved.
//!
//! | module | concept |
//! |---|---|
//! | `estimate` | from blocks to an estimate with its interval |
//! | `asked` | the numbers that sentences and figures show |
//! | `decide`, `forbid` | from an estimate to a decision, and what forbids one |
//! | `half` | a speed-up against half of what the machine can give |
//! | `whole` | the verdict on a claim of several parts |
//! | `reason`, `verdict` | what follows, as types |
//! | `hindrances` | what about the machine may have stood in the way |
//! | `looks` | how several looks share the 5 % of wrong verdicts |

mod asked;
mod decide;
mod estimate;
mod forbid;
mod half;
mod hindrances;
mod looks;
pub mod reason;
#[cfg(test)]
mod tests;
pub mod verdict;
mod whole;

pub use hindrances::{Hindrance, Hindrances};
pub use verdict::Verdict;

use crate::design::Design;
use crate::record::Recording;
use decide::Judge;

/// The verdicts on all claims of the designs: of each its own, those of its parts, and what is shown
/// beside.
pub fn judge(designs: &[Design], run: &Recording) -> Vec<Verdict> {
    let judge = Judge::new(designs, run);
    let of = |design: &Design| -> Vec<Verdict> {
        let claims = design.claims.iter();
        claims.flat_map(|claim| judge.claim(design, claim)).collect()
    };
    designs.iter().flat_map(of).collect()
}

/// Whether more blocks could decide a claim that is not decided yet. Parts of claims decide nothing,
/// and no number of blocks makes up for a core or an arm that is missing.
pub(crate) fn is_worth_going_on(verdicts: &[Verdict]) -> bool {
    use lab_stats::verdict::Decision::Inconclusive;
    verdicts.iter().any(|verdict| {
        verdict.is_whole()
            && verdict.decision == Inconclusive
            && verdict.judged.is_some()
            && !verdict.reason.is_of_one_core()
    })
}
