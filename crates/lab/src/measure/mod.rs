//! From designs to a recording: the one scheduler, and what it needs.
//!
//! | module | concept |
//! |---|---|
//! | `lab` | what a design may ask |
//! | `rig` | the machine, the pool, the tables: runs one trial and writes it |
//! | `blocks` | blocks of trials in shuffled rounds, and when a run is at its end |
//! | `gate` | which blocks are run again |
//! | `calibrate`, `forecast` | how many steps a job makes, and how long a run will take |
//! | `pages`, `runtimes`, `provenance` | where pages come from, in what to measure, by what code |
//! | `store` | a trial as rows |
//! | `repeated` | many runs one after another, for a study of the verdicts |
//! | `memory`, `progress`, `interrupt` | what fits, what the person who waits sees, Ctrl-C |

pub(crate) mod blocks;
mod calibrate;
mod forecast;
mod gate;
pub mod interrupt;
pub mod lab;
mod memory;
pub(crate) mod pages;
mod progress;
pub mod provenance;
pub mod repeated;
pub(crate) mod rig;
pub(crate) mod runtimes;
mod store;

pub use blocks::looks_of;
