//! What a run recorded: all that judges and figures see of it.
//!
//! | module | concept |
//! |---|---|
//! | `recording`, `trial` | a run as it was saved, and one of its trials |
//! | `computed` | what an experiment computes from it |
//! | `pilot` | how long jobs that ran one after another wait and compute |
//! | `noise` | what other programs did meanwhile |

mod computed;
pub(crate) mod noise;
pub(crate) mod pilot;
pub mod recording;
#[cfg(test)]
pub(crate) mod test_rows;
pub mod trial;

pub use computed::Computed;
pub use recording::{Recording, Simulated};
pub use trial::Trial;
