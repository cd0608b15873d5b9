//! What a run recorded: all that judges and figures see of it.
//!
//! | module | concept |
//! |---|---|
//! | `recording`, `trial` | a run as it was saved, and one of its trials |
//! | `computed` | what an experiment computes from it |
//! | `pilot` | how long jobs that ran one after another wait and compute |
//! | `noise` | what other programs did meanwhile |
//! | `validation` | how near the simulation came to this machine |

mod computed;
pub(crate) mod noise;
pub(crate) mod pilot;
pub mod recording;
#[cfg(test)]
pub(crate) mod test_rows;
pub mod trial;
pub(crate) mod validation;

use lab_data::run::RunInfo;

pub use computed::Computed;
pub use recording::{Recording, Simulated};
pub use trial::Trial;

/// How many threads a pool of CPython's has on the machine of a run: what an interpreter said, else
/// the rule of current versions.
pub(crate) fn python_default(info: &RunInfo) -> u32 {
    let rule = || lab_stats::formulas::python_default(info.machine.cores.usable);
    info.settings.python_default.unwrap_or_else(rule)
}
