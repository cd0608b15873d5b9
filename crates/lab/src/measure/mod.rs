//! From designs to a recording: the one scheduler, and what it needs.
//!
//! | module | concept |
//! |---|---|
//! | `lab` | what a design may ask |
//! | `rig` | the machine, the pool, the pages, the tables: runs one trial and writes it |
//! | `blocks` | blocks of trials in shuffled rounds, and when a run is at its end |
//! | `costs` | how many steps a job makes; how long a run will take; whether it fits into memory |
//! | `runtimes`, `provenance` | in what to measure, by what code |
//! | `simulate` | a machine of any number of cores in the place of this one |
//! | `turn`, `interrupt` | one measurement at a time; Ctrl-C |

pub(crate) mod blocks;
mod costs;
pub(crate) mod facts;
pub mod interrupt;
pub mod lab;
pub mod provenance;
pub(crate) mod rig;
pub(crate) mod runtimes;
pub(crate) mod simulate;
pub(crate) mod turn;

pub use crate::options::looks_of;
