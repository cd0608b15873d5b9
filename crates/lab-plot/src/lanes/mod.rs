//! Rows over time.

mod coverage;
mod draw;
pub mod kinds;
pub(crate) mod model;
mod rows;
pub mod span;
mod stack;
mod steps;
mod view;
