//! The charts of rows over time, each made of [`Lanes`](crate::lanes::model::Lanes).

pub mod bars;
pub mod cores;
pub mod dots;
pub mod timeline;
pub mod waterfall;
