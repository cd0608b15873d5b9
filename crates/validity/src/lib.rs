//! How often verdicts are wrong, and how often they are found: simulated, and on this machine.
//!
//! | module | concept |
//! |---|---|
//! | [`rules`], [`experiments`] | how each claim is judged, as its design declares it |
//! | [`simulated`] | a machine, what is true on it, runs of drawn numbers, and which of them the tables hold |
//! | `longer`, [`real`], [`neighbour`] | real runs of an arm against itself or longer, also beside a busy process |
//! | [`part`], [`rows`], [`study`] | what can be measured, the tables, and what follows from them |
//! | [`machines`] | whether verdicts follow machines that are broken on purpose; measured arms in virtual time |
//! | [`targets`], [`figure`] | what must hold, and the figure |
//!
//! Invariants: no rule of an experiment is written here. A simulated run is judged by the judge of
//! real ones, by a design that the experiment's program printed; a real one goes through all that an
//! experiment goes through. What is saved are counts of simulated runs and every real run; all else
//! is made from them, so that it can be made again.

pub mod experiments;
pub mod figure;
mod longer;
pub mod machines;
pub mod neighbour;
pub mod part;
pub mod real;
pub mod rows;
pub mod rules;
pub mod simulated;
pub mod study;
pub mod targets;

pub use rows::NAME;
pub use study::Study;
