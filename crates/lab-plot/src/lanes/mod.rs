//! Rows over time.

pub mod bars;
pub mod cores;
mod coverage;
pub mod dots;
mod draw;
pub(crate) mod model;
mod rows;
pub mod span;
mod stack;
mod steps;
pub mod timeline;
mod view;
pub mod waterfall;
