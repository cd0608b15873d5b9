//! The laboratory measured: against bare loops, and against the same work in Python. See README.md.
//!
//! Whatever is measured is a command that does a number of things and says on its last line how many
//! it did and, unless the whole process counts, how many nanoseconds they took. Commands that are
//! compared run in shuffled rounds; each round gives a ratio, a time or a rate.
//!
//! | module | concept |
//! |---|---|
//! | `goals` | what is compared with what, and what it must reach: data |
//! | `ours`, `pipeline` | the laboratory's commands: this executable started again |
//! | `simulation` | the machines in virtual time that are simulated, and the figure of how that grows |
//! | `rounds` | runs commands in shuffled rounds |
//! | `results` | from what was measured to the table |
//! | `run` | from the command line to the saved folder; Python's commands are `python/tools.py` |
//!
//! Invariants: a command that did not do all that was asked has no time. What is written or drawn is
//! made outside of every timed part.

mod goals;
mod ours;
mod pipeline;
mod results;
mod rounds;
mod run;
mod simulation;

pub use results::{RESULTS, ResultRow, table};
pub use run::NAME;
pub use simulation::figure;

use std::process::ExitCode;

/// What `main` does: a child's work if it was started as one, else a run of the benchmarks.
pub fn main() -> ExitCode {
    ours::serve_child().unwrap_or_else(run::run)
}
