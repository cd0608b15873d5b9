//! What an axis measures, and where a value lies on it.

pub(crate) mod ranged;
pub mod scale;
pub mod units;
