//! The rules by which the experiments judge: each as a design declares it, with the true values at
//! which its answer is plain, and those at which it has none.

mod cases;
mod measured;
mod rule;
mod words;

pub use cases::Case;
pub use rule::{Rule, of_designs};
