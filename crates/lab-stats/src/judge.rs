//! From an interval to a verdict.

pub mod blocks;
pub mod control;
pub mod decide;
pub mod edges;
pub mod faster;
pub mod kind;
pub mod null;
pub mod verdict;
