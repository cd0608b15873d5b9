//! From the values of blocks to an estimate with its limits.

pub mod crossing;
pub(crate) mod error;
pub mod formulas;
pub mod interval;
pub mod median;
pub mod rate;
pub mod sizing;
pub mod summary;
