//! From the recording to verdicts: nothing here looks at anything but what was saved.
//!
//! | module | concept |
//! |---|---|
//! | `recording`, `trial` | a run as it was saved, and one of its trials |
//! | `estimate` | from blocks to an estimate with its interval |
//! | `decide` | from an estimate to a decision, and what forbids one |
//! | `whole` | the verdict on a claim of several parts |
//! | `reason`, `verdict` | what follows, as types |
//! | `hindrances`, `noise` | what may have stood in the way |

mod decide;
mod estimate;
mod hindrances;
mod looks;
pub(crate) mod noise;
pub mod reason;
pub mod recording;
#[cfg(test)]
pub(crate) mod test_rows;
#[cfg(test)]
mod tests;
pub mod trial;
pub mod verdict;
mod whole;

pub use recording::{Recording, Simulated};
pub use trial::Trial;
pub use verdict::Verdict;

use crate::design::Design;
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
