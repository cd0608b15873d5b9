//! From the values of blocks to an estimate with its limits.

pub mod crossing;
pub mod interval;
pub mod median;
pub mod rate;
pub mod sizing;
pub mod summary;
