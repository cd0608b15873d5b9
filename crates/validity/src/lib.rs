//! How often verdicts are wrong, and how often they are found: the validity of the laboratory's
//! rules, simulated and on the machine it stands on.
//!
//! | module | concept |
//! |---|---|
//! | [`machine`] | a simulated machine: how long a trial takes on it |
//! | [`rules`] | how the claims of the experiments are judged, with the edges that they have |
//! | [`simulate`], [`simulated`] | many simulated runs; which of them stand in the tables |
//! | [`real`], [`neighbour`] | real runs of an arm against itself or longer, also beside a busy process |
//! | [`rows`], [`study`] | the tables, and what follows from them |
//! | [`targets`], [`figure`] | what must hold, and the figure |
//!
//! What a simulated run decides is decided by `lab-stats`, as a real one is; what a real run decides
//! by all that an experiment goes through. Saved are counts of simulated runs and every real run;
//! all else is made from them, so that it can be made again.

pub mod figure;
pub mod machine;
pub mod neighbour;
pub mod real;
pub mod rows;
pub mod rules;
pub mod simulate;
pub mod simulated;
pub mod study;
pub mod targets;

pub use study::{NAME, Study};
